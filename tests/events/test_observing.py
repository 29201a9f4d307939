"""What callers observe at once is one write, and each learns what became of their own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from habitus.events.receipt import Receipt
from habitus.events.store import Store
from habitus.testing.postgres import Place
from habitus.types import Event, HabitusError

TIME = 1_700_000_000_000_000


def event(user: str, event_id: str, at: int = 0, item: str = "i") -> Event:
    return Event(user, "view", timestamp=TIME + at, item_id=item, event_id=event_id)


def at_once(store: Store, place: Place, calls: list[list[Event]]) -> list[Receipt]:
    """The receipts of calls that all wait for one another's transaction."""
    receipts: dict[int, Receipt] = {}

    def observe(number: int) -> None:
        receipts[number] = store.observe(calls[number])

    threads = [threading.Thread(target=observe, args=(number,)) for number in range(len(calls))]
    with Store.open(place()) as other, other._database.write():
        for number, thread in enumerate(threads):
            thread.start()
            while len(store._group._waiting) <= number:  # in the order of the calls
                pass
    for thread in threads:
        thread.join()
    return [receipts[number] for number in range(len(calls))]


def said(receipt: Receipt) -> tuple[Any, ...]:
    conflicts = [each.event_id for each in receipt.conflicts]
    return receipt.accepted, receipt.duplicates, conflicts, receipt.forgotten


def test_each_caller_gets_their_own_receipt(place: Place) -> None:
    with Store.open(place()) as store:
        store.observe(event("a", "old"))
        change = store.revision("a")
        receipts = at_once(
            store,
            place,
            [
                [event("a", "1"), event("b", "2")],
                [event("a", "old"), event("c", "3"), event("a", "1")],
                [event("a", "old", item="other"), event("c", "3", item="other")],
                [event("d", f"d{n}", at=n) for n in range(5)],
            ],
        )
        assert [said(each) for each in receipts] == [
            (2, 0, [], 0),
            (1, 2, [], 0),
            (0, 0, ["old", "3"], 0),
            (5, 0, [], 0),
        ]
        assert store.event_count == 9
        assert [each.event_id for each in store.history("d")] == [f"d{n}" for n in range(5)]
        assert store.revision("a") == store.revision("d") > change  # one transaction


def test_a_forgotten_user_is_refused_to_whom_it_concerns(place: Place) -> None:
    with Store.open(place(), clock=lambda: TIME + 100) as store:
        store.forget("gone")
        receipts = at_once(
            store,
            place,
            [[event("a", "1")], [event("gone", "2"), event("b", "3")], [event("gone", "4")]],
        )
        assert [said(each) for each in receipts] == [(1, 0, [], 0), (1, 0, [], 1), (0, 0, [], 1)]
        assert store.history("gone") == []


def test_a_write_that_fails_stores_nothing_of_anybody(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(place()) as store:

        def fail(*_: object, **__: object) -> None:
            raise HabitusError("The disk is full.", "Make room.")

        with monkeypatch.context() as broken:
            broken.setattr("habitus.events.appending.set_change", fail)
            with pytest.raises(HabitusError, match="disk is full"):
                store.observe(event("a", "1"))
        assert store.event_count == 0
        assert store.observe(event("a", "1")).accepted == 1


def test_a_workspace_that_became_ordinal_elsewhere_takes_events_without_times(place: Place) -> None:
    """Another handle has not heard of it: its first event is checked again as it is written."""
    with Store.open(place()) as one, Store.open(place()) as other:
        assert not other.ordinal
        one.set_ordinal()
        receipt = other.observe([{"user_id": "ann", "event_type": "view"}] * 2)
        assert receipt.accepted == 2
        timed = {"user_id": "ann", "event_type": "view", "timestamp": 10**15}
        assert [each.field for each in other.observe([timed]).rejected] == ["timestamp"]
        assert [event.timestamp for event in one.history("ann")] == [None, None]


def test_several_lists_are_written_as_one_and_each_gets_its_receipt(place: Place) -> None:
    with Store.open(place()) as store:
        store.observe(event("a", "old"))
        before = store.change()
        given = [
            [event("a", "1"), {"user_id": "a"}, event("b", "2")],
            [],
            [{"user_id": "b", "event_type": "view", "timestamp": 5}],
            [event("a", "old"), event("c", "3")],
        ]
        receipts = store.observe_many(lambda: given)
        assert [said(each) for each in receipts] == [
            (2, 0, [], 0),
            (0, 0, [], 0),
            (0, 0, [], 0),
            (1, 1, [], 0),
        ]
        assert [[(one.index, one.field) for one in each.rejected] for each in receipts] == [
            [(1, "event_type")],
            [],
            [(0, "timestamp")],
            [],
        ]
        assert store.event_count == 4
        assert store.change() > before
        assert store.observe_many(list) == []


def test_what_is_to_be_written_is_asked_for_once_nobody_else_writes(place: Place) -> None:
    """So that it holds all that came until then; what fails leaves nothing behind."""
    with Store.open(place()) as store:
        begun, go, asked = threading.Event(), threading.Event(), threading.Event()

        def first() -> list[list[Event]]:
            begun.set()
            go.wait(10)
            return [[event("a", "1")]]

        def second() -> list[list[Event]]:
            asked.set()
            return [[event("a", "1")], [event("a", "2")]]

        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(store.observe_many, first)
            assert begun.wait(10)
            two = pool.submit(store.observe_many, second)
            assert not asked.wait(0.1)
            go.set()
            assert [each.accepted for each in one.result()] == [1]
            assert [said(each)[:2] for each in two.result()] == [(0, 1), (1, 0)]

        def broken() -> list[list[Event]]:
            raise HabitusError("nothing to be had")

        with pytest.raises(HabitusError, match="nothing to be had"):
            store.observe_many(broken)
        assert store.event_count == 2
