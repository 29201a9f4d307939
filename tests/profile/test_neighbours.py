"""Which turns stand beside which."""

import numpy as np

from habitus.profile.neighbours import PAUSE, Neighbours


def beside(
    sessions: list[str | None], time: list[int], alone: list[bool] | None = None
) -> Neighbours:
    flags = np.array(alone or [False] * len(sessions), bool)
    return Neighbours.of(sessions, np.array(time, np.int64), flags)


def test_turns_follow_their_session_in_the_order_of_time() -> None:
    found = beside(["a", "b", "a", "a"], [10, 11, 30, 20])
    assert found.before.tolist() == [-1, -1, 3, 0]
    assert found.after.tolist() == [3, -1, -1, 2]


def test_equal_times_keep_the_order_of_rows() -> None:
    assert beside(["a", "a", "a"], [5, 5, 5]).before.tolist() == [-1, 0, 1]


def test_without_names_a_pause_ends_a_session() -> None:
    found = beside([None, None, None], [0, PAUSE, 2 * PAUSE + 1])
    assert found.session.tolist() == [0, 0, 1]
    assert found.before.tolist() == [-1, 0, -1]


def test_what_stands_alone_has_no_neighbours() -> None:
    found = beside([None, None, None], [0, 0, 0], [True, False, True])
    assert found.before.tolist() == [-1, -1, -1]
    assert len(set(found.session.tolist())) == 3


def test_a_window_tapers_and_stays_within_the_session() -> None:
    found = beside(["a"] * 5 + ["b"], list(range(6)))
    values = np.array([[0, 0, 0, 0, 1, 8]], np.float32)
    assert found.window(values).tolist() == [[0, 0.25, 0.5, 0.75, 1, 8]]


def test_sums_and_the_best_of_a_session() -> None:
    found = beside(["a", "b", "a"], [0, 1, 2])
    values = np.array([1, 5, 3], np.float32)
    assert found.sums(values[None]).tolist() == [[4, 5]]
    assert found.best(values).tolist() == [3, 5, 3]


def test_no_turns() -> None:
    found = beside([], [])
    assert found.count == 0
    assert found.window(np.zeros((2, 0), np.float32)).shape == (2, 0)
