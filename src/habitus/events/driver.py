"""What the fast statements run on: the driver's own connection, of whichever database."""

from __future__ import annotations

from typing import Any, Protocol

from sqlalchemy import Connection


class Driver(Protocol):
    """What the connections of sqlite3 and psycopg have in common."""

    def execute(self, sql: Any, parameters: Any = ..., /) -> Any:
        """Run one statement; a cursor with its rows."""


def driver(connection: Connection) -> Any:
    """The connection under SQLAlchemy's, for the few places where each µs counts."""
    return connection.connection.driver_connection
