"""Users in ranges of about equally many events, so that no read of the log takes long."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, select

from habitus.events.database import Database
from habitus.events.schema import users
from habitus.events.statement import Statement

BLOCK = 200_000  # events of one read transaction, unless one user alone has more


def users_with_events(
    database: Database, workspace: int
) -> tuple[NDArray[np.int64], NDArray[np.object_], NDArray[np.int64]]:
    """Codes, ids and numbers of events of the users who have events, in order of code."""
    with database.reading() as raw:
        rows = EVERYONE.once(raw, w=workspace).fetchall()
    codes, names, events = zip(*rows, strict=True) if rows else ((), (), ())
    return (
        np.array(codes, np.int64),
        np.array(names, dtype=object),
        np.array(events, np.int64),
    )


def ranges(codes: NDArray[np.int64], events: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """First and last code of runs of users that have about `BLOCK` events together."""
    if not len(codes):
        return
    part = np.cumsum(events) // BLOCK
    starts = np.flatnonzero(np.diff(part, prepend=-1))
    stops = np.append(starts[1:], len(codes))
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        yield int(codes[start]), int(codes[stop - 1])


EVERYONE = Statement(
    select(users.c.code, users.c.user_id, users.c.events)
    .where(users.c.workspace == bindparam("w"), users.c.events > 0)
    .order_by(users.c.code)
)
