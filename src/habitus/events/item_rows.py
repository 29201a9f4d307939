"""From item codes of a store to rows of a catalogue, remembered from call to call."""

from __future__ import annotations

import threading
import weakref

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, select

from habitus.events.catalogue import Catalogue
from habitus.events.database import Database
from habitus.events.schema import items
from habitus.events.statement import Statement


class ItemRows:
    """The row of each item code in each catalogue that is alive; codes never change meaning."""

    def __init__(self, database: Database, workspace: int) -> None:
        self._database = database
        self._workspace = workspace
        self._tables: weakref.WeakKeyDictionary[Catalogue, NDArray[np.int32]] = (
            weakref.WeakKeyDictionary()
        )
        self._lock = threading.Lock()

    def rows(self, catalogue: Catalogue, codes: NDArray[np.int64]) -> NDArray[np.int32]:
        """Catalogue rows, int32 [n]; 0 for no item and for items the catalogue does not have."""
        with self._lock:
            table = self._tables.get(catalogue)
            if table is None:
                table = np.zeros(1, np.int32)
            if codes.max(initial=0) >= len(table):
                table = np.concatenate((table, self._further(catalogue, len(table))))
                self._tables[catalogue] = table
        found: NDArray[np.int32] = table[codes]
        return found

    def prepare(self, catalogue: Catalogue) -> None:
        """Look up every item there is now, so that the first reading for a catalogue need not, and
        readings for others go on meanwhile."""
        table = np.concatenate((np.zeros(1, np.int32), self._further(catalogue, 1)))
        with self._lock:
            self._tables[catalogue] = table

    def _further(self, catalogue: Catalogue, first: int) -> NDArray[np.int32]:
        with self._database.reading() as raw:
            found = FURTHER.once(raw, w=self._workspace, first=first).fetchall()
        made = np.zeros(found[-1][0] - first + 1 if found else 0, np.int32)
        row = catalogue.rows.get
        places = np.fromiter((code for code, _ in found), np.int64, len(found)) - first
        made[places] = np.fromiter((row(item_id, 0) for _, item_id in found), np.int32, len(found))
        return made


FURTHER = Statement(
    select(items.c.code, items.c.item_id)
    .where(items.c.workspace == bindparam("w"), items.c.code >= bindparam("first"))
    .order_by(items.c.code)
)
