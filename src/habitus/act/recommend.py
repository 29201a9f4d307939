"""From a user and a moment to an answer, with what is known of the user kept between requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from habitus.act.cache import Known, StateCache, appended
from habitus.act.fallback import POPULARITY
from habitus.act.seen import acted_on
from habitus.act.serving import Ready, Serving
from habitus.act.slate import slate
from habitus.events.histories import Histories
from habitus.events.store import Store
from habitus.types import HabitusError, Slate

NEWCOMER = "Nothing is known of this user yet: these are the most popular items."
UNAVAILABLE = "{} of the items asked for cannot be had at present and are left out."


@dataclass(frozen=True)
class Source:
    """Who answers a user, under which name, with which caution."""

    name: str
    note: str
    personal: bool


@dataclass(frozen=True)
class Moment:
    """When an answer is for, µs since 1970, UTC. `replay`: events after it are not looked at."""

    now: int
    replay: bool


class Recommender:
    """Answers for one user at a time from one store."""

    def __init__(self, store: Store, serving: Serving, cache: StateCache) -> None:
        self._store = store
        self._serving = serving
        self._cache = cache

    def recommend(
        self, user_id: str, k: int, moment: Moment, exclude_seen: bool | None = None
    ) -> Slate:
        """The k items likeliest next; fewer only where fewer may be shown.

        `exclude_seen` leaves out what the user acted upon, however long ago (None: as the model was
        trained to, see `act.seen`). HabitusError for k below 1.
        """
        check_count(k)
        ready = self._serving.ready()
        known = self._known(user_id, ready, moment)
        exclude = ready.seen == "mask" if exclude_seen is None else exclude_seen
        allowed = without(ready.catalogue.available, known.seen) if exclude else None
        return self._answer(ready, user_id, known, moment, k, allowed)

    def rank(self, user_id: str, item_ids: Sequence[str], moment: Moment) -> Slate:
        """The given items, likeliest first, each once; HabitusError where one is unknown."""
        ready = self._serving.ready()
        asked = np.zeros(len(ready.catalogue), bool)
        asked[[ready.catalogue.row(one) for one in item_ids]] = True
        allowed = asked & ready.catalogue.available
        missing = int(np.count_nonzero(asked) - np.count_nonzero(allowed))
        note = UNAVAILABLE.format(missing) if missing else ""
        known = self._known(user_id, ready, moment)
        return self._answer(ready, user_id, known, moment, len(item_ids), allowed, note)

    def similar(self, item_id: str, k: int, moment: Moment) -> Slate:
        """The k items most like one; HabitusError where that one is unknown."""
        check_count(k)
        ready = self._serving.ready()
        row = ready.catalogue.row(item_id)
        allowed = ready.catalogue.available.copy()
        allowed[row] = False
        return slate(
            ready.catalogue,
            ready.alike.model.similar(row),
            without(ready.catalogue.available, np.array([row])),
            k,
            model=ready.alike.name,
            now=moment.now,
            note=ready.alike.note,
        )

    def _answer(
        self,
        ready: Ready,
        user_id: str,
        known: Known,
        moment: Moment,
        k: int,
        allowed: NDArray[np.bool_] | None,
        note: str = "",
    ) -> Slate:
        """Ask the model, or popularity where nothing is known of the user."""
        source = source_of(ready, known.history)
        scores = ready.popular
        if source.personal:
            now = None if known.history.ordinal else int(latest(known.history, moment.now)[0])
            scores = ready.served.model.score_state(known.state, now)
        return slate(
            ready.catalogue,
            scores,
            ready.catalogue.available if allowed is None else allowed,
            k,
            model=source.name,
            now=moment.now,
            user_id=user_id,
            note=f"{source.note} {note}",
        )

    def _known(self, user_id: str, ready: Ready, moment: Moment) -> Known:
        """The user's state: as cached, stepped by the newest events, or worked out anew."""
        before = self._cache.get(user_id, ready.served.key, ready.catalogue_revision)
        revision = self._store.revision(user_id)
        if before is None or before.user_revision != revision:
            history = self._store.histories(ready.catalogue, [user_id])
            state = _advanced(ready, before, history)
            before = _described(ready, revision, history, state)
            if history.events:
                self._cache.put(user_id, before)
        return _as_of(ready, before, moment)


def check_count(k: int) -> None:
    """HabitusError where nobody can be given k items."""
    if k < 1:
        raise HabitusError(f"k is {k}.", "Ask for at least one item.")


def source_of(ready: Ready, history: Histories) -> Source:
    """The model, where one user's history names an item; else popularity."""
    if history.item.any():
        return Source(ready.served.name, ready.served.note, personal=True)
    return Source(POPULARITY, f"{ready.served.note} {NEWCOMER}".strip(), personal=False)


def without(available: NDArray[np.bool_], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """What is available but for some rows, as a copy."""
    allowed = available.copy()
    allowed[rows] = False
    return allowed


def latest(histories: Histories, now: int) -> NDArray[np.int64]:
    """`now` for each history, or its last event's time where a clock ran ahead, [U]."""
    moments = np.full(len(histories), now, np.int64)
    some = np.flatnonzero(histories.lengths)
    moments[some] = np.maximum(now, histories.time[histories.offsets[some + 1] - 1])
    return moments


def _advanced(ready: Ready, before: Known | None, history: Histories) -> Any:
    """Step the state that is known where events were only added at the end; else encode it all."""
    new = appended(before.history, history) if before else None
    if before is None or new is None:
        return ready.served.model.state(history)
    return ready.served.model.advance(before.state, new) if new.events else before.state


def up_to(moment: Moment, histories: Histories) -> Histories:
    """What had happened at a moment; everything, where the moment is the present or times lack."""
    if not moment.replay or histories.ordinal or not (histories.time > moment.now).any():
        return histories
    return histories.where(histories.time <= moment.now)


def _as_of(ready: Ready, known: Known, moment: Moment) -> Known:
    """What was known at a moment, worked out anew and not kept where that is in the past."""
    past = up_to(moment, known.history)
    if past is known.history:
        return known
    return _described(ready, known.user_revision, past, ready.served.model.state(past))


def _described(ready: Ready, revision: int, history: Histories, state: Any) -> Known:
    return Known(
        model=ready.served.key,
        catalogue_revision=ready.catalogue_revision,
        user_revision=revision,
        history=history,
        seen=acted_on(history),
        state=state,
    )
