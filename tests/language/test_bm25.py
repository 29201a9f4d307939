"""BM25 by hand, and postings that grow."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from habitus.language.bm25 import Postings, bm25

TEXTS = st.lists(st.lists(st.sampled_from("abcde"), max_size=6), max_size=6)


def test_a_value_computed_by_hand() -> None:
    held = Postings.empty().added([["tea", "tea"], ["milk", "tea", "cup", "jug"], ["jug"]])
    scores = bm25(held.counts(["tea"]), held.lengths, k1=1.2, b=0.75)
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    mean = 7 / 3
    first = idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 2 / mean))
    second = idf * 1 * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 4 / mean))
    np.testing.assert_allclose(scores, [first, second, 0], rtol=1e-5)


def test_a_rare_term_counts_more_than_a_common_one() -> None:
    held = Postings.empty().added([["a", "b"], ["a", "c"], ["a", "d"]])
    scores = bm25(held.counts(["a", "b"]), held.lengths)
    assert scores[0] > 2 * scores[1]
    assert scores[1] == scores[2] > 0


def test_nothing_asked_and_nothing_held_score_nothing() -> None:
    held = Postings.empty().added([["a"], []])
    assert bm25(held.counts([]), held.lengths).tolist() == [0, 0]
    assert bm25(held.counts(["z"]), held.lengths).tolist() == [0, 0]
    empty = Postings.empty()
    assert bm25(empty.counts(["a"]), empty.lengths).shape == (0,)
    blank = empty.added([[], []])
    assert bm25(blank.counts(["a"]), blank.lengths).tolist() == [0, 0]


@given(TEXTS, TEXTS)
def test_adding_later_is_the_same_as_adding_at_once(
    some: list[list[str]], more: list[list[str]]
) -> None:
    grown = Postings.empty().added(some).added(more)
    whole = Postings.empty().added(some + more)
    assert grown.lengths.tolist() == whole.lengths.tolist()
    assert grown.counts(list("abcdef")).tolist() == whole.counts(list("abcdef")).tolist()


def test_adding_leaves_the_old_postings_as_they_were() -> None:
    old = Postings.empty().added([["a"]])
    old.added([["a", "b"]])
    assert len(old) == 1
    assert old.counts(["a", "b"]).tolist() == [[1], [0]]
