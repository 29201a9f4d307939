"""The SQLite file: what it promises, what it refuses, and what its errors say."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from habitus.events import sqlite_database
from habitus.events.driver import driver
from habitus.events.history import LAST, WHOLE
from habitus.events.sqlite_errors import explained
from habitus.events.statement import Statement
from habitus.events.store import Store
from habitus.types import Event, HabitusError

TIME = 1_700_000_000_000_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as opened:
        yield opened


def event(at: int = 0, **fields: Any) -> Event:
    return Event("u", "view", timestamp=TIME + at, item_id="i", **fields)


def files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def test_pragmas_are_what_durability_needs(store: Store) -> None:
    with store._database.read() as connection:
        raw = driver(connection)

        def pragma(name: str) -> Any:
            return raw.execute(f"PRAGMA {name}").fetchone()[0]

        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2  # FULL
        assert pragma("secure_delete") == 1
        assert pragma("integrity_check") == "ok"


@pytest.mark.parametrize(("statement", "given"), [(LAST, [1, 1, "u", 5, 0]), (WHOLE, [1, 1, "u"])])
def test_a_users_events_are_one_range_read(
    store: Store, statement: Statement, given: list[int | str]
) -> None:
    with store._database.read() as connection:
        plan = driver(connection).execute("EXPLAIN QUERY PLAN " + statement.sql, given).fetchall()
    steps = [row[3] for row in plan]
    assert "SEARCH events USING PRIMARY KEY (workspace=? AND user=?)" in steps
    assert not [step for step in steps if step.startswith("SCAN")]
    sorted_on_the_way = [step for step in steps if "TEMP B-TREE" in step]
    assert bool(sorted_on_the_way) == (statement is LAST)


@pytest.mark.parametrize("version", [0, 99])
def test_another_version_is_refused(tmp_path: Path, version: int) -> None:
    Store.open(tmp_path).close()
    raw = sqlite3.connect(tmp_path / "events.sqlite")
    raw.execute("UPDATE store SET version = ?", [version])
    raw.commit()
    raw.close()
    with pytest.raises(
        HabitusError,
        match=f"of version {version}, which|of version {version}; this Habitus reads up to",
    ):
        Store.open(tmp_path)


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HabitusError, match="There is no store at"):
        Store.open(tmp_path / "absent", create=False)
    assert not (tmp_path / "absent").exists()
    (tmp_path / "file").write_text("x")
    with pytest.raises(HabitusError, match="is a file"):
        Store.open(tmp_path / "file")
    (tmp_path / "events.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(HabitusError, match="cannot be read as a store"):
        Store.open(tmp_path)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    raw = sqlite3.connect(foreign / "events.sqlite")
    raw.execute("CREATE TABLE other (x)")
    raw.close()
    with pytest.raises(HabitusError, match="no Habitus store"):
        Store.open(foreign)


def test_a_deleted_token_is_in_no_file(tmp_path: Path) -> None:
    token = "unguessable-7f3a9c"
    with Store.open(tmp_path) as store:
        store.observe([event(text=token, event_id="e"), event(at=1)])
        assert token.encode() in b"".join(each.read_bytes() for each in files(tmp_path))
        store.delete("e")
        assert token.encode() not in b"".join(each.read_bytes() for each in files(tmp_path))


def test_a_full_disk_is_a_clear_error_and_loses_nothing(store: Store) -> None:
    store.observe(event(event_id="kept"))
    limit = "PRAGMA max_page_count={}"
    with store._database.write() as connection:
        driver(connection).execute(limit.format(1))  # as many as there are
    with pytest.raises(HabitusError, match=r"disk of .*events.sqlite is full"):
        store.observe([event(at=n, text="x" * 500) for n in range(1_000)])
    assert [each.event_id for each in store.history("u")] == ["kept"]
    with store._database.write() as connection:
        driver(connection).execute(limit.format(1_000_000))
    assert store.observe(event(at=1)).accepted == 1


def fail(store: Store, statement: str) -> None:
    with store._database.write() as connection:
        driver(connection).execute(statement)


def test_a_locked_file_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_database, "WAIT", 1)
    monkeypatch.setattr(sqlite_database, "BRIEF", 1)
    with Store.open(tmp_path / "store") as store:
        other = sqlite3.connect(store.folder / "events.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")  # without our lock: another program
        with pytest.raises(HabitusError, match="is locked by another program"):
            store.observe(event())
        other.execute("ROLLBACK")
        other.close()
        assert store.observe(event()).accepted == 1


def test_a_fault_of_ours_stays_what_it_is(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        fail(store, "SELECT * FROM absent")
    assert explained(sqlite3.OperationalError("syntax"), Path("x")) is None
