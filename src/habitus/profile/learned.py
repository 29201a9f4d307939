"""What behaviour is read against: everybody's tastes and habits, fitted now and then and kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Self

import numpy as np

from habitus.events.store import Store
from habitus.profile.edits import EDIT
from habitus.profile.log import UserLog
from habitus.profile.observed import habits
from habitus.profile.population import Population
from habitus.profile.sensitive import Policy
from habitus.profile.tastes import tastes
from habitus.profile.typical import Typical
from habitus.types import HabitusError, Progress, Proposition, Role, silent

NAME = "everybody"  # of the value that a store keeps
GROWN = 1.5  # times as many changes as at the fit, from which on it is fitted anew
LEAST = 200  # changes more than at the fit, below which it never is


@dataclass(frozen=True, eq=False)
class Learned:
    """Statistics of all users of a workspace, as of its change number `change`."""

    population: Population
    typical: Typical
    change: int

    @classmethod
    def fit(cls, store: Store, progress: Progress = silent) -> Self:
        """From all histories of a store."""
        change = store.change()
        catalogue = store.catalogue()
        progress("Reading everybody's events", 0, None)
        histories = store.histories(catalogue)
        acts = np.array([kind.role is not Role.EDIT for kind in histories.types])
        histories = histories.where(
            acts[histories.type]
        )  # who mends a profile does not use the product
        population = Population.fit(histories, catalogue, progress=progress)
        progress("Reading everybody's habits", 0, None)
        return cls(population, Typical.fit(histories, catalogue), change)

    def observe(self, log: UserLog, now: int, policy: Policy) -> list[Proposition]:
        """What behaviour until `now` says of a user."""
        log = log.where([kind != EDIT.name for kind in log.column("event_type")])
        skip = policy.skipped(log.catalogue)
        return [*tastes(log, self.population, now, skip), *habits(log, self.typical, now, skip)]

    def outgrown(self, change: int) -> bool:
        """Whether so much has come since that a new fit is worth it."""
        return change > self.change * GROWN + LEAST

    def to_json(self) -> str:
        return json.dumps(
            {
                "change": self.change,
                "population": self.population.to_json(),
                "typical": json.loads(self.typical.to_json()),
            },
            allow_nan=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """HabitusError where the text is not what `to_json` writes."""
        try:
            read = json.loads(text)
            change = int(read["change"])
            population, typical = read["population"], json.dumps(read["typical"])
        except (ValueError, KeyError, TypeError) as error:
            raise HabitusError(
                f"The kept statistics of everybody cannot be read ({type(error).__name__}).",
                "Fit them again: habitus profile STORE --learn",
            ) from error
        return cls(Population.from_json(population), Typical.from_json(typical), change)
