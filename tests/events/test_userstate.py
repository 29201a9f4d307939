"""A user in numbers, and their events page by page."""

from collections.abc import Iterator

import pytest

from habitus.events.store import Store
from habitus.events.userstate import UserState
from habitus.testing.postgres import Place
from habitus.types import Event, HabitusError, User

TIME = 1_700_000_000_000_000


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    with Store.open(place("store")) as opened:
        yield opened


def event(at: int, item: str | None = "i", **fields: int) -> Event:
    return Event("u", "view", TIME + at, item_id=item, event_id=f"{at}-{fields}-{item}", **fields)


def test_a_user_in_numbers(store: Store) -> None:
    store.observe([event(3), event(1, "j"), event(2, None), event(5)])
    store.put_users([User("u", {"plan": ("a", "b")}, "Europe/Paris")])
    assert store.user_state("u") == UserState(
        "u",
        True,
        store.revision("u"),
        4,
        2,
        TIME + 1,
        TIME + 5,
        {"plan": ("a", "b")},
        "Europe/Paris",
    )
    assert store.user_state("nobody") == UserState("nobody")


def test_without_times_there_is_no_first_and_last(store: Store) -> None:
    store.set_ordinal()
    store.observe(Event("u", "view", item_id="i"))
    state = store.user_state("u")
    assert (state.events, state.first, state.last) == (1, None, None)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 20])
def test_pages_together_are_the_history_newest_first(store: Store, limit: int) -> None:
    given = [event(at // 3, f"i{at}", sequence=(at * 7) % 3) for at in range(20)]
    store.observe(given)
    read, cursor, pages = [], None, 0
    while pages == 0 or cursor is not None:
        page = store.history_page("u", limit, cursor)
        assert 1 <= len(page.events) <= limit
        read += page.events
        cursor, pages = page.cursor, pages + 1
    assert read == store.history("u")[::-1]
    assert pages == -(-20 // limit)


def test_what_arrives_meanwhile_moves_nothing(store: Store) -> None:
    store.observe([event(at, f"i{at}") for at in range(10)])
    first = store.history_page("u", 4)
    store.observe([event(50), event(0, "late"), event(6, "same-time")])
    rest = store.history_page("u", 100, first.cursor)
    assert [each.item_id for each in first.events] == ["i9", "i8", "i7", "i6"]
    assert [each.item_id for each in rest.events] == ["i5", "i4", "i3", "i2", "i1", "late", "i0"]
    assert rest.cursor is None


def test_nobody_has_an_empty_page(store: Store) -> None:
    page = store.history_page("nobody")
    assert (page.events, page.cursor) == ((), None)


@pytest.mark.parametrize(
    "wrong", ["", "x", "é", "W10=", "WzEsMl0=", "WzEsMiwiMyJd", "MQ==", "bnVsbA=="]
)
def test_a_made_up_cursor_is_refused(store: Store, wrong: str) -> None:
    with pytest.raises(HabitusError, match="cursor of the history"):
        store.history_page("u", 10, wrong)


@pytest.mark.parametrize("limit", [0, -1, 10_001])
def test_a_page_has_a_sensible_size(store: Store, limit: int) -> None:
    with pytest.raises(HabitusError, match="cannot be given"):
        store.history_page("u", limit)
