"""A store in a PostgreSQL database, which any number of processes on any machines share."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, text

from habitus.events.preparing import Prepare, prepare
from habitus.events.storage_errors import StorageError, storage_error
from habitus.events.usable import check_usable
from habitus.types import HabitusError

try:
    import psycopg

    from habitus.events.postgres_errors import FAILURES, Failure, explained, lost
    from habitus.events.postgres_url import engine_of, shown
except ModuleNotFoundError as error:
    if error.name != "psycopg":
        raise
    raise HabitusError(
        "A store in PostgreSQL needs the package psycopg, which is not installed.",
        "Install it: pip install 'habitus[postgres]'",
    ) from None

OLDEST = 13  # the oldest version of the server that the tests' statements run on
KEPT = 4  # connections that stay open for `reading`
LOCK = text("SELECT pg_advisory_xact_lock(:key)")
BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class PostgresDatabase:
    """A `Database` on a server: an advisory lock orders the writers of all processes.

    The lock is held until the transaction is on disk and visible. So numbers are given out in the
    order in which they appear, and no reader sees a number before all smaller ones.
    """

    def __init__(self, url: str, create: bool, prepare: Prepare = prepare) -> None:
        """Connect to `url`; with `create` make the tables where they are absent.

        HabitusError where the server is away, refuses the user, lacks the database, is older than
        version 13, or would lose acknowledged writes. `prepare` makes the tables, or sees that they
        can be read.
        """
        self._place = shown(url)
        self._process = os.getpid()
        self._engine = engine_of(url)
        self._reads = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._idle: list[PoolProxiedConnection] = []
        self._finalizer = weakref.finalize(self, _dispose, self._engine, self._idle, self._process)
        try:
            with self.read() as connection:
                _check_server(connection, self._place)
                self._key = _lock_key(connection, self._place)
            with self.write() as connection:
                prepare(connection, self._place, create)
        except HabitusError:
            self.close()
            raise

    @property
    def place(self) -> str:
        return self._place

    @contextmanager
    def read(self) -> Iterator[Connection]:
        self._own_process()
        try:
            with self._reads.begin() as connection:
                yield connection
        except FAILURES as error:
            self._raise(error)

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """`read` for hot paths: psycopg's connection, and no care for it but BEGIN and COMMIT."""
        self._own_process()
        try:
            borrowed = self._begun()
            raw = borrowed.driver_connection
            assert raw is not None
            try:
                yield raw
                raw.execute("COMMIT")
            except BaseException:
                borrowed.invalidate()
                raise
        except FAILURES as error:
            self._raise(error)
        if len(self._idle) < KEPT:
            self._idle.append(borrowed)
        else:
            _give_back(borrowed)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        self._own_process()
        committing = False
        try:
            with self._engine.connect() as connection, connection.begin():
                connection.execute(LOCK, {"key": self._key})
                yield connection
                committing = True
        except FAILURES as error:
            if committing and lost(error):
                raise storage_error(
                    "The connection to {place} was lost while a write ended, so that it may be "
                    "stored or not",
                    "Repeat it: an event with the same event_id is not stored twice.",
                    self._place,
                ) from error
            self._raise(error)

    def checkpoint(self) -> bool:
        """Nothing to do: what no query returns any more, the server's VACUUM removes."""
        self._own_process()
        return True

    def close(self) -> None:
        if self._finalizer.detach() is not None:
            _dispose(self._engine, self._idle, self._process)

    @property
    def closed(self) -> bool:
        return not self._finalizer.alive

    def _begun(self) -> PoolProxiedConnection:
        """A connection in a read transaction; one that the server has ended is left for another."""
        while self._idle:
            try:
                borrowed = self._idle.pop()
            except IndexError:  # another thread took it
                break
            try:
                _raw(borrowed).execute(BEGIN_READING)
            except psycopg.OperationalError:
                borrowed.invalidate()
                continue
            return borrowed
        borrowed = self._engine.raw_connection()
        _raw(borrowed).autocommit = True  # transactions begin and end where we say
        _raw(borrowed).execute(BEGIN_READING)
        return borrowed

    def _raise(self, error: Failure) -> None:
        known = explained(error, self._place)
        if known is None:
            raise error
        raise known from (error if isinstance(known, StorageError) else None)

    def _own_process(self) -> None:
        check_usable(self.closed, self._process)


def _check_server(connection: Connection, place: str) -> None:
    version = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
    if version < OLDEST:
        raise HabitusError(
            f"The server of {place} is PostgreSQL {version}; Habitus needs {OLDEST} or newer.",
            "Update the server.",
        )
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise HabitusError(
            f"{place} keeps texts as {encoding}, which cannot hold them all.",
            "Create the database with ENCODING 'UTF8' TEMPLATE template0.",
        )
    if connection.scalar(text("SHOW fsync")) != "on":
        raise HabitusError(
            f"The server of {place} runs with fsync = off: a power cut would lose what was stored.",
            "Set fsync = on in postgresql.conf and reload the server.",
        )


def _lock_key(connection: Connection, place: str) -> int:
    """What the advisory lock of this store is known by, 64 bits: one for each schema."""
    schema = connection.scalar(text("SELECT current_schema()"))
    if schema is None:
        raise HabitusError(
            f"{place} has no schema to keep tables in.", "Create the one that search_path names."
        )
    digest = blake2b(f"habitus {schema}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _raw(borrowed: PoolProxiedConnection) -> Any:
    return borrowed.driver_connection


def _give_back(borrowed: PoolProxiedConnection) -> None:
    _raw(borrowed).autocommit = False
    borrowed.close()


def _dispose(engine: Engine, idle: list[PoolProxiedConnection], process: int) -> None:
    """Close the connections; those of a parent process are the parent's."""
    if os.getpid() != process:
        return
    while idle:
        _give_back(idle.pop())
    engine.dispose()
