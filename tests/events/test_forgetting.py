"""A forgotten user is in no answer and in no file, and does not come back."""

import random
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from habitus.events.database import driver
from habitus.events.entities import import_users
from habitus.events.importing import EventOptions, import_files
from habitus.events.store import Store
from habitus.testing.postgres import Place
from habitus.types import SECOND, Event, Item, ScoredItem, Slate, User

TIME = 1_700_000_000_000_000
NOW = 1_750_000_000_000_000


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(place: Place, clock: Clock) -> Iterator[Store]:
    with Store.open(place("store"), clock=clock) as opened:
        yield opened


def event(user: str = "u", item: str | None = "i", at: int = 0, **fields: Any) -> Event:
    return Event(user, "view", timestamp=TIME + at, item_id=item, **fields)


def bytes_of(folder: Path) -> bytes:
    return b"".join(
        str(path).encode() + path.read_bytes() for path in folder.rglob("*") if path.is_file()
    )


def check_integrity(store: Store) -> None:
    assert store.check().problems == ()


def test_everything_of_a_user_goes_and_the_others_stay(store: Store) -> None:
    store.put_items([Item("i", "words")])
    store.put_users([User("u", {"plan": "free"})])
    store.observe([event(), event(at=1, item="only-u"), event("v", at=2)])
    store.slates.add(Slate("u", (ScoredItem("i", 1.0),), "m", NOW, request_id="r"))
    store.slates.drain()
    store.pages.keep("p", "u", "x")
    revision = store.catalogue_revision()
    done = store.forget("u")
    assert (done.user_id, done.events, done.slates, done.at) == ("u", 2, 1, NOW)
    assert done.clean
    assert store.history("u") == []
    assert store.revision("u") == 0
    assert [user.user_id for user in store.users()] == ["v"]
    assert [item.item_id for item in store.items()] == ["i"]
    assert store.catalogue_revision() > revision
    assert store.slates.shown("r") is None
    assert store.pages.find("p") is None
    assert store.event_count == 1
    check_integrity(store)
    assert store.forget("u").events == 0  # once more harms nobody


def test_the_fingerprint_is_that_of_a_store_that_never_met_them(
    store: Store, tmp_path: Path
) -> None:
    store.observe([event(), event("v"), event("v", "j", 1), event(at=3, item="only-u")])
    store.forget("u")
    with Store.open(tmp_path / "other") as other:
        other.observe([event("v"), event("v", "j", 1)])
        assert store.fingerprint() == other.fingerprint()


