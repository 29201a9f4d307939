"""What is known of everybody in a store, fitted once, and what a user's tastes are read against."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.profile.calibrated import PROBITS, Known
from habitus.profile.calibration import Calibrator, Pairs, fitted, shipped
from habitus.profile.columns import Columns, Ints
from habitus.profile.evidence import FEWEST, evidence
from habitus.profile.known import Items, unusable
from habitus.profile.measured import measured_items, measured_values
from habitus.profile.outcomes import outcomes
from habitus.profile.readings import read
from habitus.types import Progress, silent

SPLIT: Final = 0.8  # a history's first part foretells the rest
CUTS: Final = 3  # times a history is cut that way, each time after STEP of the stretch before
STEP: Final = 0.9
MOST_EVENTS: Final = 2_000_000  # of a sample of users, to fit calibrators on
VERSION: Final = 2


@dataclass(frozen=True, eq=False)
class Population:
    """Statistics of all users of a store; no user can be told from them."""

    users: int
    events: int
    items: Items
    attributes: Mapping[str, Known] = field(default_factory=dict)

    @classmethod
    def fit(
        cls,
        histories: Histories,
        catalogue: Catalogue,
        *,
        seed: int = 0,
        progress: Progress = silent,
    ) -> Population:
        """Statistics of every event; calibrators from the log's own past, by PROTOCOLS' definition.

        A user's first 80 % foretell the last 20 %. So that there is more to learn from, the first
        90 % are cut the same way, and the first 90 % of those, and so on. What is known of
        everybody at each cut comes from before it.
        """
        columns = Columns.of_histories(histories)
        names = sorted(catalogue.attributes)
        progress("population", 0, CUTS + 1)
        made = _statistics(columns, catalogue, names)
        learned: dict[tuple[str, str], list[Pairs]] = {}
        part = _sample(columns, seed)
        for done in range(CUTS):
            progress("population", done + 1, CUTS + 1)
            stop = _part(part.lengths, SPLIT)
            earlier = part.between(np.zeros_like(stop), stop)
            _learn(made, earlier, part.between(stop, part.lengths), catalogue, learned)
            part = part.between(np.zeros_like(stop), _part(part.lengths, STEP))
        known = {
            name: Known(
                each.values, *(_fitted(name, table, each, learned, seed) for table in PROBITS)
            )
            for name, each in made.attributes.items()
        }
        progress("population", CUTS + 1, CUTS + 1)
        return replace(made, attributes=known)

    def without(self, skip: Collection[str]) -> dict[str, Known]:
        """The attributes whose names are not among `skip`."""
        return {name: each for name, each in self.attributes.items() if name not in skip}

    def to_json(self) -> dict[str, Any]:
        """Plain numbers and strings; its size is bounded by the numbers of items and values kept."""
        return {
            "version": VERSION,
            "users": self.users,
            "events": self.events,
            "items": self.items.to_json(),
            "attributes": {name: each.to_json() for name, each in self.attributes.items()},
        }

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> Population:
        """HabitusError where the form is not one that `to_json` made."""
        try:
            if form["version"] != VERSION:
                raise unusable(f"it has version {form['version']!r}, not {VERSION}")
            return cls(
                users=int(form["users"]),
                events=int(form["events"]),
                items=Items.from_json(form["items"]),
                attributes={
                    str(name): Known.from_json(each) for name, each in form["attributes"].items()
                },
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise unusable(f"{type(error).__name__} {error}") from error


def _part(lengths: Ints, share: float) -> Ints:
    """How many events the first part of each history has, rounded down."""
    return np.asarray(np.floor(share * lengths + 1e-9), np.int64)


def _statistics(columns: Columns, catalogue: Catalogue, names: list[str]) -> Population:
    items = measured_items(columns, catalogue)
    readings = read(columns, items, catalogue)
    found = {
        name: values
        for name in names
        if (values := measured_values(readings, items, catalogue.attributes[name], catalogue))
    }
    known = {
        name: Known(each, *(shipped(probit, len(each.values)) for probit in PROBITS.values()))
        for name, each in found.items()
    }
    users = int(np.count_nonzero(columns.lengths))
    return Population(users, len(columns), items, known)


def _sample(columns: Columns, seed: int) -> Columns:
    """All users, or as many of them, drawn by chance, as have `MOST_EVENTS` events."""
    if len(columns) <= MOST_EVENTS:
        return columns
    order = np.random.default_rng(seed).permutation(columns.users)
    total = np.cumsum(columns.lengths[order])
    drawn = order[total <= MOST_EVENTS]
    stop = np.zeros(columns.users, np.int64)
    stop[drawn] = columns.lengths[drawn]
    return columns.between(np.zeros_like(stop), stop)


def _learn(
    made: Population,
    earlier: Columns,
    later: Columns,
    catalogue: Catalogue,
    learned: dict[tuple[str, str], list[Pairs]],
) -> None:
    """Adds the pairs of one cut for each attribute and table; values are placed as in `made`."""
    then = _statistics(earlier, catalogue, list(made.attributes))
    readings = read(earlier, then.items, catalogue)
    for name, known in then.attributes.items():
        found = evidence(readings, then.items, known.values, catalogue.attributes[name])
        came = outcomes(later, catalogue.attributes[name], known.values, found.owner, found.code)
        now = made.attributes[name].values.places
        place = np.array([now.get(value, -1) for value in known.values.values], np.int64)
        held = {
            "taste": ((found.rated >= FEWEST) & (came.rated >= FEWEST), came.ahead > 0),
            "interest": (came.total >= FEWEST, came.share > found.population),
            "recurring": (came.count >= FEWEST, came.share > found.population),
        }
        for table, (enough, holds) in held.items():
            pairs = Pairs(found.owner, place[found.code], found.features, holds)
            learned.setdefault((name, table), []).append(pairs.where(enough & (pairs.code >= 0)))


def _fitted(
    name: str, table: str, known: Known, learned: Mapping[tuple[str, str], list[Pairs]], seed: int
) -> Calibrator:
    return fitted(
        PROBITS[table], _joined(learned.get((name, table), [])), len(known.values.values), seed
    )


def _joined(parts: list[Pairs]) -> Pairs:
    if not parts:
        none: Ints = np.zeros(0, np.int64)
        return Pairs(none, none, np.zeros((0, 0)), np.zeros(0, bool))
    names = ("owner", "code", "features", "holds")
    return Pairs(*(np.concatenate([getattr(part, each) for part in parts]) for each in names))
