"""Splits against hand-made histories, whose every case is written out, and against MovieLens-1M."""

import os
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitus.events.histories import PADDING_TYPE, Histories, from_lists
from habitus.events.split import Cases, Split, last_fraction, leave_one_out, temporal
from habitus.types import SECOND, EventType, HabitusError, Role

TYPES = (
    PADDING_TYPE,
    EventType("view"),
    EventType("skip", Role.NEGATIVE),
    EventType("shown", Role.IMPRESSION),
    EventType("search", Role.SEARCH),
)
VIEW, SKIP, SHOWN, SEARCH = 1, 2, 3, 4


def lists(histories: Histories) -> list[list[int]]:
    return [row.tolist() for row in np.split(histories.item, histories.offsets[1:-1])]


def asked(cases: Cases) -> list[tuple[str, list[int], int]]:
    """(user, history, target) of each case."""
    histories = cases.block(np.arange(len(cases)))
    users = [str(user) for user in histories.user_ids]
    return list(zip(users, lists(histories), cases.target.tolist(), strict=True))


class TestLeaveOneOut:
    def test_last_tests_the_one_before_validates_the_rest_trains(self) -> None:
        split = leave_one_out(from_lists([[1, 2, 3, 4], [5, 6, 7]]))
        assert split.protocol == "leave-one-out"
        assert lists(split.train) == [[1, 2], [5]]
        assert asked(split.validation) == [("u0", [1, 2], 3), ("u1", [5], 6)]
        assert asked(split.test) == [("u0", [1, 2, 3], 4), ("u1", [5, 6], 7)]
        assert split.refit is None

    def test_every_user_counts_however_short(self) -> None:
        split = leave_one_out(from_lists([[9], [], [1, 2]]))
        assert asked(split.test) == [("u0", [], 9), ("u2", [1], 2)]
        assert asked(split.validation) == [("u2", [], 1)]
        assert lists(split.train) == [[], [], []]
        assert len(split.train) == 3

    def test_what_is_not_positive_is_history_and_never_a_target(self) -> None:
        histories = from_lists(
            [[1, 2, 3, 0, 4, 5, 6], [1, 2]],
            types=TYPES,
            kinds=[[VIEW, SKIP, VIEW, SEARCH, SHOWN, VIEW, SKIP], [SKIP, SHOWN]],
        )
        split = leave_one_out(histories)
        assert asked(split.validation) == [("u0", [1, 2], 3)]
        assert asked(split.test) == [("u0", [1, 2, 3, 0, 4], 5)]
        assert lists(split.train) == [[1, 2], [1, 2]]

    def test_a_positive_event_without_an_item_is_no_target(self) -> None:
        split = leave_one_out(from_lists([[1, 2, 0]]))
        assert asked(split.test) == [("u0", [1], 2)]
        assert asked(split.validation) == [("u0", [], 1)]

    def test_now_is_the_targets_own_time(self) -> None:
        split = leave_one_out(from_lists([[1, 2, 3]], [[10, 20, 35]]))
        assert split.test.now.tolist() == [35]
        assert split.validation.now.tolist() == [20]

    def test_ties_in_time_keep_the_order_of_the_history(self) -> None:
        split = leave_one_out(from_lists([[3, 1, 2]], [[7, 7, 7]]))
        assert asked(split.test) == [("u0", [3, 1], 2)]

    def test_nothing_to_predict_is_an_error(self) -> None:
        shown = from_lists([[1, 2]], types=TYPES, kinds=[[SHOWN, SKIP]])
        with pytest.raises(HabitusError, match="no positive event names an item"):
            leave_one_out(shown)

    @given(st.lists(st.lists(st.integers(1, 9), max_size=6), min_size=1, max_size=8))
    def test_no_event_is_lost_or_used_twice(self, items: list[list[int]]) -> None:
        if not any(items):
            return
        split = leave_one_out(from_lists(items))
        again = [list(row) for row in lists(split.train)]
        for cases in (split.validation, split.test):
            for user, target in zip(cases.user, cases.target, strict=True):
                assert asked(cases)  # histories can be cut out
                again[user].append(int(target))
        assert again == items


