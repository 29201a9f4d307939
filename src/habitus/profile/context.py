"""The few lines that a language model should see of a user for a question, within a budget."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from habitus.profile.recall import Found
from habitus.types import HabitusError, Proposition

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUOTES = '"“”„«»「」'

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
    """Pinned propositions, then the others in the order given, then what was found, best first.

    A line that does not fit is left out and the next is tried, so `text` never measures more than
    `budget`: in characters (code points), or by `unit`, which counts the tokens of a text. What a
    line already says is not said again. What a user wrote stands in quotation marks as data: on one
    line, without control characters and without quotation marks of its own.

    Leaving out what is sensitive, and what no longer holds, is the caller's part. HabitusError for
    a unit that is neither "characters" nor a function.
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
    """A text on one line: control, format and separator characters become single spaces, and
    quotation marks that could end a quotation become apostrophes."""
    kept = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text)
    return re.sub(" +", " ", re.sub(f"[{QUOTES}]", "'", kept)).strip()


def _candidates(propositions: Sequence[Proposition], found: Sequence[Found]) -> Iterator[Line]:
    """Lines, the most important first, each thing once."""
    said: set[str] = set()
    for each in sorted(propositions, key=lambda known: not known.pinned):
        words = flat(each.sentence)
        if words and _key(words) not in said:
            said |= {_key(words), _key(flat(each.words))}
            yield Line(_known(each, words), each.events_for)
    for turn in found:
        words = flat(turn.text)
        if words and _key(words) not in said:
            said.add(_key(words))
            yield Line(f'- {_day(turn.time)}: "{words}" [{_ids(turn.event_ids)}]', turn.event_ids)


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
    return unicodedata.normalize("NFKC", words).casefold()


def _measure(unit: Unit) -> Callable[[str], int]:
    if unit == "characters":
        return len
    if callable(unit):
        return unit
    raise HabitusError(
        f"A budget is not counted in {unit!r}.",
        'Count in "characters", or give a function that counts the tokens of a text.',
    )
