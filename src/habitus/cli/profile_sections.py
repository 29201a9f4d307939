"""What a profile says, in the order in which a person reads it: sections of lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from habitus.types import Kind, Origin, Proposition, Stance

TASTES = (Kind.TASTE, Kind.INTEREST)
SPOKEN = frozenset(list(Kind)[list(Kind).index(Kind.RANGE) + 1 :])  # read from words
NAMED = 3  # values named in a sentence of the summary
FIGURES = re.compile(r" \([^()]*\)(?=\.$)")  # what a sentence from behaviour ends with


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page: one proposition, or several about the same value, the surest first."""

    propositions: tuple[Proposition, ...]

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
    sorted_out: dict[str, list[Proposition]] = {
        heading: []
        for heading in (
            "Says of themselves",
            "Likes",
            "Dislikes",
            "Habits and rhythm",
            "What changed",
        )
    }
    for one in propositions:
        sorted_out[heading_of(one)].append(one)
    return [
        Section(heading, tuple(merged(found))) for heading, found in sorted_out.items() if found
    ]


def heading_of(one: Proposition) -> str:
    """Under which heading a proposition stands."""
    if one.kind in SPOKEN or one.origin is not Origin.OBSERVED:
        return "Says of themselves"
    if one.kind in TASTES:
        return "Likes" if one.stance is Stance.FOR else "Dislikes"
    return "What changed" if one.kind is Kind.CHANGE else "Habits and rhythm"


def merged(propositions: Iterable[Proposition]) -> Iterator[Line]:
    """Lines in the order given; tastes and interests of one value are one line."""
    lines: dict[object, list[Proposition]] = {}
    for one in propositions:
        alike = one.kind in TASTES and one.origin is Origin.OBSERVED
        key = (one.attribute, one.value, one.scope) if alike else one.proposition_id
        lines.setdefault(key, []).append(one)
    return (Line(tuple(each)) for each in lines.values())


def summary(propositions: Sequence[Proposition]) -> str:
    """A few sentences of the strongest propositions, without their figures."""
    found = {each.heading: each.lines for each in sections(propositions)}
    said = [
        *(line.first.sentence for line in found.get("Says of themselves", ())[:2]),
        *_drawn(found.get("Likes", ()), found.get("Dislikes", ())),
        *(_brief(line) for line in found.get("What changed", ())[:1]),
        *(_brief(line) for line in found.get("Habits and rhythm", ())[:1]),
    ]
    return " ".join(said)


def _drawn(likes: Sequence[Line], dislikes: Sequence[Line]) -> list[str]:
    """What somebody goes for and what they leave, in one sentence."""
    more, less = (_list(lines[:NAMED]) for lines in (likes, dislikes))
    if more and less:
        return [f"Goes for {more}, less for {less}."]
    return [f"Goes for {more}."] if more else [f"Goes less for {less}."] if less else []


def _list(lines: Sequence[Line]) -> str:
    *others, last = [line.first.value for line in lines] or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _brief(line: Line) -> str:
    return FIGURES.sub("", line.first.sentence)


def _going_on(sentence: str, value: str) -> str:
    """A sentence as it goes on after a semicolon, where its value was just named."""
    said = sentence[:1].lower() + sentence[1:].removesuffix(".")
    return said.replace(f" {value} ", " it ", 1)
