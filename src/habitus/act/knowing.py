"""What is known of users when they ask: their kept states, brought up to date by what came since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from habitus.act.asking import Moment
from habitus.act.cache import Known, StateCache
from habitus.act.counters import Counters
from habitus.act.ready import Ready
from habitus.act.seen import acted_on
from habitus.events.histories import Histories
from habitus.events.reading import Reading
from habitus.events.store import Store

OVERHEAD = 4_096  # bytes of the objects around a user's arrays


class Knowing:
    """Users' states under the model and catalogue of a request, kept between requests."""

    def __init__(self, store: Store, cache: StateCache, counters: Counters) -> None:
        self._store = store
        self._cache = cache
        self._counters = counters

    def of(self, ready: Ready, user_id: str, moment: Moment) -> Known:
        """The user's state: as kept, stepped by the newest events, or worked out anew."""
        before = self._before(ready, user_id)
        last = None if before is None else before.reading
        reading = self._store.reading(ready.catalogue, user_id, last)
        return _as_of(ready, self._renewed(ready, user_id, before, reading), moment)

    def of_many(self, ready: Ready, asked: Sequence[tuple[str, Moment]]) -> list[Known]:
        """The same for several askers, perhaps one user twice, whose histories are read at once."""
        before = {user_id: self._before(ready, user_id) for user_id, _ in asked}
        last = {user_id: each.reading if each else None for user_id, each in before.items()}
        readings = self._store.readings(ready.catalogue, last)
        now = {
            user_id: self._renewed(ready, user_id, before[user_id], reading)
            for user_id, reading in readings.items()
        }
        return [_as_of(ready, now[user_id], moment) for user_id, moment in asked]

    def forget(self, user_id: str) -> None:
        """Keep nothing of a user."""
        self._cache.drop(user_id)

    def _before(self, ready: Ready, user_id: str) -> Known | None:
        return self._cache.get(user_id, ready.served.key, ready.catalogue_revision)

    def _renewed(self, ready: Ready, user_id: str, before: Known | None, reading: Reading) -> Known:
        """The state that a reading makes of the one before, or anew; kept where it is another."""
        if before is not None and reading is before.reading:
            self._counters.hits += 1
            return before
        new = None if before is None else reading.added
        if before is None or new is None:
            self._counters.misses += 1
            known = _anew(ready, reading)
        else:
            self._counters.hits += 1
            self._counters.steps += new.events
            known = _advanced(ready, before, reading, new)
        if reading.history.events:
            self._cache.put(user_id, known)
        return known


def up_to(moment: Moment, histories: Histories) -> Histories:
    """What had happened at a moment; everything, where the moment is the present or times lack."""
    if not moment.replay or histories.ordinal or not (histories.time > moment.now).any():
        return histories
    return histories.where(histories.time <= moment.now)


def _advanced(ready: Ready, before: Known, reading: Reading, new: Histories) -> Known:
    """The kept state, stepped by events that came at the end."""
    state = ready.served.model.advance(before.state, new) if new.events else before.state
    seen = np.concatenate((before.seen, acted_on(new)))
    size = _size(ready, reading, seen, state)
    return replace(before, reading=reading, seen=seen, state=state, size=size)


def _as_of(ready: Ready, known: Known, moment: Moment) -> Known:
    """What was known at a moment, worked out anew and not kept where that is in the past."""
    history = known.reading.history
    past = up_to(moment, history)
    return known if past is history else _anew(ready, replace(known.reading, history=past))


def _anew(ready: Ready, reading: Reading) -> Known:
    seen, state = acted_on(reading.history), ready.served.model.state(reading.history)
    return Known(
        model=ready.served.key,
        catalogue_revision=ready.catalogue_revision,
        reading=reading,
        seen=seen,
        state=state,
        size=_size(ready, reading, seen, state),
    )


def _size(ready: Ready, reading: Reading, seen: NDArray[np.int64], state: Any) -> int:
    """Bytes that what is known of a user takes."""
    return reading.history.nbytes + seen.nbytes + ready.served.model.size(state) + OVERHEAD
