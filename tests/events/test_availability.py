"""Items are let in and out of recommendations, many at once, all or none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from habitus.events.store import Store
from habitus.types import Event, HabitusError, Item


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as opened:
        opened.put_items([Item("a"), Item("b", available=False)])
        opened.observe(Event("u", "view", item_id="named"))
        yield opened


def available(store: Store) -> list[str]:
    return [item.item_id for item in store.items() if item.available]


def test_what_changed_is_counted_and_seen(store: Store) -> None:
    revision, had = store.catalogue_marks()
    assert store.set_available(["a", "b", "named"], False) == 2
    assert available(store) == []
    after = store.catalogue_marks()
    assert after[0] == revision  # nobody need read the items again
    assert after[1] > had
    assert store.set_available(["a", "named", "a"], True) == 2
    assert available(store) == ["a", "named"]


def test_what_is_so_already_changes_nothing(store: Store) -> None:
    before = store.catalogue_marks()
    assert store.set_available(["a", "named"], True) == 0
    assert store.set_available([], True) == 0
    assert store.catalogue_marks() == before


def test_the_catalogue_says_what_can_be_had_and_keeps_the_rest(store: Store) -> None:
    before = store.catalogue()
    store.set_available(["a", "named"], False)
    after = store.catalogue()
    assert not after.available.any()
    assert after.same_reading(before)
    assert after.rows is before.rows
    assert store.catalogue() is after
    store.put_items([Item("b", text="new")])
    assert not store.catalogue().same_reading(before)
    assert [one for one in store.catalogue().item_ids if one] == ["a", "b", "named"]
    assert store.catalogue().available.tolist() == [False, False, True, False]


def test_an_unknown_item_stops_all(store: Store) -> None:
    many = [f"x{n}" for n in range(1_200)]
    store.put_items([Item(item_id) for item_id in many])
    with pytest.raises(HabitusError, match="no item 'zzz'"):
        store.set_available([*many, "zzz"], False)
    assert len(available(store)) == 1_202
    assert store.set_available(many, False) == 1_200
