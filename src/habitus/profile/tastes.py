"""What a user likes more than they like the rest, and takes more often than others do."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from habitus.events.catalogue import Catalogue
from habitus.profile.columns import Columns, Floats, Ints, expanded
from habitus.profile.evidence import FEWEST, Evidence, evidence
from habitus.profile.log import UserLog
from habitus.profile.population import Population
from habitus.types import Interval, Kind, Origin, Proposition, Stance

READABLE: Final = 0.6  # confidence below which a proposition is not worth a line
MOST_ELSEWHERE: Final = 50  # events without a value that are cited where it is taken less


@dataclass(frozen=True, eq=False)
class Assessed:
    """Every (user, value) of one attribute with enough events, [C]: evidence and two probabilities.

    taste     that the mean of the user's later values with this value exceeds that of all their
              later values; `interest` that their later share of it exceeds the population's.
              Both given that they come to have five such events or more (PROTOCOLS).
    """

    values: tuple[str, ...]
    evidence: Evidence
    taste: Floats
    interest: Floats


def assessed(
    columns: Columns, catalogue: Catalogue, population: Population, skip: Collection[str] = ()
) -> dict[str, Assessed]:
    """The full scored set, by attribute, for one user's columns or everybody's.

    Attributes that the catalogue or the population does not have are left out.
    """
    made = {}
    for name, known in population.without(skip).items():
        if name in catalogue.attributes:
            found = evidence(columns, population.items, name, known.values, catalogue)
            chances = (
                each.probability(found.features, found.code)
                for each in (known.taste, known.interest)
            )
            made[name] = Assessed(known.values.values, found, *chances)
    return made


def tastes(
    log: UserLog, population: Population, now: int, skip: Collection[str] = ()
) -> list[Proposition]:
    """TASTE and INTEREST propositions of one user at `now` (µs UTC), the most certain first.

    `skip` names attributes that are never used. A proposition is made where the direction that its
    sentence states is what happened so far and its confidence is at least `READABLE`.
    """
    columns = Columns.of_log(log, now)
    scored = assessed(columns, log.catalogue, population, skip)
    made = [each for name, found in scored.items() for each in _read(log, columns, name, found)]
    return sorted(made, key=lambda each: (-each.confidence, each.attribute, each.value, each.kind))


def _read(log: UserLog, columns: Columns, name: str, found: Assessed) -> list[Proposition]:
    writer = _Writer(log, columns, name)
    about = found.evidence
    made: list[Proposition] = []
    for row, code in enumerate(about.code.tolist()):
        value = found.values[code]
        ahead = float(about.mean[row] - about.own[row])
        stated = _stance(ahead, float(found.taste[row]))
        if stated is not None and about.rated[row] >= FEWEST:
            made.append(writer.taste(value, *stated, float(about.mean[row]), float(about.own[row])))
        more = float(about.share[row] - about.population[row])
        if (stated := _stance(more, float(found.interest[row]))) is not None:
            shares = float(about.share[row]), float(about.population[row])
            made.append(writer.interest(value, *stated, *shares))
    return [each for each in made if each.events_for]


def _stance(ahead: float, chance: float) -> tuple[Stance, float] | None:
    """The stance that both the past and the chance speak for, with its confidence."""
    if ahead > 0 and chance >= READABLE:
        return Stance.FOR, chance
    if ahead < 0 and 1 - chance >= READABLE:
        return Stance.AGAINST, 1 - chance
    return None


@dataclass(frozen=True, eq=False)
class _Writer:
    """Propositions about the values of one attribute of one user."""

    log: UserLog
    columns: Columns
    attribute: str

    def taste(
        self, value: str, stance: Stance, confidence: float, mean: float, own: float
    ) -> Proposition:
        has = self._having(value)
        above = has & (self.columns.value >= own)
        below = has & (self.columns.value < own)
        sides = (above, below) if stance is Stance.FOR else (below, above)
        word = "above" if stance is Stance.FOR else "below"
        digits = 1 if f"{mean:.1f}" != f"{own:.1f}" else 2
        sentence = (
            f"Rates {value} {word} their own average ({mean:.{digits}f} against {own:.{digits}f})."
        )
        return self._made(Kind.TASTE, value, stance, confidence, sides, sentence, mean - own)

    def interest(
        self, value: str, stance: Stance, confidence: float, share: float, everybody: float
    ) -> Proposition:
        has, positive = self._having(value), self.columns.sign > 0
        sides = (has & positive, has & ~positive)
        if stance is Stance.AGAINST:
            elsewhere = np.flatnonzero(positive & ~has)[-MOST_ELSEWHERE:]
            without = np.zeros_like(has)
            without[elsewhere] = True
            sides = (without | (has & ~positive), has & positive)
        word = "more" if stance is Stance.FOR else "less"
        sentence = (
            f"Takes {value} {word} often than others do "
            f"({_percent(share, everybody)} of events against {_percent(everybody, share)})."
        )
        ratio = share / everybody
        return self._made(Kind.INTEREST, value, stance, confidence, sides, sentence, ratio)

    def _having(self, value: str) -> NDArray[np.bool_]:
        """Which events are on an item that has the value, [E]."""
        event, code = self._pairs
        listed = self.log.catalogue.attributes[self.attribute].values
        has = np.zeros(len(self.columns), bool)
        has[event[code == bisect_left(listed, value)]] = True
        return has

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints]:
        attribute = self.log.catalogue.attributes[self.attribute]
        every = np.arange(len(attribute.values), dtype=np.int64)
        return expanded(self.columns.item, attribute, every)

    def _made(
        self,
        kind: Kind,
        value: str,
        stance: Stance,
        confidence: float,
        sides: tuple[NDArray[np.bool_], NDArray[np.bool_]],
        sentence: str,
        strength: float,
    ) -> Proposition:
        places = self.columns.place
        speaking = places[sides[0]]
        since = None if self.log.ordinal or not len(speaking) else int(self.log.time[speaking[0]])
        return Proposition(
            proposition_id="",
            user_id=self.log.user_id,
            kind=kind,
            attribute=self.attribute,
            value=value,
            stance=stance,
            confidence=confidence,
            events_for=self.log.ids(speaking),
            sentence=sentence,
            origin=Origin.OBSERVED,
            events_against=self.log.ids(places[sides[1]]),
            valid=Interval(start=since),
            strength=strength,
        )


def _percent(share: float, beside: float) -> str:
    """A share in words, in as few digits as tell it from the one beside it."""
    for digits in (0, 1, 2):
        if f"{100 * share:.{digits}f}" != f"{100 * beside:.{digits}f}":
            break
    return f"{100 * share:.{digits}f} %"
