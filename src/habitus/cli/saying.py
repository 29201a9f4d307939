"""How sure, how many, how long, and when: numbers as a person reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from habitus.cli.screen import console
from habitus.types import DAY

CELLS = 5  # of a bar
FULL, EMPTY = "█", "░"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WORDS = ((0.95, "very sure"), (0.8, "sure"), (0.65, "likely"), (0.0, "perhaps"))


def bar(confidence: float) -> str:
    """Five cells, as many full as the confidence says; plain signs where the stream has no blocks."""
    full = round(CELLS * min(max(confidence, 0.0), 1.0))
    drawn = FULL * full + EMPTY * (CELLS - full)
    try:
        drawn.encode(console().encoding)
    except UnicodeEncodeError:
        return "#" * full + "-" * (CELLS - full)
    return drawn


def sure(confidence: float) -> str:
    """A confidence in a word, the same for all that `percent` shows alike."""
    return next(word for least, word in WORDS if round(confidence, 2) >= least)


def percent(confidence: float) -> str:
    """A probability in per cent; nothing is certain."""
    return ">99 %" if confidence > 0.99 else f"{100 * confidence:.0f} %"


def day(moment: int | None) -> str:
    """A time as its day; "" for none, and for one outside the calendar."""
    if moment is None:
        return ""
    try:
        found = EPOCH + timedelta(microseconds=moment)
    except OverflowError:
        return ""
    return f"{found.day} {found:%B %Y}"


def minute(moment: int | None) -> str:
    """A time as ISO 8601 to the minute, UTC; "" for none, and for one outside the calendar."""
    try:
        return "" if moment is None else f"{EPOCH + timedelta(microseconds=moment):%Y-%m-%d %H:%M}"
    except OverflowError:
        return ""


def count(number: int, noun: str) -> str:
    """1,204 events, 1 event."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def span(micros: int) -> str:
    """A stretch of µs in whole years, months or days: 26 years."""
    days = micros // DAY
    for length, name in ((365, "year"), (30, "month")):
        if days >= 2 * length:
            return f"{days // length} {name}s"
    return f"{days} days"
