"""What was worked out of single events at some cost, and goes with them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, delete, select

from habitus.events import schema
from habitus.events.codes import event_keys
from habitus.events.database import Database
from habitus.events.statement import Statement
from habitus.events.upsert import upsert


class Derived:
    """Texts by event and by what made them, of one workspace. Threads may share it."""

    def __init__(self, database: Database, workspace: int) -> None:
        self._database, self._workspace = database, workspace

    def of(self, user_id: str, maker: str) -> dict[str, str]:
        """What a maker has made of a user's events: event_id → text."""
        with self._database.reading() as raw:
            found = OF_USER.once(raw, w=self._workspace, u=user_id, m=maker).fetchall()
        return {str(event_id): str(content) for event_id, content in found}

    def put(self, maker: str, made: Mapping[str, str]) -> int:
        """Keep what was made of events, event_id → text; how many were kept.

        An event that is there no more is passed over: it was deleted meanwhile.
        """
        with self._database.write() as connection:
            return sum(self._put(connection, maker, *each) for each in made.items())

    def _put(self, connection: Connection, maker: str, event_id: str, content: str) -> int:
        ids = schema.event_ids.c
        [key] = event_keys(connection, self._workspace, [event_id])
        assert key is not None
        user = connection.scalar(
            select(ids.user).where(
                ids.workspace == self._workspace,
                ids.source == key[0],
                ids.row == key[1],
                ids.name == key[2],
            )
        )
        if user is None:
            return 0
        row = {
            "workspace": self._workspace,
            "user": user,
            "maker": maker,
            "event_id": event_id,
            "content": content,
        }
        upsert(connection, schema.derived, row, ("content",))
        return 1


def erase_derived(
    connection: Connection, workspace: int, user: int, event_id: str | None = None
) -> None:
    """Delete what was derived of one event of a user, or of all."""
    table = schema.derived
    wanted = [table.c.workspace == workspace, table.c.user == user]
    if event_id is not None:
        wanted.append(table.c.event_id == event_id)
    connection.execute(delete(table).where(*wanted))


_TABLE, _USERS = schema.derived.c, schema.users.c
OF_USER = Statement(
    select(_TABLE.event_id, _TABLE.content)
    .join_from(
        schema.derived,
        schema.users,
        (_USERS.workspace == _TABLE.workspace) & (_USERS.code == _TABLE.user),
    )
    .where(
        _TABLE.workspace == bindparam("w"),
        _USERS.user_id == bindparam("u"),
        _TABLE.maker == bindparam("m"),
    )
)
