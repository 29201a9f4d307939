"""The benchmarks' own arithmetic, on made-up readings: a wrong ratio would be a wrong claim."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from benchmarks.ours import evaluation, training
from benchmarks.ours import latency as our_latency
from benchmarks.peers import environment
from benchmarks.quality_runs import GAP, HIDDEN, KNOWN, Found, Run

from benchmarks import (
    children,
    evaluation_speed,
    latency,
    quality,
    quality_runs,
    quality_table,
    training_speed,
)
from habitus.events.catalogue import Catalogue
from habitus.events.histories import from_lists
from habitus.events.split import leave_one_out


def reading(targets: list[int], seconds: list[float], ndcg: list[float], **more: Any) -> Any:
    spent = np.cumsum(seconds)
    curve = [{"seconds": s, "ndcg@10": n} for s, n in zip(spent, ndcg, strict=False)]
    return {"epoch_targets": targets, "epoch_seconds": seconds, "curve": curve, **more}


def test_a_rate_is_the_median_over_epochs() -> None:
    assert training_speed.rate(reading([100, 100, 100], [1.0, 2.0, 4.0], [])) == 50.0


def test_time_to_a_level_is_the_first_look_that_reached_it() -> None:
    made = reading([1, 1, 1], [10.0, 10.0, 10.0], [0.05, 0.10, 0.09])
    assert training_speed.time_to(made, 0.10) == 20.0
    assert training_speed.time_to(made, 0.11) is None


def test_speed_is_our_worse_reading_against_the_better_batch_size() -> None:
    ours = [reading([80], [1.0], [0.1]), reading([60], [1.0], [0.1])]
    peers = [reading([10], [1.0], [0.0], batch=32), reading([20], [1.0], [0.0], batch=128)]
    found = training_speed.compare(ours, peers, None)
    assert found["targets_per_second_ratio"] == 3.0
    assert found["peer_targets_per_second"] == {"32": 10, "128": 20}


def test_time_ratio_takes_the_faster_peer_and_our_slower_reading() -> None:
    ours = [reading([1], [30.0], [0.2]), reading([1], [50.0], [0.2])]
    peers = [
        reading([1, 1], [100.0, 100.0], [0.05, 0.10], batch=32),
        reading([1, 1], [200.0, 200.0], [0.05, 0.10], batch=128),
    ]
    found = training_speed.compare(ours, peers, 0.10)
    assert found["time_ratio"] == 4.0
    assert found["time_ratio_is_lower_bound"] is False


def test_a_peer_that_never_got_there_gives_a_lower_bound() -> None:
    ours = [reading([1], [50.0], [0.2])]
    peers = [reading([1, 1], [100.0, 100.0], [0.05, 0.06], batch=32)]
    found = training_speed.compare(ours, peers, 0.10)
    assert found["time_ratio"] == 4.0
    assert found["time_ratio_is_lower_bound"] is True
    assert found["peer_seconds_to_reach"] == {"32": None}


def test_no_ratio_where_we_did_not_get_there() -> None:
    ours = [reading([1], [50.0], [0.2]), reading([1], [50.0], [0.01])]
    peers = [reading([1], [100.0], [0.2], batch=32)]
    assert training_speed.compare(ours, peers, 0.10)["time_ratio"] is None


def test_latency_reports_median_percentile_and_ratio() -> None:
    found = latency.compare({"unknown": [1.0, 2.0, 9.0]}, [10.0, 10.0, 10.0])
    assert found["ours"]["unknown"]["median_ms"] == 2.0
    assert found["ours"]["unknown"]["p95_ms"] == pytest.approx(8.3)
    assert found["ratio"] == {"unknown": 5.0}


def test_latency_without_a_peer_is_ours_alone() -> None:
    found = latency.compare({"unknown": [1.0, 2.0, 9.0]}, None)
    assert found["ours"]["unknown"]["median_ms"] == 2.0
    assert found["peer_fresh_history"] is None
    assert found["ratio"] is None


def test_latency_makes_no_environment_for_the_peer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(environment.VARIABLE, raising=False)
    monkeypatch.setattr(latency, "PYTHON", tmp_path / "absent")
    assert latency.peer_python() is None
    assert "measuring ours alone" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    monkeypatch.setenv(environment.VARIABLE, str(tmp_path / "absent"))
    with pytest.raises(RuntimeError, match="does not import"):
        latency.peer_python()


def test_what_is_left_after_encoding_is_taken_round_by_round() -> None:
    found = evaluation_speed.summary([5.0, 6.0, 9.0], [4.0, 4.5, 8.8])
    assert found["after_encoding_s"] == 1.0
    assert found["after_encoding_worst_s"] == 1.5
    assert found["encoding_s"] == 4.5
    assert found["total_s"] == 6.0


def test_a_stopwatch_adds_up_only_its_own_calls() -> None:
    ticks = iter([10.0, 13.0, 20.0, 21.0])
    watch = evaluation.Stopwatch(lambda x: x + 1, clock=lambda: next(ticks))
    assert watch(1) == 2
    assert watch(5) == 6
    assert watch.seconds == 4.0


def test_our_training_seconds_leave_the_looks_out() -> None:
    world = from_lists([[1, 2, 3], [2, 3, 1]])
    cases = leave_one_out(world).test
    ticks = iter([100.0, 110.0, 115.0, 125.0, 130.0])
    watch = training.Watch(cases, 4, clock=lambda: next(ticks))
    watch.start()
    model = SimpleNamespace(
        name="made up",
        report={"epochs": 1},
        score=lambda histories, _now: np.zeros((len(histories), 4), np.float32),
    )
    assert watch(model) == pytest.approx(1.0)  # all else was seen, so the target comes first
    watch(model)
    assert [look["seconds"] for look in watch.curve] == [10.0, 20.0]


def test_our_epochs_are_the_stretches_between_looks() -> None:
    curve = [
        {"seconds": 10.0, "epochs": 1.0},
        {"seconds": 28.0, "epochs": 3.0},
        {"seconds": 30.0, "epochs": 4.0},
    ]
    assert training.epochs(curve, 100, cut_short=True) == ([10.0, 18.0], [100, 200])
    assert training.epochs(curve, 100, cut_short=False) == ([10.0, 18.0, 2.0], [100, 200, 100])


def test_made_users_end_like_real_ones_and_reach_every_length() -> None:
    world = from_lists([list(range(1, 9)), [1, 2]], [list(range(8)), [1, 2]])
    ids = Catalogue.of_ids([f"i{row}" for row in range(1, 9)])
    users = list(our_latency.made_users(world, ids, length=3, count=4, spread=2))
    assert [len(events) for events in users] == [4, 5, 4, 5]  # one more, which is observed later
    assert [event.item_id for event in users[0]] == ["i5", "i6", "i7", "i8"]
    assert {event.user_id for event in users[2]} == {"latency-2"}
    with pytest.raises(ValueError, match="no user"):
        next(our_latency.made_users(world, ids, length=8, count=1, spread=2))


def test_the_plan_keeps_moments_apart_and_baselines_without_budget() -> None:
    runs = {each.name: each for each in quality_runs.plan({"*": 30.0, "default": 60.0})}
    assert runs["movielens-1m/leave-one-out/default"].moments == (HIDDEN, KNOWN)
    assert runs["amazon-beauty/leave-one-out/default"].moments == (HIDDEN,)
    assert runs["movielens-1m/leave-one-out/default"].minutes == 60.0
    assert runs["movielens-1m/leave-one-out/gru4rec"].minutes == 30.0
    assert runs["movielens-1m/leave-one-out/ease"].minutes is None
    assert runs["movielens-1m/temporal/popularity-7-days"].moments == (KNOWN,)
    assert len(runs) == 26


def test_budgets_are_read_from_words() -> None:
    assert quality.budgets(["default=5", "*=2"]) == {"default": 5.0, "*": 2.0}
    with pytest.raises(ValueError, match="no budget"):
        quality.budgets(["default"])


def made_run(recipe: str, ranks: dict[str, list[int]], store: str = "abc") -> Found:
    return Found(
        {
            "data": "made-up",
            "protocol": "leave-one-out",
            "recipe": recipe,
            "moments": list(ranks),
            "coverage@10": dict.fromkeys(ranks, 0.5),
            "train_seconds": 1.0,
            "budget_limited": False,
            "store": store,
        },
        {name: np.array(each, np.int64) for name, each in ranks.items()},
        {name: np.arange(len(each)) for name, each in ranks.items()},
    )


def test_the_table_has_means_intervals_and_paired_differences() -> None:
    ours = made_run("default", {HIDDEN: [1, 1, 1, 3] * 10, KNOWN: [1] * 40, GAP: [1] * 7})
    other = made_run("popularity", {HIDDEN: [1, 50, 50, 50] * 10})
    entries = quality_table.table([other, ours])
    assert [each["now"] for each in entries] == [HIDDEN, KNOWN, GAP]
    rows = {each["recipe"]: each for each in entries[0]["rows"]}
    assert rows["popularity"]["metrics"]["HR@10"]["value"] == 0.25
    assert rows["default"]["metrics"]["NDCG@10"]["value"] == pytest.approx((3 + 0.5) / 4)
    assert entries[1]["default_against_others"] == []
    differences = {each["metric"]: each for each in entries[0]["default_against_others"]}
    assert differences["HR@10"]["value"] == pytest.approx(0.75)
    assert 0.5 < differences["HR@10"]["low"] < 0.75 < differences["HR@10"]["high"] < 1
    assert differences["NDCG@10"]["p_holm"] == pytest.approx(2 / 2001)
    written = "\n".join(quality_table.lines(entries))
    assert "| default | 0.8750 [" in written
    assert "default − popularity, HR@10: 0.7500" in written


def test_holm_counts_the_comparisons_of_one_metric() -> None:
    ours = made_run("default", {HIDDEN: [1] * 40})
    others = [made_run(name, {HIDDEN: [50] * 40}) for name in ("a", "b", "c")]
    found = quality_table.table([ours, *others])[0]["default_against_others"]
    assert [each["p_holm"] for each in found] == pytest.approx([3 * 2 / 2001] * 6)


@pytest.mark.parametrize(
    "other",
    [made_run("ease", {HIDDEN: [1, 2]}), made_run("ease", {HIDDEN: [1, 2, 3]}, store="other")],
    ids=["other users", "another store"],
)
def test_runs_that_were_asked_other_things_are_not_compared(other: Found) -> None:
    ours = made_run("default", {HIDDEN: [1, 2, 3]})
    with pytest.raises(ValueError, match="not asked the same"):
        quality_table.table([ours, other])


def test_a_run_is_finished_when_its_row_is_there(tmp_path: Path) -> None:
    folder = Run("made-up", "leave-one-out", "default").folder(tmp_path)
    assert quality_runs.read(folder) is None
    made_run("default", {HIDDEN: [1, 5], GAP: [5]}).write(folder)
    found = quality_runs.read(folder)
    assert found is not None
    assert found.row["recipe"] == "default"
    np.testing.assert_array_equal(found.ranks[GAP], [5])
    (folder / "row.json").unlink()
    assert quality_runs.read(folder) is None


def test_a_measurement_in_a_process_of_its_own_answers_with_its_last_line() -> None:
    code = "import os; print('noise'); print('{\"threads\":' + os.environ['OMP_NUM_THREADS'] + '}')"
    assert children.run_json([sys.executable, "-c", code], threads=2) == {"threads": 2}


def test_a_measurement_that_fails_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="ended with 3"):
        children.run_json([sys.executable, "-c", "raise SystemExit(3)"])


def test_a_named_peer_environment_must_have_the_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(environment.VARIABLE, "/nowhere/python")
    with pytest.raises(RuntimeError, match=environment.VARIABLE):
        environment.rectools_python()


def test_rows_are_json(tmp_path: Path) -> None:
    made_run("default", {HIDDEN: [1]}).write(tmp_path)
    row = json.loads((tmp_path / "row.json").read_text())
    assert not math.isnan(row["train_seconds"])
