"""SQLite's errors that a person can mend, in plain words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from habitus.events.storage_errors import (
    FAULTY,
    FULL,
    LATER,
    READ_ONLY,
    SHORTLY,
    StorageError,
    storage_error,
)

BUSY = "SQLITE_BUSY"
# By the beginning of SQLite's name of the error: what is wrong with the file, and the mend.
KNOWN = {
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    BUSY: (
        "{place} is locked by another program",
        "End the program that holds it open, and try again.",
    ),
    "SQLITE_CANTOPEN": (
        "{place} cannot be opened",
        "See that the folder is there and that this process may write in it.",
    ),
    "SQLITE_IOERR": FAULTY,
    "SQLITE_CORRUPT": (
        "{place} is damaged",
        "Restore it from a backup.",
    ),
}


def explained(error: DatabaseError | sqlite3.DatabaseError, path: Path) -> StorageError | None:
    """What a person can do about it; None where the fault is not of the world but ours."""
    cause = error.orig if isinstance(error, DatabaseError) else error
    name = getattr(cause, "sqlite_errorname", None) or ""
    for beginning, (problem, mend) in KNOWN.items():
        if name.startswith(beginning):
            seconds = SHORTLY if beginning == BUSY else LATER
            return storage_error(problem, mend, str(path), str(cause), seconds)
    return None
