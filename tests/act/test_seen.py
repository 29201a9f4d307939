"""Which items a user has had, and whether people come back to items."""

import pytest

from habitus.act.seen import acted_on, repeat_share, usual
from habitus.events.histories import PADDING_TYPE, from_lists
from habitus.types import EventType, Role

TYPES = (
    PADDING_TYPE,
    EventType("buy"),
    EventType("skip", Role.NEGATIVE),
    EventType("shown", Role.IMPRESSION),
)


def test_repeats_are_counted_within_a_user() -> None:
    assert repeat_share(from_lists([[1, 2, 1, 1], [1, 2]])) == pytest.approx(2 / 6)
    assert repeat_share(from_lists([[]])) == 0


def test_the_usual_follows_the_repeats() -> None:
    assert usual(from_lists([[1, 2, 3], [1, 2, 3]])) == "mask"
    assert usual(from_lists([[1, 1, 2], [3, 3, 3]])) == "keep"


def test_being_shown_an_item_is_not_acting_on_it() -> None:
    history = from_lists([[3, 1, 2, 3]], [[1, 2, 3, 4]], TYPES, [[1, 2, 3, 1]])
    assert acted_on(history).tolist() == [3, 1, 3]
