"""What users set or said of themselves, as it changes their answers."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from habitus.act.behaviour import Leading, Scores
from habitus.events.catalogue import Attribute, Catalogue
from habitus.events.histories import Histories
from habitus.profile.constraint import Constraint
from habitus.profile.profiles import Profiles
from habitus.profile.statements import canonical, meant
from habitus.types import Kind, Origin, Proposition, Role, Stance

Mask = NDArray[np.bool_]

CAPACITY = 1_024  # users kept
MASKS = 64  # constraints whose items are kept
TOLD = (Role.EDIT, Role.UTTERANCE)  # events that can say something of the user in words
# Standard deviations of the scores, for what is certain. What a model takes for a user's favourite
# quarter of a catalogue lies up to 2.3 above the rest: who says no to it is to be believed.
STRENGTH = {Stance.FOR: 2.0, Stance.AGAINST: -4.0}


@dataclass(frozen=True, eq=False)
class Leaning:
    """What words make of one user's scores.

    shift   float32 [N + 1]  in standard deviations of the scores of what may be shown
    closed  bool [N + 1]     what must not be shown; None = nothing
    """

    shift: NDArray[np.float32]
    closed: Mask | None

    @property
    def shifts(self) -> bool:
        return bool(self.shift.any())

    def allowed(self, asked: Mask) -> Mask:
        """What may be shown of what is asked for."""
        return asked if self.closed is None else asked & ~self.closed

    def leading(self, scores: Scores, allowed: Mask) -> Leading:
        """The scores of all rows, shifted."""
        held = scores[allowed & np.isfinite(scores)]
        unit = float(held.std()) if len(held) else 0.0
        shifted: Scores = scores + self.shift * np.float32(unit)
        return None, shifted


class Leanings:
    """The leanings of a store's users, kept while nothing changes. Threads may share it."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles
        self._kept: OrderedDict[str, tuple[object, Leaning | None]] = OrderedDict()
        self._masks: OrderedDict[tuple[Constraint, int], tuple[Catalogue, Mask]] = OrderedDict()
        self._lock = Lock()

    def of(
        self, catalogue: Catalogue, user_id: str, history: Histories, now: int
    ) -> Leaning | None:
        """A user's leaning at `now` (µs); None where they never said anything in words, or nothing
        that concerns this catalogue. What else they do changes nothing, so that it costs nothing."""
        told = _told(history)
        if not len(told):
            return None
        policy, last = self._profiles.policy(), int(told[-1])
        stamp = (told.tobytes(), last if now >= last else now, policy, catalogue)
        with self._lock:
            kept = self._kept.get(user_id)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        found = self._made(catalogue, user_id, now)
        with self._lock:
            self._kept[user_id] = stamp, found
            self._kept.move_to_end(user_id)
            while len(self._kept) > CAPACITY:
                self._kept.popitem(last=False)
        return found

    def forget(self, user_id: str) -> None:
        """Keep nothing of a user."""
        with self._lock:
            self._kept.pop(user_id, None)
        self._profiles.forget(user_id)

    def _made(self, catalogue: Catalogue, user_id: str, now: int) -> Leaning | None:
        told = self._profiles.told(user_id, now)
        shift = np.zeros(len(catalogue), np.float32)
        for one in told.propositions:
            if speaks_of_items(one):
                rows = _rows(catalogue, one)
                shift[rows] += np.float32(STRENGTH[one.stance] * one.confidence)
        closed = None
        for constraint in told.constraints:
            mask = self._closed(catalogue, constraint)
            closed = mask if closed is None else closed | mask
        if closed is None and not shift.any():
            return None
        return Leaning(shift, closed)

    def _closed(self, catalogue: Catalogue, constraint: Constraint) -> Mask:
        """The items that a constraint excludes, [N + 1]."""
        key = constraint, id(catalogue)
        with self._lock:
            kept = self._masks.get(key)
        if kept is not None and kept[0] is catalogue:
            return kept[1]
        made = np.array(
            [
                row > 0 and constraint.excludes(catalogue.text[row], catalogue.values_of(row))
                for row in range(len(catalogue))
            ]
        )
        with self._lock:
            self._masks[key] = catalogue, made
            while len(self._masks) > MASKS:
                self._masks.popitem(last=False)
        return made


def speaks(history: Histories) -> bool:
    """Whether one user's history has events that can say something of them in words."""
    return len(_told(history)) > 0


def _told(history: Histories) -> NDArray[np.int64]:
    """The times of those events, which tell whether any came or went."""
    told = np.array([kind.role in TOLD for kind in history.types])
    times: NDArray[np.int64] = history.time[told[history.type]]
    return times


def speaks_of_items(one: Proposition) -> bool:
    """Whether a proposition may move items up or down: a taste that the user set or stated, and
    nothing sensitive."""
    kinds = (Kind.PREFERENCE, Kind.TASTE, Kind.INTEREST)
    told = one.origin in (Origin.EDITED, Origin.STATED)
    return told and one.kind in kinds and not one.sensitive and not one.scope


def _rows(catalogue: Catalogue, one: Proposition) -> NDArray[np.int64]:
    """The items that have a value: of the attribute that a proposition names, or of any."""
    wanted = meant(one.value)
    named = catalogue.attributes.get(one.attribute)
    columns = catalogue.attributes.values() if named is None else [named]
    found = [_having(column, wanted) for column in columns]
    return np.unique(np.concatenate([np.zeros(0, np.int64), *found]))


def _having(column: Attribute, wanted: str) -> NDArray[np.int64]:
    codes = [code for code, value in enumerate(column.values) if canonical(value) == wanted]
    if not codes:
        return np.zeros(0, np.int64)
    places = np.flatnonzero(np.isin(column.codes, codes))
    return np.searchsorted(column.offsets, places, "right") - 1
