"""A network over one catalogue: the vectors of its items, and what a user's state makes of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from habitus.events.catalogue import Catalogue
from habitus.events.daily import DailyCounts
from habitus.model.content import Content
from habitus.model.network import Network
from habitus.model.trend import AttachedTrend

Scores = NDArray[np.float32]
ONE = np.ones(1, np.float32)


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
        self._keys = network.head.keys(self.table)
        self._floor = torch.zeros(len(rows), device=place.device).masked_fill(
            ~self.scorable, -torch.inf
        )
        self._trend = None
        if network.trend is not None and origin.daily is not None:
            self._trend = AttachedTrend(network.trend, origin.daily.for_rows(np.array(rows)))
        self._kept: tuple[int | None, Tensor] = None, self._columns(None)

    def scores(self, states: Tensor, now: NDArray[np.int64] | None) -> Tensor:
        """Scores [U, N + 1] of states [U, D] at the moments `now` [U]; −inf where not scorable."""
        queries = self._head.queries(states)
        ones = queries.new_ones(len(queries), 1)
        if self._trend is None or now is None:
            return torch.cat((queries, ones), 1) @ self._at(None).t()
        days = self._trend.days(now)
        if len(set(days.tolist())) == 1:
            wide = torch.cat((queries, self._trend.gain(states), ones), 1)
            return wide @ self._at(int(days[0])).t()
        found = queries @ self._keys.t()
        found += self._trend.added(states, days)
        found += self._floor
        return found

    def scores_of(self, state: NDArray[np.float32], now: int | None) -> Scores:
        """The same for one state [D] on the CPU, [N + 1]."""
        parts = [self._head.queries(torch.from_numpy(state)).numpy()]
        day = None
        if self._trend is not None and now is not None:
            day = int(self._trend.days(np.array([now]))[0])
            parts.append(self._trend.gain_of(state))
        found: Scores = np.vecdot(self._at(day).numpy(), np.concatenate((*parts, ONE)))
        return found

    def _at(self, day: int | None) -> Tensor:
        """`_columns`, kept for one day or for none: most questions are of today."""
        kept = self._kept
        if kept[0] != day:
            kept = self._kept = day, self._columns(day)
        return kept[1]

    @torch.no_grad()
    def _columns(self, day: int | None) -> Tensor:
        """What the query, the K gains and a one are multiplied with, so that scores are one product:
        [N + 1, D + K + 1]; without a day there are no gains."""
        level = [] if day is None or self._trend is None else [self._trend.level(day).t()]
        return torch.cat((self._keys, *level, self._floor[:, None]), 1)
