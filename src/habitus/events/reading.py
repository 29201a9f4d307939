"""One user's history as it lay in the log at one moment, and what came to it since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, bindparam, func, select

from habitus.events import schema
from habitus.events.catalogue import Catalogue
from habitus.events.database import Database
from habitus.events.driver import Driver
from habitus.events.histories import PADDING_TYPE, Histories, joined
from habitus.events.item_rows import ItemRows
from habitus.events.scan import types_of
from habitus.events.statement import Statement
from habitus.types import EventType

BEGINNING = -1  # every change is later

Row = tuple[Any, ...]  # of NEWER
PLACE = itemgetter(0, 1)  # of a row: its time as the log has it, and its sequence


@dataclass(frozen=True, eq=False)
class Reading:
    """One user's whole history, and what a later reading needs to go on from it.

    history   one row, sorted as `Store.histories` sorts
    added     the events past the end of the reading that this one went on from, perhaps none;
              None where the history was read whole
    revision  the user's at that moment; 0 = never seen
    change    the workspace's last change at that moment
    end       time (as the log has it) and sequence of the last event; None where there is none
    sessions  the numbers in `history.session`, by session_id in order of appearance
    """

    history: Histories
    added: Histories | None
    revision: int
    change: int
    end: tuple[int, int] | None
    sessions: Mapping[str | None, int]


class Reader:
    """Reads one user at a time, in one transaction of one to four statements."""

    def __init__(self, database: Database, workspace: int, items: ItemRows) -> None:
        self._database = database
        self._workspace = workspace
        self._items = items
        self._types: tuple[int, tuple[EventType, ...]] = BEGINNING, (PADDING_TYPE,)

    def read(self, catalogue: Catalogue, user_id: str, before: Reading | None) -> Reading:
        """The user's history as it is now.

        `before` is an earlier reading of the same user for the same catalogue, and the answer
        itself where nothing changed. Where events only came past its end, no others are fetched.
        """
        with self._database.reading() as raw:
            found = self._fetched(raw, user_id, before)
        return self._made(catalogue, user_id, before, found)

    def read_many(
        self, catalogue: Catalogue, before: Mapping[str, Reading | None]
    ) -> dict[str, Reading]:
        """The same for several users, in one transaction: user_id → reading."""
        with self._database.reading() as raw:
            found = {user: self._fetched(raw, user, last) for user, last in before.items()}
        return {
            user: self._made(catalogue, user, last, found[user]) for user, last in before.items()
        }

    def _fetched(self, raw: Driver, user_id: str, before: Reading | None) -> _Fetched | None:
        """What the log has of a user past `before`, or all of it; None where nothing changed."""
        state = _State(*STATE.once(raw, w=self._workspace, u=user_id).fetchall()[0])
        if before is not None and before.revision == state.revision:
            return None
        types = self._known_types(raw, state.catalogue_revision)
        added = None if before is None else self._appended(raw, state, before)
        whole = self._newer(raw, state, BEGINNING) if added is None else []
        return _Fetched(state, types, added, whole)

    def _made(
        self, catalogue: Catalogue, user_id: str, before: Reading | None, found: _Fetched | None
    ) -> Reading:
        if found is None:
            assert before is not None
            return before
        state, added, whole = found.state, found.added, found.whole
        made = _Making(catalogue, self._items, found.types, bool(state.ordinal), user_id)
        if before is None or added is None:
            history, sessions = made.histories(whole, 0, {})
            end = PLACE(whole[-1]) if whole else None
            return Reading(history, None, state.revision, state.change, end, sessions)
        new, sessions = made.histories(added, before.history.events, before.sessions)
        return Reading(
            history=joined(before.history, new),
            added=new,
            revision=state.revision,
            change=state.change,
            end=PLACE(added[-1]) if added else before.end,
            sessions=sessions,
        )

    def _appended(self, raw: Driver, state: _State, before: Reading) -> list[Row] | None:
        """The events that came since `before`; None where one does not lie past its end, or one
        of those before is gone.

        An event is never changed, and a later one has a higher number of ingestion. So of the
        events up to the change of `before` none can have come: where as many are left, all are.
        """
        added = self._newer(raw, state, before.change)
        if state.events - len(added) != before.history.events:
            return None
        if added and before.end is not None and PLACE(added[0]) < before.end:
            return None
        return added

    def _newer(self, raw: Driver, state: _State, change: int) -> list[Row]:
        """The user's events that came after a change, in order."""
        found: list[Row] = NEWER.once(
            raw, w=self._workspace, user=state.user, change=change
        ).fetchall()
        found.sort(key=PLACE)  # the log has equal times in order of arrival; that stays
        return found

    def _known_types(self, raw: Driver, revision: int) -> tuple[EventType, ...]:
        """The workspace's event types: none changes or comes without another catalogue revision."""
        known, types = self._types
        if known != revision:
            types = types_of(raw, self._workspace)
            self._types = revision, types
        return types


