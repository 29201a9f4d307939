"""PostgreSQL's errors that a person can mend, in plain words and without secrets."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from habitus.events.storage_errors import LATER, SHORTLY, storage_error
from habitus.types import HabitusError

AWAY = (
    "The PostgreSQL server of {place} does not answer",
    "See that it runs and can be reached from here; then try again, nothing needs a restart.",
)
TEXT = (
    "A text holds a NUL character or half a character, which PostgreSQL does not keep",
    "Leave such characters out.",
)
OPTION = ("The URL of {place} cannot be read", "Check the part of the URL after the question mark.")
# By SQLSTATE, or the beginning of it: what is wrong, and the mend.
STATES: Mapping[str, tuple[str, str]] = {
    "08": AWAY,
    "57P": AWAY,
    "53300": (
        "The PostgreSQL server of {place} has no connection left",
        "Raise max_connections, or run fewer processes.",
    ),
    "53": (
        "The PostgreSQL server of {place} is out of room",
        "Make room on its disk or in its memory; what was stored before is safe.",
    ),
    "55P03": (
        "Another process has been writing to {place} for too long",
        "Try again; see in pg_stat_activity who holds the advisory lock.",
    ),
    "57014": (
        "A statement on {place} took longer than statement_timeout allows",
        "Try again when the server is less busy, or raise statement_timeout.",
    ),
    "25P03": (
        "A transaction on {place} was ended because nothing happened in it",
        "Try again; nothing of it was stored.",
    ),
    "40": (
        "{place} ended a transaction because of another one",
        "Try again; nothing of it was stored.",
    ),
    "42501": (
        "The user of {place} may not do this",
        "Grant the user the tables, or CREATE on the schema to make them.",
    ),
    "25006": (
        "{place} takes no writes: it is a standby, or read-only",
        "Name the primary server.",
    ),
    "22021": TEXT,
    "22P0": TEXT,
    "28": ("{place} refuses the user", "Check user and password, and the server's pg_hba.conf."),
    "3D000": ("{place} is no database of that server", "Create it: createdb NAME"),
}
PASSING = ("40", "53300", "55P03", "57014", "25P03")  # of these, what passes by itself
# What a refused connection says; libpq gives it no SQLSTATE.
REFUSALS: Mapping[str, str] = {
    "password ": "28",
    "pg_hba.conf": "28",
    'role "': "28",
    'database "': "3D000",
    "too many": "53300",
    "remaining connection slots": "53300",
}

Failure = psycopg.Error | DBAPIError | PoolTimeout | UnicodeEncodeError
FAILURES = (psycopg.Error, DBAPIError, PoolTimeout, UnicodeEncodeError)


def explained(error: Failure, place: str) -> HabitusError | None:
    """What a person can do about it: a `StorageError`, or HabitusError for a text that PostgreSQL
    does not keep; None where the fault is not of the world but ours."""
    if isinstance(error, PoolTimeout):
        mend = "Try again, or send fewer requests at a time."
        return storage_error("All connections to {place} are busy", mend, place, seconds=SHORTLY)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, UnicodeEncodeError):
        return HabitusError(f"{TEXT[0]}.", TEXT[1])
    if not isinstance(cause, psycopg.Error):
        return None
    known = _known(cause)
    if known is None:
        return None
    problem, mend = known
    if known is TEXT:
        return HabitusError(f"{problem}.", mend)
    seconds = SHORTLY if any(known is STATES[state] for state in PASSING) else LATER
    return storage_error(problem, mend, place, _first_line(cause), seconds)


def lost(error: BaseException) -> bool:
    """Whether the connection was lost, so that nobody knows what became of a COMMIT."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, psycopg.OperationalError) and _known(cause) is AWAY


def _known(cause: psycopg.Error) -> tuple[str, str] | None:
    state = cause.sqlstate or _refusal(cause)
    for length in (5, 4, 3, 2):
        if len(state) >= length and state[:length] in STATES:
            return STATES[state[:length]]
    if isinstance(cause, psycopg.OperationalError):
        return AWAY
    if isinstance(cause, psycopg.ProgrammingError) and cause.sqlstate is None:
        return OPTION
    if isinstance(cause, psycopg.DataError) and cause.sqlstate is None:
        return TEXT  # psycopg's own refusal, before anything was sent
    return None


def _refusal(cause: psycopg.Error) -> str:
    _, _, said = str(cause).partition(" failed: ")  # before it stand host and port, or nothing
    return next((state for word, state in REFUSALS.items() if word in said), "")


def _first_line(cause: psycopg.Error) -> str:
    """The server's own words: its first line, which quotes no values."""
    primary = cause.diag.message_primary or str(cause).partition("\n")[0]
    return primary.strip()
