"""What several callers observe at the same time, written as one and answered to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from habitus.events.appending import append_parts
from habitus.events.coding import code_events
from habitus.events.driver import driver
from habitus.events.forgotten import admitted
from habitus.events.receipt import Receipt
from habitus.events.rows import Rows
from habitus.events.workspace import ORDINAL


def observed(
    connection: Connection, workspace: int, given: Sequence[Rows], now: int
) -> Sequence[Receipt]:
    """Store checked events as of `now` (µs); a receipt for each of `given`, with what was refused.

    Twenty statements for all of them, not for each. Runs inside the caller's write transaction.
    """
    raw = driver(connection)
    ordinal = bool(ORDINAL.once(raw, w=workspace).fetchone()[0])
    asked = [rows.for_a_workspace(ordinal) for rows in given]
    receipts = _stored(connection, workspace, asked, now)
    for receipt, rows in zip(receipts, asked, strict=True):
        receipt.rejected += rows.rejected
    return receipts


def _stored(
    connection: Connection, workspace: int, given: Sequence[Rows], now: int
) -> Sequence[Receipt]:
    joined = _joined(given)
    kept, forgotten = admitted(connection, workspace, joined)
    if forgotten and len(given) > 1:  # whose they were is not worth keeping account of
        return [_stored(connection, workspace, [rows], now)[0] for rows in given]
    if not kept.events:
        return [Receipt(forgotten=forgotten) for _ in given]
    chunk = code_events(connection, workspace, kept.events, kept.timed)
    sizes = [len(rows.events) for rows in given] if len(given) > 1 else [len(kept.events)]
    receipts = append_parts(connection, workspace, chunk, now, sizes)
    receipts[0].forgotten = forgotten
    return receipts


def _joined(given: Sequence[Rows]) -> Rows:
    if len(given) == 1:
        return given[0]
    return replace(
        given[0],
        events=[event for rows in given for event in rows.events],
        timed=[timed for rows in given for timed in rows.timed],
    )