@dataclass(frozen=True, slots=True)
class _State:
    """The workspace and the user at the moment of a reading; zeros for a user never seen."""

    change: int
    ordinal: int
    catalogue_revision: int
    user: int
    revision: int
    events: int


@dataclass(frozen=True, slots=True)
class _Fetched:
    """Rows of the log: those past an earlier reading, or (`added` None) the whole history."""

    state: _State
    types: tuple[EventType, ...]
    added: list[Row] | None
    whole: list[Row]


@dataclass(frozen=True, slots=True)
class _Making:
    """What turns rows of the log into columns."""

    catalogue: Catalogue
    items: ItemRows
    types: tuple[EventType, ...]
    ordinal: bool
    user_id: str

    def histories(
        self, rows: Sequence[Row], position: int, sessions: Mapping[str | None, int]
    ) -> tuple[Histories, Mapping[str | None, int]]:
        """The rows as one user's events, of which the first has this position, and the numbers of
        their sessions along with those given."""
        columns = zip(*rows, strict=True) if rows else NO_COLUMNS
        time, _, kind, item, value, session_ids = columns
        session, sessions = _numbered(session_ids, sessions)
        made = Histories(
            user_ids=np.array([self.user_id], dtype=object),
            offsets=np.array([0, len(rows)], np.int64),
            item=self.items.rows(self.catalogue, np.array(item, np.int64)),
            type=np.array(kind, np.int16),
            time=np.array(
                range(position, position + len(rows)) if self.ordinal else time, np.int64
            ),
            value=np.array(value, np.float32),
            session=session,
            types=self.types,
            ordinal=self.ordinal,
        )
        return made, sessions


def _numbered(
    session_ids: Sequence[str | None], before: Mapping[str | None, int]
) -> tuple[NDArray[np.int64], Mapping[str | None, int]]:
    """A number ≥ 1 for each session, 0 for none; those that have one keep it."""
    numbers = {None: 0, **before}
    for session_id in dict.fromkeys(session_ids):
        numbers.setdefault(session_id, len(numbers))
    return np.array([numbers[each] for each in session_ids], np.int64), numbers


def _state() -> Select[Any]:
    workspaces, users = schema.workspaces, schema.users
    this_user = (users.c.workspace == workspaces.c.code) & (users.c.user_id == bindparam("u"))
    return (
        select(
            workspaces.c.change,
            workspaces.c.ordinal,
            workspaces.c.catalogue_revision,
            *(func.coalesce(users.c[name], 0) for name in ("code", "revision", "events")),
        )
        .select_from(workspaces.outerjoin(users, this_user))
        .where(workspaces.c.code == bindparam("w"))
    )


def _newer() -> Select[Any]:
    log = schema.events.c
    return (
        select(log.time, log.sequence, log.type, log.item, log.value, log.session_id)
        .where(
            log.workspace == bindparam("w"),
            log.user == bindparam("user"),
            log.ingestion > bindparam("change"),
        )
        .order_by(log.time, log.ingestion)
    )


NO_COLUMNS: tuple[tuple[Any, ...], ...] = ((),) * 6
STATE = Statement(_state())
NEWER = Statement(_newer())
