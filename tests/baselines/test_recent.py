"""Popularity in a window: edges by hand, everything else against a slow count."""

import numpy as np
import pytest

from habitus.baselines.recent import RecentPopularity
from habitus.events.catalogue import Catalogue
from habitus.events.histories import PADDING_TYPE, from_lists
from habitus.types import DAY, EventType, HabitusError, Role

CATALOGUE = Catalogue.of_ids(["a", "b", "c"])


def fitted() -> RecentPopularity:
    histories = from_lists([[1, 2, 2], [3, 1]], times=[[0, 7 * DAY, 8 * DAY], [DAY, 20 * DAY]])
    return RecentPopularity().fit(histories, CATALOGUE)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (0, [0, 0, 0]),  # the event at `now` itself does not count
        (1, [1, 0, 0]),
        (7 * DAY, [1, 0, 1]),  # exactly seven days old counts
        (7 * DAY + 1, [0, 1, 1]),
        (8 * DAY + 1, [0, 2, 0]),
        (15 * DAY, [0, 1, 0]),
        (15 * DAY + 1, [0, 0, 0]),
        (20 * DAY, [0, 0, 0]),
        (20 * DAY + 1, [1, 0, 0]),
        (99 * DAY, [1, 0, 0]),  # the log ends at day 20: its last seven days
    ],
)
def test_edges_of_the_window(now: int, expected: list[int]) -> None:
    scores = fitted().score(from_lists([[]]), np.array([now]))
    assert scores[0, 1:].tolist() == expected


def test_each_case_has_its_own_moment_in_any_order() -> None:
    now = np.array([15 * DAY, 1, 8 * DAY + 1, 1])
    scores = fitted().score(from_lists([[3]] * 4), now)
    assert scores[:, 1:].tolist() == [[0, 1, 0], [1, 0, 0], [0, 2, 0], [1, 0, 0]]


def test_like_a_slow_count_with_weights_and_roles() -> None:
    rng = np.random.default_rng(1)
    types = (
        PADDING_TYPE,
        EventType("view", Role.POSITIVE, 0.1),
        EventType("buy", Role.POSITIVE, 0.7),
        EventType("hate", Role.NEGATIVE, 5.0),
    )
    lengths = rng.integers(0, 30, 20)
    items = [rng.integers(0, 6, n).tolist() for n in lengths]
    times = [np.sort(rng.integers(0, 60 * DAY, n)).tolist() for n in lengths]
    kinds = [rng.integers(1, 4, n).tolist() for n in lengths]
    histories = from_lists(items, times, types, kinds)
    now = rng.integers(0, 80 * DAY, 40)
    model = RecentPopularity(days=3).fit(histories, Catalogue.of_ids(list("abcde")))
    expected = np.zeros((len(now), 6))
    for item, time, kind in zip(histories.item, histories.time, histories.type, strict=True):
        if item and kind < 3:
            end = np.minimum(now, histories.time.max() + 1)
            inside = (end - 3 * DAY <= time) & (time < end)
            expected[inside, item] += types[kind].weight
    np.testing.assert_allclose(model.score(from_lists([[]] * 40), now), expected, rtol=1e-6)


def test_what_left_the_window_leaves_nothing_behind() -> None:
    types = (
        PADDING_TYPE,
        EventType("view", Role.POSITIVE, 0.1),
        EventType("buy", Role.POSITIVE, 0.3),
    )
    histories = from_lists(
        [[1, 1, 1, 1, 2, 2]],
        times=[[DAY, 2 * DAY, 3 * DAY, 4 * DAY, 9 * DAY, 20 * DAY]],
        types=types,
        kinds=[[1, 2, 1, 2, 1, 1]],
    )
    now = np.arange(1, 16) * DAY
    scores = RecentPopularity().fit(histories, CATALOGUE).score(from_lists([[]] * 15), now)
    assert scores[11:, 1].tolist() == [0.0] * 4


def test_without_training_events_all_items_score_nothing() -> None:
    model = RecentPopularity().fit(from_lists([[]], times=[[]]), CATALOGUE)
    assert model.score(from_lists([[1]]), np.array([DAY])).tolist() == [[0, 0, 0, 0]]


def test_it_refuses_what_has_no_time() -> None:
    with pytest.raises(HabitusError, match="ordinal"):
        RecentPopularity().fit(from_lists([[1]]), CATALOGUE)
    with pytest.raises(HabitusError, match="moment"):
        fitted().score(from_lists([[1]]), None)
    with pytest.raises(HabitusError, match="window"):
        RecentPopularity(days=0)


def test_it_says_that_it_needs_now() -> None:
    assert RecentPopularity.needs_now
    assert RecentPopularity(1.5).name == "popularity in the last 1.5 days"
