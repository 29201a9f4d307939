"""The few lines that a language model should see of a user for a question, within a budget."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from habitus.profile.recall import PROPOSITION, Found
from habitus.types import HabitusError, Proposition

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PINNED, OTHERS = (0, 0), (2, 0)
HARMLESS = str.maketrans(dict.fromkeys('"“”„«»「」', "'") | {"[": "(", "]": ")"})

Unit = Literal["characters"] | Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Line:
    """One line and the events it rests on."""

    text: str
    event_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """`text` is the lines joined by line feeds; "" where nothing fits."""

    text: str
    lines: tuple[Line, ...]


def context(
    propositions: Sequence[Proposition],
    found: Sequence[Found],
    budget: int,
    unit: Unit = "characters",
) -> Context:
    """Pinned propositions, those that were found, remembered turns, then the other propositions.

    Each in the order in which they were found or else given. A proposition that was found stands
    here only where it is among `propositions`: what a caller leaves out stays out. A line that does
    not fit is left out and the next is tried, so `text` never measures more than `budget`: in
    characters (code points), or by `unit`, which counts the tokens of a text. What a line already
    says is not said again. What a user wrote stands in quotation marks as data: on one line, without
    control characters, and without quotation marks and square brackets of its own, so that it can
    neither end its line nor name events.

    Leaving out what is sensitive, and what no longer holds, is the caller's part, of propositions
    and of turns. HabitusError for a unit that is neither "characters" nor a function.
    """
    measure = _measure(unit)
    lines: list[Line] = []
    text = ""
    for line in _candidates(propositions, found):
        longer = f"{text}\n{line.text}" if lines else line.text
        if measure(longer) <= budget:
            lines.append(line)
            text = longer
    return Context(text, tuple(lines))


def flat(text: str) -> str:
    """A text on one line: control, format and separator characters become single spaces, quotation
    marks that could end a quotation become apostrophes, and square brackets round ones."""
    kept = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text)
    return re.sub(" +", " ", kept.translate(HARMLESS)).strip()


def _candidates(propositions: Sequence[Proposition], found: Sequence[Found]) -> Iterator[Line]:
    """Lines, the most important first, each thing once."""
    place = {_key(each.text): at for at, each in enumerate(found)}
    ranks = {id(each): _rank(each, place) for each in propositions}
    ranked = sorted(propositions, key=lambda each: ranks[id(each)])
    late = [each for each in ranked if ranks[id(each)] == OTHERS]
    said = {""}
    for known in ranked[: len(ranked) - len(late)]:
        yield from _fact(known, said)
    for turn in (each for each in found if PROPOSITION not in each.why):
        if _key(turn.text) not in said:
            said.add(_key(turn.text))
            text = f'- {_day(turn.time)}: "{flat(turn.text)}" [{_ids(turn.event_ids)}]'
            yield Line(text, turn.event_ids)
    for known in late:
        yield from _fact(known, said)


def _rank(known: Proposition, place: Mapping[str, int]) -> tuple[int, int]:
    """Pinned ones, then those found (by their sentence or the words they came from), then others."""
    if known.pinned:
        return PINNED
    places = [place[key] for key in (_key(known.sentence), _key(known.words)) if key in place]
    return (1, min(places)) if places else OTHERS


def _fact(known: Proposition, said: set[str]) -> Iterator[Line]:
    if _key(known.sentence) not in said:
        yield Line(_known(known, flat(known.sentence)), known.events_for)
    said |= {_key(known.sentence), _key(known.words)}


def _known(known: Proposition, words: str) -> str:
    """A proposition's line: since or until when, how sure, and its events."""
    start, end = known.valid.start, known.valid.end
    span = [f"since {_day(start)}"] if start is not None else []
    span += [f"until {_day(end)}"] if end is not None else []
    sure = f"{known.confidence:.0%} sure"
    return f"- {words} ({', '.join([*span, sure])}) [{_ids(known.events_for)}]"


def _ids(names: Sequence[str]) -> str:
    """At most three ids; how many more there are."""
    shown = ", ".join(flat(name) for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def _day(moment: int) -> str:
    try:
        return (EPOCH + timedelta(microseconds=moment)).date().isoformat()
    except OverflowError:
        return "undated"


def _key(words: str) -> str:
    return unicodedata.normalize("NFKC", flat(words)).casefold()


def _measure(unit: Unit) -> Callable[[str], int]:
    if unit == "characters":
        return len
    if callable(unit):
        return unit
    raise HabitusError(
        f"A budget is not counted in {unit!r}.",
        'Count in "characters", or give a function that counts the tokens of a text.',
    )
