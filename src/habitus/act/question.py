"""One ask with all that is needed to answer it but the scores."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from habitus.act.allowing import allowed
from habitus.act.asking import Ask, Moment
from habitus.act.behaviour import Leading, Scores
from habitus.act.cache import Known
from habitus.act.fallback import POPULARITY
from habitus.act.leaning import Leaning
from habitus.act.ready import Ready
from habitus.act.slate import slate
from habitus.events.histories import Histories
from habitus.types import Slate

NEWCOMER = "Nothing is known of this user yet: these are the most popular items."
UNAVAILABLE = "{} of the items asked for cannot be had at present and are left out."


@dataclass(frozen=True)
class Source:
    """Who answers a user, under which name, with which caution."""

    name: str
    note: str
    personal: bool

    @property
    def kind(self) -> str:
        """What counters call it."""
        return POPULARITY if self.name == POPULARITY else "model"


def source_of(ready: Ready, history: Histories) -> Source:
    """The model, where one user's history names an item; else popularity."""
    if history.item.any():
        return Source(ready.served.name, ready.served.note, personal=True)
    return Source(POPULARITY, f"{ready.served.note} {NEWCOMER}".strip(), personal=False)


@dataclass(frozen=True, eq=False)
class Question:
    """`asked`: what can be had of what the ask wants, bool [N + 1]; `known`: of its user; `leaning`:
    what they said of themselves (None = nothing)."""

    ready: Ready
    ask: Ask
    moment: Moment
    asked: NDArray[np.bool_]
    known: Known
    source: Source
    leaning: Leaning | None = None

    @property
    def now(self) -> int | None:
        """The moment that the model is asked about, µs, never before the user's last event; None
        where times are not known. Only of a user with events."""
        history = self.known.reading.history
        return None if history.ordinal else max(self.moment.now, int(history.time[-1]))

    @cached_property
    def allowed(self) -> NDArray[np.bool_]:
        """What the answer may hold, bool [N + 1]."""
        asked = self.asked if self.leaning is None else self.leaning.allowed(self.asked)
        return allowed(self.ready, self.ask, asked, self.known.seen)

    @property
    def shifted(self) -> bool:
        """Whether the scores of all items are wanted, to be shifted."""
        return self.leaning is not None and self.ask.use_profile and self.leaning.shifts

    def of_all(self, scores: Scores) -> Slate:
        """The answer that the scores of all items [N + 1] make."""
        if self.leaning is None or not self.shifted:
            return self.answered((None, scores))
        return self.answered(self.leaning.leading(scores, self.allowed))

    def answered(self, leading: Leading) -> Slate:
        """The answer that the scores of all rows make, or of some that hold the best."""
        ready = self.ready
        return slate(
            ready.catalogue,
            leading,
            self.allowed,
            self.ask.k,
            model=self.source.name,
            now=self.moment.now,
            user_id=self.ask.user_id,
            note=f"{self.source.note} {self._missing()}",
        )

    def _missing(self) -> str:
        """How many of the items asked for by id cannot be had."""
        if self.ask.only is None:
            return ""
        rows = [self.ready.catalogue.row(each) for each in set(self.ask.only)]
        missing = int(np.count_nonzero(~self.ready.available[rows])) if rows else 0
        return UNAVAILABLE.format(missing) if missing else ""
