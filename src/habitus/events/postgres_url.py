"""From the URL of a PostgreSQL database to connections, and to a name without secrets."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from habitus.types import HabitusError

MEND = (
    "Write postgresql://user:password@host:5432/database?sslmode=verify-full, with %40 for @ and "
    "%2F for / in a password, or leave the password to ~/.pgpass or PGPASSWORD."
)
CONNECTIONS = 5  # kept open by a process
MORE = 15  # opened as needed and closed again
WAIT = 30  # s for one of them
# Seconds; whatever the URL says comes first.
DEFAULTS = {"connect_timeout": "10", "application_name": "habitus"}
# Settings of each session where server, role and URL leave them open: nobody waits for ever, and
# a process that hangs does not keep others from writing.
LIMITS = {
    "statement_timeout": "10min",
    "lock_timeout": "60s",
    "idle_in_transaction_session_timeout": "10min",
}
# A commit returns when it is on disk, whatever the server's default.
SETTINGS = "SELECT " + ", ".join(
    [
        "set_config('synchronous_commit', CASE current_setting('synchronous_commit') "
        "WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)",
        *(
            f"set_config('{name}', CASE current_setting('{name}') WHEN '0' THEN '{limit}' "
            f"ELSE current_setting('{name}') END, false)"
            for name, limit in LIMITS.items()
        ),
    ]
)


def shown(url: str) -> str:
    """The database in words that may be shown: no password and no option, which may hold one."""
    parsed = _parsed(url)
    host = parsed.host or next(iter(_texts(parsed.query.get("host"))), "")
    user = f"{parsed.username}@" if parsed.username else ""
    port = f":{parsed.port}" if parsed.port else ""
    return f"postgresql://{user}{host}{port}/{parsed.database or ''}"


def engine_of(url: str) -> Engine:
    """A pool of connections. Nothing connects before the first use."""
    parsed = _parsed(url)
    made = create_engine(
        parsed,
        pool_size=CONNECTIONS,
        max_overflow=MORE,
        pool_timeout=WAIT,
        pool_pre_ping=True,  # a restarted server costs one look, not an error
        use_native_hstore=False,  # it would look for a type that no table has
        hide_parameters=True,  # errors name no person's data
        connect_args={key: each for key, each in DEFAULTS.items() if key not in parsed.query},
    )
    event.listen(made, "connect", _configure)
    return made


def _parsed(url: str) -> URL:
    try:
        return make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):  # their words would quote what may be a password
        raise HabitusError("The URL of the PostgreSQL database cannot be read.", MEND) from None


def _configure(connection: psycopg.Connection[Any], _record: object) -> None:
    connection.execute(SETTINGS)
    connection.commit()


def _texts(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value or ()
