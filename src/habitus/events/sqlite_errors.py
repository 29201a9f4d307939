"""SQLite's errors that a person can mend, in plain words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from habitus.types import HabitusError

# By the beginning of SQLite's name of the error: what is wrong with the file, and the mend.
KNOWN = {
    "SQLITE_FULL": (
        "The disk of {path} is full",
        "Make room and try again; what was stored before is safe.",
    ),
    "SQLITE_READONLY": (
        "The file {path} cannot be written to",
        "Give this process the right to write the file and its folder.",
    ),
    "SQLITE_BUSY": (
        "The file {path} is locked by another program",
        "End the program that holds it open, and try again.",
    ),
    "SQLITE_CANTOPEN": (
        "The file {path} cannot be opened",
        "See that the folder is there and that this process may write in it.",
    ),
    "SQLITE_IOERR": (
        "The disk of {path} does not read or write as it should",
        "Check the disk and the room on it; then try again.",
    ),
    "SQLITE_CORRUPT": (
        "The file {path} is damaged",
        "Restore it from a backup.",
    ),
}


def explained(error: DatabaseError | sqlite3.DatabaseError, path: Path) -> HabitusError | None:
    """What a person can do about it; None where the fault is not of the world but ours."""
    cause = error.orig if isinstance(error, DatabaseError) else error
    name = getattr(cause, "sqlite_errorname", None) or ""
    for beginning, (problem, mend) in KNOWN.items():
        if name.startswith(beginning):
            return HabitusError(f"{problem.format(path=path)} ({cause}).", mend)
    return None
