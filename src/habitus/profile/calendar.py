"""Stretches of days on a user's own calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from habitus.types import Interval

ONE = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Days = tuple[date, date]  # [first day, day after the last)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendar that hangs where the user is, open at `today`.

    Weeks begin on Monday (ISO 8601); seasons are those of the meteorologists in the north.
    """

    today: date
    zone: str | None = None

    @classmethod
    def at(cls, now: int, zone: str | None = None) -> Calendar:
        """`now` in µs since 1970, UTC; an unknown zone, and none, is UTC."""
        there = (EPOCH + now * MICROSECOND).astimezone(_zone(zone))
        return cls(there.date(), zone)

    def interval(self, days: Days) -> Interval:
        """The days as [start, end) in µs since 1970, UTC: from midnight to midnight there."""
        return Interval(*(self._midnight(each) for each in days))

    def day(self, offset: int = 0) -> Days:
        first = _moved(self.today, offset)
        return first, _moved(first, 1)

    def week(self, offset: int = 0) -> Days:
        first = _moved(self.today, 7 * offset - self.today.weekday())
        return first, _moved(first, 7)

    def weekend(self, offset: int = 0) -> Days:
        """Saturday and Sunday of the week that is `offset` from this one."""
        first = _moved(self.today, 7 * offset + 5 - self.today.weekday())
        return first, _moved(first, 2)

    def month(self, offset: int = 0) -> Days:
        return month_of(*_month(self.today.year, self.today.month + offset))

    def year(self, offset: int = 0) -> Days:
        return year_of(self.today.year + offset)

    def weekday(self, number: int, side: int = -1) -> Days:
        """The latest such day before today (side -1; 0 = Monday) or the first after it (1)."""
        ahead = (number - self.today.weekday()) % 7 or 7
        return self.day(ahead if side > 0 else -((self.today.weekday() - number) % 7 or 7))

    def named_month(self, number: int, side: int = 0) -> Days:
        """The latest month of that name: begun (side 0), over (-1), or the next to begin (1)."""
        year = self.today.year
        begun = number <= self.today.month if side == 0 else number < self.today.month
        if side > 0:
            return month_of(year + (number <= self.today.month), number)
        return month_of(year if begun else year - 1, number)

    def season(self, number: int, side: int = 0) -> Days:
        """Spring is 0, winter 3; the latest that has begun (0), is over (-1), is to come (1)."""
        years = range(self.today.year - 2, self.today.year + 2)
        spans = [season_of(year, number) for year in years]
        if side > 0:
            return next(each for each in spans if each[0] > self.today)
        edge = 0 if side == 0 else 1
        return [each for each in spans if each[edge] <= self.today][-1]

    def dated(self, day: int, month: int, year: int | None = None) -> Days | None:
        """A day by its date, without a year the latest that has come; None = no such day."""
        years = [year] if year else range(self.today.year, self.today.year - 9, -1)
        for each in years:
            try:
                first = date(each, month, day)
            except ValueError:
                continue
            if year or first <= self.today:
                return first, _moved(first, 1)
        return None

    def ago(self, count: int, unit: str) -> Days:
        """A day so many days ago; so many weeks ago, three days to either side; else the month
        or year."""
        if unit == "day":
            return self.day(-count)
        if unit == "week":
            return _moved(self.today, -7 * count - 3), _moved(self.today, -7 * count + 4)
        return self.whole(unit, -count)

    def past(self, count: int, unit: str) -> Days:
        """The last so many days, weeks, months or years up to and with today."""
        first = {
            "day": lambda: _moved(self.today, -count),
            "week": lambda: _moved(self.today, -7 * count),
            "weekend": lambda: _moved(self.today, -7 * count),
            "month": lambda: self._same_day(-count),
            "year": lambda: self._same_day(-12 * count),
        }[unit]()
        return first, _moved(self.today, 1)

    def whole(self, unit: str, offset: int) -> Days:
        """The unit of the calendar that is `offset` from the one of today."""
        units: dict[str, Callable[[int], Days]] = {
            "day": self.day,
            "week": self.week,
            "weekend": self.weekend,
            "month": self.month,
            "year": self.year,
        }
        return units[unit](offset)

    def _same_day(self, months: int) -> date:
        first, end = month_of(*_month(self.today.year, self.today.month + months))
        return min(_moved(first, self.today.day - 1), _moved(end, -1))

    def _midnight(self, day: date) -> int:
        there = datetime(day.year, day.month, day.day, tzinfo=_zone(self.zone))
        return (there.astimezone(UTC) - EPOCH) // MICROSECOND


def month_of(year: int, month: int) -> Days:
    year = min(max(year, 2), 9997)
    return date(year, month, 1), date(*_month(year, month + 1), 1)


def year_of(year: int) -> Days:
    year = min(max(year, 2), 9997)
    return date(year, 1, 1), date(year + 1, 1, 1)


def season_of(year: int, number: int) -> Days:
    """Three months from March on; the winter of a year begins in its December."""
    return month_of(year, 3 + 3 * number)[0], month_of(*_month(year, 6 + 3 * number))[0]


def _month(year: int, month: int) -> tuple[int, int]:
    """A month counted on beyond December or before January."""
    return year + (month - 1) // 12, (month - 1) % 12 + 1


def _moved(day: date, days: int) -> date:
    """A day so much later; what lies beyond the calendar stays at its edge."""
    low, high = date(2, 1, 1).toordinal(), date(9998, 1, 1).toordinal()
    return date.fromordinal(min(max(day.toordinal() + days, low), high))


@lru_cache(512)
def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
