"""The table: what stands in one group, what is compared with what, what it says of itself."""

import json

import numpy as np
import pytest

from habitus.evaluate.intervals import holm, interval, paired
from habitus.evaluate.metrics import ndcg
from habitus.evaluate.protocol import CaseRanks, Now, Seen
from habitus.evaluate.ranks import MISS
from habitus.evaluate.report import (
    NOW_KNOWN,
    NOW_KNOWN_WITH_GAP,
    TIME_HIDDEN,
    About,
    Run,
    make_table,
    weakness,
)
from habitus.events.catalogue import attribute_column
from habitus.events.histories import from_lists
from habitus.events.split import Cases, leave_one_out, temporal
from habitus.types import HabitusError

ABOUT = About("made-up", "leave-one-out", variant="three users")
CASES = leave_one_out(from_lists([[1, 2], [3, 4], [5, 6]], [[0, 9], [5, 5], [0, 7]])).test


def run(
    name: str,
    ranks: list[int],
    now: Now = Now.HIDDEN,
    cases: Cases = CASES,
    seen: Seen = Seen.MASK,
    notes: tuple[str, ...] = (),
) -> Run:
    top = np.tile(np.arange(1, 21, dtype=np.int32), (len(ranks), 1))
    found = CaseRanks(name, cases, np.array(ranks), top, 41, seen, now)
    return Run(found, 12.5, notes)


def test_values_are_means_over_users_with_their_intervals() -> None:
    table = make_table([run("a", [1, 3, MISS])], ABOUT)
    (group,) = table.groups
    (row,) = group.rows
    assert (group.title, group.users, group.cases) == (TIME_HIDDEN, 3, 3)
    assert row.metrics["NDCG@10"].value == pytest.approx(0.5)
    assert row.metrics["NDCG@10"] == interval(ndcg(np.array([1, 3, MISS]), 10))
    assert row.metrics["HR@1"].value == pytest.approx(1 / 3)
    assert row.train_seconds == 12.5
    assert (table.items, table.seen) == (40, "mask")


def test_lists_are_described_at_every_cutoff() -> None:
    counts = np.ones(41, np.int64)
    counts[0] = 0
    row = make_table([run("a", [1, 2, 3])], ABOUT, train_counts=counts).groups[0].rows[0]
    assert row.lists["coverage@10"] == 10 / 40
    assert row.lists["corrected Gini@10"] == pytest.approx(1.0)
    assert row.lists["novelty@20"] == pytest.approx(np.log2(40))
    assert "novelty@10" not in make_table([run("a", [1, 2, 3])], ABOUT).groups[0].rows[0].lists


def test_an_attribute_adds_diversity_and_calibration() -> None:
    genres = attribute_column([[], *([["a"]] * 40)])
    row = make_table([run("a", [1, 2, 3])], ABOUT, attribute=genres).groups[0].rows[0]
    assert (row.lists["diversity@10"], row.lists["calibration@10"]) == (0.0, 0.0)


def test_what_knows_now_is_never_ranked_with_what_does_not() -> None:
    runs = [run("a", [1, 1, 1], Now.KNOWN), run("b", [2, 2, 2]), run("c", [3, 1, 3], Now.KNOWN)]
    groups = {group.title: group for group in make_table(runs, ABOUT).groups}
    assert [row.model for row in groups[TIME_HIDDEN].rows] == ["b"]
    assert [row.model for row in groups[NOW_KNOWN].rows] == ["a", "c"]
    assert [row.model for row in groups[NOW_KNOWN_WITH_GAP].rows] == ["a", "c"]


def test_the_third_group_asks_only_users_whose_last_gap_is_above_zero() -> None:
    table = make_table([run("a", [1, MISS, 3], Now.KNOWN)], ABOUT)
    whole, gapped = table.groups
    assert (whole.users, gapped.users) == (3, 2)
    assert whole.rows[0].metrics["NDCG@10"].value == pytest.approx(1.5 / 3)
    assert gapped.rows[0].metrics["NDCG@10"].value == pytest.approx(1.5 / 2)


def test_rows_are_sorted_by_the_headline_metric() -> None:
    runs = [run("worst", [9, 9, 9]), run("best", [1, 1, 1]), run("middle", [2, 2, 2])]
    rows = make_table(runs, ABOUT).groups[0].rows
    assert [row.model for row in rows] == ["best", "middle", "worst"]


