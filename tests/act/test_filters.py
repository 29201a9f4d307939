"""Filters against a plain reading of the items: exactly those rows, whatever the conditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitus.act import filters
from habitus.act.filters import Filters
from habitus.events.catalogue import Catalogue
from habitus.events.descriptions import as_catalogue
from habitus.types import HabitusError, Item

WORDS = ["a", "b", "c", "c\0", "é", ""]
NUMBERS = [0.0, 0.1, -2.5, 16_777_216.0, 16_777_217.0, 1e39]
NAMES = ["genre", "price", "both"]


def catalogue_of(items: list[Item]) -> Catalogue:
    return as_catalogue(
        [each.item_id for each in items],
        [each.text for each in items],
        [each.attributes for each in items],
        [each.numbers for each in items],
        [each.available for each in items],
    )


several = st.lists(st.sampled_from(WORDS), max_size=3).map(tuple)
texts = st.dictionaries(
    st.sampled_from(["genre", "both"]), st.one_of(st.sampled_from(WORDS), several)
)
numbers = st.dictionaries(st.sampled_from(["price", "both"]), st.sampled_from(NUMBERS))
catalogues = st.lists(st.tuples(texts, numbers), min_size=1, max_size=8).map(
    lambda rows: [Item(f"i{n}", attributes=each[0], numbers=each[1]) for n, each in enumerate(rows)]
)
values = st.sampled_from([*WORDS, "absent"]) | st.sampled_from(NUMBERS)
lists = st.lists(st.sampled_from([*WORDS, "absent"]), min_size=1, max_size=4) | st.lists(
    st.sampled_from(NUMBERS), min_size=1, max_size=4
)
wanted = st.one_of(
    values,
    st.fixed_dictionaries({"in": lists}),
    st.fixed_dictionaries({"not": values | lists}),
    st.fixed_dictionaries({"min": st.sampled_from(NUMBERS)}),
    st.fixed_dictionaries({"min": st.sampled_from(NUMBERS), "max": st.sampled_from(NUMBERS)}),
    st.fixed_dictionaries({"not": values, "max": st.sampled_from(NUMBERS)}),
)
requests = st.dictionaries(st.sampled_from(NAMES), wanted, max_size=3)


def meets(item: Item, name: str, given: Any) -> bool:
    """The words of `act.conditions`, item by item."""
    asked = given if isinstance(given, Mapping) else {"in": [given]}
    attribute = item.attributes.get(name, ())
    held = [attribute] if isinstance(attribute, str) else list(attribute)
    number = [item.numbers[name]] if name in item.numbers else []

    def has_any(listed: Any) -> bool:
        listed = listed if isinstance(listed, list) else [listed]
        return any(each in (held if isinstance(each, str) else number) for each in listed)

    return (
        ("in" not in asked or has_any(asked["in"]))
        and ("not" not in asked or not has_any(asked["not"]))
        and ("min" not in asked or any(each >= asked["min"] for each in number))
        and ("max" not in asked or any(each <= asked["max"] for each in number))
    )


def compares(items: list[Item], name: str, given: Any) -> bool:
    """Whether the items have what the condition compares with: an attribute, or a number."""
    asked = list(given.values()) if isinstance(given, Mapping) else [given]
    flat = [each for one in asked for each in (one if isinstance(one, list) else [one])]
    columns = {
        True: {n for i in items for n in i.attributes},
        False: {n for i in items for n in i.numbers},
    }
    return all(name in columns[isinstance(each, str)] for each in flat)


@given(catalogues, requests)
def test_exactly_the_items_that_meet_every_condition(
    items: list[Item], where: dict[str, Any]
) -> None:
    asked = Filters(catalogue_of(items))
    if not all(compares(items, name, given) for name, given in where.items()):
        with pytest.raises(HabitusError):
            asked.mask(where)
        return
    expected = [all(meets(item, name, where[name]) for name in where) for item in items]
    assert asked.mask(where).tolist() == [False, *expected]


@pytest.fixture
def shelf() -> Catalogue:
    return catalogue_of(
        [
            Item("i1", attributes={"genre": ("jazz", "blues")}, numbers={"price": 5}),
            Item("i2", attributes={"genre": "jazz"}, numbers={"price": 20}, available=False),
            Item("i3"),
        ]
    )


def rows(catalogue: Catalogue, where: dict[str, Any]) -> list[int]:
    return np.flatnonzero(Filters(catalogue).mask(where)).tolist()


def test_each_kind_of_condition(shelf: Catalogue) -> None:
    assert rows(shelf, {}) == [1, 2, 3]
    assert rows(shelf, {"genre": "jazz"}) == [1, 2]
    assert rows(shelf, {"genre": {"in": ["blues", "rock"]}}) == [1]
    assert rows(shelf, {"genre": {"not": "blues"}}) == [2, 3]
    assert rows(shelf, {"price": 20}) == [2]
    assert rows(shelf, {"price": {"min": 5, "max": 19.99}}) == [1]
    assert rows(shelf, {"price": {"not": [5]}}) == [2, 3]
    assert rows(shelf, {"price": {"min": 20, "max": 5}}) == []
    assert rows(shelf, {"genre": "jazz", "price": {"min": 6}}) == [2]


def test_unknown_names_and_the_wrong_kind_of_value_are_clear_errors(shelf: Catalogue) -> None:
    with pytest.raises(HabitusError, match=r"'genr'.*Did you mean 'genre'.*genre, price"):
        rows(shelf, {"genr": "jazz"})
    with pytest.raises(HabitusError, match="'price' is a number"):
        rows(shelf, {"price": "5"})
    with pytest.raises(HabitusError, match="'genre' is an attribute"):
        rows(shelf, {"genre": {"min": 5}})
    with pytest.raises(HabitusError, match="none so far"):
        rows(Catalogue.of_ids(["a"]), {"genre": "jazz"})


def test_masks_are_kept_up_to_a_bound_and_cannot_be_written(
    shelf: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filters, "KEPT_BYTES", 2 * len(shelf))
    asked = Filters(shelf)
    first = asked.mask({"genre": "jazz"})
    assert asked.mask({"genre": {"in": ["jazz"]}}) is first
    asked.mask({"price": 5})
    asked.mask({"genre": "jazz"})
    asked.mask({"price": 6})
    assert asked.mask({"genre": "jazz"}) is first
    asked.mask({"price": 5})
    asked.mask({"price": 6})
    assert asked.mask({"genre": "jazz"}) is not first
    with pytest.raises(ValueError, match="read-only"):
        first[0] = True
