"""What is known of everybody, as the statistics of one user lean on it: items, and values of attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np

from habitus.events.catalogue import Attribute, Catalogue
from habitus.profile.columns import Floats, Ints
from habitus.types import HabitusError

CELLS: Final = 4_000_000  # (user, value) pairs held at once
MOST: Final = 40  # values of an attribute whose tastes are known together; of more, each alone
COLUMNS: Final = ("share", "mean", "spread", "mass", "quality")
TOTALS: Final = ("all_mass", "all_quality")


@dataclass(frozen=True, eq=False)
class Items:
    """The most frequent items; place I, one past the last, stands for any other.

    mass     float64 [I + 1]  events of the item
    quality  float64 [I + 1]  mean of its values, each against the mean of the user who gave it
    noise    the variance of a value about the user's mean and the item's quality
    """

    ids: tuple[str, ...]
    mass: Floats
    quality: Floats
    noise: float

    def of(self, item: Ints, catalogue: Catalogue) -> Ints:
        """The place of each event's item, from its catalogue row."""
        found = self._made.get(catalogue)
        if found is None:
            found = np.full(len(catalogue), len(self.ids), np.int64)
            for place, item_id in enumerate(self.ids):
                found[catalogue.rows.get(item_id, 0)] = place
            found[0] = len(self.ids)
            self._made[catalogue] = found
        return np.asarray(found[item])

    def to_json(self) -> dict[str, Any]:
        numbers = {"mass": self.mass.tolist(), "quality": self.quality.tolist()}
        return {"ids": list(self.ids), **numbers, "noise": self.noise}

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> Items:
        """KeyError, TypeError, ValueError or HabitusError where the form is not that of items."""
        ids = tuple(str(each) for each in form["ids"])
        mass, quality = (_numbers(form[each], len(ids) + 1) for each in ("mass", "quality"))
        noise = float(form["noise"])
        if not noise > 0:
            raise unusable("its noise is not above 0")
        return cls(ids, mass, quality, noise)

    @cached_property
    def _made(self) -> WeakKeyDictionary[Catalogue, Ints]:
        return WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Joint:
    """How tastes for the values of an attribute go together: all K of its values, or of none.

    mean        [K] and
    covariance  [K, K] over users, of what a value adds to a user's value of an item
    company     [K, K] the share of events with value g that have value h, too; 1 on the diagonal
    share       [K] the share of all events with the value
    """

    mean: Floats
    covariance: Floats
    company: Floats
    share: Floats

    @classmethod
    def none(cls) -> Joint:
        """Of no value: each is read alone."""
        return cls(np.zeros(0), np.zeros((0, 0)), np.zeros((0, 0)), np.zeros(0))

    def __len__(self) -> int:
        return len(self.mean)

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name).tolist() for name in self.__dataclass_fields__}

    @classmethod
    def from_json(cls, form: Mapping[str, Any], values: int) -> Joint:
        """KeyError, TypeError, ValueError or HabitusError where the form is not that of one."""
        size = len(form["mean"])
        if size not in (0, values) or size > MOST:
            raise unusable("tastes that go together are of other values")
        shapes = dict.fromkeys(("covariance", "company"), (size, size))
        made = {
            name: np.array(form[name], np.float64).reshape(shapes.get(name, (size,)))
            for name in cls.__dataclass_fields__
        }
        if not all(np.isfinite(each).all() for each in made.values()):
            raise unusable("tastes that go together are not whole")
        if size and np.linalg.eigvalsh(made["covariance"]).min() <= 0:
            raise unusable("tastes that go together have no spread")
        return cls(**made)


@dataclass(frozen=True, eq=False)
class Values:
    """The values of one attribute that occur often enough, [V] each.

    share    of the positive events on items that have the attribute
    mean     mean over users of their mean value for it, against own mean and items' quality
    spread   variance over users of that, without what noise makes of it
    mass     Σ mass of the items that have the value; `quality` Σ mass · quality
    all_mass, all_quality  the same over the items that have the attribute at all
    joint    how tastes for them go together, where they are few
    """

    values: tuple[str, ...]
    share: Floats
    mean: Floats
    spread: Floats
    mass: Floats
    quality: Floats
    all_mass: float
    all_quality: float
    joint: Joint = field(default_factory=Joint.none)

    @cached_property
    def places(self) -> dict[str, int]:
        return {value: place for place, value in enumerate(self.values)}

    def codes(self, attribute: Attribute) -> Ints:
        """The place of each of the attribute's codes, −1 where unknown."""
        found = self._made.get(attribute)
        if found is None:
            places = self.places
            found = np.array([places.get(value, -1) for value in attribute.values], np.int64)
            self._made[attribute] = found
        return found

    def to_json(self) -> dict[str, Any]:
        columns = {each: getattr(self, each).tolist() for each in COLUMNS}
        totals = {each: getattr(self, each) for each in TOTALS}
        joint = self.joint.to_json()
        return {"values": list(self.values), **columns, **totals, "joint": joint}

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> Values:
        """KeyError, TypeError, ValueError or HabitusError where the form is not that of values."""
        names = tuple(str(each) for each in form["values"])
        share, mean, spread, mass, quality = (_numbers(form[each], len(names)) for each in COLUMNS)
        if len(set(names)) < len(names) or not (spread > 0).all():
            raise unusable("a value occurs twice, or has no spread")
        all_mass, all_quality = (float(form[each]) for each in TOTALS)
        joint = Joint.from_json(form["joint"], len(names))
        return cls(names, share, mean, spread, mass, quality, all_mass, all_quality, joint)

    @cached_property
    def _made(self) -> WeakKeyDictionary[Attribute, Ints]:
        return WeakKeyDictionary()


def unusable(why: str) -> HabitusError:
    """The error of a stored population that cannot be what was stored."""
    return HabitusError(f"The population cannot be read: {why}.", "Fit it again.")


def _numbers(listed: Any, length: int) -> Floats:
    made = np.array(listed, np.float64)
    if made.shape != (length,) or not np.isfinite(made).all():
        raise unusable("a column of numbers is not whole")
    return made
