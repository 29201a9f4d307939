"""Order without times: in an ordinal workspace an event's `time` is its place."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, and_, bindparam, func, literal_column, select

from habitus.events import schema
from habitus.events.chunk import Chunk
from habitus.events.listed import numbers


def place(connection: Connection, workspace: int, chunk: Chunk) -> None:
    """Set each event's time to its sequence, or, where that is 0, to one after the
    user's last place.

    So events without a sequence come after what is there, in order of arrival (equal places are
    ordered by ingestion number); those with one lie where they belong.
    """
    chunk.time = chunk.sequence.copy()
    open_rows = np.flatnonzero(chunk.sequence == 0)
    if not len(open_rows):
        return
    users, index = np.unique(chunk.user, return_inverse=True)
    last = np.zeros(len(users), np.int64)
    np.maximum.at(last, index, chunk.sequence)
    stored = connection.execute(
        LAST_PLACE, {"users": json.dumps(users.tolist()), "w": workspace}
    ).scalars()
    last = np.maximum(last, np.fromiter((value or 0 for value in stored), np.int64, len(users))) + 1
    chunk.time[open_rows] = last[index[open_rows]]


def _last_place() -> Select[Any]:
    log = schema.events
    listed = numbers("users")
    place_of = (
        select(func.max(log.c.time))
        .where(and_(log.c.workspace == bindparam("w"), log.c.user == listed.c.value))
        .correlate(listed)
        .scalar_subquery()
    )
    return select(place_of, literal_column("0")).select_from(listed).order_by(listed.c.key)


LAST_PLACE = _last_place()
