"""Ranks and top lists against definitions spelled out in plain Python."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from habitus.evaluate.ranks import MISS, best_rows, hide, target_ranks

INF, NAN = math.inf, math.nan
CELLS = st.sampled_from([-INF, NAN, -1.5, -0.0, 0.0, 0.25, 2.0, INF])
ROWS = st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=5)


def matrix(rows: list[list[float]]) -> NDArray[np.float32]:
    """Scores with a padding column at −inf."""
    return np.array([[-INF, *row] for row in rows], np.float32)


def plain_rank(row: list[float], target: int) -> int:
    """The rank by sorting: the worst place that the target can take among its equals."""
    own = row[target - 1]
    if math.isnan(own) or own == -INF:
        return MISS
    worst_first = sorted((score for score in row if not math.isnan(score)), reverse=True)
    return len(worst_first) - worst_first[::-1].index(own)


def test_one_is_best() -> None:
    scores = matrix([[0.1, 0.9, 0.5, 0.3]] * 4)
    assert target_ranks(scores, np.array([1, 2, 3, 4])).tolist() == [4, 1, 2, 3]


def test_ties_count_against_the_target() -> None:
    scores = matrix([[1.0, 1.0, 1.0, 0.0]] * 2)
    assert target_ranks(scores, np.array([1, 4])).tolist() == [3, 4]


def test_nan_ranks_last_and_is_a_miss_as_a_target() -> None:
    scores = matrix([[NAN, 0.5, NAN, 0.1]] * 3)
    assert target_ranks(scores, np.array([2, 4, 1])).tolist() == [1, 2, MISS]


def test_minus_infinity_is_a_miss_even_where_everything_else_is() -> None:
    scores = matrix([[-INF, -INF, -INF, -INF]])
    assert target_ranks(scores, np.array([2])).tolist() == [MISS]


def test_plus_infinity_ties_with_itself() -> None:
    assert target_ranks(matrix([[INF, INF, 3.0, 2.0]]), np.array([1])).tolist() == [2]


def test_hidden_cells_leave_the_ranking_and_may_repeat() -> None:
    scores = matrix([[4.0, 3.0, 2.0, 1.0], [4.0, 3.0, 2.0, 1.0]])
    hide(scores, np.array([0, 0, 0, 1]), np.array([1, 1, 2, 4]))
    assert target_ranks(scores, np.array([4, 4])).tolist() == [2, MISS]


@given(ROWS, st.data())
def test_ranks_are_those_of_sorting(rows: list[list[float]], data: st.DataObject) -> None:
    target = data.draw(st.lists(st.integers(1, 4), min_size=len(rows), max_size=len(rows)))
    expected = [plain_rank(row, place) for row, place in zip(rows, target, strict=True)]
    assert target_ranks(matrix(rows), np.array(target)).tolist() == expected


@given(st.permutations([-2.0, 0.5, 1.0, 7.0]))
def test_without_ties_the_ranks_of_all_items_are_a_permutation(row: list[float]) -> None:
    assert sorted(target_ranks(matrix([row] * 4), np.arange(1, 5))) == [1, 2, 3, 4]


@given(ROWS, st.integers(1, 7))
def test_best_rows_are_those_of_sorting(rows: list[list[float]], count: int) -> None:
    scores = np.nan_to_num(matrix(rows), nan=-INF, posinf=INF, neginf=-INF)
    expected = []
    for row in scores.tolist():
        order = sorted(range(1, 5), key=lambda column: (-row[column], column))
        best = [column if row[column] > -INF else 0 for column in order]
        expected.append([*best, 0][: min(count, 5)])
    assert best_rows(scores, count).tolist() == expected


def test_equal_scores_go_to_the_lower_row_in_a_wide_catalogue() -> None:
    scores = np.zeros((2, 500), np.float32)
    scores[:, 0] = -INF
    scores[1, 400] = 1.0
    assert best_rows(scores, 3).tolist() == [[1, 2, 3], [400, 1, 2]]


def test_the_best_of_all_columns_are_the_ranks_the_other_way_round() -> None:
    generator = np.random.default_rng(7)
    scores = generator.normal(size=(50, 40)).astype(np.float32)
    scores[:, 0] = -INF
    best = best_rows(scores, 39)
    for place in range(39):
        assert (target_ranks(scores, best[:, place]) == place + 1).all()


def test_no_rows_give_no_lists() -> None:
    assert best_rows(np.zeros((0, 5), np.float32), 3).shape == (0, 3)
