"""Where a store lies: a folder with an SQLite file, or a PostgreSQL database. Nothing else opens it."""

from __future__ import annotations

import os
import re
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from habitus.events.driver import Driver, driver
from habitus.events.preparing import Prepare, prepare
from habitus.events.sqlite_database import SqliteDatabase
from habitus.types import HabitusError

__all__ = ["MODELS", "Database", "driver", "is_url", "open_database", "shown"]

MODELS = "HABITUS_MODELS"  # names the folder of the files of stores that are no folder themselves
DEFAULT_MODELS = "habitus-models"
URL = re.compile(r"postgres(ql)?(\+psycopg)?://")


class Database(Protocol):
    """Short read transactions for anyone; write transactions one at a time, whoever writes."""

    @property
    def place(self) -> str:
        """Where it is, in words that may be shown and logged."""

    def read(self) -> AbstractContextManager[Connection]:
        """One read transaction: everything seen in it is of one moment. Keep it short."""

    def reading(self) -> AbstractContextManager[Driver]:
        """`read` for hot paths: the driver's own connection, kept open."""

    def write(self) -> AbstractContextManager[Connection]:
        """One write transaction under the lock; on disk when the block has ended without error.

        It sees everything that earlier writers wrote, so that the numbers it gives out go on from
        theirs, and readers never see a number before all smaller ones.
        """

    def checkpoint(self) -> bool:
        """Leave nothing in the log of writes that was deleted; False where a reader needs it."""

    def close(self) -> None:
        """Let go of the connections. Using the store afterwards is an error."""

    @property
    def closed(self) -> bool: ...


def is_url(place: str | Path) -> bool:
    """Whether a store's name is that of a PostgreSQL database."""
    return isinstance(place, str) and URL.match(place) is not None


def shown(place: str | Path) -> str:
    """A store's name as it may be shown: without the password that a URL may hold."""
    if not is_url(place):
        return str(place)
    from habitus.events.postgres_url import shown as without_password

    return without_password(str(place))


def open_database(
    place: str | Path,
    create: bool,
    models: str | Path | None = None,
    prepare: Prepare = prepare,
) -> tuple[Database, Path]:
    """The database of a store, and the folder of its files (models, rejected rows, staging).

    `place` is a folder, which holds everything, or a URL postgresql://user@host/database; then the
    files lie in `models`, else in the folder that HABITUS_MODELS names, else in ./habitus-models.
    `prepare` makes the tables. HabitusError where there is no store and `create` is false, or it
    cannot be opened.
    """
    if is_url(place):
        from habitus.events.postgres_database import PostgresDatabase

        folder = Path(models or os.environ.get(MODELS) or DEFAULT_MODELS).expanduser().absolute()
        return PostgresDatabase(str(place), create, prepare), folder
    if re.match(r"\w+:/", str(place)):
        raise HabitusError(
            "The name of the store is neither a folder nor the URL of a PostgreSQL database.",
            "Write a URL as text (no Path): postgresql://user@host/database",
        )
    if models is not None:
        raise HabitusError(
            f"The store {place} is a folder, and its models lie in it.",
            "Leave `models` out; it is for stores in PostgreSQL.",
        )
    folder = Path(place).expanduser().absolute()
    return SqliteDatabase(folder, create, prepare), folder
