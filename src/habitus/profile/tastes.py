"""What a user likes more than they like the rest, and takes more often than others do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

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
    ahead = about.mean - about.own
    apart = (np.abs(ahead) >= APART * deviation) & (about.rated >= FEWEST)
    lifted = about.share / about.population
    notable = (lifted >= NOTABLE) | (lifted <= 1 / NOTABLE)
    written = [
        *_written(writer.taste, found, ahead, found.taste, apart, (about.mean, about.own)),
        *_written(
            writer.interest,
            found,
            about.share - about.population,
            found.interest,
            notable,
            (about.share, about.population),
        ),
    ]
    return [each for each in written if each.events_for]


def _written(
    write: Callable[[str, Stance, float, float, float], Proposition],
    found: Assessed,
    ahead: Floats,
    chance: Floats,
    worth: NDArray[np.bool_],
    told: tuple[Floats, Floats],
) -> Iterator[Proposition]:
    """A proposition of each row that is `worth` a line, where both the past (`ahead`) and the chance
    speak for one stance; `told` are the two numbers of its sentence."""
    likes = (ahead > 0) & (chance >= READABLE)
    dislikes = (ahead < 0) & (1 - chance >= READABLE)
    for row in np.flatnonzero(worth & (likes | dislikes)).tolist():
        value = found.values[found.evidence.code[row]]
        sure = float(chance[row])
        stated = (Stance.FOR, sure) if likes[row] else (Stance.AGAINST, 1 - sure)
        yield write(value, *stated, float(told[0][row]), float(told[1][row]))
