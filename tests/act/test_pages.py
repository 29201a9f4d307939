"""Pages of a ranking: nothing twice, whatever happens between them, in any process."""

from __future__ import annotations

import pytest

from habitus.act.asking import Ask, Moment
from habitus.act.cache import StateCache
from habitus.act.models import ModelFolder
from habitus.act.pages import MOST_LISTED, Page, Pager
from habitus.act.recommend import Recommender
from habitus.act.serving import Serving
from habitus.events.store import Store
from habitus.testing.follow_on import FollowOn
from habitus.testing.leanings import leanings
from habitus.types import DAY, MINUTE, SECOND, Event, HabitusError, Item

START = 20_000 * DAY
PRESENT = Moment(START + 2_000 * SECOND, replay=False)
ITEMS = "abcdefghij"


class Clock:
    now = START + 1_000 * SECOND

    def __call__(self) -> int:
        return self.now


class Desk(Pager):
    """What one process has: pages, and the rankings they are cut from."""

    def __init__(self, store: Store) -> None:
        models = ModelFolder(store.folder / "models" / store.workspace)
        serving = Serving(store, models, FollowOn.load, at_once=60)
        super().__init__(store.pages, serving)
        self.recommender = Recommender(store, serving, StateCache(), leanings(store))

    def begun(self, ask: Ask) -> Page:
        return self.first(ask, self.recommender.answer(self.ranking(ask), PRESENT))


@pytest.fixture
def shop(store: Store) -> Store:
    store.put_items(
        Item(name, text=name.upper(), attributes={"kind": "x" if name in "aeiou" else "y"})
        for name in ITEMS
    )
    return store


def ids(page: Page) -> str:
    return "".join(item.item_id for item in page.slate.items)


def pages(first: Page, turn: Desk) -> list[str]:
    found, page = [ids(first)], first
    while page.cursor is not None:
        page = turn.next(page.cursor)
        found.append(ids(page))
    return found


def test_pages_are_the_ranking_cut(shop: Store) -> None:
    own = Desk(shop)
    whole = own.begun(Ask("new", 10))
    assert whole.cursor is None
    first = own.begun(Ask("new", 4))
    assert pages(first, own) == [ids(whole)[:4], ids(whole)[4:8], ids(whole)[8:]]
    assert first.cursor is not None
    second = own.next(first.cursor)
    assert second.slate.items == whole.slate.items[4:8]
    assert (second.slate.user_id, second.slate.note) == ("new", whole.slate.note)
    assert (second.slate.model, second.slate.now) == (whole.slate.model, whole.slate.now)
    assert second.slate.request_id != first.slate.request_id


def test_nothing_is_shown_twice_whatever_happens_in_between(shop: Store) -> None:
    first = Desk(shop).begun(Ask("new", 4))
    shop.observe([Event("new", "view", START + n * SECOND, item_id="j") for n in range(90, 99)])
    shop.put_items([Item("aa"), Item("zz")])
    assert ids(Desk(shop).begun(Ask("new", 1, exclude_seen=False))) == "j"
    with Store.open(shop.folder, clock=shop.pages._clock) as elsewhere:
        later = pages(first, Desk(elsewhere))[1:]
    assert sorted("".join([ids(first), *later])) == list(ITEMS)


def test_a_page_may_be_turned_again(shop: Store) -> None:
    own = Desk(shop)
    cursor = own.begun(Ask("new", 4)).cursor
    assert cursor is not None
    assert ids(own.next(cursor)) == ids(own.next(cursor))


def test_what_cannot_be_had_any_more_is_left_out_and_pages_stay_full(shop: Store) -> None:
    own = Desk(shop)
    whole = ids(own.begun(Ask("new", 10)))
    first = own.begun(Ask("new", 4))
    gone = whole[5]
    shop.set_available([gone], False)
    assert pages(first, own) == [whole[:4], whole[4] + whole[6:9], whole[9]]
    assert first.cursor is not None
    shop.set_available(list(whole[4:]), False)
    nothing = own.next(first.cursor)
    assert ids(nothing) == ""
    assert nothing.cursor is None


def test_conditions_hold_on_every_page(shop: Store) -> None:
    own = Desk(shop)
    ask = Ask("new", 2, where={"kind": {"not": "x"}})
    first = own.begun(ask)
    assert sorted("".join(pages(first, own))) == list("bcdfghj")
    shop.put_items([Item("j", attributes={"kind": "x"})])
    assert "j" not in "".join(pages(first, own)[1:])


def test_a_cursor_that_nothing_is_kept_for_is_a_clear_error(shop: Store) -> None:
    clock = Clock()
    with (
        Store.open(shop.folder, clock=clock) as own,
        Store.open(shop.folder, workspace="other", clock=clock) as other,
    ):
        cursor = Desk(own).begun(Ask("new", 4)).cursor
        assert cursor is not None
        for wrong in ("", "x", cursor[:-2], cursor + "0000", "0" * 32 + ".4", "é" * 34):
            with pytest.raises(HabitusError, match="Nothing is kept for this cursor"):
                Desk(own).next(wrong)
        with pytest.raises(HabitusError, match="Nothing is kept"):
            Desk(other).next(cursor)
        clock.now += 10 * MINUTE
        assert ids(Desk(own).next(cursor))
        clock.now += SECOND
        with pytest.raises(HabitusError, match="first page again"):
            Desk(own).next(cursor)


def test_a_page_and_a_ranking_have_a_bound(shop: Store) -> None:
    own = Desk(shop)
    for k in (0, MOST_LISTED + 1):
        with pytest.raises(HabitusError):
            own.begun(Ask("new", k))
    shop.put_items(Item(f"more{n:04}") for n in range(MOST_LISTED))
    counts = [len(page) for page in _names(own.begun(Ask("new", 400)), own)]
    assert counts == [400, 400, 200]


def _names(first: Page, turn: Desk) -> list[list[str]]:
    found, page = [[item.item_id for item in first.slate.items]], first
    while page.cursor is not None:
        page = turn.next(page.cursor)
        found.append([item.item_id for item in page.slate.items])
    return found
