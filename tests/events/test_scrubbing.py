"""What page splits left behind is overwritten, and nothing else is."""

import random
from pathlib import Path

import pytest
from sqlalchemy import Connection

from habitus.events import scrubbing
from habitus.events.driver import driver
from habitus.events.forgetting import forget
from habitus.events.scrubbing import gap, scrub
from habitus.events.sqlite_database import SqliteDatabase
from habitus.events.store import Store
from habitus.types import Event

TIME = 1_700_000_000_000_000


def filled(store: Store, people: list[str]) -> None:
    """Events in any order of users and times, so that pages are split in their middle."""
    dice = random.Random(0)
    for batch in range(30):
        users = [dice.choice(people) for _ in range(100)]
        store.observe(
            [
                Event(
                    user,
                    "view",
                    TIME + dice.randrange(10**9),
                    session_id=user,
                    text=user * dice.choice([1, 1, 3, 200]),
                    context={"a": user},
                    event_id=f"{user}{batch}-{at}",
                )
                for at, user in enumerate(users)
            ]
        )


def sqlite_of(store: Store) -> SqliteDatabase:
    assert isinstance(store._database, SqliteDatabase)
    return store._database


def left_of(folder: Path, people: list[str]) -> int:
    stored = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    return sum(stored.count(user.encode()) for user in people)


def load_all(connection: Connection) -> None:
    """Every page of the log into the connection's memory."""
    driver(connection).execute("SELECT total(length(text)) FROM events").fetchone()


def touch_all(connection: Connection) -> None:
    driver(connection).execute("UPDATE events SET recorded_at = recorded_at + 1")


@pytest.fixture
def people() -> list[str]:
    dice = random.Random(5)
    return [f"token-{dice.getrandbits(64):016x}-" for _ in range(50)]


def test_gaps_are_emptied_and_no_memory_brings_them_back(
    tmp_path: Path, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, log_size = people[:15], scrubbing._log_size
    with Store.open(tmp_path) as store, Store.open(tmp_path) as other:

        def others_read_meanwhile(path: Path) -> int:
            for each in (other, store):
                with each._database.read() as connection:
                    load_all(connection)
            return log_size(path)

        filled(store, people)
        for user in gone:
            with store._database.write() as connection:
                forget(connection, store._code, user, TIME + 10**9)
        assert store._database.checkpoint()
        assert left_of(tmp_path, gone) > 0  # secure_delete alone does not do it
        for each in (other, store):
            with each._database.write() as connection:
                load_all(connection)
        monkeypatch.setattr(scrubbing, "_log_size", others_read_meanwhile)
        kept = store.fingerprint()
        assert scrub(sqlite_of(store))
        assert left_of(tmp_path, gone) == 0
        for each in (other, store):
            with each._database.write() as connection:
                touch_all(connection)
        assert store._database.checkpoint()
        assert left_of(tmp_path, gone) == 0
        assert store.fingerprint() == kept
        with store._database.read() as connection:
            assert driver(connection).execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_whoever_writes_in_between_is_not_harmed(
    tmp_path: Path, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(tmp_path) as store:
        filled(store, people)
        checkpoint, calls = store._database.checkpoint, iter(range(100))

        def writes_after() -> bool:
            done = checkpoint()
            if next(calls) == 1:  # between the checkpoint and the lock
                store.observe(Event("late", "view", TIME))
            return done

        monkeypatch.setattr(store._database, "checkpoint", writes_after)
        kept = store.event_count
        assert not scrub(sqlite_of(store))
        assert scrub(sqlite_of(store))
        assert store.event_count == kept + 1
        assert len(store.history("late")) == 1


def test_a_reader_of_an_older_moment_is_waited_for(tmp_path: Path, people: list[str]) -> None:
    with Store.open(tmp_path) as store:
        filled(store, people)
        with store._database.read() as connection:
            load_all(connection)
            store.observe(Event("u", "view", TIME))
            assert not scrub(sqlite_of(store))
        assert scrub(sqlite_of(store))


def test_a_file_too_large_to_tell_pages_apart_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "MOST_PAGES", 2)
    with Store.open(tmp_path) as store, pytest.raises(Exception, match="too large to be cleaned"):
        scrub(sqlite_of(store))


def page(kind: int, cells: int, content: int, number: int = 2, size: int = 512) -> bytes:
    header = bytes([kind, 0, 0]) + cells.to_bytes(2, "big") + content.to_bytes(2, "big")
    return (b"\0" * (100 if number == 1 else 0) + header).ljust(size, b"x")


@pytest.mark.parametrize(
    ("given", "number", "expected"),
    [
        (page(13, 3, 400), 2, (8 + 6, 400)),
        (page(10, 3, 400), 2, (8 + 6, 400)),
        (page(2, 3, 400), 2, (12 + 6, 400)),
        (page(5, 0, 512), 2, (12, 512)),
        (page(13, 3, 400, number=1), 1, (108 + 6, 400)),
        (page(0, 3, 400), 2, (0, 0)),  # of no tree
        (page(13, 300, 400), 2, (0, 0)),  # makes no sense
        (page(13, 3, 600), 2, (0, 0)),
    ],
)
def test_the_gap_lies_between_pointers_and_rows(
    given: bytes, number: int, expected: tuple[int, int]
) -> None:
    assert gap(number, given) == expected
