"""A workspace of a store: its name and code, its revisions, what it is marked as, how much it holds."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, update

from habitus.events import fingerprint, schema
from habitus.events.codes import make_own_source
from habitus.events.database import Database
from habitus.events.statement import Statement
from habitus.types import HabitusError, Progress, silent

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # it names folders too


def check_name(name: str) -> None:
    """HabitusError where no workspace can have this name."""
    if not NAME.fullmatch(name):
        raise HabitusError(
            f"{name!r} cannot name a workspace.",
            "Use up to 64 letters, digits, dots, dashes and underscores, a letter or digit first.",
        )


class Workspace:
    """One tenant of a database, entered there when it is first opened."""

    def __init__(self, database: Database, name: str) -> None:
        self.workspace = name
        self._database = database
        with database.write() as connection:
            self._code = _workspace_code(connection, name)
        self.was_ordinal = self.ordinal  # when last looked at: it can change until the first event

    def set_ordinal(self) -> None:
        """Mark the workspace as data without times; only before its first event."""
        with self._database.write() as connection:
            table = schema.workspaces
            if workspace_value(connection, self._code, "ordinal"):
                return
            if self._count_events(connection):
                raise HabitusError(
                    f"The workspace {self.workspace!r} has events with times already.",
                    "Put data without times into a workspace of its own.",
                )
            connection.execute(update(table).where(table.c.code == self._code).values(ordinal=True))
        self.was_ordinal = True

    @property
    def ordinal(self) -> bool:
        """Whether the workspace's events have an order and no times."""
        with self._database.reading() as raw:
            self.was_ordinal = bool(ORDINAL.once(raw, w=self._code).fetchone()[0])
        return self.was_ordinal

    def revision(self, user_id: str) -> int:
        """Rises with every change of a user's events or description; 0 = never seen."""
        with self._database.reading() as raw:
            found = REVISION.once(raw, w=self._code, u=user_id).fetchone()
        return int(found[0]) if found else 0

    def change(self) -> int:
        """The number of the last change of anything in the workspace; it only rises."""
        with self._database.reading() as raw:
            return int(CHANGE.once(raw, w=self._code).fetchone()[0])

    def catalogue_revision(self) -> int:
        """Rises with every change of the items or event types but that of `set_available`."""
        return self.catalogue_marks()[0]

    def catalogue_marks(self) -> tuple[int, int]:
        """The catalogue's revision, and a number that rises with every `set_available`."""
        with self._database.reading() as raw:
            revision, availability = CATALOGUE_MARKS.once(raw, w=self._code).fetchone()
        return int(revision), int(availability)

    def fingerprint(self, progress: Progress = silent) -> str:
        """One value for the logical content: see `habitus.events.fingerprint`."""
        return fingerprint.fingerprint(self._database, self._code, progress)

    @property
    def user_count(self) -> int:
        """Users put or with an event."""
        table = schema.users
        listed = or_(table.c.events > 0, table.c.attributes.is_not(None))
        query = select(func.count()).where(table.c.workspace == self._code, listed)
        with self._database.read() as connection:
            return int(connection.scalar(query) or 0)

    @property
    def event_count(self) -> int:
        with self._database.read() as connection:
            return self._count_events(connection)

    @property
    def text_count(self) -> int:
        """Events that say something; counting them reads every event."""
        table = schema.events
        spoken = select(func.count()).where(
            table.c.workspace == self._code, table.c.text.is_not(None)
        )
        with self._database.read() as connection:
            return int(connection.scalar(spoken) or 0)

    def _count_events(self, connection: Connection) -> int:
        table = schema.users
        query = select(func.sum(table.c.events)).where(table.c.workspace == self._code)
        return int(connection.scalar(query) or 0)


def workspace_value(connection: Connection, code: int, column: str) -> Any:
    """One value of a workspace's row."""
    table = schema.workspaces
    return connection.execute(select(table.c[column]).where(table.c.code == code)).scalar_one()


REVISION = Statement(
    select(schema.users.c.revision).where(
        schema.users.c.workspace == bindparam("w"), schema.users.c.user_id == bindparam("u")
    )
)
CATALOGUE_MARKS = Statement(
    select(schema.workspaces.c.catalogue_revision, schema.workspaces.c.availability_revision).where(
        schema.workspaces.c.code == bindparam("w")
    )
)
CHANGE = Statement(
    select(schema.workspaces.c.change).where(schema.workspaces.c.code == bindparam("w"))
)
ORDINAL = Statement(
    select(schema.workspaces.c.ordinal).where(schema.workspaces.c.code == bindparam("w"))
)


def _workspace_code(connection: Connection, name: str) -> int:
    """The code of a workspace; one that is new is entered."""
    table = schema.workspaces
    found = connection.scalar(select(table.c.code).where(table.c.name == name))
    if found is not None:
        return int(found)
    code = int(connection.scalar(select(func.max(table.c.code))) or 0) + 1
    revisions = {"change": 0, "catalogue_revision": 0, "availability_revision": 0}
    connection.execute(table.insert().values(code=code, name=name, ordinal=False, **revisions))
    make_own_source(connection, code)
    return code
