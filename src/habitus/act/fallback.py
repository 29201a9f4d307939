"""What answers until a model is trained: popularity, under its own name, and saying so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from habitus.act.behaviour import Leading, Scores, Served
from habitus.act.seen import Seen, usual
from habitus.baselines.itemknn import ItemKNN
from habitus.baselines.popularity import weighted_counts
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories, from_lists
from habitus.events.store import Store

POPULARITY = "popularity"
NOTE = "No model is trained yet: these are the most popular items, the same for everybody."
ALIKE_NOTE = "No model is trained yet: these are the items that share most users with it."
GROWTH = 1.1  # counted anew when the log has grown by a tenth, or shrunk at all


@dataclass(frozen=True, eq=False)
class Fallback:
    """Popularity as counted at one moment, and the size of the log then."""

    served: Served
    popular: Scores
    alike: Served
    seen: Seen
    events: int

    def is_old(self, store: Store) -> bool:
        """Whether the log has changed enough to count again."""
        return not self.events <= store.event_count < max(self.events * GROWTH, self.events + 1)


def fit_fallback(store: Store, catalogue: Catalogue) -> Fallback:
    """Count the popularity of every item in the log as it is now."""
    events = store.event_count
    histories = store.histories(catalogue)
    model, key = Untrained(histories, catalogue), f"popularity-{events}"
    return Fallback(
        served=Served(POPULARITY, key, model, NOTE),
        popular=model.popular,
        alike=Served("item-knn", key, model, ALIKE_NOTE),
        seen=usual(histories),
        events=events,
    )


def by_item(histories: Histories, catalogue: Catalogue) -> dict[str, float]:
    """The weight of each item's positive events; items without any are left out."""
    counts = weighted_counts(histories, len(catalogue))
    rows = np.flatnonzero(counts)
    return {
        catalogue.item_ids[row]: weight
        for row, weight in zip(rows.tolist(), counts[rows].tolist(), strict=True)
    }


def by_row(popularity: Mapping[str, float], catalogue: Catalogue) -> Scores:
    """The same for the rows of a catalogue, [N + 1]; 0 for items that are not named."""
    found = np.zeros(len(catalogue), np.float32)
    known = catalogue.rows
    for item_id, weight in popularity.items():
        found[known.get(item_id, 0)] = weight
    found[0] = 0
    return found


class Untrained:
    """Popularity for what is next, item-kNN for what is alike; a user has no state."""

    def __init__(self, histories: Histories, catalogue: Catalogue) -> None:
        self.popular: Scores = weighted_counts(histories, len(catalogue)).astype(np.float32)
        self._histories = histories
        self._catalogue = catalogue
        self._neighbours: ItemKNN | None = None

    def score(self, histories: Histories, now: NDArray[np.int64] | None) -> Scores:
        del now
        return np.broadcast_to(self.popular, (len(histories), len(self.popular)))

    def state(self, history: Histories) -> None:
        del history

    def advance(self, state: None, new_events: Histories) -> None:
        del state, new_events

    def size(self, state: None) -> int:
        del state
        return 0

    def score_state(self, state: None, now: int | None) -> Scores:
        del state, now
        return self.popular

    def leading(
        self,
        states: Sequence[None],
        now: NDArray[np.int64] | None,
        allowed: Sequence[NDArray[np.bool_]],
        k: Sequence[int],
    ) -> Sequence[Leading]:
        del now, allowed, k
        return [(None, self.popular)] * len(states)

    def similar(self, row: int) -> Scores:
        """Items that share users with this one, [N + 1]."""
        if self._neighbours is None:
            self._neighbours = ItemKNN().fit(self._histories, self._catalogue)
        scores: Scores = self._neighbours.score(from_lists([[row]]), None)[0]
        return scores
