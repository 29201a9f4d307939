"""The nouns that cross walls. This file imports nothing of Habitus and no heavy library."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

MICROSECOND = 1
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 86_400 * SECOND

AttributeValue = str | tuple[str, ...]


class HabitusError(Exception):
    """An error that a person can mend: what was wrong, where, and what to do.

    `problem` is one plain sentence, `mend` another ("" where there is nothing to advise).
    """

    def __init__(self, problem: str, mend: str = "") -> None:
        super().__init__(f"{problem} {mend}".strip())
        self.problem = problem
        self.mend = mend


class Role(StrEnum):
    """What an event type means to the model. Only `positive` events are ever predicted."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    IMPRESSION = "impression"
    SLATE = "slate"
    UTTERANCE = "utterance"
    SEARCH = "search"
    EDIT = "edit"  # what users do to their own profile; no model learns from it


@dataclass(frozen=True, slots=True)
class EventType:
    """A named kind of event with its role and its weight as a training target (≥ 0)."""

    name: str
    role: Role = Role.POSITIVE
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. Ids are strings of 1–256 characters; times are µs since 1970, UTC.

    `timestamp` None means "now" at the moment of observing. `event_id` is the idempotency key and
    is made if absent. `sequence` breaks ties between equal timestamps.
    """

    user_id: str
    event_type: str
    timestamp: int | None = None
    item_id: str | None = None
    value: float | None = None
    text: str | None = None
    session_id: str | None = None
    request_id: str | None = None
    position: int | None = None
    propensity: float | None = None
    timezone: str | None = None
    context: Mapping[str, Any] | None = None
    sequence: int = 0
    event_id: str | None = None
    recorded_at: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be recommended: text, attributes (name → one or several values), numbers."""

    item_id: str
    text: str = ""
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    available: bool = True


@dataclass(frozen=True, slots=True)
class User:
    """A user as the product describes them; no model keeps a row per user."""

    user_id: str
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """One answer: an item, its score (comparable within one answer only), its text, and the
    probability with which it was shown at this place (1 = no chance was involved)."""

    item_id: str
    score: float
    text: str = ""
    propensity: float = 1.0


@dataclass(frozen=True, slots=True)
class Slate:
    """What a user gets: ordered items, the model that made them and the moment they are for.

    `note` says in plain words where an answer is less than it could be (a new user, no model yet).
    `request_id` joins what was shown with what happened: events may carry it.
    """

    user_id: str
    items: tuple[ScoredItem, ...]
    model: str
    now: int
    note: str = ""
    request_id: str = ""


class Kind(StrEnum):
    """What a proposition is about. Those up to `RANGE` are read from behaviour, the others from
    what a user said of themselves."""

    TASTE = "taste"  # rates what has this value above, or below, their own mean
    INTEREST = "interest"  # takes it more, or less, often than others do
    CHANGE = "change"  # came to take more, or less, of it at some moment
    LOYALTY = "loyalty"  # stays with few values of an attribute
    REPETITION = "repetition"  # comes back to the same items, or does not
    NOVELTY = "novelty"  # takes what is new or little known, or does not
    ROUTINE = "routine"  # does this at this time of the week
    RHYTHM = "rhythm"  # the usual gap between sessions
    RETURN = "return"  # when they are expected back
    RANGE = "range"  # the numbers (price, length) of what they take
    PREFERENCE = "preference"
    HABIT = "habit"
    POSSESSION = "possession"
    ROLE = "role"
    PLAN = "plan"
    SKILL = "skill"
    STYLE = "style"  # how they want to be answered
    FACT = "fact"


class Stance(StrEnum):
    """Whether a user is for a value (likes it, has it, does it) or against it."""

    FOR = "for"
    AGAINST = "against"


class Origin(StrEnum):
    """Where a proposition comes from."""

    OBSERVED = "observed"  # from behaviour, by statistics
    STATED = "stated"  # in the user's own words
    INFERRED = "inferred"  # proposed by a language model, which cited events
    EDITED = "edited"  # set by the user or on their behalf


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time, µs since 1970, UTC: [start, end). None = open at that side."""

    start: int | None = None
    end: int | None = None

    def holds(self, moment: int) -> bool:
        """Whether a moment lies within."""
        after = self.start is None or self.start <= moment
        return after and (self.end is None or moment < self.end)


@dataclass(frozen=True, slots=True)
class Proposition:
    """One thing that is known of a user, with how sure that is and the events it rests on.

    proposition_id   the same for the same user, kind, attribute, value and scope
    attribute, value what it is about: an attribute of items, or the field of a statement
    scope            when it holds ("" = always), in words: "on Friday evenings", "for breakfast"
    confidence       the probability in [0, 1] that it holds, checked as docs/protocols.md says
    events_for       ids of the events that speak for it, oldest first; never empty
    events_against   those that speak against it
    valid            when it holds or held; `known` when Habitus knew it
    strength         how much, in the unit that `sentence` names; NaN where there is no such number
    sensitive        the category where it is a sensitive matter, else ""
    words            the user's own words where they said it, else ""
    """

    proposition_id: str
    user_id: str
    kind: Kind
    attribute: str
    value: str
    stance: Stance
    confidence: float
    events_for: tuple[str, ...]
    sentence: str
    origin: Origin
    scope: str = ""
    events_against: tuple[str, ...] = ()
    valid: Interval = Interval()
    known: Interval = Interval()
    strength: float = math.nan
    sensitive: str = ""
    words: str = ""
    pinned: bool = False


class Progress(Protocol):
    """Where a long job reports: `done` of `total` units (None where the total is not known)."""

    def __call__(
        self, label: str, done: float, total: float | None, /, detail: str = ""
    ) -> None: ...


def silent(label: str, done: float, total: float | None, /, detail: str = "") -> None:
    """A `Progress` that shows nothing."""
