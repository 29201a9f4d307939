"""Going on from an earlier reading gives what reading everything gives, whatever happened between."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from habitus.events.histories import Histories
from habitus.events.reading import NEWER, STATE, Reading
from habitus.events.store import Store
from habitus.testing.postgres import Place
from habitus.types import Event, EventType, Item, Role, User

TIME = 1_700_000_000_000_000

WRITE = f"""
import sys
from habitus.events.store import Store
with Store.open(sys.argv[1]) as store:
    store.observe({{"user_id": "u", "event_type": "view", "timestamp": {TIME} + 50, "item_id": "b"}})
"""


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    with Store.open(place("store")) as opened:
        opened.put_items([Item(name) for name in "abcdef"])
        opened.observe([event("a", 10, event_id="first"), event("b", 20, event_id="second")])
        yield opened


def event(item: str | None, at: int, user: str = "u", **fields: Any) -> Event:
    return Event(user, "view", timestamp=TIME + at, item_id=item, **fields)


def check(store: Store, reading: Reading, user_id: str = "u") -> None:
    """The reading is what the bulk path reads."""
    same(reading.history, store.histories(store.catalogue(), [user_id]))


def same(found: Histories, expected: Histories) -> None:
    assert found.user_ids.tolist() == expected.user_ids.tolist()
    for name in ("offsets", "item", "type", "time", "value"):
        column, wanted = getattr(found, name), getattr(expected, name)
        np.testing.assert_array_equal(column, wanted)
        assert column.dtype == wanted.dtype
    assert alike(found.session) == alike(expected.session)
    assert (found.types, found.ordinal) == (expected.types, expected.ordinal)


def alike(session: np.ndarray[Any, Any]) -> list[int]:
    """Sessions as the place of their first event; −1 for none."""
    numbers = session.tolist()
    return [numbers.index(number) if number else -1 for number in numbers]


def items(store: Store, histories: Histories | None) -> list[str] | None:
    if histories is None:
        return None
    return [store.catalogue().item_ids[row] for row in histories.item]


def test_a_reading_is_the_whole_history(store: Store) -> None:
    store.observe(
        [
            event("c", 5, value=0.5, session_id="s"),
            event(None, 30, session_id="t"),
            event("d", 40, session_id="s"),
            event("d", 40, user="v"),
        ]
    )
    reading = store.reading(store.catalogue(), "u")
    assert items(store, reading.history) == ["c", "a", "b", "", "d"]
    assert alike(reading.history.session) == [0, -1, -1, 3, 0]
    assert reading.added is None
    assert reading.revision == store.revision("u")
    check(store, reading)


def test_a_user_never_seen_has_no_events_yet(store: Store) -> None:
    before = store.reading(store.catalogue(), "new")
    assert (before.history.lengths.tolist(), before.revision) == ([0], 0)
    assert store.reading(store.catalogue(), "new", before) is before
    store.observe(event("c", 1, user="new"))
    after = store.reading(store.catalogue(), "new", before)
    assert items(store, after.added) == ["c"]
    check(store, after, "new")


def test_what_others_do_is_nothing_new(store: Store) -> None:
    before = store.reading(store.catalogue(), "u")
    store.observe([event("a", 30, user="v"), event("b", 5, user="v")])
    assert store.reading(store.catalogue(), "u", before) is before


def test_a_description_of_the_user_adds_no_event(store: Store) -> None:
    before = store.reading(store.catalogue(), "u")
    store.put_users([User("u", {"likes": "tea"})])
    after = store.reading(store.catalogue(), "u", before)
    assert after.revision > before.revision
    assert items(store, after.added) == []
    check(store, after)


def test_events_past_the_end_are_what_was_added(store: Store) -> None:
    before = store.reading(store.catalogue(), "u")
    store.observe([event("d", 40), event("c", 30)])
    after = store.reading(store.catalogue(), "u", before)
    assert items(store, after.added) == ["c", "d"]
    check(store, after)
    store.observe(event("e", 50))
    last = store.reading(store.catalogue(), "u", after)
    assert items(store, last.added) == ["e"]
    check(store, last)
    store.observe(event("f", 45))
    anew = store.reading(store.catalogue(), "u", last)
    assert anew.added is None  # past the end of the first reading, not of the last
    check(store, anew)


@pytest.mark.parametrize(
    ("sequence", "added"),
    [(4, None), (5, ["c"]), (6, ["c"])],
    ids=["before the end", "a tie comes after", "past the end"],
)
def test_equal_times_go_by_sequence(store: Store, sequence: int, added: list[str] | None) -> None:
    store.observe(event("d", 30, sequence=5))
    before = store.reading(store.catalogue(), "u")
    store.observe(event("c", 30, sequence=sequence))
    after = store.reading(store.catalogue(), "u", before)
    assert items(store, after.added) == added
    check(store, after)


def test_a_backdated_event_is_read_with_all_others(store: Store) -> None:
    before = store.reading(store.catalogue(), "u")
    store.observe([event("c", 15), event("d", 40)])
    after = store.reading(store.catalogue(), "u", before)
    assert after.added is None
    check(store, after)


@pytest.mark.parametrize("gone", ["first", "second"])
@pytest.mark.parametrize("at", [None, 5, 20, 40])
def test_a_deletion_is_seen_whatever_comes_in_its_place(
    store: Store, gone: str, at: int | None
) -> None:
    before = store.reading(store.catalogue(), "u")
    store.delete(gone)
    if at is not None:
        store.observe(event("c", at))
    after = store.reading(store.catalogue(), "u", before)
    assert after.added is None
    check(store, after)


def test_a_correction_is_seen(store: Store) -> None:
    before = store.reading(store.catalogue(), "u")
    store.delete("second")
    store.observe(event("c", 20, event_id="second"))
    after = store.reading(store.catalogue(), "u", before)
    assert after.added is None
    assert items(store, after.history) == ["a", "c"]


def test_what_came_and_went_leaves_nothing(store: Store) -> None:
    before = store.reading(store.catalogue(), "u")
    store.observe(event("c", 30, event_id="mistake"))
    store.delete("mistake")
    after = store.reading(store.catalogue(), "u", before)
    assert items(store, after.added) == []
    check(store, after)


def test_a_session_keeps_its_number(store: Store) -> None:
    store.observe([event("c", 30, session_id="s"), event("c", 31, session_id="t")])
    before = store.reading(store.catalogue(), "u")
    store.observe(
        [
            event("d", 40, session_id="new"),
            event("e", 41),
            event("f", 42, session_id="s"),
        ]
    )
    after = store.reading(store.catalogue(), "u", before)
    assert after.added is not None
    assert alike(after.history.session) == [-1, -1, 2, 3, 4, -1, 2]
    assert after.added.session.tolist() == after.history.session[4:].tolist()
    assert alike(before.history.session) == [-1, -1, 2, 3]
    check(store, after)


def test_a_kind_of_event_never_heard_of_is_there_at_once(store: Store) -> None:
    before = store.reading(store.catalogue(), "u")
    store.observe(Event("u", "buy", timestamp=TIME + 30, item_id="a"))
    after = store.reading(store.catalogue(), "u", before)
    assert [after.history.types[kind].name for kind in after.history.type] == [
        "view",
        "view",
        "buy",
    ]
    check(store, after)
    store.set_event_types([EventType("buy", Role.NEGATIVE, 0.5)])
    store.observe(Event("u", "buy", timestamp=TIME + 40, item_id="b"))
    check(store, store.reading(store.catalogue(), "u", after))


def test_events_without_times_have_places(place: Place) -> None:
    with Store.open(place("ordinal")) as store:
        store.set_ordinal()
        store.observe(
            [Event("u", "view", item_id="a", sequence=3), Event("u", "view", item_id="b")]
        )
        before = store.reading(store.catalogue(), "u")
        assert before.history.time.tolist() == [0, 1]
        store.observe(Event("u", "view", item_id="b"))
        after = store.reading(store.catalogue(), "u", before)
        assert after.added is not None
        assert after.added.time.tolist() == [2]
        check(store, after)
        store.observe(Event("u", "view", item_id="a", sequence=1))
        anew = store.reading(store.catalogue(), "u", after)
        assert anew.added is None
        assert items(store, anew.history) == ["a", "a", "b", "b"]
        check(store, anew)


def test_an_item_that_the_catalogue_lacks_is_row_0(store: Store) -> None:
    catalogue = store.catalogue()
    before = store.reading(catalogue, "u")
    store.observe(event("unheard of", 30))
    after = store.reading(catalogue, "u", before)
    assert after.history.item.tolist() == [1, 2, 0]


def test_workspaces_are_apart(store: Store, place: Place) -> None:
    before = store.reading(store.catalogue(), "u")
    with Store.open(place(), "other") as other:
        other.set_event_types([EventType("look")])
        other.observe(event("z", 30))
        assert store.reading(store.catalogue(), "u", before) is before
        found = other.reading(other.catalogue(), "u")
        assert found.history.events == 1
        check(other, found)
        check(store, store.reading(store.catalogue(), "u"))


def test_what_another_process_wrote_is_read(store: Store, place: Place) -> None:
    before = store.reading(store.catalogue(), "u")
    subprocess.run([sys.executable, "-c", WRITE, str(place())], check=True)
    after = store.reading(store.catalogue(), "u", before)
    assert items(store, after.added) == ["b"]
    with Store.open(place()) as other:
        other.delete("first")
    anew = store.reading(store.catalogue(), "u", after)
    assert anew.added is None
    assert items(store, anew.history) == ["b", "b"]


ADDED = st.builds(
    event,
    st.sampled_from(["a", "b", None]),
    st.integers(18, 24),
    sequence=st.integers(0, 2),
    session_id=st.sampled_from([None, "s", "t"]),
    value=st.sampled_from([None, 1.5]),
)
STEPS = st.lists(ADDED | st.integers(0, 9) | st.none(), max_size=9)


@given(steps=STEPS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_going_on_is_reading_all(store: Store, steps: list[Event | int | None]) -> None:
    """Events come (an Event), one of them goes (an int says which), or they are read (None)."""
    user = f"user {store.user_count}"  # a new one for each example
    catalogue = store.catalogue()
    store.observe(event("c", 20, user))
    reading = store.reading(catalogue, user)
    for step in [*steps, None]:
        events = store.history(user)
        if isinstance(step, Event):
            store.observe(replace(step, user_id=user))
        elif step is not None and events:
            store.delete(events[step % len(events)].event_id or "")
        else:
            before, reading = reading, store.reading(catalogue, user, reading)
            check(store, reading, user)
            if reading is not before and reading.added is not None:
                new = reading.history.last(reading.added.events)
                same(reading.added, new)
                assert before.history.events + new.events == reading.history.events


@pytest.mark.parametrize("statement", [STATE, NEWER], ids=["state", "newer"])
def test_a_reading_is_short_range_reads(tmp_path: Path, statement: Any) -> None:
    with Store.open(tmp_path) as store, store._database.reading() as raw:
        marks = [1] * statement.sql.count("?")
        plan = raw.execute("EXPLAIN QUERY PLAN " + statement.sql, marks).fetchall()
    steps = [row[3] for row in plan]
    assert steps
    assert not [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step]
