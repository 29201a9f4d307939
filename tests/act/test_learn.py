"""What trains a serving model and what chooses it."""

import pytest

from habitus.act.learn import for_service
from habitus.events.histories import PADDING_TYPE, from_lists
from habitus.types import EventType, HabitusError, Role

TYPES = (PADDING_TYPE, EventType("buy"), EventType("skip", Role.NEGATIVE))


def test_the_last_positive_event_of_each_user_is_asked_and_does_not_train() -> None:
    histories = from_lists(
        [[1, 2, 3], [4, 5, 6]], [[10, 20, 30], [10, 20, 30]], TYPES, [[1, 1, 1], [1, 1, 2]]
    )
    train, cases = for_service(histories)
    assert train.item.tolist() == [1, 2, 4]
    assert cases is not None
    assert cases.target.tolist() == [3, 5]
    assert cases.stop.tolist() == [2, 1]
    assert cases.now.tolist() == [30, 20]


def test_a_users_only_positive_event_trains() -> None:
    train, cases = for_service(from_lists([[1], [2, 3]]))
    assert train.item.tolist() == [1, 2]
    assert cases is not None
    assert cases.user.tolist() == [1]


def test_nobody_to_ask_is_no_validation() -> None:
    train, cases = for_service(from_lists([[1], [2]]))
    assert train.item.tolist() == [1, 2]
    assert cases is None


def test_nothing_to_learn_is_an_error() -> None:
    with pytest.raises(HabitusError, match="nothing to learn"):
        for_service(from_lists([[1]], [[1]], TYPES, [[2]]))


def test_of_a_large_log_only_as_many_are_asked_as_choosing_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("habitus.act.learn.MOST_JUDGED", 3)
    histories = from_lists([[1, 2]] * 10)
    train, cases = for_service(histories, seed=1)
    assert cases is not None
    assert len(cases) == 3
    assert train.events == 17
    again = for_service(histories, seed=1)[1]
    assert again is not None
    assert again.user.tolist() == cases.user.tolist()