TEN_TIMES = [[0, 10, 20, 80, 90], [30, 40, 50, 60, 70]]


class TestTemporal:
    def test_cuts_are_times_that_hold_for_everybody(self) -> None:
        split = temporal(from_lists([[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]], TEN_TIMES))
        assert lists(split.train) == [[1, 2, 3], [6, 7, 8, 9, 10]]
        assert asked(split.validation) == [("u0", [1, 2, 3], 4)]
        assert asked(split.test) == [("u0", [1, 2, 3, 4], 5)]
        assert split.refit is not None
        assert lists(split.refit) == [[1, 2, 3, 4], [6, 7, 8, 9, 10]]

    def test_only_the_first_positive_event_after_a_cut_is_asked(self) -> None:
        histories = from_lists(
            [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
            [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
            types=TYPES,
            kinds=[[VIEW, VIEW, VIEW, VIEW, SHOWN, VIEW, VIEW, VIEW, SKIP, VIEW]],
        )
        split = temporal(histories, 0.4, 0.8)
        assert asked(split.validation) == [("u0", [1, 2, 3, 4, 5], 6)]
        assert asked(split.test) == [("u0", [1, 2, 3, 4, 5, 6, 7, 8, 9], 10)]

    def test_validation_never_asks_about_what_tests(self) -> None:
        histories = from_lists([[1, 2, 3, 4, 5, 6, 7, 8, 9], [20]], [list(range(9)), [100]])
        split = temporal(histories)
        assert asked(split.validation) == [("u0", [1, 2, 3, 4, 5, 6, 7, 8], 9)]
        assert asked(split.test) == [("u1", [], 20)]

    def test_events_at_the_time_of_a_cut_are_after_it(self) -> None:
        histories = from_lists(
            [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]],
            [[0, 1], [0, 8], [1, 8], [2, 8], [2, 9]],
        )
        split = temporal(histories, 0.5, 0.9)  # times 0 0 1 1 2 | 2 8 8 8 | 9
        assert lists(split.train) == [[1, 2], [3], [5], [], []]
        assert [case[2] for case in asked(split.validation)] == [4, 6, 7, 9]
        assert asked(split.test) == [("u4", [9], 10)]

    def test_ordinal_data_is_refused(self) -> None:
        with pytest.raises(HabitusError, match="needs times, and this data is ordinal"):
            temporal(from_lists([[1, 2, 3]]))

    @pytest.mark.parametrize("cuts", [(0.9, 0.8), (0.0, 0.5), (0.5, 1.0), (0.5, 0.5)])
    def test_cuts_out_of_order_are_refused(self, cuts: tuple[float, float]) -> None:
        with pytest.raises(HabitusError, match="not in order"):
            temporal(from_lists([[1, 2, 3]], [[1, 2, 3]]), *cuts)

    def test_one_time_for_all_events_leaves_nothing_to_train_on(self) -> None:
        with pytest.raises(HabitusError, match="nothing to train on"):
            temporal(from_lists([[1, 2, 3]], [[5, 5, 5]]))


class TestLastFraction:
    def test_the_last_tenth_tests_and_the_tenth_before_validates(self) -> None:
        split = last_fraction(from_lists([list(range(1, 21))]))
        items = list(range(1, 21))
        assert lists(split.train) == [items[:16]]
        assert asked(split.validation) == [("u0", items[:16], 17), ("u0", items[:17], 18)]
        assert asked(split.test) == [("u0", items[:18], 19), ("u0", items[:19], 20)]

    def test_short_histories_have_one_test_and_what_remains(self) -> None:
        split = last_fraction(from_lists([[1], [2, 3], [4, 5, 6], []]))
        assert [case[2] for case in asked(split.test)] == [1, 3, 6]
        assert [case[2] for case in asked(split.validation)] == [2, 5]
        assert lists(split.train) == [[], [], [4], []]

    @pytest.mark.parametrize(("events", "tests"), [(10, 1), (19, 1), (20, 2), (30, 3), (100, 10)])
    def test_fractions_are_rounded_down(self, events: int, tests: int) -> None:
        assert len(last_fraction(from_lists([[1] * events])).test) == tests

    def test_rounding_errors_of_floats_do_not_lose_a_case(self) -> None:
        assert len(last_fraction(from_lists([[1] * 100]), 0.29).test) == 29

    @pytest.mark.parametrize("fraction", [0.0, -0.1, 0.6, 1.0])
    def test_a_fraction_that_leaves_no_room_is_refused(self, fraction: float) -> None:
        with pytest.raises(HabitusError, match=r"at most 0\.5"):
            last_fraction(from_lists([[1, 2, 3]]), fraction)


class TestCases:
    def test_blocks_cover_all_cases_in_order(self) -> None:
        cases = leave_one_out(from_lists([[1, 2], [3, 4], [5, 6]])).test
        blocks = [(rows.tolist(), lists(histories)) for rows, histories in cases.blocks(2)]
        assert blocks == [([0, 1], [[1], [3]]), ([2], [[5]])]

    def test_take_keeps_the_order_asked_for(self) -> None:
        cases = leave_one_out(from_lists([[1, 2], [3, 4], [5, 6]])).test
        assert asked(cases.take(np.array([2, 0]))) == [("u2", [5], 6), ("u0", [1], 2)]

    def test_with_gap_needs_time_to_have_passed_since_the_last_event(self) -> None:
        histories = from_lists([[1, 2], [3, 4], [5]], [[10, 11], [10, 10], [10]])
        assert leave_one_out(histories).test.with_gap().tolist() == [True, False, False]

    def test_ordinal_data_has_no_gaps(self) -> None:
        assert not leave_one_out(from_lists([[1, 2], [3, 4]])).test.with_gap().any()


class TestLaterShare:
    def test_counts_training_events_after_the_median_test_event(self) -> None:
        histories = from_lists(
            [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]],
            [[0, 1, 2, 3], [10, 11, 12, 13], [20, 21, 22, 23]],
        )
        split = leave_one_out(
            histories
        )  # median test event at 13; of 6 training events 2 are later
        assert split.later_share() == pytest.approx(2 / 6)

    def test_a_temporal_split_has_none(self) -> None:
        split = temporal(from_lists([list(range(1, 21))], [list(range(20))]))
        assert split.later_share() == 0.0

    def test_is_unknown_without_times(self) -> None:
        assert np.isnan(leave_one_out(from_lists([[1, 2, 3]])).later_share())