def test_no_token_of_theirs_is_in_any_file(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "store"
    dice = random.Random(7)
    people = [f"token-{secrets.token_hex(8)}" for _ in range(40)]

    def token(user: str) -> str:
        return f"{user}-{secrets.token_hex(4)}"

    def anything(user: str) -> Event:
        return event(
            user,
            dice.choice([f"i{dice.randrange(9)}", f"item-{token(user)}"]),
            dice.randrange(10**9),
            text=token(user) * dice.choice([1, 3, 400]),
            session_id=token(user),
            request_id=token(user),
            event_id=dice.choice([None, token(user)]),
            context={token(user): token(user)},
        )

    with Store.open(folder, clock=clock) as store, Store.open(folder, clock=clock) as second:
        for _ in range(30):  # in any order, so that pages are split in their middle
            store.observe([anything(dice.choice(people)) for _ in range(60)])
            store.put_users([User(user, {"a": token(user)}) for user in dice.sample(people, 3)])
            for user in dice.sample(people, 5):
                item = ScoredItem("i1", 1.0)
                store.slates.add(Slate(user, (item,), "m", NOW, request_id=token(user)))
                store.pages.keep(token(user), user, token(user))
            second.history(people[0])
        store.slates.drain()
        gone = people[:12]
        before = bytes_of(folder)
        assert all(user.encode() in before for user in gone)  # or the rest would show nothing
        for user in gone:
            done = store.forget(user)
            assert done.events > 0
            assert done.clean
            stored = bytes_of(folder)
            assert user.encode() not in stored, f"{stored.count(user.encode())} times"
        second.observe([anything(dice.choice(people[12:])) for _ in range(200)])
        store.observe([anything(dice.choice(people[12:])) for _ in range(200)])
        check_integrity(store)
    stored = bytes_of(folder)
    assert not [user for user in gone if user.encode() in stored]
    assert all(user.encode() in stored for user in people[12:])


def test_what_was_done_before_is_refused_however_it_comes(store: Store) -> None:
    kept = [event(event_id="a"), event(at=1), event("v", at=2)]
    store.observe(kept)
    store.forget("u")
    receipt = store.observe(kept)
    assert (receipt.accepted, receipt.duplicates, receipt.forgotten) == (1, 0, 2)  # v: no id
    table = pa.table(
        {
            "user_id": ["u", "v", "u", "w"],
            "event_type": ["view", "view", "odd", "view"],
            "timestamp": [TIME + 5, TIME + 6, NOW, NOW],
            "item_id": ["only-u", "i", "only-u", "j"],
        }
    )
    receipt = store.append(table, ids=("file", 0))
    assert (receipt.accepted, receipt.forgotten) == (2, 2)
    assert store.history("u") == []
    assert [user.user_id for user in store.users()] == ["v", "w"]
    assert [item.item_id for item in store.items()] == ["i", "j"]
    assert "odd" not in store.event_types()
    check_integrity(store)


def test_what_is_done_later_is_a_new_users(store: Store, clock: Clock) -> None:
    store.observe(event())
    before = store.revision("u")
    store.forget("u")
    clock.now += SECOND
    assert store.observe({"user_id": "u", "event_type": "view", "item_id": "i"}).accepted == 1
    later = [Event("u", "view", NOW, item_id="i"), Event("u", "view", NOW + 1, item_id="i")]
    receipt = store.observe(later)
    assert (receipt.accepted, receipt.forgotten) == (1, 1)
    assert [each.timestamp for each in store.history("u")] == [NOW + 1, NOW + SECOND]
    assert store.revision("u") > before


def test_a_clock_that_was_ahead_brings_nobody_back(store: Store) -> None:
    ahead = Event("u", "view", NOW + 60 * SECOND, item_id="i", event_id="e")
    store.observe(ahead)
    assert store.forget("u").at == NOW + 60 * SECOND
    assert store.observe([ahead]).forgotten == 1


def test_other_workspaces_keep_their_user_of_that_name(
    store: Store, place: Place, clock: Clock
) -> None:
    with Store.open(place("store"), "other", clock=clock) as other:
        other.observe(event())
        store.forget("u")
        assert len(other.history("u")) == 1
        assert other.observe(event(at=1)).accepted == 1


def test_without_times_the_id_stays_refused(place: Place) -> None:
    with Store.open(place("store")) as store:
        store.set_ordinal()
        store.observe([Event("u", "view", item_id="i"), Event("v", "view", item_id="i")])
        assert store.forget("u").events == 1
        assert store.observe([Event("u", "view", item_id="i")]).forgotten == 1
        table = pa.table({"user_id": ["u"], "event_type": ["view"], "item_id": ["i"]})
        assert store.append(table, ids=("file", 0)).forgotten == 1
        assert [user.user_id for user in store.users()] == ["v"]


def test_a_user_forgotten_while_an_import_runs_stays_forgotten(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("habitus.events.staging.TRANSACTION", 10)
    table = pa.table(
        {
            "user_id": [f"u{n // 10}" for n in range(40)],
            "event_type": ["view"] * 40,
            "timestamp": [TIME + n for n in range(40)],
        }
    )

    def tell(_: str, done: float, *__: object) -> None:
        if done == 20:
            store.forget("u0")
            store.forget("u3")

    receipt = store.append(table, ids=("file", 0), progress=tell)
    assert (receipt.accepted, receipt.forgotten) == (30, 10)
    assert [user.user_id for user in store.users()] == ["u1", "u2"]
    check_integrity(store)
    again = store.append(table, ids=("file", 0))
    assert (again.accepted, again.duplicates, again.forgotten) == (0, 20, 20)


def test_a_file_imported_again_brings_no_word_back(store: Store, tmp_path: Path) -> None:
    token, other = f"token-{secrets.token_hex(8)}", f"other-{secrets.token_hex(8)}"
    log = tmp_path / "log.csv"
    lines = ["user_id,item_id,timestamp,value,text"]
    for user in (token, other):
        lines += [
            f"{user},i,2023-11-01T00:00:00Z,1,said-{user}",
            f"{user},i,never,1,bad-time-{user}",
            f"{user},i,2023-11-02T00:00:00Z,1,{'x' * 3_000}",
            f"{user},i,2023-11-02T00:00:00Z,much,{'x' * 3_000}",
            f"{user},torn",
        ]
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    people = tmp_path / "people.csv"
    people.write_text(f"user_id,plan\n{token},plan-{token}\n{other},plan-{other}\n", "utf-8")
    options = EventOptions(now=NOW)

    def imported() -> int:
        import_users(store, [people])
        return import_files(store, [log], options=options).forgotten

    assert imported() == 0
    assert token.encode() in bytes_of(store.folder / "rejects")
    done = store.forget(token)
    assert (done.events, done.rejected) == (2, 3)
    assert token.encode() not in bytes_of(store.folder)
    assert bytes_of(store.folder / "rejects").count(other.encode()) > 0
    assert imported() == 2
    assert token.encode() not in bytes_of(store.folder)
    assert [user.user_id for user in store.users()] == [other]
    assert bytes_of(store.folder / "rejects").count(other.encode()) > 0


def test_a_reader_in_the_way_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("habitus.events.erasing.PAUSE", 0.001)
    monkeypatch.setattr("habitus.events.erasing.PATIENCE", 0.01)
    with Store.open(tmp_path, clock=lambda: NOW) as store:
        store.observe(event())
        with store._database.read() as connection:
            driver(connection).execute("SELECT count(*) FROM events").fetchone()
            assert not store.forget("u").clean
        assert store.history("u") == []
        assert store.forget("u").clean
