"""A whole store has no problems; each kind of harm is found and named."""

from pathlib import Path

import pytest

from habitus.events.checking import readable
from habitus.events.driver import driver
from habitus.events.store import Store
from habitus.types import Event, Item, ScoredItem, Slate

TIME = 1_700_000_000_000_000


def filled(folder: Path) -> Store:
    store = Store.open(folder)
    store.put_items([Item("i", "words"), Item("unused")])
    store.observe([Event(f"u{n % 3}", "view", TIME + n, item_id="i") for n in range(9)])
    store.observe([Event("u0", "search", TIME, text="no item")])
    store.slates.add(Slate("u1", (ScoredItem("i", 1.0),), "m", TIME, request_id="r"))
    store.slates.drain()
    return store


def test_a_whole_store_has_no_problems(tmp_path: Path) -> None:
    with filled(tmp_path) as store:
        store.delete(store.history("u2")[0].event_id or "")
        store.forget("u1")
        (tmp_path / "models").mkdir()
        (tmp_path / "models" / "weights").write_bytes(bytes(3_000))
        found = store.check()
        assert found.problems == ()
        assert "Rows of events: 6" in found.facts
        assert "Rows of forgotten: 1" in found.facts
        assert "Disk, models: 2.9 KB" in found.facts


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("DELETE FROM event_ids WHERE ingestion = (SELECT max(ingestion) FROM event_ids)",
         "1 events are under no id"),
        ("DELETE FROM events WHERE ingestion = (SELECT max(ingestion) FROM events)",
         "1 event ids belong to no event"),
        ("UPDATE users SET events = events + 1 WHERE user_id = 'u1'",
         "1 users have another number"),
        ("UPDATE items SET events = 0 WHERE item_id = 'i'", "1 items have another number"),
        ("DELETE FROM users WHERE user_id = 'u2'", "3 events are of a user who is not there"),
        ("DELETE FROM items WHERE item_id = 'i'", "9 events name an item that is not there"),
        ("DELETE FROM event_types WHERE name = 'search'", "1 events have a type that is not there"),
        ('UPDATE slates SET "user" = 99', "1 places of slates are of a user who is not there"),
    ],
)  # fmt: skip
def test_harm_is_named(tmp_path: Path, harm: str, said: str) -> None:
    with filled(tmp_path) as store:
        with store._database.write() as connection:
            driver(connection).execute(harm)
        problems = store.check().problems
        assert any(problem.startswith(said) for problem in problems), problems


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    with filled(tmp_path) as store, store._database.write() as connection:
        raw = driver(connection)
        raw.execute("PRAGMA writable_schema=ON")
        raw.execute(
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master "
            "WHERE name = 'items_by_item_id') WHERE name = 'users_by_user_id'"
        )
    with Store.open(tmp_path) as store:
        assert any("damaged" in problem for problem in store.check().problems)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1536, "1.5 KB"),
        (3 * 2**30, "3.0 GB"),
        (2**60, "1048576.0 TB"),
    ],
)
def test_sizes_are_readable(count: int, words: str) -> None:
    assert readable(count) == words
