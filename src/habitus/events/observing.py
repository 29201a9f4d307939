"""What callers observe: checked, and written in one transaction with what comes at the same time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from habitus.events.clock import Clock
from habitus.events.group_commit import GroupCommit
from habitus.events.observed import observed
from habitus.events.receipt import Receipt
from habitus.events.rows import Rows, check, records
from habitus.events.workspace import Workspace
from habitus.types import Event

TOGETHER = 10_000  # events of one transaction of a call

Take = Callable[[], Sequence[Sequence[Any]]]


class Observing:
    """The writing half of `Store.observe` and `Store.observe_many`, which say what it does."""

    def __init__(
        self, workspace: Workspace, code: int, group: GroupCommit[Any], clock: Clock
    ) -> None:
        """`code` is the workspace's in its database."""
        self._workspace, self._code, self._group, self._clock = workspace, code, group, clock

    def one(self, events: Any) -> Receipt:
        """What one caller gives."""
        receipt = Receipt()
        found = records(events)
        start = 0
        while block := list(islice(found, TOGETHER)):
            rows = self._checked(block, start)
            refused = Receipt(rejected=rows.rejected)
            receipt.add(self._group.together(self._write, rows) if rows.events else refused)
            start += len(block)
        return receipt.raise_if_rejected() if isinstance(events, Event | Mapping) else receipt

    def many(self, take: Take) -> list[Receipt]:
        """What `take()` gives once the writer's lock is held."""
        receipts: list[Receipt] = self._group.together(self._write_taken, take)
        return receipts

    def _checked(self, block: Sequence[Any], start: int) -> Rows:
        workspace = self._workspace
        rows = check(block, start, self._clock(), workspace.was_ordinal)
        if rows.rejected:  # perhaps by what the workspace was before another process changed it
            rows = rows.for_a_workspace(workspace.ordinal)
        return rows

    def _write_taken(self, connection: Connection, takes: Sequence[Take]) -> list[list[Receipt]]:
        """Write what each gives by now."""
        return [
            self._write(connection, [self._checked(given, 0) for given in take()]) for take in takes
        ]

    def _write(self, connection: Connection, given: Sequence[Rows]) -> list[Receipt]:
        """Write what several callers observed at the same time as one; a receipt for each."""
        kept = [rows for rows in given if rows.events]
        receipts = iter(observed(connection, self._code, kept, self._clock()) if kept else ())
        return [
            next(receipts) if rows.events else Receipt(rejected=rows.rejected) for rows in given
        ]
