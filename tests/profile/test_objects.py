"""Where the object of a statement ends, and what limits it."""

from __future__ import annotations

import pytest

from habitus.profile.objects import objects
from habitus.profile.packs.english import ENGLISH


def found(words: str) -> list[tuple[str, str, bool]]:
    spans = objects(words, 0, len(words), None, ENGLISH)
    return [
        (words[each.start : each.end], words[each.scope_start : each.scope_end].strip(), each.more)
        for each in spans
    ]


@pytest.mark.parametrize(
    ("words", "value", "scope"),
    [
        ("tea", "tea", ""),
        ("tea a lot", "tea", ""),
        ("tea because it is warm", "tea", ""),
        ("tea for breakfast", "tea", "for breakfast"),
        ("tea when i travel", "tea", "when i travel"),
        ("tea but hate coffee", "tea", ""),
        ("wool, including merino", "wool, including merino", ""),
        ("tea, you know", "tea", ""),
        ("books about ships and maps", "books about ships and maps", ""),
        ("rock and roll", "rock and roll", ""),
    ],
)
def test_one_object(words: str, value: str, scope: str) -> None:
    assert found(words) == [(value, scope, False)]


def test_lists_are_split_where_each_thing_stands_alone() -> None:
    assert [each[0] for each in found("tea, coffee and milk")] == ["tea", "coffee", "milk"]
    assert [each[0] for each in found("red and white wine")] == ["red and white wine"]


def test_any_more_is_marked() -> None:
    assert found("tea any more") == [("tea", "", True)]


@pytest.mark.parametrize("words", ["it", "that", "your idea", "to know more", "", "...", "you"])
def test_nothing_to_keep(words: str) -> None:
    assert found(words) == []


def test_a_fixed_object_keeps_its_place_and_takes_the_scope_after_it() -> None:
    words = "play tennis on sundays"
    (span,) = objects(words, 0, len(words), (5, 11), ENGLISH)
    assert (words[span.start : span.end], words[span.scope_start : span.scope_end]) == (
        "tennis",
        "on sundays",
    )
