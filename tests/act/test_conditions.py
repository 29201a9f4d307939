"""Conditions are read strictly: what is none is an error that says which, and what to give."""

from __future__ import annotations

from typing import Any

import pytest

from habitus.act.conditions import MOST_CONDITIONS, MOST_VALUES, conditions
from habitus.types import HabitusError


def test_equal_conditions_are_one_whatever_their_order() -> None:
    one = conditions({"genre": {"in": ["a", "b"]}, "year": {"min": 1, "max": 2}})
    other = conditions({"year": {"max": 2.0, "min": 1.0}, "genre": {"in": ["b", "a", "a"]}})
    assert one == other
    assert hash(one) == hash(other)
    assert conditions({"genre": "a"}) == conditions({"genre": {"in": ["a"]}})
    assert conditions({"genre": {"not": "a"}}) == conditions({"genre": {"not": ["a"]}})
    assert conditions({"genre": {"not": "a"}}) != conditions({"genre": "a"})
    assert conditions({"year": {"min": 1}}) != conditions({"year": {"max": 1}})


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (None, "neither text nor a number"),
        (True, "neither text nor a number"),
        (["a", "b"], "neither text nor a number"),
        ({}, "is empty"),
        ({"is": "a"}, "has 'is'"),
        ({"min": 1, "maximum": 2}, "has 'maximum'"),
        ({"in": "abc"}, "'in' that is no list"),
        ({"in": {"a": 1}}, "'in' that is no list"),
        ({"in": 3}, "'in' that is no list"),
        ({"in": []}, "names no value"),
        ({"not": []}, "names no value"),
        ({"in": ["a", 1]}, "a mixture of the two"),
        ({"min": "5"}, "neither text nor a number"),
        ({"min": None}, "neither text nor a number"),
        ({"max": float("nan")}, "not finite"),
        (10**400, "not finite"),
        ("x" * 257, "more than 256 characters"),
    ],
)
def test_what_is_no_condition_is_a_clear_error(given: Any, problem: str) -> None:
    with pytest.raises(HabitusError, match=problem) as raised:
        conditions({"genre": given})
    assert "'genre'" in raised.value.problem
    assert "Give a value" in raised.value.mend


def test_a_request_names_a_bounded_number_of_conditions_and_values() -> None:
    conditions({f"a{n}": "x" for n in range(MOST_CONDITIONS)})
    with pytest.raises(HabitusError, match="33 conditions"):
        conditions({f"a{n}": "x" for n in range(MOST_CONDITIONS + 1)})
    half = [str(n) for n in range(MOST_VALUES // 2)]
    conditions({"a": {"in": half}, "b": {"not": half}})
    with pytest.raises(HabitusError, match="name 1001 values"):
        conditions({"a": {"in": half}, "b": {"not": half}, "c": 1})


def test_names_are_texts_and_conditions_a_map() -> None:
    with pytest.raises(HabitusError, match="no name"):
        conditions({1: "x"})  # type: ignore[dict-item]
    with pytest.raises(HabitusError, match="no name"):
        conditions({"n" * 257: "x"})
    with pytest.raises(HabitusError, match="no map"):
        conditions([("genre", "a")])  # type: ignore[arg-type]
