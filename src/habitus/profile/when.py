"""Time phrases: which days "last May" or "two weeks ago" mean, said at a moment by somebody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from habitus.profile.calendar import ONE, Calendar, Days, month_of, season_of, year_of
from habitus.profile.time_words import ASKING, ENGLISH, LANGUAGES, Language
from habitus.types import Interval

NUMBER = r"\d{1,4}"
YEAR = r"(?:19|20)\d\d"
LENGTHS = {"day": 1, "week": 7, "month": 30, "year": 365}  # of "the week before …", in days
SIDES = {word: side for language in LANGUAGES for word, side in language.sides.items()}
_LEAD = re.compile(r"(?:(?:of|since|before|after|until|seit|desde|depuis)\s+)?")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that name a time, where they stand in the folded text, and the time they name.

    Intervals are [start, end) in µs since 1970, UTC; one side is open after "since", "before" and
    "after".
    """

    words: str
    at: tuple[int, int]
    interval: Interval


@dataclass(frozen=True, slots=True)
class Values:
    """What a phrase filled in: a count from … to …, and numbers of months, days and so on."""

    low: int = 1
    high: int = 1
    unit: str = "day"
    month: int = 1
    weekday: int = 0
    season: int = 0
    day: int = 1
    year: int | None = None


Meaning = Callable[[Calendar, Values], Days | None]

MEANINGS: Mapping[str, Meaning] = {
    "ago": lambda on, v: (on.ago(v.high, v.unit)[0], on.ago(v.low, v.unit)[1]),
    "past": lambda on, v: on.past(v.high, v.unit),
    "last_unit": lambda on, v: on.whole(v.unit, -1),
    "this_unit": lambda on, v: on.whole(v.unit, 0),
    "next_unit": lambda on, v: on.whole(v.unit, 1),
    "last_weekday": lambda on, v: on.weekday(v.weekday),
    "next_weekday": lambda on, v: on.weekday(v.weekday, 1),
    "last_month": lambda on, v: on.named_month(v.month, -1),
    "next_month": lambda on, v: on.named_month(v.month, 1),
    "month": lambda on, v: month_of(v.year, v.month) if v.year else on.named_month(v.month),
    "month_last_year": lambda on, v: month_of(on.today.year - 1, v.month),
    "date": lambda on, v: on.dated(v.day, v.month, v.year),
    "last_season": lambda on, v: on.season(v.season, -1),
    "season": lambda on, v: season_of(v.year, v.season) if v.year else on.season(v.season),
    "next_season": lambda on, v: on.season(v.season, 1),
    "year": lambda on, v: year_of(v.year or on.today.year),
}


def phrases(text: str, now: int, zone: str | None = None) -> tuple[Phrase, ...]:
    """The time phrases of a text said at `now` (µs UTC) where the clocks show `zone`, in order.

    The longest reading wins where two overlap. Months, dates and weekdays without a year are the
    latest that have come. Numbers of days, months and years count calendar units; so many weeks
    ago means that day and three days to either side. Unknown zones are read as UTC.
    """
    folded = fold(text)
    calendar = Calendar.at(now, zone)
    found = [_widened(folded, *each, calendar) for each in _bare(folded, calendar)]
    return tuple(found)


def asks(text: str) -> bool:
    """Whether a text asks for a time: "when", "wann", "いつ", …"""
    return bool(re.search(ASKING, fold(text)))


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


def _bare(folded: str, calendar: Calendar) -> list[tuple[int, int, Days]]:
    """(start, end, days) of phrases that do not overlap, the longest first come."""
    found = [each for language in LANGUAGES for each in _read(language, folded, calendar)]
    found.sort(key=lambda each: (each[0] - each[1], each[0]))
    kept: list[tuple[int, int, Days]] = []
    for start, end, days in found:
        if all(end <= other[0] or other[1] <= start for other in kept):
            kept.append((start, end, days))
    return sorted(kept)


def _read(language: Language, folded: str, calendar: Calendar) -> Iterator[tuple[int, int, Days]]:
    if not _hint(language).search(folded):
        return
    for phrase, (unit, offset) in _fixed(language):
        for match in phrase.finditer(folded):
            yield *match.span(), calendar.whole(unit, offset)
    for rule, meaning in _rules(language):
        for match in rule.finditer(folded):
            days = meaning(calendar, _values(language, match))
            if days:
                yield *match.span(), days


