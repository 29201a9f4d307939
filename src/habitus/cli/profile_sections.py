"""What a profile says, in the order in which a person reads it: sections of lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from habitus.types import Kind, Origin, Proposition, Stance

TASTES = (Kind.TASTE, Kind.INTEREST)
SPOKEN = frozenset(list(Kind)[list(Kind).index(Kind.RANGE) + 1 :])  # read from words
SAYS, LIKES, LESS, MIXED = "Says of themselves", "Likes", "Likes less", "Mixed feelings"
HABITS, CHANGED = "Habits and rhythm", "What changed"
HEADINGS = (SAYS, LIKES, LESS, MIXED, HABITS, CHANGED)
NAMED = 3  # values named in a sentence of the summary
RAREST = 0.01  # ratio of shares that counts as none at all
FIGURES = re.compile(r" \([^()]*\)(?=\.$)")  # what a sentence from behaviour ends with


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page: one proposition, or several about the same value, the surest first.
    `label` is the attribute, where the value alone could be of several."""

    propositions: tuple[Proposition, ...]
    label: str = ""

    @property
    def first(self) -> Proposition:
        return self.propositions[0]

    @property
    def sentence(self) -> str:
        """The sentences of all, the value named once."""
        head, *rest = (one.sentence for one in self.propositions)
        others = [_going_on(sentence, self.first.value) for sentence in rest]
        return "; ".join([head.removesuffix("."), *others]) + "." if others else head


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading, the most important first."""

    heading: str
    lines: tuple[Line, ...]


def sections(propositions: Sequence[Proposition]) -> list[Section]:
    """What holds, by what a reader wants to know; each proposition once, empty sections left out."""
    found: dict[str, list[Line]] = {heading: [] for heading in HEADINGS}
    for line in lines_of(propositions):
        found[heading_of(line)].append(line)
    for heading in (LIKES, LESS, MIXED):
        found[heading].sort(key=_telling)
    return [Section(heading, tuple(lines)) for heading, lines in found.items() if lines]


def heading_of(line: Line) -> str:
    """Under which heading a line stands."""
    one = line.first
    if one.kind in SPOKEN or one.origin is not Origin.OBSERVED:
        return SAYS
    if one.kind not in TASTES:
        return CHANGED if one.kind is Kind.CHANGE else HABITS
    if len({each.stance for each in line.propositions}) > 1:
        return MIXED
    return LIKES if one.stance is Stance.FOR else LESS


def lines_of(propositions: Iterable[Proposition]) -> list[Line]:
    """Lines in the order given; what was observed of one value, taste and interest, is one line."""
    every = list(propositions)
    attributes = {one.attribute for one in every if _observed_taste(one)}
    lines: dict[object, list[Proposition]] = {}
    for one in every:
        about = (one.attribute, one.value, one.scope)
        lines.setdefault(about if _observed_taste(one) else one.proposition_id, []).append(one)
    return [
        Line(
            tuple(each),
            each[0].attribute if len(attributes) > 1 and _observed_taste(each[0]) else "",
        )
        for each in lines.values()
    ]


def summary(propositions: Sequence[Proposition]) -> str:
    """A few sentences of the strongest propositions, without their figures."""
    found = {each.heading: each.lines for each in sections(propositions)}
    said = [
        *(line.first.sentence for line in found.get(SAYS, ())[:2]),
        *_drawn(found.get(LIKES, ()), found.get(LESS, ())),
        *(_brief(line) for line in found.get(CHANGED, ())[:1]),
        *[_brief(line) for line in found.get(HABITS, ()) if line.first.kind is not Kind.RETURN][:1],
    ]
    return " ".join(said)


def _observed_taste(one: Proposition) -> bool:
    return one.kind in TASTES and one.origin is Origin.OBSERVED


def _telling(line: Line) -> tuple[bool, float]:
    """Pinned first, then what says most: so many events more or fewer than others would have, or
    events rated so much better or worse, as far as that is sure."""
    one = line.first
    return not one.pinned, -one.confidence * _events(one)


def _events(one: Proposition) -> float:
    if not isfinite(one.strength):
        return 0.0
    if one.kind is Kind.TASTE:
        return abs(one.strength) * (len(one.events_for) + len(one.events_against))
    taken = one.events_for if one.stance is Stance.FOR else one.events_against  # of this value
    return len(taken) * abs(1 - 1 / max(one.strength, RAREST))


def _drawn(likes: Sequence[Line], dislikes: Sequence[Line]) -> list[str]:
    """What somebody goes for and what they leave, in one sentence."""
    more, less = (_list(lines[:NAMED]) for lines in (likes, dislikes))
    if more and less:
        return [f"Goes for {more}, less for {less}."]
    return [f"Goes for {more}."] if more else [f"Goes less for {less}."] if less else []


def _list(lines: Sequence[Line]) -> str:
    """The values, those of one attribute together: "drama and crime (genre), 1994 (year)"."""
    values: dict[str, list[str]] = {}
    for line in lines:
        values.setdefault(line.label, []).append(line.first.value)
    return ", ".join(
        _and(each) + (f" ({label})" if label else "") for label, each in values.items()
    )


def _and(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _brief(line: Line) -> str:
    return FIGURES.sub("", line.first.sentence)


def _going_on(sentence: str, value: str) -> str:
    """A sentence as it goes on after a semicolon, where its value was just named."""
    said = sentence[:1].lower() + sentence[1:].removesuffix(".")
    return said.replace(f" {value} ", " it ", 1)
