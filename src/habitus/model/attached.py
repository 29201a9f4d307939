"""A network over one catalogue: the vectors of its items, and what a user's state makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from habitus.events.catalogue import Catalogue
from habitus.events.daily import DailyCounts
from habitus.model.content import Content
from habitus.model.network import Network
from habitus.model.sieve import Mask, Rows, Sieve, left, usable
from habitus.model.trend import AttachedTrend

Scores = NDArray[np.float32]
Leading = tuple[Rows | None, Scores]  # some rows and their scores; None = all rows
ONE = np.float32(1)
TOGETHER = 8  # users of one product with all items
DAYS_SIEVED = 2  # most questions are of today, and some of yesterday
MANY = 32  # users from which on one product of all is faster


@dataclass(frozen=True, eq=False)
class Origin:
    """What a model was trained on: the rows of its id vectors, its event types, its vectoriser.

    item_ids [N + 1]; counts int64 [N + 1]: positive training events of each item, `daily` the same
    by day where the recipe reads trends
    """

    item_ids: tuple[str, ...]
    counts: NDArray[np.int64]
    types: tuple[str, ...]
    content: Content | None
    daily: DailyCounts | None = None


class Attached:
    """The N items of a catalogue as a network sees them.

    table       [N + 1, D]
    scorable    bool [N + 1]: has a trained id or content
    popularity  float32 [N + 1]: log(1 + positive training events); −inf where not scorable
    """

    @torch.no_grad()
    def __init__(self, network: Network, origin: Origin, catalogue: Catalogue) -> None:
        index = {item_id: row for row, item_id in enumerate(origin.item_ids) if row}
        rows = [index.get(item_id, 0) for item_id in catalogue.item_ids]
        place = torch.tensor(rows, device=network.items.ids.device)
        counts = torch.from_numpy(origin.counts)[place.cpu()].to(place.device)
        features = None if origin.content is None else origin.content.features(catalogue)
        self.table, described = network.items.vectors_for(place, counts > 0, features)
        self.scorable = (counts > 0) | described
        self.popularity = counts.float().log1p().masked_fill(~self.scorable, -torch.inf)
        self._head = network.head
        floor = torch.zeros(len(rows), 1, device=place.device)
        floor[~self.scorable] = -torch.inf
        keys = network.head.keys(self.table)
        self._keys = torch.cat((keys, floor), 1)  # scores are one product
        self._scorable = self.scorable.cpu().numpy()
        self._sieve = Sieve.of(keys.numpy()) if usable(keys) else None
        self._trend = None
        if network.trend is not None and origin.daily is not None:
            self._trend = AttachedTrend(network.trend, origin.daily.for_rows(np.array(rows)))
        self._sieve_of_day = lru_cache(DAYS_SIEVED)(self._with_trend)

    def scores(self, states: Tensor, now: NDArray[np.int64] | None) -> Tensor:
        """Scores [U, N + 1] of states [U, D] at the moments `now` [U]; −inf where not scorable."""
        queries = self._head.queries(states)
        queries = torch.cat((queries, queries.new_ones(len(queries), 1)), 1)
        found = self._products(queries)
        if self._trend is not None and now is not None:
            found += self._trend.added(states, now)
        return found

    def scores_of(self, state: NDArray[np.float32], now: int | None) -> Scores:
        """The same for one state [D] on the CPU, [N + 1]."""
        query = self._head.queries(torch.from_numpy(state)).numpy()
        scores: Scores = np.vecdot(self._keys.numpy(), np.append(query, ONE))
        if self._trend is not None and now is not None:
            scores += self._trend.added_to(state, now)
        return scores

    def leading(
        self,
        states: Tensor,
        now: NDArray[np.int64] | None,
        allowed: Sequence[Mask],
        k: Sequence[int],
    ) -> list[Leading]:
        """For states [U, D] at the moments `now` [U]: rows, ascending, that hold the k[u] best that
        `allowed[u]` [N + 1] has, and the scores of those rows, or of all (`scores`)."""
        queries = self._head.queries(states)
        if self._sieve is None or not queries.isfinite().all():
            if len(states) > 1 or states.device.type != "cpu":
                return [(None, scores) for scores in self.scores(states, now).cpu().numpy()]
            return [(None, self.scores_of(states[0].numpy(), None if now is None else int(now[0])))]
        own = queries.numpy()
        trend, days = self._trend, [0] * len(own)
        shares: Scores | None = None
        if trend is not None and now is not None:
            days, shares = trend.daily.day(now).tolist(), trend.shares(states)
        found: list[Leading] = []
        for at, rows in enumerate(self._left(own, shares, days, allowed, k)):
            keys = self._keys.numpy() if rows is None else self._keys.numpy()[rows]
            scores: Scores = np.vecdot(keys, np.append(own[at], ONE))
            if trend is not None and shares is not None:
                scores += trend.along(shares[at], days[at], rows)
            found.append((rows, scores))
        return found

    def _left(
        self,
        queries: Scores,
        shares: Scores | None,
        days: Sequence[int],
        allowed: Sequence[Mask],
        k: Sequence[int],
    ) -> list[Rows | None]:
        """What the sieve leaves of the catalogue for each user; None = everything."""
        queries = queries if shares is None else np.concatenate((queries, shares), 1)
        found: list[Rows | None] = [None] * len(queries)
        for day in set(days):
            asked = [at for at, each in enumerate(days) if each == day]
            sieve = self._sieve if shares is None else self._sieve_of_day(day)
            assert sieve is not None
            for at, picture, slack in zip(asked, *sieve.pictures(queries[asked]), strict=True):
                found[at] = left(picture, float(slack), allowed[at] & self._scorable, k[at])
        return found

    def _with_trend(self, day: int) -> Sieve:
        """The sieve whose last columns say how much each item is wanted on a day."""
        assert self._sieve is not None
        assert self._trend is not None
        return self._sieve.and_columns(Sieve.of(self._trend.level(day).numpy().T))

    def _products(self, queries: Tensor) -> Tensor:
        """queries [U, D + 1] · keysᵀ [D + 1, N + 1]."""
        if queries.device.type != "cpu" or len(queries) > MANY:
            return queries @ self._keys.t()
        # A few users at a time, items times users: the other way round BLAS packs all keys anew.
        found = np.empty((len(queries), len(self._keys)), np.float32)
        for at in range(0, len(queries), TOGETHER):
            some = queries[at : at + TOGETHER].numpy()
            found[at : at + TOGETHER] = (self._keys.numpy() @ some.T).T
        return torch.from_numpy(found)