def _widened(folded: str, start: int, end: int, days: Days, calendar: Calendar) -> Phrase:
    """A phrase with what stands before it: "the week before …", "since …"."""
    start += len(_LEAD.match(folded[start:end])[0])  # type: ignore[index]  # it can be empty
    lead = folded[max(0, start - 40) : start]
    beside, side = _beside().search(lead), _side().search(lead)
    if beside:
        start -= len(beside[0])
        interval = calendar.interval(_next_to(beside["side"], beside["what"], days))
    else:
        interval = calendar.interval(days)
    if side and not beside:
        start -= len(side[0])
        interval = _opened(SIDES[side["side"]], interval)
    return Phrase(folded[start:end], (start, end), interval)


def _opened(side: str, interval: Interval) -> Interval:
    return {
        "since": Interval(interval.start, None),
        "before": Interval(None, interval.start),
        "after": Interval(interval.end, None),
    }[side]


def _next_to(side: str, what: str, days: Days) -> Days:
    """The day, week, weekend, month, year or weekday before or after some days, or around them."""
    first, end = days
    if side == "of":
        return Calendar(first).whole(ENGLISH.units.get(what, "day"), 0)
    before, after = Calendar(first), Calendar(end - ONE)
    if what in ENGLISH.weekdays:
        number = ENGLISH.weekdays[what]
        return before.weekday(number) if side == "before" else after.weekday(number, 1)
    if ENGLISH.units[what] == "weekend":
        sunday, saturday = before.weekday(6)[0], after.weekday(5, 1)[0]
        first = sunday - ONE if side == "before" else saturday
        return first, first + 2 * ONE
    length = LENGTHS[ENGLISH.units[what]] * ONE
    return (first - length, first) if side == "before" else (end, end + length)


def _values(language: Language, match: re.Match[str]) -> Values:
    held = {key.partition("_")[0]: word for key, word in match.groupdict().items() if word}
    low, high = _count(language, held.get("n", "1"))
    return Values(
        low=low,
        high=high,
        unit=language.units.get(held.get("unit", ""), "day"),
        month=language.months.get(held.get("month", ""), _count(language, held.get("m", "1"))[0]),
        weekday=language.weekdays.get(held.get("weekday", ""), 0),
        season=language.seasons.get(held.get("season", ""), 0),
        day=int(held.get("day", 1)),
        year=int(held["year"]) if "year" in held else None,
    )


def _count(language: Language, word: str) -> tuple[int, int]:
    return language.numbers[word] if word in language.numbers else (int(word), int(word))


@cache
def _rules(language: Language) -> tuple[tuple[re.Pattern[str], Meaning], ...]:
    return tuple((_pattern(rule, language), MEANINGS[name]) for rule, name in language.rules)


@cache
def _fixed(language: Language) -> tuple[tuple[re.Pattern[str], tuple[str, int]], ...]:
    return tuple((_pattern(rule, language), unit) for rule, unit in language.fixed.items())


@cache
def _hint(language: Language) -> re.Pattern[str]:
    """Any word without which no phrase of the language stands, or a year."""
    tables = (language.units, language.months, language.weekdays, language.seasons)
    listed = [word for table in tables for word in table] + list(language.fixed)
    return re.compile("|".join([*map(fold, listed), YEAR, r"月"]))


def _pattern(rule: str, language: Language) -> re.Pattern[str]:
    """A rule as a regular expression over whole words, each name numbered apart."""
    slots = {
        "n": f"{NUMBER}|{_any(language.numbers)}",
        "unit": _any(language.units),
        "month": _any(language.months),
        "weekday": _any(language.weekdays),
        "season": _any(language.seasons),
        "year": YEAR + r"(?!\d)",
        "m": r"(?:1[0-2]|0?[1-9])(?!\d)"
        + ("" if language.spaced else f"|{_any(language.numbers)}"),
        "day": r"(?:3[01]|[12]\d|0?[1-9])(?!\d)",
    }
    places = iter(range(99))
    filled = re.sub(
        r"\{([a-z]+)\}", lambda name: f"(?P<{name[1]}_{next(places)}>{slots[name[1]]})", fold(rule)
    )
    return re.compile(rf"(?<!\w)(?:{filled})(?!\w)" if language.spaced else rf"(?<!\d)(?:{filled})")


def _any(table: Mapping[str, object]) -> str:
    return "|".join(sorted(map(fold, table), key=lambda word: (-len(word), word))) or r"(?!)"


@cache
def _beside() -> re.Pattern[str]:
    what = _any({**ENGLISH.units, **ENGLISH.weekdays})
    return re.compile(rf"(?<!\w)(?:the )?(?P<what>{what}) (?P<side>before|after|of) (?:the )?$")


@cache
def _side() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?P<side>{_any(SIDES)}) (?:the )?$")
