"""What is kept only for a time: slates, ranked lists, rejects files. Short transactions, so that
writers never wait long."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, select

from habitus.events import schema
from habitus.events.database import Database
from habitus.events.erasing import clean_files
from habitus.events.pages import KEPT
from habitus.types import DAY, HabitusError, Progress, silent

TOGETHER = 5_000  # rows of one transaction


def drop_slates(
    database: Database, workspace: int, before: int, progress: Progress = silent
) -> int:
    """Delete the slates shown before a moment (µs), oldest first; how many rows."""
    table = schema.slates
    old = (table.c.workspace == workspace, table.c.shown_at < before)
    dropped = 0
    while True:
        with database.write() as connection:
            edge = connection.scalar(
                select(table.c.shown_at)
                .where(*old)
                .order_by(table.c.shown_at)
                .offset(TOGETHER - 1)
                .limit(1)
            )
            until = before - 1 if edge is None else edge
            done = connection.execute(
                delete(table).where(table.c.workspace == workspace, table.c.shown_at <= until)
            )
        dropped += done.rowcount
        progress("Dropping old slates", dropped, None)
        if edge is None:
            return dropped


def drop_pages(database: Database, workspace: int, before: int) -> int:
    """Delete the ranked lists kept since before a moment (µs); how many."""
    table = schema.pages
    with database.write() as connection:
        done = connection.execute(
            delete(table).where(table.c.workspace == workspace, table.c.made_at < before)
        )
        return int(done.rowcount)


def drop_rejects(folder: Path, before: int) -> int:
    """Delete the rejects files of a folder last written before a moment (µs); how many."""
    old = [path for path in folder.glob("*.jsonl") if path.stat().st_mtime_ns // 1_000 < before]
    for path in old:
        path.unlink()
    return len(old)


def moment_before(days: float, now: int) -> int:
    """The moment `days` days before `now` (µs); HabitusError for a negative number."""
    if not days >= 0:
        raise HabitusError(f"{days:g} days cannot be kept.", "Give a number of days from 0.")
    return now - round(days * DAY)


@dataclass(frozen=True, slots=True)
class Retained:
    """What was dropped: places of slates, ranked lists, rejects files. `clean` is False where
    readers kept old pages in use, so that the files still hold something of it."""

    slates: int
    pages: int
    rejects: int
    clean: bool


def retain(
    database: Database,
    workspace: int,
    rejects: Path,
    now: int,
    slate_days: float | None,
    reject_days: float | None,
    progress: Progress = silent,
) -> Retained:
    """Drop what is older than so many days (None: nothing), ranked lists past their time, and
    what deletions left in the files."""
    slates = files = 0
    if slate_days is not None:
        slates = drop_slates(database, workspace, moment_before(slate_days, now), progress)
    if reject_days is not None:
        files = drop_rejects(rejects, moment_before(reject_days, now))
    pages = drop_pages(database, workspace, now - KEPT)
    progress("Cleaning the files", 0, None)
    return Retained(slates, pages, files, clean_files(database))
