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
ONE = np.float32(1)
TOGETHER = 8  # users of one product with all items
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
        self._keys = torch.cat((network.head.keys(self.table), floor), 1)  # scores are one product
        self._trend = None
        if network.trend is not None and origin.daily is not None:
            self._trend = AttachedTrend(network.trend, origin.daily.for_rows(np.array(rows)))

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
