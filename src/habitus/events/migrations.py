"""From the tables of an older version to those of today, step by step, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, select, text, update

from habitus.events import schema
from habitus.types import HabitusError

Step = Callable[[Connection], None]


def _service_tables(connection: Connection) -> None:
    added = (schema.api_keys, schema.slates, schema.forgotten, schema.pages, schema.workers)
    schema.metadata.create_all(connection, tables=added)


def _profile_tables(connection: Connection) -> None:
    schema.metadata.create_all(connection, tables=(schema.named_values, schema.derived))


def _availability_revision(connection: Connection) -> None:
    added = "availability_revision BIGINT NOT NULL DEFAULT 0"
    connection.execute(text(f"ALTER TABLE workspaces ADD COLUMN {added}"))


# version → what makes the next version of it
STEPS: Mapping[int, Step] = {1: _service_tables, 2: _profile_tables, 3: _availability_revision}


def migrate(
    connection: Connection,
    place: str,
    steps: Mapping[int, Step] | None = None,
    to: int = schema.VERSION,
) -> int:
    """Bring the tables to version `to`; the version that was found.

    Runs inside the caller's write transaction: all steps are done, or none. `place` names the
    store in errors. HabitusError where the store is newer than this code, or too old for it.
    """
    steps = STEPS if steps is None else steps
    found = int(connection.scalar(select(schema.store.c.version)) or 0)
    if found > to:
        raise HabitusError(
            f"The store {place} is of version {found}; this Habitus reads up to version {to}.",
            "Update Habitus, or open the store with the version that made it.",
        )
    for version in range(found, to):
        if version not in steps:
            raise HabitusError(
                f"The store {place} is of version {version}, which this Habitus cannot bring "
                f"to version {to}.",
                "Open it with an earlier Habitus first.",
            )
        steps[version](connection)
    if found < to:
        connection.execute(update(schema.store).values(version=to))
    return found
