"""The k best: against sorting everything, and the edges."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from habitus.act.retrieve import top

LOWEST = float(np.finfo(np.float32).min)


def test_the_best_allowed_rows_come_first() -> None:
    scores = np.array([9, 1, 5, 3, 7], np.float32)
    rows, values = top(scores, np.array([True, True, True, True, False]), 2)
    assert rows.tolist() == [2, 3]
    assert values.tolist() == [5, 3]


def test_equal_scores_are_in_the_order_of_rows() -> None:
    rows, _ = top(np.array([0, 1, 2, 1, 1, 2], np.float32), np.ones(6, bool), 4)
    assert rows.tolist() == [2, 5, 1, 3]


def test_items_without_a_score_come_last_yet_come() -> None:
    scores = np.array([0, np.nan, -np.inf, 1, np.inf], np.float32)
    rows, values = top(scores, np.ones(5, bool), 9)
    assert rows.tolist() == [4, 3, 1, 2]
    assert np.isfinite(values).all()
    assert values[2] == LOWEST


def test_nothing_allowed_is_nothing() -> None:
    rows, values = top(np.ones(3, np.float32), np.array([True, False, False]), 2)
    assert len(rows) == len(values) == 0


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 1.0, 2.0, np.nan]), st.booleans()), max_size=30),
    st.integers(1, 40),
)
def test_it_is_a_full_sort_cut_at_k(rows: list[tuple[float, bool]], k: int) -> None:
    scores = np.array([5.0, *(score for score, _ in rows)], np.float32)
    allowed = np.array([True, *(may for _, may in rows)])
    expected = sorted(
        (row for row in range(1, len(scores)) if allowed[row]),
        key=lambda row: (-(LOWEST if np.isnan(scores[row]) else float(scores[row])), row),
    )
    assert top(scores, allowed, k)[0].tolist() == expected[:k]
