"""Numbers of a log as people read them: shares, days, durations, spreads. "n/a" where there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from habitus.types import DAY, SECOND

QUANTILES = (0.0, 0.25, 0.5, 0.75, 0.9, 1.0)
UNITS = ((DAY / SECOND, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))


def percent(share: float | None) -> str:
    """0.123 → "12.3 %"."""
    return "n/a" if share is None else f"{100 * share:.1f} %"


def day(time: int) -> str:
    """The UTC day of a time in µs since 1970: "2003-02-28"."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time)).date().isoformat()


def duration(seconds: float) -> str:
    """In the largest unit of which there is at least one, three digits: 5400 → "1.5 h"."""
    size, unit = next(((size, unit) for size, unit in UNITS if seconds >= size), UNITS[-1])
    amount = seconds / size
    return f"{amount:,.0f} {unit}" if amount >= 100 else f"{amount:.3g} {unit}"


def spread(values: Sequence[float] | None, words: Callable[[float], str]) -> str:
    """Values at `QUANTILES` as "median …, middle half … to …, all … to …"."""
    if values is None:
        return "n/a"
    at = dict(zip(QUANTILES, values, strict=True))
    return (
        f"median {words(at[0.5])}, middle half {words(at[0.25])} to {words(at[0.75])}, "
        f"all {words(at[0.0])} to {words(at[1.0])}"
    )
