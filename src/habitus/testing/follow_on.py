"""A small model without a network: what follows what, counted. For tests of everything above models."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories

POPULARITY = 1e-3  # what an item's own count adds, so that a new user has an order too


@dataclass(frozen=True)
class LastItem:
    """The state of one user: the row of the last item (0 = none) and how many events were read."""

    row: int
    events: int


@dataclass(frozen=True, eq=False)
class FollowOn:
    """score(i) = how often i followed the user's last item in training + POPULARITY · count of i.

    Items that training never saw score 0. `work` lists what was asked of the model: ("state" or
    "advance", number of events; "states", number of users scored together).
    """

    item_ids: tuple[str, ...]
    pairs: NDArray[np.float32]  # [N + 1, N + 1]: row, then column
    counts: NDArray[np.float32]  # [N + 1]
    name: str = "follow-on"
    report: dict[str, Any] = field(default_factory=dict)
    work: list[tuple[str, int]] = field(default_factory=list)

    @classmethod
    def fit(cls, histories: Histories, catalogue: Catalogue) -> FollowOn:
        """Count the pairs of neighbouring events."""
        rows = len(catalogue)
        owners, pairs = histories.owners(), np.zeros((rows, rows), np.float32)
        same = owners[1:] == owners[:-1]
        np.add.at(pairs, (histories.item[:-1][same], histories.item[1:][same]), 1)
        return cls(catalogue.item_ids, pairs, histories.counts(rows).astype(np.float32))

    def attach(self, catalogue: Catalogue) -> FollowOn:
        """The same counts in the rows of another catalogue."""
        rows = len(catalogue)
        trained = np.array([catalogue.rows.get(name, 0) for name in self.item_ids])
        kept = np.flatnonzero(trained)
        pairs, counts = np.zeros((rows, rows), np.float32), np.zeros(rows, np.float32)
        pairs[np.ix_(trained[kept], trained[kept])] = self.pairs[np.ix_(kept, kept)]
        counts[trained[kept]] = self.counts[kept]
        return FollowOn(catalogue.item_ids, pairs, counts, self.name, self.report, self.work)

    def state(self, history: Histories) -> LastItem:
        self.work.append(("state", history.events))
        return self._read(LastItem(0, 0), history)

    def advance(self, state: LastItem, new_events: Histories) -> LastItem:
        self.work.append(("advance", new_events.events))
        return self._read(state, new_events)

    def size(self, state: LastItem) -> int:
        del state
        return 16

    def score_state(self, state: LastItem, now: int | None) -> NDArray[np.float32]:
        del now
        return np.asarray(self.pairs[state.row] + POPULARITY * self.counts, np.float32)

    def leading(
        self,
        states: Sequence[LastItem],
        now: NDArray[np.int64] | None,
        allowed: Sequence[NDArray[np.bool_]],
        k: Sequence[int],
    ) -> list[tuple[None, NDArray[np.float32]]]:
        del allowed, k
        if len(states) > 1:
            self.work.append(("states", len(states)))
        return [(None, self.score_state(state, None)) for state in states]

    def score(self, histories: Histories, now: NDArray[np.int64] | None) -> NDArray[np.float32]:
        del now
        one = [histories.take(np.array([user])) for user in range(len(histories))]
        return np.stack([self.score_state(self._read(LastItem(0, 0), own), None) for own in one])

    def similar(self, row: int) -> NDArray[np.float32]:
        return np.asarray(self.pairs[row] + self.pairs[:, row], np.float32)

    def save(self, folder: Path) -> None:
        np.save(folder / "pairs.npy", self.pairs)
        np.save(folder / "counts.npy", self.counts)
        (folder / "items.json").write_text(json.dumps(self.item_ids), encoding="utf-8")
        (folder / "report.json").write_text(json.dumps(self.report), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> FollowOn:
        return cls(
            tuple(json.loads((folder / "items.json").read_text(encoding="utf-8"))),
            np.load(folder / "pairs.npy", allow_pickle=False),
            np.load(folder / "counts.npy", allow_pickle=False),
            report=json.loads((folder / "report.json").read_text(encoding="utf-8")),
        )

    @staticmethod
    def _read(state: LastItem, events: Histories) -> LastItem:
        items = events.item[events.item > 0]
        row = int(items[-1]) if len(items) else state.row
        return LastItem(row, state.events + events.events)
