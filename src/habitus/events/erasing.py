"""A whole deletion: rows, rejects files, and what the files still hold of either."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from habitus.events.database import Database
from habitus.events.forgetting import Forgotten, forget
from habitus.events.rejected import drop_rejected
from habitus.events.scrubbing import scrub
from habitus.events.sqlite_database import SqliteDatabase

PATIENCE = 10.0  # seconds to wait for readers that keep old pages in use
PAUSE = 0.05


def forget_user(
    database: Database, workspace: int, rejects: Path, user_id: str, now: int
) -> Forgotten:
    """Forget a user: when it returns no query finds them, and no file does unless `clean` is False.

    Safe to repeat: what was broken off is finished.
    """
    with database.write() as connection:
        done = forget(connection, workspace, user_id, now)
    return replace(done, rejected=drop_rejected(rejects, user_id), clean=clean_files(database))


def clean_files(database: Database) -> bool:
    """Overwrite what deleted rows left in the files; False where readers were in the way for
    `PATIENCE` seconds."""
    until = time.monotonic() + PATIENCE
    while not _cleaned(database):
        if time.monotonic() >= until:
            return False
        time.sleep(PAUSE)
    return True


def _cleaned(database: Database) -> bool:
    """What PostgreSQL keeps of deleted rows is the operator's: VACUUM, its log, backups."""
    return scrub(database) if isinstance(database, SqliteDatabase) else database.checkpoint()