@pytest.fixture(scope="module")
def movielens() -> Histories:
    path = Path(os.environ["HABITUS_DATA"]) / "movielens-1m" / "ratings.parquet"
    if not path.is_file():
        pytest.skip(f"{path} does not exist")
    ratings = pyarrow.parquet.read_table(path).to_pandas()
    ratings = ratings[ratings.sequence_position.notna()]
    ratings = ratings.sort_values(["user_id", "sequence_position"], kind="stable")
    users, counts = np.unique(ratings.user_id, return_counts=True)
    events = len(ratings)
    return Histories(
        user_ids=users.astype(object),
        offsets=np.concatenate(([0], np.cumsum(counts))),
        item=(np.unique(ratings.movie_id, return_inverse=True)[1] + 1).astype(np.int32),
        type=np.ones(events, np.int16),
        time=ratings.timestamp.to_numpy(np.int64) * SECOND,
        value=ratings.rating.to_numpy(np.float32),
        session=np.zeros(events, np.int64),
    )


@pytest.mark.realdata
class TestMovieLens1M:
    """The figures that docs/protocols.md states."""

    def test_leave_one_out(self, movielens: Histories) -> None:
        split: Split = leave_one_out(movielens)
        assert len(split.test) == len(split.validation) == 6040
        assert split.train.events == movielens.events - 2 * 6040
        assert round(split.later_share(), 2) == 0.44
        assert round(1 - split.test.with_gap().mean(), 2) == 0.42

    def test_temporal(self, movielens: Histories) -> None:
        split = temporal(movielens)
        assert len(split.test) == 1209
        assert split.refit is not None
        assert split.refit.events / movielens.events == pytest.approx(0.9, abs=1e-3)
