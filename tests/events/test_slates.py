"""What was shown is written behind the answers, joined by request, and its losses are counted."""

import itertools
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from habitus.events.database import driver
from habitus.events.group_commit import GroupCommit
from habitus.events.slates import SlateLog
from habitus.events.store import Store
from habitus.testing.postgres import Place
from habitus.types import Event, HabitusError, Item, ScoredItem, Slate

NOW = 1_750_000_000_000_000


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    ticks = itertools.count(NOW)
    with Store.open(place("store"), clock=lambda: next(ticks)) as opened:
        opened.put_items([Item("a"), Item("b"), Item("c")])
        yield opened


def slate(request_id: str, *items: str, user: str = "u") -> Slate:
    scored = tuple(ScoredItem(item, 1.0 / at, "", 0.5) for at, item in enumerate(items, 1))
    return Slate(user, scored, "model", NOW - 1, request_id=request_id)


def test_a_slate_is_found_by_its_request(store: Store) -> None:
    assert store.slates.shown("r1") is None
    assert store.slates.add(slate("r1", "b", "a"))
    assert store.slates.add(slate("r2", "c", user="v"))
    store.slates.drain()
    found = store.slates.shown("r1")
    assert found is not None
    assert (found.user_id, found.model, found.request_id) == ("u", "model", "r1")
    assert found.items == (ScoredItem("b", 1.0, "", 0.5), ScoredItem("a", 0.5, "", 0.5))
    assert found.now >= NOW  # when it was shown, not the moment it is for
    assert (store.slates.written, store.slates.lost, store.slates.waiting) == (2, 0, 0)


def test_events_join_what_was_shown(store: Store) -> None:
    store.slates.add(slate("r1", "b", "a"))
    store.slates.drain()
    store.observe({"user_id": "u", "event_type": "click", "item_id": "a", "request_id": "r1"})
    [event] = store.history("u")
    shown = store.slates.shown(event.request_id or "")
    assert shown is not None
    assert [item.item_id for item in shown.items].index(event.item_id or "") == 1


def test_other_workspaces_do_not_see_it(store: Store, place: Place) -> None:
    store.slates.add(slate("r1", "a"))
    store.slates.drain()
    with Store.open(place("store"), "other") as other:
        assert other.slates.shown("r1") is None


def test_one_request_is_kept_once(store: Store) -> None:
    for _ in range(2):
        store.slates.add(slate("r1", "a", "b"))
    store.slates.drain()
    found = store.slates.shown("r1")
    assert found is not None
    assert len(found.items) == 2


def test_someone_only_asked_about_is_no_user_yet(store: Store) -> None:
    store.slates.add(slate("r1", "a", user="stranger"))
    store.slates.drain()
    assert store.users() == []
    assert store.user_count == 0
    assert store.revision("stranger") == 0
    assert not store.user_state("stranger").known


class Held(GroupCommit[Any]):
    """A group commit that waits until it is let go."""

    def __init__(self, store: Store) -> None:
        super().__init__(store._database)
        self.entered, self.free = threading.Event(), threading.Event()

    def run(self, job: Any) -> Any:
        self.entered.set()
        assert self.free.wait(20)
        return super().run(job)


def test_what_does_not_fit_is_lost_and_counted_and_nobody_waits(store: Store) -> None:
    group = Held(store)
    log = SlateLog(store._database, store._code, group, lambda: NOW, capacity=5)
    assert log.add(slate("first", "a"))
    assert group.entered.wait(20)  # the thread is busy with the first
    taken = [log.add(slate(f"r{n}", "a")) for n in range(8)]
    assert taken == [True] * 5 + [False] * 3
    assert (log.lost, log.waiting) == (3, 5)
    group.free.set()
    log.close()
    assert (log.written, log.lost, log.waiting) == (6, 3, 0)
    assert log.shown("r4") is not None
    assert log.shown("r5") is None


def test_closing_writes_what_waits_and_ends_the_thread(tmp_path: Path) -> None:
    before = threading.active_count()
    with Store.open(tmp_path) as store:
        store.put_items([Item("a")])
        for n in range(700):
            store.slates.add(slate(f"r{n}", "a"))
    assert threading.active_count() == before
    assert not store.slates.add(slate("late", "a"))
    assert store.slates.lost == 1
    with Store.open(tmp_path) as again:
        assert all(again.slates.shown(f"r{n}") for n in (0, 499, 500, 699))


def test_a_write_that_fails_loses_its_slates_and_the_log_goes_on(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(_: Any) -> Any:
        raise HabitusError("The disk is full.")

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(store._group, "run", full)
        store.slates.add(slate("r1", "a", user="secret-user"))
        store.slates.drain()
    assert (store.slates.lost, store.slates.written) == (1, 0)
    assert "secret-user" not in caplog.text
    store.slates.add(slate("r2", "a"))
    store.slates.drain()
    assert store.slates.shown("r2") is not None


def test_slates_of_the_forgotten_are_left_out(store: Store) -> None:
    group = Held(store)
    log = SlateLog(store._database, store._code, group, lambda: NOW)
    log.add(slate("before", "a"))
    assert group.entered.wait(20)
    store.forget("u")
    group.free.set()
    log.close()
    assert (log.forgotten, log.written, log.lost) == (1, 0, 0)
    assert log.shown("before") is None
    store.slates.add(slate("after", "a"))
    store.slates.drain()
    assert store.slates.shown("after") is not None


def test_an_item_that_is_gone_leaves_its_place(store: Store) -> None:
    store.observe(Event("v", "view", NOW, item_id="only-v"))
    store.slates.add(slate("r1", "a", "only-v", "b"))
    store.slates.drain()
    store.forget("v")
    found = store.slates.shown("r1")
    assert found is not None
    assert [item.item_id for item in found.items] == ["a", "", "b"]


def test_the_ways_to_slates_use_their_indices(tmp_path: Path) -> None:
    def plan(connection: Connection, where: str) -> str:
        rows = driver(connection).execute(
            f"EXPLAIN QUERY PLAN SELECT shown_at FROM slates WHERE {where}"
        )
        return " ".join(row[-1] for row in rows)

    with Store.open(tmp_path) as store, store._database.read() as connection:
        assert "slates_by_request" in plan(
            connection, "workspace = 1 AND request_id = 'r' AND position = 0"
        )
        assert "slates_by_user" in plan(connection, 'workspace = 1 AND "user" = 1 AND position = 0')
