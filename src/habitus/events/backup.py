"""A copy of a whole store, taken while it is in use: one folder that can be checked and restored."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from habitus.events import schema
from habitus.events.database import Database
from habitus.events.driver import driver
from habitus.events.ended import Ended
from habitus.events.sqlite_database import FILE, SqliteDatabase
from habitus.types import HabitusError, Progress, silent

MODELS = "models"
LIST = "forgotten.jsonl"
FACTS = "backup.json"
STEP = 1_000  # pages copied between two reports


def backup(
    database: Database, folder: Path, target: Path, now: int, progress: Progress = silent
) -> None:
    """Copy the store whose files lie in `folder` to the new folder `target`; `now` in µs.

    Everything that was acknowledged before is in it, writers go on meanwhile, and the folder
    appears when it is whole and the copy has passed the integrity check. The list of forgotten
    users lies beside the data. HabitusError where the target exists or the database is a server.
    """
    if not isinstance(database, SqliteDatabase):
        raise HabitusError(
            "A store in PostgreSQL is backed up by its own tools.",
            "Use pg_dump, and copy the folder of the models.",
        )
    if target.exists():
        raise HabitusError(f"{target} exists already.", "Name a new folder for the backup.")
    if not target.parent.is_dir():
        raise HabitusError(f"There is no folder {target.parent}.", "Make it first.")
    unfinished = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        _copy_database(database, unfinished / FILE, progress)
        copy_models(folder / MODELS, unfinished / MODELS)
        with database.read() as connection:
            lines = list(Ended.of(connection).lines())
        (unfinished / LIST).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        facts = {"version": schema.VERSION, "made_at": now, "files": hashes(unfinished)}
        (unfinished / FACTS).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        sync_tree(unfinished)
        unfinished.rename(target)
        sync(target.parent)
    except OSError as error:
        raise HabitusError(
            f"The backup {target} could not be written ({error.strerror or error}).",
            "Make room there, or name another folder.",
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def verified(source: Path) -> dict[str, Any]:
    """The facts of a backup; HabitusError where it is none, or not as it was made."""
    try:
        facts: dict[str, Any] = json.loads((source / FACTS).read_text(encoding="utf-8"))
        expected: dict[str, str] = facts["files"]
    except (OSError, ValueError, KeyError) as error:
        raise HabitusError(
            f"{source} is no backup of a store.", "Name the folder that `habitus backup` wrote."
        ) from error
    found = hashes(source)
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            raise HabitusError(
                f"The file {name} of the backup {source} is not as it was written.",
                "Use another backup.",
            )
    return facts


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder but its facts, by relative name."""
    made = {}
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if name != FACTS:
            with path.open("rb") as opened:
                made[name] = hashlib.file_digest(opened, "sha256").hexdigest()
    return made


def copy_models(source: Path, target: Path) -> None:
    """Copy the published models of every workspace, and which of them is current.

    The pointer is read first: a model that it names was published before, and is copied.
    """
    if not source.is_dir():
        return
    for workspace in sorted(path for path in source.iterdir() if path.is_dir()):
        copied = target / workspace.name
        copied.mkdir(parents=True)
        for path in sorted(workspace.iterdir(), key=lambda each: (each.is_dir(), each.name)):
            if path.name.startswith("."):  # half-done trainings and publications
                continue
            if path.is_dir():
                shutil.copytree(path, copied / path.name)
            else:
                shutil.copy2(path, copied / path.name)


def sync_tree(folder: Path) -> None:
    """Bring all files and folders below one, and itself, to the disk."""
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Bring a file or a folder to the disk."""
    if path.is_dir() and os.name == "nt":  # Windows has no such thing for folders
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copy_database(database: SqliteDatabase, path: Path, progress: Progress) -> None:
    """One moment of the database. A read transaction is held throughout: without it SQLite would
    begin anew whenever somebody writes, and under load never end."""

    def tell(_status: int, remaining: int, total: int) -> None:
        progress("Copying the log", total - remaining, total)

    copy = sqlite3.connect(path)
    try:
        with database.read() as connection:
            raw = driver(connection)
            raw.execute(f"SELECT version FROM {schema.store.name}").fetchone()
            raw.backup(copy, pages=STEP, progress=tell, sleep=0.01)
        progress("Checking the copy", 0, None)
        copy.execute("PRAGMA journal_mode=DELETE").close()  # one file, with nothing beside it
        found = _integrity(copy)
    finally:
        copy.close()
    if found != "ok":
        raise HabitusError(
            f"The copy did not pass the integrity check: {found}.", "See: habitus check STORE"
        )


def _integrity(copy: sqlite3.Connection) -> str:
    try:
        return str(copy.execute("PRAGMA integrity_check").fetchone()[0])
    except sqlite3.DatabaseError as error:  # damaged so far that it cannot be checked
        return str(error)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
