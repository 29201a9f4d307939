"""A store of an older version opens as one of today, and nothing of it is lost."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, insert, text

from habitus.events import schema
from habitus.events.migrations import migrate
from habitus.events.store import Store
from habitus.testing.postgres import Place
from habitus.types import Event, HabitusError

TIME = 1_700_000_000_000_000
VERSION_1 = (
    "store",
    "workspaces",
    "sources",
    "event_types",
    "users",
    "items",
    "events",
    "event_ids",
)


def old_store(folder: Path) -> None:
    """A store as version 1 left it: its tables alone, and an event in them."""
    with Store.open(folder, clock=lambda: TIME) as store:
        store.observe(Event("u", "view", TIME, item_id="i", event_id="e"))
    raw = sqlite3.connect(folder / "events.sqlite")
    for name in schema.metadata.tables.keys() - set(VERSION_1):
        raw.execute(f'DROP TABLE "{name}"')
    raw.execute("ALTER TABLE workspaces DROP COLUMN availability_revision")
    raw.execute("UPDATE store SET version = 1")
    raw.commit()
    raw.close()


def tables(folder: Path) -> set[str]:
    raw = sqlite3.connect(folder / "events.sqlite")
    found = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    raw.close()
    return found


def test_a_store_of_version_1_opens_with_all_it_had(tmp_path: Path) -> None:
    old_store(tmp_path)
    assert tables(tmp_path) == set(VERSION_1)
    with Store.open(tmp_path, clock=lambda: TIME) as store:
        assert [event.event_id for event in store.history("u")] == ["e"]
        _, secret = store.keys.make("default", ["read"])
        assert store.keys.find(secret)
        assert store.set_available(["i"], False) == 1
        assert store.unavailable() == ["i"]
        assert store.forget("u").events == 1
    assert tables(tmp_path) == set(schema.metadata.tables)
    with Store.open(tmp_path) as again:  # and is of today's version from then on
        assert again.event_count == 0


def fake(version: int) -> Connection:
    connection = create_engine("sqlite://").connect()
    schema.store.create(connection)
    connection.execute(insert(schema.store).values(version=version))
    return connection


def test_steps_run_in_order_from_the_version_that_is_found() -> None:
    done: list[int] = []
    steps = {version: lambda _, at=version: done.append(at) for version in (1, 2, 3)}
    with fake(2) as connection:
        assert migrate(connection, "here", steps, to=4) == 2
        assert migrate(connection, "here", steps, to=4) == 4
    assert done == [2, 3]


def test_a_step_that_fails_leaves_the_old_version(tmp_path: Path) -> None:
    old_store(tmp_path)

    def fails(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE half (x)"))
        raise HabitusError("No room.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("habitus.events.migrations.STEPS", {1: fails})
        with pytest.raises(HabitusError, match="No room"):
            Store.open(tmp_path)
    assert tables(tmp_path) == set(VERSION_1)
    Store.open(tmp_path).close()


def test_a_newer_store_is_refused() -> None:
    with (
        fake(9) as connection,
        pytest.raises(HabitusError, match=r"of version 9.* up to version 2"),
    ):
        migrate(connection, "here", {}, to=2)


def test_a_store_too_old_is_refused() -> None:
    with fake(1) as connection, pytest.raises(HabitusError, match="cannot bring to version 3"):
        migrate(connection, "here", {2: lambda _: None}, to=3)


@pytest.mark.postgres
def test_a_database_of_version_3_opens_with_all_it_had(postgres: Place, tmp_path: Path) -> None:
    address = postgres()
    with Store.open(address, models=tmp_path, clock=lambda: TIME) as store:
        store.observe(Event("u", "view", TIME, item_id="i", event_id="e"))
        with store._database.write() as connection:
            connection.execute(text("ALTER TABLE workspaces DROP COLUMN availability_revision"))
            connection.execute(text("UPDATE store SET version = 3"))
    with Store.open(address, models=tmp_path, clock=lambda: TIME) as store:
        assert [event.event_id for event in store.history("u")] == ["e"]
        assert store.set_available(["i"], False) == 1
        assert store.unavailable() == ["i"]
