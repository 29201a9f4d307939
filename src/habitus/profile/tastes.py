"""What a user likes more than they like the rest, and takes more often than others do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np

from habitus.events.catalogue import Catalogue
from habitus.profile.columns import Columns, Floats
from habitus.profile.evidence import FEATURES, FEWEST, Evidence, evidence
from habitus.profile.log import UserLog
from habitus.profile.population import Population
from habitus.profile.readings import read
from habitus.profile.taste_words import TasteWords
from habitus.types import Proposition, Stance

READABLE: Final = 0.6  # confidence below which a proposition is not worth a line
APART: Final = 0.1  # a mean is worth a line from so many deviations of the user's values
NOTABLE: Final = 1.25  # a share is worth a line from so many times the population's, or its inverse


@dataclass(frozen=True, eq=False)
class Assessed:
    """Every (user, value) of one attribute with enough events, [C]: evidence and two probabilities.

    taste     that the mean of the user's later values with this value exceeds that of all their
              later values, given that there are five or more (PROTOCOLS)
    interest  that their later share of it exceeds the population's
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
    readings = read(columns, population.items, catalogue)
    for name, known in population.without(skip).items():
        if name in catalogue.attributes:
            found = evidence(readings, population.items, known.values, catalogue.attributes[name])
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
    sentence states is what happened so far and its confidence is at least `READABLE`; a mean must
    also stand `APART`, a share be `NOTABLE`.
    """
    columns = Columns.of_log(log, now)
    scored = assessed(columns, log.catalogue, population, skip)
    ids = np.array([*log.ids(columns.place), None], dtype=object)[:-1]
    made = [
        each
        for name, found in scored.items()
        for each in _read(TasteWords(log, columns, ids, name), found)
    ]
    return sorted(made, key=lambda each: (-each.confidence, each.attribute, each.value, each.kind))


def _read(writer: TasteWords, found: Assessed) -> list[Proposition]:
    about = found.evidence
    deviation = about.features[:, FEATURES.index("noise")]
    made: list[Proposition] = []
    for row, code in enumerate(about.code.tolist()):
        value = found.values[code]
        ahead = float(about.mean[row] - about.own[row])
        stated = _stance(ahead, float(found.taste[row]))
        apart = abs(ahead) >= APART * deviation[row]
        if stated is not None and apart and about.rated[row] >= FEWEST:
            made.append(writer.taste(value, *stated, float(about.mean[row]), float(about.own[row])))
        shares = float(about.share[row]), float(about.population[row])
        stated = _stance(shares[0] - shares[1], float(found.interest[row]))
        if stated is not None and not 1 / NOTABLE < shares[0] / shares[1] < NOTABLE:
            made.append(writer.interest(value, *stated, *shares))
    return [each for each in made if each.events_for]


def _stance(ahead: float, chance: float) -> tuple[Stance, float] | None:
    """The stance that both the past and the chance speak for, with its confidence."""
    if ahead > 0 and chance >= READABLE:
        return Stance.FOR, chance
    if ahead < 0 and 1 - chance >= READABLE:
        return Stance.AGAINST, 1 - chance
    return None
