"""What a response needs of a model: one small protocol, so that nothing here needs a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories

Scores = NDArray[np.float32]
Leading = tuple[NDArray[np.int64] | None, Scores]  # rows, ascending (None = all), and their scores


class Behaviour(Protocol):
    """A model that answers. Catalogue rows are those of the catalogue it was last attached to.

    Higher scores are better, column 0 (padding) means nothing, and `now` is in µs since 1970, UTC
    (None: the moment is not known, as in ordinal data).
    """

    def score(self, histories: Histories, now: NDArray[np.int64] | None) -> Scores:
        """Whole histories at once, [U, N + 1]."""
        ...

    def state(self, history: Histories, /) -> Any:
        """What the model keeps of one user (`history` has one row)."""
        ...

    def advance(self, state: Any, new_events: Histories, /) -> Any:
        """A new state after more events of that user; the old state stays as it was."""
        ...

    def size(self, state: Any, /) -> int:
        """Bytes that a state takes, or will have taken once it has answered."""
        ...

    def score_state(self, state: Any, now: int | None, /) -> Scores:
        """The whole catalogue for one user, [N + 1]."""
        ...

    def leading(
        self,
        states: Sequence[Any],
        now: NDArray[np.int64] | None,
        allowed: Sequence[NDArray[np.bool_]],
        k: Sequence[int],
        /,
    ) -> Sequence[Leading]:
        """For each of several users, at its moment `now` [U]: what holds the `k` best of what may be
        shown, `allowed` [N + 1], with the scores of `score_state`."""
        ...

    def similar(self, row: int, /) -> Scores:
        """How much every item is like one, [N + 1]."""
        ...


class Trained(Behaviour, Protocol):
    """A model that was trained: it can be kept in a folder and serves catalogues that grow."""

    @property
    def name(self) -> str:
        """What tables call it."""
        ...

    @property
    def report(self) -> Mapping[str, Any]:
        """How it was trained and what it reached."""
        ...

    def attach(self, catalogue: Catalogue, /) -> Trained:
        """The same model for this catalogue; items that training never saw are scored by content."""
        ...

    def save(self, folder: Path, /) -> None:
        """Write everything into an empty folder."""
        ...


@dataclass(frozen=True, eq=False)
class Served:
    """A model under the name that its answers carry.

    `key` names its content exactly (cached state of one key never serves another), and `note` says
    in plain words where its answers are less than they could be.
    """

    name: str
    key: str
    model: Behaviour
    note: str = ""