def test_differences_are_paired_and_corrected_for_all_comparisons() -> None:
    generator = np.random.default_rng(0)
    cases = leave_one_out(from_lists([[1, 2]] * 40)).test
    ranks = {name: generator.integers(1, 15, 40).tolist() for name in ("base", "b", "c")}
    runs = [run(name, own, cases=cases) for name, own in ranks.items()]
    rows = {row.model: row for row in make_table(runs, ABOUT, reference="base").groups[0].rows}
    assert rows["base"].difference is None
    base = ndcg(np.array(ranks["base"]), 10)
    expected = [paired(ndcg(np.array(ranks[name]), 10), base) for name in ("b", "c")]
    assert rows["b"].difference == expected[0]
    corrected = holm(np.array([difference.p for difference in expected]))
    assert [rows["b"].p_holm, rows["c"].p_holm] == corrected.tolist()


def test_a_group_without_the_reference_has_no_differences() -> None:
    runs = [run("base", [1, 2, 3]), run("a", [1, 1, 1], Now.KNOWN)]
    table = make_table(runs, ABOUT, reference="base")
    assert all(row.difference is None for group in table.groups for row in group.rows)


def test_users_with_several_cases_count_once() -> None:
    cases = CASES.take(np.array([0, 0, 0, 1]))
    group = make_table([run("a", [1, 1, MISS, MISS], cases=cases)], ABOUT).groups[0]
    assert (group.users, group.cases) == (2, 4)
    assert group.rows[0].metrics["HR@10"].value == pytest.approx((2 / 3 + 0) / 2)


def test_json_reads_back_and_has_null_for_what_does_not_exist() -> None:
    empty = run("none", [MISS, MISS, MISS])
    empty.ranks.top[:] = 0
    runs = [empty, run("a", [1, 2, 3], notes=("stopped early",))]
    found = json.loads(make_table(runs, ABOUT, reference="a").to_json())
    assert found["about"]["variant"] == "three users"
    assert found["groups"][0]["title"] == TIME_HIDDEN
    best, worst = found["groups"][0]["rows"]
    assert best["notes"] == ["stopped early"]
    assert set(best["metrics"]["HR@10"]) == {"value", "low", "high"}
    assert worst["lists"]["Gini@10"] is None
    assert worst["difference"]["value"] == -best["metrics"]["NDCG@10"]["value"]


class TestWeakness:
    def test_names_the_share_of_later_training_events(self) -> None:
        histories = from_lists([[1, 2, 3, 4]] * 2, [[0, 1, 2, 3], [10, 11, 12, 13]])
        # the median of 3 and 13 is 8: later are 10 and 11, of four training events
        assert "50% of the training events are later" in weakness(leave_one_out(histories))

    def test_is_silent_for_a_temporal_split(self) -> None:
        split = temporal(from_lists([list(range(1, 21))], [list(range(20))]))
        assert weakness(split) == ""

    def test_says_what_cannot_be_told_without_times(self) -> None:
        assert "no times" in weakness(leave_one_out(from_lists([[1, 2, 3]])))


class TestRefusals:
    def test_no_runs(self) -> None:
        with pytest.raises(HabitusError, match="at least one model"):
            make_table([], ABOUT)

    def test_other_cases(self) -> None:
        other = run("b", [1, 2, 3], cases=CASES.take(np.array([0, 2, 1])))
        with pytest.raises(HabitusError, match="a and b were not asked the same"):
            make_table([run("a", [1, 2, 3]), other], ABOUT)

    def test_another_seen_policy(self) -> None:
        with pytest.raises(HabitusError, match="not asked the same"):
            make_table([run("a", [1, 2, 3]), run("b", [1, 2, 3], seen=Seen.KEEP)], ABOUT)

    def test_two_rows_of_one_name(self) -> None:
        with pytest.raises(HabitusError, match="same name: a"):
            make_table([run("a", [1, 2, 3]), run("a", [1, 2, 3])], ABOUT)

    def test_an_unknown_reference(self) -> None:
        with pytest.raises(HabitusError, match=r"no model 'easy'.*a, b"):
            make_table([run("b", [1, 2, 3]), run("a", [1, 2, 3])], ABOUT, reference="easy")

    def test_an_unknown_headline(self) -> None:
        with pytest.raises(HabitusError, match=r"no metric 'AUC'.*NDCG@10"):
            make_table([run("a", [1, 2, 3])], ABOUT, headline="AUC")
