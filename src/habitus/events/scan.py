"""The log as columns: short read transactions over ranges of users, no loop over events."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Select, bindparam, select

from habitus.events import schema
from habitus.events.catalogue import Catalogue
from habitus.events.codes import blocks, by_text
from habitus.events.database import Database
from habitus.events.descriptions import event_types
from habitus.events.driver import Driver
from habitus.events.histories import PADDING_TYPE, Histories
from habitus.events.item_rows import ItemRows
from habitus.events.listed import numbers, texts
from habitus.events.ranges import ranges, users_with_events
from habitus.events.statement import Statement
from habitus.types import EventType

FETCH = 1_000  # rows that are Python objects at one time: more would cost cache and collection
KINDS = (np.int64, np.int64, np.int64, np.int16, np.int64, np.float32)
USERS = 1_000  # users asked for by id in one read transaction

Block = tuple[NDArray[Any], ...]  # user code, time, type, item code, value, session


class Scan:
    """One reading of a workspace, up to the last event there was when it began."""

    def __init__(self, database: Database, workspace: int, items: ItemRows) -> None:
        self._database = database
        self._workspace = workspace
        self._items = items
        with database.reading() as raw:
            change, ordinal = STATE.once(raw, w=workspace).fetchone()
            types = types_of(raw, workspace)
        self._last = int(change)
        self._ordinal = bool(ordinal)
        self._types = types
        self._sessions = 0

    def everyone(self, catalogue: Catalogue) -> Histories:
        """Every user who has events, in order of user_id."""
        codes, names, events = users_with_events(self._database, self._workspace)
        read: list[Block] = []
        for first, last in ranges(codes, events):
            with self._database.reading() as raw:
                read.append(self._read(raw, RANGE, first=first, last=last))
        found = self._histories(catalogue, codes, names, read)
        order = np.array(sorted(range(len(names)), key=names.__getitem__), np.int64)
        return found if (np.diff(order) == 1).all() else found.take(order)

    def of_users(
        self, catalogue: Catalogue, user_ids: Sequence[str], limit: int | None
    ) -> Histories:
        """The users asked for, in that order; one who is not known has no events."""
        known: dict[str, int] = {}
        read: list[Block] = []
        for block in blocks(sorted(set(user_ids)), USERS):
            with self._database.reading() as raw:
                asked = json.dumps(block)
                found = dict(CODES.once(raw, w=self._workspace, texts=asked).fetchall())
                users = sorted(found.values())
                if limit is None:
                    read.append(self._read(raw, LISTED, users=json.dumps(users)))
                else:
                    read += [self._read(raw, LATEST, user=each, limit=limit) for each in users]
            known |= found
        codes = np.array(sorted(known.values()), np.int64)
        row_of = {code: row for row, code in enumerate(codes.tolist())}
        nobody = len(codes)  # a row without events stands for users who are not known
        made = self._histories(
            catalogue, np.append(codes, -1), np.empty(nobody + 1, dtype=object), read
        )
        rows = [row_of[known[each]] if each in known else nobody for each in user_ids]
        taken = made.take(np.array(rows, np.int64))
        taken.user_ids[:] = list(user_ids)
        return taken

    def _read(self, raw: Driver, statement: Statement, **parameters: Any) -> Block:
        """The columns of one short read, sorted by user, time, sequence, arrival."""
        cursor = statement.once(raw, w=self._workspace, upto=self._last, **parameters)
        pieces: list[tuple[NDArray[Any], ...]] = []
        sessions: list[str | None] = []
        while rows := cursor.fetchmany(FETCH):
            *columns, session = zip(*rows, strict=True)
            pieces.append(tuple(map(np.array, columns, KINDS)))
            sessions.extend(session)
        if not pieces:
            return NOTHING
        user, time, sequence, kind, item, value = map(np.concatenate, zip(*pieces, strict=True))
        block = user, time, kind, item, value, self._session_numbers(sessions)
        if not sequence.any():
            return block
        order = np.lexsort((sequence, time, user))
        return tuple(column[order] for column in block)

    def _session_numbers(self, session_ids: list[str | None]) -> NDArray[np.int64]:
        """Numbers ≥ 1 that no other block uses; 0 where there is no session."""
        distinct = dict.fromkeys(session_ids)
        numbers: dict[str | None, int] = dict(zip(distinct, count(self._sessions + 1)))
        self._sessions += len(distinct)
        numbers[None] = 0
        return np.fromiter(map(numbers.__getitem__, session_ids), np.int64, len(session_ids))

    def _histories(
        self,
        catalogue: Catalogue,
        codes: NDArray[np.int64],
        user_ids: NDArray[np.object_],
        read: list[Block],
    ) -> Histories:
        """Histories of the users `codes` (in the order in which the log was read)."""
        columns = [np.concatenate(each) for each in zip(NOTHING, *read, strict=True)]
        user, time, kind, item, value, session = columns
        order = {code: row for row, code in enumerate(codes.tolist())}
        starts = np.flatnonzero(np.diff(user, prepend=-2))
        lengths = np.zeros(len(codes), np.int64)
        rows = [order[code] for code in user[starts].tolist()]
        lengths[rows] = np.diff(np.append(starts, len(user)))
        offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        if self._ordinal:
            time = np.arange(len(user)) - np.repeat(offsets[:-1], lengths)
        return Histories(
            user_ids=user_ids,
            offsets=offsets,
            item=self._items.rows(catalogue, item),
            type=kind,
            time=time,
            value=value,
            session=session,
            types=self._types,
            ordinal=self._ordinal,
        )


def types_of(raw: Driver, workspace: int) -> tuple[EventType, ...]:
    """The event types of a workspace as `Histories.types`."""
    return PADDING_TYPE, *event_types(raw, workspace).values()


NOTHING: Block = (
    np.empty(0, np.int64),
    np.empty(0, np.int64),
    np.empty(0, np.int16),
    np.empty(0, np.int64),
    np.empty(0, np.float32),
    np.empty(0, np.int64),
)


def _log(*where: Any) -> Select[Any]:
    log = schema.events.c
    columns = (
        log.user,
        log.time,
        log.sequence,
        log.type,
        log.item,
        log.value,
        log.session_id,
    )
    return select(*columns).where(
        log.workspace == bindparam("w"), log.ingestion <= bindparam("upto"), *where
    )


def _latest() -> Select[Any]:
    """A user's last events, oldest first: read backwards from the end, then turned round."""
    log = schema.events.c
    last = (
        select(
            log.user,
            log.time,
            log.sequence,
            log.type,
            log.item,
            log.value,
            log.session_id,
            log.ingestion,
        )
        .where(
            log.workspace == bindparam("w"),
            log.ingestion <= bindparam("upto"),
            log.user == bindparam("user"),
        )
        .order_by(log.time.desc(), log.sequence.desc(), log.ingestion.desc())
        .limit(bindparam("limit", type_=BigInteger))
        .subquery("last")
    )
    columns = last.c
    return select(
        columns.user,
        columns.time,
        columns.sequence,
        columns.type,
        columns.item,
        columns.value,
        columns.session_id,
    ).order_by(columns.time, columns.sequence, columns.ingestion)


def _listed() -> Select[Any]:
    log = schema.events.c
    users = select(numbers("users").c.value)
    return _log(log.user.in_(users)).order_by(*ORDER)


def _codes() -> Select[Any]:
    users = schema.users.c
    listed = select(texts("texts").c.value)
    found = select(users.user_id, users.code).where(
        users.workspace == bindparam("w"), users.user_id.in_(listed)
    )
    return found.with_hint(schema.users, by_text(schema.users), "sqlite")


_log_columns = schema.events.c
# In the order of the clustering key, so that nothing is sorted here; see Scan._read for sequences.
ORDER = (_log_columns.user, _log_columns.time, _log_columns.ingestion)
RANGE = Statement(
    _log(_log_columns.user.between(bindparam("first"), bindparam("last"))).order_by(*ORDER)
)
LISTED = Statement(_listed())
LATEST = Statement(_latest())
CODES = Statement(_codes())
STATE = Statement(
    select(schema.workspaces.c.change, schema.workspaces.c.ordinal).where(
        schema.workspaces.c.code == bindparam("w")
    )
)
