"""The SQLite file of a store: how it is opened, read and written. Nothing else opens it."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event, inspect
from sqlalchemy.exc import DatabaseError

from habitus.events import schema
from habitus.events.driver import driver
from habitus.events.filesystem import refuse_network
from habitus.events.lock import WriterLock
from habitus.events.preparing import Prepare, prepare
from habitus.events.sqlite_errors import explained
from habitus.events.storage_errors import StorageError, storage_error
from habitus.events.usable import check_usable
from habitus.types import HabitusError

FILE = "events.sqlite"
LOCK = "writer.lock"
PAGE = 8192  # bytes
WAL_PAGES = 4_000  # after which the WAL is worked in: rarely, since pages come again and again
WAIT = 5_000  # ms for what others lock in SQLite itself: shorter than a request may take
BRIEF = 100  # ms that a checkpoint waits for readers, and who waited long already for others

PRAGMAS = (
    f"PRAGMA page_size={PAGE}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
    f"PRAGMA wal_autocheckpoint={WAL_PAGES}",
)
MACOS_PRAGMAS = ("PRAGMA fullfsync=ON", "PRAGMA checkpoint_fullfsync=ON")


class SqliteDatabase:
    """A `Database` in a folder: a file lock orders the writers of all processes."""

    def __init__(self, folder: Path, create: bool, prepare: Prepare = prepare) -> None:
        """Open the file in `folder`; with `create` make folder and file where they are absent.

        `prepare` makes the tables, or sees that they can be read.
        """
        self.path = folder / FILE
        try:
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
            self._prepared_by(prepare)
        except OSError as error:
            raise storage_error(
                "The folder of {place} cannot be used",
                "Give this process the right to write there, or name another folder.",
                str(self.path),
                error.strerror or type(error).__name__,
            ) from error

    @property
    def place(self) -> str:
        return str(self.path)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        self._own_process()
        with self._explained(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """`read` for hot paths, without 100 µs of care."""
        self._own_process()
        with self._explained():
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
        self._own_process()
        until = time.monotonic() + WAIT / 1000
        with self._explained(), self.lock, self._engine.connect() as connection:
            # Those who queued while another waited in vain need not each wait as long.
            patience = max(BRIEF, round((until - time.monotonic()) * 1000))
            writing = connection.execution_options(habitus_write=patience)
            with writing.begin():
                yield writing

    def checkpoint(self) -> bool:
        """Bring the WAL into the main file and empty it; False where a reader still needs it."""
        self._own_process()
        with self._explained(), self.lock, self._engine.connect() as connection:
            raw = driver(connection)
            # It would wait for readers as long as for locks, and all writers with it.
            raw.execute(f"PRAGMA busy_timeout={BRIEF}")
            try:
                busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                raw.execute(f"PRAGMA busy_timeout={WAIT}")
            return not busy

    def close(self) -> None:
        if self._finalizer.detach() is None or os.getpid() != self._process:
            return
        try:
            with self.lock:  # the last connection of all checkpoints as it closes
                _let_go(self._engine, self._idle)
        except StorageError:  # nobody can write here at present
            _let_go(self._engine, self._idle)

    @property
    def closed(self) -> bool:
        return not self._finalizer.alive

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (DatabaseError, sqlite3.DatabaseError) as error:
            known = explained(error, self.path)
            if known is None:
                raise
            raise known from error

    def _own_process(self) -> None:
        check_usable(self.closed, self._process)

    def _prepared_by(self, prepare: Prepare) -> None:
        try:
            with self.write() as connection:
                names = inspect(connection).get_table_names()
                if names and schema.store.name not in names:
                    raise HabitusError(
                        f"The file {self.path} is an SQLite file, but no Habitus store.",
                        "Name another folder.",
                    )
                prepare(connection, self.place, True)
        except HabitusError:
            self.close()
            raise
        except DatabaseError as error:
            self.close()
            raise HabitusError(
                f"The file {self.path} cannot be read as a store ({error.orig}).",
                "Name another folder, or restore this file from a backup.",
            ) from error


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
    connection.execute(f"PRAGMA busy_timeout={WAIT}").close()
    for pragma in PRAGMAS + (MACOS_PRAGMAS if sys.platform == "darwin" else ()):
        connection.execute(pragma).close()
    no_checkpoint = getattr(sqlite3, "SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE", None)
    if no_checkpoint is not None:  # Python 3.12: a connection that closes never checkpoints
        connection.setconfig(no_checkpoint, True)  # type: ignore[attr-defined,unused-ignore]


def _begin(connection: Connection) -> None:
    patience = connection.get_execution_options().get("habitus_write")  # ms; None: it only reads
    if patience is None:
        connection.exec_driver_sql("BEGIN")
        return
    raw = driver(connection)
    raw.execute(f"PRAGMA busy_timeout={patience}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        raw.execute(f"PRAGMA busy_timeout={WAIT}")


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
