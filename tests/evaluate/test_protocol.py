"""The full-ranking protocol with scorers whose every answer is known."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from habitus.evaluate import protocol
from habitus.evaluate.protocol import CaseRanks, Now, Seen, evaluate
from habitus.evaluate.ranks import MISS
from habitus.events.histories import PADDING_TYPE, Histories, from_lists
from habitus.events.split import Cases, leave_one_out
from habitus.types import EventType, HabitusError, Role

Scores = NDArray[np.float32]


class Fixed:
    """A scorer that gives every history the same scores, and remembers what it was asked."""

    name = "fixed"

    def __init__(self, *scores: float) -> None:
        self.row = np.array([99.0, *scores], np.float32)  # the best score of all: padding
        self.asked: list[tuple[Histories, NDArray[np.int64] | None]] = []

    def score(self, histories: Histories, now: NDArray[np.int64] | None) -> Scores:
        self.asked.append((histories, now))
        return np.broadcast_to(self.row, (len(histories), len(self.row)))  # cannot be written to


class Made:
    """A scorer that a function makes of the histories."""

    name = "made"

    def __init__(self, make: Callable[[Histories], Scores]) -> None:
        self.make = make

    def score(self, histories: Histories, now: NDArray[np.int64] | None) -> Scores:
        del now
        return self.make(histories)


def cases_of(items: list[list[int]], times: list[list[int]] | None = None) -> Cases:
    return leave_one_out(from_lists(items, times)).test


def test_ranks_the_target_among_all_items_and_never_padding() -> None:
    found = evaluate(Fixed(5, 4, 3, 2), cases_of([[1, 3]]), rows=5, seen="keep")
    assert found.ranks.tolist() == [3]
    assert found.top[0, :5].tolist() == [1, 2, 3, 4, 0]


def test_mask_takes_the_history_out_of_the_ranking() -> None:
    found = evaluate(Fixed(5, 4, 3, 2), cases_of([[1, 3]]), rows=5, seen="mask")
    assert found.ranks.tolist() == [2]
    assert found.top[0, :4].tolist() == [2, 3, 4, 0]


def test_mask_reaches_the_whole_of_a_long_history() -> None:
    history = list(range(1, 501))
    scores = [1.0 + (item == 1) for item in range(1, 503)]  # the oldest event's item scores best
    found = evaluate(Fixed(*scores), cases_of([[*history, 502]]), rows=503)
    assert found.ranks.tolist() == [2]
    assert found.top[0, :3].tolist() == [501, 502, 0]


def test_a_repeated_target_is_a_miss_under_mask_and_ranked_under_keep() -> None:
    cases = cases_of([[1, 2, 1]])
    assert evaluate(Fixed(9, 1, 1), cases, rows=4, seen="mask").ranks.tolist() == [MISS]
    assert evaluate(Fixed(9, 1, 1), cases, rows=4, seen="keep").ranks.tolist() == [1]


def test_what_was_only_shown_or_searched_is_not_masked() -> None:
    types = (
        PADDING_TYPE,
        EventType("click"),
        EventType("shown", Role.IMPRESSION),
        EventType("skip", Role.NEGATIVE),
    )
    histories = from_lists([[1, 2, 3, 2]], types=types, kinds=[[1, 2, 3, 1]])
    found = evaluate(Fixed(9, 1, 8, 7), leave_one_out(histories).test, rows=5)
    assert found.ranks.tolist() == [2]
    assert found.top[0, :3].tolist() == [4, 2, 0]


def test_a_target_that_scores_nothing_is_a_miss_and_nan_ranks_last() -> None:
    cases = cases_of([[1, 2], [1, 3], [1, 4]])
    found = evaluate(Fixed(0, -np.inf, np.nan, 1), cases, rows=5)
    assert found.ranks.tolist() == [MISS, MISS, 1]
    assert found.top[:, :2].tolist() == [[4, 0]] * 3


def test_hidden_time_is_nowhere_in_what_the_scorer_gets() -> None:
    scorer = Fixed(1, 2, 3)
    evaluate(scorer, cases_of([[1, 2, 3]], [[500, 600, 700]]), rows=4, now="hidden")
    ((histories, now),) = scorer.asked
    assert now is None
    assert histories.ordinal
    assert histories.time.tolist() == [0, 1]
    assert histories.item.tolist() == [1, 2]


def test_known_now_is_the_targets_time_beside_histories_that_end_before_it() -> None:
    scorer = Fixed(1, 2, 3)
    cases = cases_of([[1, 2, 3], [2, 1]], [[500, 600, 700], [10, 20]])
    evaluate(scorer, cases, rows=4, now="known")
    ((histories, now),) = scorer.asked
    assert now is not None
    assert now.tolist() == [700, 20]
    assert histories.time.tolist() == [500, 600, 10]
    assert not histories.ordinal


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(5)
    items = [generator.integers(1, 30, generator.integers(1, 40)).tolist() for _ in range(60)]
    weights = generator.normal(size=(30, 30)).astype(np.float32)

    def score(histories: Histories) -> Scores:
        total = np.zeros((len(histories), 30), np.float32)
        np.add.at(total, histories.owners(), weights[histories.item])
        return total

    whole = evaluate(Made(score), cases_of(items), rows=30)
    assert len(set(whole.ranks.tolist())) > 5
    for name, value in {"MOST_CASES": 7, "BLOCK_EVENTS": 25, "BLOCK_BYTES": 1}.items():
        with monkeypatch.context() as patch:
            patch.setattr(protocol, name, value)
            parts = evaluate(Made(score), cases_of(items), rows=30)
        assert parts.ranks.tolist() == whole.ranks.tolist()
        assert parts.top.tolist() == whole.top.tolist()


def test_blocks_are_bounded_by_events(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "BLOCK_EVENTS", 6)
    scorer = Fixed(1, 2, 3)
    evaluate(scorer, cases_of([[1] * 3, [1] * 4, [1] * 2, [1] * 20, [1]]), rows=4, seen="keep")
    assert [block.lengths.tolist() for block, _ in scorer.asked] == [[2, 3, 1], [19], [0]]


@given(
    st.lists(st.lists(st.integers(1, 6), min_size=1, max_size=5), min_size=1, max_size=5),
    st.lists(st.sampled_from([0.0, 1.0, 2.0, np.nan, -np.inf]), min_size=6, max_size=6),
    st.sampled_from(list(Seen)),
)
def test_agrees_with_the_definition(
    items: list[list[int]], scores: list[float], seen: Seen
) -> None:
    found = evaluate(Fixed(*scores), cases_of(items), rows=7, seen=seen)
    for history, rank in zip(items, found.ranks.tolist(), strict=True):
        *before, target = history
        hidden = set(before) if seen is Seen.MASK else set()
        left = {item: score for item, score in enumerate(scores, 1) if item not in hidden}
        left = {item: score for item, score in left.items() if score > -np.inf}  # NaN is not
        own = left.pop(target, None)
        expected = MISS if own is None else 1 + sum(other >= own for other in left.values())
        assert rank == expected


def test_take_keeps_ranks_lists_and_cases_together() -> None:
    found: CaseRanks = evaluate(Fixed(5, 4, 3, 2), cases_of([[1, 3], [2], [1, 4]]), rows=5)
    taken = found.take(np.array([2, 1]))
    assert taken.ranks.tolist() == [3, 2]
    assert taken.cases.target.tolist() == [4, 2]
    assert taken.top[:, 0].tolist() == [2, 1]
    assert (len(taken), taken.now, taken.name) == (2, Now.HIDDEN, "fixed")


def test_progress_ends_at_the_number_of_cases() -> None:
    told: list[tuple[str, float, float | None, str]] = []

    def progress(label: str, done: float, total: float | None, /, detail: str = "") -> None:
        told.append((label, done, total, detail))

    evaluate(Fixed(1, 2, 3), cases_of([[1], [2], [3]]), rows=4, progress=progress)
    assert told == [("evaluate fixed", 0, 3, ""), ("evaluate fixed", 3, 3, "")]


class TestRefusals:
    def test_words_that_mean_nothing(self) -> None:
        with pytest.raises(HabitusError, match=r"seen is 'hide'.*mask, keep"):
            evaluate(Fixed(1, 2), cases_of([[1]]), rows=3, seen="hide")
        with pytest.raises(HabitusError, match=r"now is 'later'.*hidden, known"):
            evaluate(Fixed(1, 2), cases_of([[1]]), rows=3, now="later")

    def test_now_of_ordinal_data(self) -> None:
        with pytest.raises(HabitusError, match="ordinal data"):
            evaluate(Fixed(1, 2), cases_of([[1]]), rows=3, now="known")

    def test_no_cases(self) -> None:
        with pytest.raises(HabitusError, match="no case"):
            evaluate(Fixed(1, 2), cases_of([[1]]).take(np.array([], np.int64)), rows=3)

    def test_scores_of_another_shape_or_kind(self) -> None:
        with pytest.raises(HabitusError, match=r"shape \(1, 3\).*4 catalogue rows"):
            evaluate(Fixed(1, 2), cases_of([[1]]), rows=4)
        whole = Made(lambda histories: np.ones((len(histories), 3), np.int64))  # type: ignore[arg-type,return-value]
        with pytest.raises(HabitusError, match="int64"):
            evaluate(whole, cases_of([[1]]), rows=3)
