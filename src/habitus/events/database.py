"""The SQLite file of a store: how it is opened, read and written. Nothing else opens it."""

from __future__ import annotations

import os
import sqlite3
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    PoolProxiedConnection,
    create_engine,
    event,
    inspect,
    select,
)
from sqlalchemy.exc import DatabaseError

from habitus.events import schema
from habitus.events.filesystem import refuse_network
from habitus.events.lock import WriterLock
from habitus.types import HabitusError

FILE = "events.sqlite"
LOCK = "writer.lock"
PAGE = 8192  # bytes
WAIT = 60_000  # ms for what only SQLite itself can lock, such as recovery after a crash

PRAGMAS = (
    f"PRAGMA busy_timeout={WAIT}",
    f"PRAGMA page_size={PAGE}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
)
MACOS_PRAGMAS = ("PRAGMA fullfsync=ON", "PRAGMA checkpoint_fullfsync=ON")


class Database:
    """Short read transactions for anyone; write transactions and checkpoints one at a time."""

    def __init__(self, folder: Path, create: bool) -> None:
        """Open the file in `folder`; with `create` make folder and file where they are absent."""
        self.path = folder / FILE
        if not self.path.is_file():
            _check_new(folder, create)
            folder.mkdir(parents=True, exist_ok=True)
        refuse_network(folder)
        self.lock = WriterLock(folder / LOCK)
        self._process = os.getpid()
        self._engine = _engine(self.path)
        self._idle: list[PoolProxiedConnection] = []
        self._finalizer = weakref.finalize(
            self, _dispose, self._engine, self._idle, self.lock, self._process
        )
        try:
            self._prepare()
        except HabitusError:
            self.close()
            raise
        except DatabaseError as error:
            self.close()
            raise HabitusError(
                f"The file {self.path} cannot be read as a store ({error.orig}).",
                "Name another folder, or restore this file from a backup.",
            ) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One read transaction: everything seen in it is of one moment. Keep it short."""
        self._own_process()
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """`read` for hot paths: the driver's own connection, kept open, without 100 µs of care."""
        self._own_process()
        try:
            borrowed = self._idle.pop()
        except IndexError:
            borrowed = self._engine.raw_connection()
        raw = borrowed.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.execute("BEGIN")
        try:
            yield raw
        finally:
            raw.execute("COMMIT")
            self._idle.append(borrowed)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One write transaction under the lock; on disk when the block has ended without error."""
        self._own_process()
        with self.lock, self._engine.connect() as connection:
            writing = connection.execution_options(habitus_write=True)
            with writing.begin():
                yield writing

    def checkpoint(self) -> bool:
        """Bring the WAL into the main file and empty it; False where a reader still needs it."""
        self._own_process()
        with self.lock, self._engine.connect() as connection:
            raw = driver(connection)
            busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy

    def close(self) -> None:
        """Let go of the file. Using the store afterwards is an error."""
        if self._finalizer.detach() is None or os.getpid() != self._process:
            return
        with self.lock:  # the last connection of all checkpoints as it closes
            _let_go(self._engine, self._idle)

    @property
    def closed(self) -> bool:
        return not self._finalizer.alive

    def _own_process(self) -> None:
        if self.closed:
            raise HabitusError("This store was closed.", "Open it again with Store.open.")
        if os.getpid() != self._process:
            raise HabitusError(
                "This store was opened by another process; its connections cannot be shared.",
                "Open the store again in this process.",
            )

    def _prepare(self) -> None:
        """Make the tables, or see that they are of a version that this code knows."""
        with self.write() as connection:
            names = inspect(connection).get_table_names()
            if not names:
                schema.metadata.create_all(connection)
                connection.execute(schema.store.insert().values(version=schema.VERSION))
                return
            if schema.store.name not in names:
                raise HabitusError(
                    f"The file {self.path} is an SQLite file, but no Habitus store.",
                    "Name another folder.",
                )
            version = connection.scalar(select(schema.store.c.version))
        if version != schema.VERSION:
            raise HabitusError(
                f"The store {self.path} is of version {version}; this Habitus reads version "
                f"{schema.VERSION}.",
                "Update Habitus, or open the store with the version that made it.",
            )


def driver(connection: Connection) -> sqlite3.Connection:
    """The sqlite3 connection under SQLAlchemy's, for the few places where each µs counts."""
    raw: Any = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _check_new(folder: Path, create: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise HabitusError(
            f"{folder} is a file, not the folder of a store.", "Name a folder, perhaps a new one."
        )
    if not create:
        raise HabitusError(
            f"There is no store at {folder}.", "Check the path, or create a store by importing."
        )


def _engine(path: Path) -> Engine:
    made = create_engine(
        f"sqlite:///{path}",
        pool_size=4,
        max_overflow=-1,
        connect_args={"check_same_thread": False, "timeout": WAIT / 1000},
    )
    event.listen(made, "connect", _configure)
    event.listen(made, "begin", _begin)
    return made


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    """Every pragma but page_size and journal_mode lasts only as long as its connection."""
    connection.isolation_level = None  # transactions begin where we say, see _begin
    for pragma in PRAGMAS + (MACOS_PRAGMAS if sys.platform == "darwin" else ()):
        connection.execute(pragma).close()
    no_checkpoint = getattr(sqlite3, "SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE", None)
    if no_checkpoint is not None:  # Python 3.12: a connection that closes never checkpoints
        connection.setconfig(no_checkpoint, True)  # type: ignore[attr-defined,unused-ignore]


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("habitus_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _let_go(engine: Engine, idle: list[PoolProxiedConnection]) -> None:
    while idle:
        idle.pop().close()
    engine.dispose()


def _dispose(
    engine: Engine, idle: list[PoolProxiedConnection], lock: WriterLock, process: int
) -> None:
    """Close the connections of a store that nobody closed, at collection or exit.

    It may not wait for the lock here: this very thread may hold it for another store. Whoever
    holds it has a connection of their own, so that ours is not the last and does not checkpoint.
    """
    if os.getpid() == process:
        with lock.if_free():
            _let_go(engine, idle)
