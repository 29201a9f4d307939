"""One consistent picture for a request: a model and the catalogue that its scores are for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from habitus.act.behaviour import Scores, Served, Trained
from habitus.act.fallback import Fallback, by_row
from habitus.act.filters import Filters
from habitus.act.models import Facts, ModelEntry, ModelFolder
from habitus.act.seen import Seen
from habitus.events.catalogue import Catalogue
from habitus.events.store import Store
from habitus.types import EventType, HabitusError


@dataclass(frozen=True, eq=False)
class Items:
    """The catalogue and event types as read at one revision; what can be had may be newer."""

    revision: int
    catalogue: Catalogue
    types: Mapping[str, EventType]
    filters: Filters

    @classmethod
    def read(cls, store: Store, revision: int) -> Items:
        catalogue = store.catalogue()
        return cls(revision, catalogue, store.event_types(), Filters(catalogue))

    def same_rows(self, other: Items) -> bool:
        """Whether all is the same but what can be had: what was worked out for one holds for both."""
        one, two = self.catalogue, other.catalogue
        return (
            self.types == other.types
            and one.item_ids == two.item_ids
            and one.text == two.text
            and one.numbers.keys() == two.numbers.keys()
            and one.attributes.keys() == two.attributes.keys()
            and all(_equal(one.numbers[name], two.numbers[name]) for name in one.numbers)
            and all(
                one.attributes[name].values == two.attributes[name].values
                and _equal(one.attributes[name].codes, two.attributes[name].codes)
                and _equal(one.attributes[name].offsets, two.attributes[name].offsets)
                for name in one.attributes
            )
        )


@dataclass(frozen=True, eq=False)
class Ready:
    """What answers a request. `available` is as fresh as the request, the rest as `items`."""

    items: Items
    available: NDArray[np.bool_]  # [N + 1]
    served: Served  # says what is next for a user of whom something is known
    popular: Scores  # [N + 1] says it for the others
    alike: Served  # says what is like what
    seen: Seen

    @property
    def catalogue(self) -> Catalogue:
        return self.items.catalogue

    @property
    def catalogue_revision(self) -> int:
        """Of the rows that states are kept for."""
        return self.items.revision

    @property
    def filters(self) -> Filters:
        return self.items.filters

    def having(self, unavailable: list[str]) -> Ready:
        """The same where exactly these items cannot be had."""
        return replace(self, available=self.catalogue.available_but(unavailable))


@dataclass(frozen=True, eq=False)
class Loaded:
    """A published model in memory, attached to no catalogue of ours yet."""

    entry: ModelEntry
    model: Trained
    facts: Facts

    @classmethod
    def read(cls, models: ModelFolder, name: str, loader: Callable[[Path], Trained]) -> Loaded:
        """HabitusError where the folder is not what was published, or cannot be read."""
        try:
            model = models.load(name, loader)
            return cls(models.entry(name), model, models.facts(name))
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise HabitusError(
                f"The model {name!r} cannot be read ({error}).",
                "Activate another model, or train again.",
            ) from error

    def attached(self, items: Items) -> Ready:
        catalogue = items.catalogue
        served = Served(self.entry.name, self.entry.content, self.model.attach(catalogue))
        popular = by_row(self.facts.popularity, catalogue)
        return Ready(items, catalogue.available, served, popular, served, self.facts.seen)


def untrained(fallback: Fallback, items: Items) -> Ready:
    """What answers where no model is."""
    available = items.catalogue.available
    return Ready(items, available, fallback.served, fallback.popular, fallback.alike, fallback.seen)


def _equal(one: NDArray[np.generic], two: NDArray[np.generic]) -> bool:
    return np.array_equal(one, two, equal_nan=one.dtype.kind == "f")
