"""What a log holds, in numbers and in plain words, and whether it is enough to learn from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.events.words import QUANTILES, day, duration, percent, spread
from habitus.types import SECOND, EventType

if TYPE_CHECKING:
    from habitus.events.store import Store

FEW_EVENTS = 1_000  # positive events below which no order can be told from chance
SHORT_HISTORY = 3  # median positive events a user below which there is hardly an order to learn
COLD_EVENTS = 5  # an item with fewer positive events is cold
MANY_COLD = 0.3  # share of cold items from which descriptions matter
RECENT = 0.1  # the last part of the events in which an item's first event makes it new
MANY_NEW = 0.1  # share of recent events on new items from which retraining matters
MANY_REPEATS = 0.1  # share of repeats from which items should be allowed to come back
MANY_TIES = 0.2  # share of neighbouring events with one time from which their order is a guess


@dataclass(frozen=True)
class KindCount:
    """One event type and how often it occurs."""

    kind: EventType
    events: int


@dataclass(frozen=True)
class Status:
    """A log in numbers. None = not known, or not defined (no times, no events). Times are µs, shares 0 … 1.

    lengths, gaps   at `QUANTILES`: positive events of a user who has any; seconds from one event of a user to the next
    repeats         share of positive events on an item that the user had a positive event on before
    cold, untouched items with fewer than `COLD_EVENTS` positive events (untouched ones among them), with no event
    fresh           of the last `RECENT` of the positive events, the share on items whose first event is among them
    ties            share of a user's neighbouring events with the same time
    described       items with a text or an attribute
    """

    users: int
    active_users: int  # with at least one event
    items: int
    events: int
    positives: int
    kinds: tuple[KindCount, ...]
    ordinal: bool
    first: int | None
    last: int | None
    lengths: tuple[int, ...] | None
    repeats: float | None
    cold: int
    untouched: int
    fresh: float | None
    gaps: tuple[float, ...] | None
    ties: float | None
    with_value: int
    with_text: int | None
    described: int

    @property
    def median_length(self) -> int:
        """Positive events of the median user who has any; 0 where nobody has."""
        return self.lengths[QUANTILES.index(0.5)] if self.lengths else 0

    @property
    def enough(self) -> bool:
        """Whether a model of sequences has something to learn: `FEW_EVENTS` and `SHORT_HISTORY` are met."""
        return self.positives >= FEW_EVENTS and self.median_length >= SHORT_HISTORY

    def lines(self) -> list[str]:
        """The whole report: what is there, the verdict, what would help."""
        return [*_facts(self), verdict(self), *(f"  - {hint}" for hint in hints(self))]


def status(store: Store) -> Status:
    """The status of one workspace of a store."""
    catalogue = store.catalogue()
    return summarise(store.histories(catalogue), catalogue, store.user_count, store.text_count)


def summarise(
    histories: Histories,
    catalogue: Catalogue,
    users: int | None = None,
    with_text: int | None = None,
) -> Status:
    """The status of histories and their catalogue.

    `users`: users known, where some have no history row. `with_text`: events with a text, which
    histories do not carry (None = not counted).
    """
    wanted = histories.positives()
    counts = wanted.counts(len(catalogue))[1:]
    touched = histories.counts(len(catalogue))[1:]
    timed = histories.events > 0 and not histories.ordinal
    gaps = np.empty(0, np.int64) if histories.ordinal else _gaps(histories)
    return Status(
        users=max(users or 0, len(histories)),
        active_users=int(np.count_nonzero(histories.lengths)),
        items=len(catalogue) - 1,
        events=histories.events,
        positives=wanted.events,
        kinds=_kinds(histories),
        ordinal=histories.ordinal,
        first=int(histories.time.min()) if timed else None,
        last=int(histories.time.max()) if timed else None,
        lengths=_lengths(wanted),
        repeats=_repeats(wanted),
        cold=int(np.count_nonzero(counts < COLD_EVENTS)),
        untouched=int(np.count_nonzero(touched == 0)),
        fresh=None if histories.ordinal else _fresh(wanted),
        gaps=tuple(np.quantile(gaps / SECOND, QUANTILES).tolist()) if len(gaps) else None,
        ties=float(np.mean(gaps == 0)) if len(gaps) else None,
        with_value=int(np.count_nonzero(~np.isnan(histories.value))),
        with_text=with_text,
        described=_described(catalogue),
    )


def verdict(found: Status) -> str:
    """One sentence: is it enough to learn from?"""
    if not found.positives:
        return "There is nothing to learn from yet: no positive event names an item."
    if found.positives < FEW_EVENTS:
        return (
            f"Too little to learn habits from: {found.positives:,} positive events, and about "
            f"{FEW_EVENTS:,} are needed. Content and popularity will carry recommendations."
        )
    if found.median_length < SHORT_HISTORY:
        return (
            f"Thin: the median user has {found.median_length} positive events, and {SHORT_HISTORY} make "
            "the shortest order. Content and popularity will carry recommendations."
        )
    return "Enough to learn from."


def hints(found: Status) -> list[str]:
    """What would help, most basic first; empty where there is nothing to advise."""
    return list(_hints(found))


def _hints(found: Status) -> Iterator[str]:
    if not found.events:
        yield "Import a log or observe events."
        return
    if not found.positives:
        yield "Give at least one event type the role positive, and events an item_id."
        return
    if not found.enough:
        yield "More events a user help most: import older logs, or views and clicks beside purchases."
    if found.cold > MANY_COLD * found.items and found.described < found.items:
        yield (
            f"{percent(found.cold / found.items)} of the items have fewer than {COLD_EVENTS} positive events: "
            "texts and attributes (put_items) let them be scored by what they are."
        )
    if found.fresh is not None and found.fresh > MANY_NEW:
        yield (
            f"{percent(found.fresh)} of the latest events are on new items: describe items, and train often."
        )
    if found.ties is not None and found.ties > MANY_TIES:
        yield (
            f"{percent(found.ties)} of neighbouring events share one time, so that their order is a guess: "
            "finer times or a sequence number help."
        )
    if found.ordinal:
        yield "Times would help: without them hours, gaps and recent popularity are unknown."
    if found.repeats is not None and found.repeats > MANY_REPEATS:
        yield 'Users repeat items: evaluate with seen "keep" and let recommendations repeat too.'


def _facts(found: Status) -> Iterator[str]:
    idle = found.users - found.active_users
    yield f"{found.users:,} users" + (f" ({idle:,} without an event)" if idle else "")
    yield (
        f"{found.items:,} items: {found.described:,} described, {found.cold:,} with fewer than "
        f"{COLD_EVENTS} positive events, {found.untouched:,} without any event"
    )
    yield f"{found.events:,} events: {found.with_value:,} with a value, {_texts(found)} with a text"
    for entry in found.kinds:
        kind = entry.kind
        yield f"  {kind.name}: {entry.events:,} ({kind.role.value}, weight {kind.weight:g})"
    yield f"Span: {_span(found)}"
    yield f"Positive events a user: {spread(found.lengths, lambda value: f'{value:,.0f}')}"
    yield f"Time to a user's next event: {spread(found.gaps, duration)}"
    yield f"Neighbouring events with the same time: {percent(found.ties)}"
    yield f"Repeats (a positive event on an item the user had before): {percent(found.repeats)}"
    yield f"Latest tenth of the positive events on items new in it: {percent(found.fresh)}"


def _kinds(histories: Histories) -> tuple[KindCount, ...]:
    counts = np.bincount(histories.type, minlength=len(histories.types)).tolist()
    found = [KindCount(kind, counts[code]) for code, kind in enumerate(histories.types) if code]
    return tuple(sorted(found, key=lambda entry: (-entry.events, entry.kind.name)))


def _lengths(wanted: Histories) -> tuple[int, ...] | None:
    lengths = wanted.lengths[wanted.lengths > 0]
    if not len(lengths):
        return None
    return tuple(np.quantile(lengths, QUANTILES, method="inverted_cdf").tolist())


def _gaps(histories: Histories) -> NDArray[np.int64]:
    """Times between neighbouring events of one user, all users together."""
    owners = histories.owners()
    same = owners[1:] == owners[:-1]
    return np.asarray(np.diff(histories.time)[same])


def _repeats(wanted: Histories) -> float | None:
    if not wanted.events:
        return None
    pairs = wanted.owners() * (int(wanted.item.max()) + 1) + wanted.item
    return 1.0 - len(np.unique(pairs)) / wanted.events


def _fresh(wanted: Histories) -> float | None:
    """Ties at the edge of the recent part belong to it."""
    if not wanted.events:
        return None
    place = min(round((1 - RECENT) * wanted.events), wanted.events - 1)
    cut = np.partition(wanted.time, place)[place]
    first = np.full(int(wanted.item.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, wanted.item, wanted.time)
    return float(np.mean(first[wanted.item[wanted.time >= cut]] >= cut))


def _described(catalogue: Catalogue) -> int:
    described = np.array([bool(text) for text in catalogue.text])
    for column in catalogue.attributes.values():
        described |= np.diff(column.offsets) > 0
    return int(np.count_nonzero(described[1:]))


def _texts(found: Status) -> str:
    return "n/a" if found.with_text is None else f"{found.with_text:,}"


def _span(found: Status) -> str:
    if found.ordinal:
        return "n/a (only the order of events is known)"
    if found.first is None or found.last is None:
        return "n/a"
    return (
        f"{day(found.first)} to {day(found.last)}, {duration((found.last - found.first) / SECOND)}"
    )
