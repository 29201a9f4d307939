from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from habitus.events.catalogue import Catalogue
from habitus.events.histories import PADDING_TYPE, from_lists
from habitus.model import train as train_module
from habitus.model.network import Network
from habitus.model.recipe import Recipe
from habitus.model.train import RunOptions, train
from habitus.model.trained import TrainedModel
from habitus.testing import worlds
from habitus.testing.conformance import tiny
from habitus.types import EventType, HabitusError, Role

WORLD = worlds.timed(users=20, items=12, length=9, groups=3)


def small(name: str = "default", **training: object) -> Recipe:
    given = {
        f"training.{key}": value for key, value in {"epochs": 4, "tokens": 30, **training}.items()
    }
    return tiny(name, given)


def trained(
    recipe: Recipe,
    judge: Callable[[TrainedModel], float] | None = None,
    progress: Any = None,
    **options: Any,
) -> TrainedModel:
    chosen = RunOptions(threads=1, device="cpu", **{"narrow": False, **options})
    more = {} if progress is None else {"progress": progress}
    return train(recipe, WORLD.histories, WORLD.catalogue, judge, chosen, **more)


def weights(model: TrainedModel) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in model.network.state_dict().items()}


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return all(torch.equal(value, other[name]) for name, value in one.items())


class Interrupt:
    """A progress display at which somebody presses Ctrl-C in one epoch."""

    def __init__(self, epoch: int) -> None:
        self.epoch = f"epoch {epoch},"

    def __call__(self, label: str, done: float, total: float | None, /, detail: str = "") -> None:
        if detail.startswith(self.epoch):
            raise KeyboardInterrupt


class Clock:
    """A clock that goes on by one second whenever somebody looks at it."""

    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(train_module, "time", SimpleNamespace(perf_counter=made.perf_counter))
    return made


@pytest.mark.parametrize("average", [0.0, 0.9])
def test_a_resumed_training_gives_exactly_the_weights_of_an_uninterrupted_one(
    tmp_path: Path, average: float
) -> None:
    whole = trained(small(average=average))
    first = trained(small(average=average), progress=Interrupt(3), resume=tmp_path)
    assert first.report["epochs"] == 2
    assert not same(weights(first), weights(whole))
    second = trained(small(average=average), resume=tmp_path)
    assert second.report["epochs"] == 4
    assert second.report["stopped"] == "all epochs done"
    assert same(weights(second), weights(whole))


@pytest.mark.usefixtures("clock")
def test_ctrl_c_keeps_the_best_model_so_far_and_says_so() -> None:
    seen: list[dict[str, Tensor]] = []

    def judge(model: TrainedModel) -> float:
        seen.append(weights(model))
        return [0.1, 0.5, 0.3][len(seen) - 1]

    model = trained(small(epochs=9), judge, Interrupt(4))
    assert len(seen) == 3
    assert same(weights(model), seen[1])
    assert model.report["stopped"] == "interrupted"
    assert model.report["budget_limited"] is True
    assert model.report["best_epoch"] == 2
    assert model.report["validation_ndcg@10"] == 0.5


def test_ctrl_c_in_the_first_epoch_still_gives_a_model() -> None:
    model = trained(small(), lambda model: 0.0, Interrupt(1))
    assert model.report["stopped"] == "interrupted"
    assert np.isfinite(model.score(WORLD.histories, None)[:, 1:]).all()


@pytest.mark.usefixtures("clock")
def test_minutes_end_a_training_and_are_said_to_have_limited_it() -> None:
    model = trained(small(epochs=50), minutes=0.2)
    assert model.report["steps"] == 12
    assert model.report["stopped"] == "time is up"
    assert model.report["budget_limited"] is True


@pytest.mark.usefixtures("clock")
def test_it_stops_when_it_no_longer_improves() -> None:
    model = trained(small(epochs=30, patience=2), lambda model: 0.5)
    assert model.report["stopped"] == "no longer improving"
    assert model.report["epochs"] == 3
    assert model.report["best_epoch"] == 1
    assert model.report["budget_limited"] is False


@pytest.mark.parametrize(("minutes", "most"), [(60.0, 10), (None, 30)])
def test_where_minutes_are_counted_judging_takes_a_fifth_of_them(
    clock: Clock, minutes: float | None, most: int
) -> None:
    """Elsewhere every epoch is looked at, so that a slow machine keeps the same weights."""

    def slow(_: TrainedModel) -> float:
        clock.now += 60
        return clock.now

    model = trained(small(epochs=30), slow, minutes=minutes)
    looks = len(model.report["curve"])
    assert looks == most if minutes is None else 2 <= looks < most
    assert model.report["curve"][-1]["epoch"] == 30  # the end is always looked at


def test_dropout_stays_on_after_a_look_at_validation(monkeypatch: pytest.MonkeyPatch) -> None:
    training: list[bool] = []
    encode = Network.encode

    def watched(self: Network, *given: Any) -> Tensor:
        if torch.is_grad_enabled():
            training.append(self.training)
        return encode(self, *given)

    monkeypatch.setattr(Network, "encode", watched)
    trained(small(epochs=3), lambda model: float(model.score(WORLD.histories, None)[0, 1]))
    assert len(training) > 3
    assert all(training)


def test_without_a_judge_the_last_epoch_is_kept() -> None:
    model = trained(small(epochs=2))
    assert model.report["epochs"] == 2
    assert model.report["validation_ndcg@10"] is None


def test_a_running_mean_of_the_weights_is_what_is_judged_and_kept() -> None:
    """With a decay of ½ a mean of all steps: nearer to the last weights than the first ones are."""
    seen: list[dict[str, Tensor]] = []

    def judge(model: TrainedModel) -> float:
        seen.append(weights(model))
        return float(len(seen))

    kept = weights(trained(small(average=0.5), judge))
    last = weights(trained(small()))
    assert same(kept, seen[-1])
    assert not same(kept, last)
    near, far = (
        sum(float((one[name] - last[name]).norm()) for name in last) for one in (kept, seen[0])
    )
    assert 0 < near < far / 2


def test_seeds_repeat_and_matter() -> None:
    one, again, other = (trained(small(epochs=1), seed=seed) for seed in (1, 1, 2))
    assert same(weights(one), weights(again))
    assert not same(weights(one), weights(other))


@pytest.mark.parametrize("name", ["default", "sasrec", "gsasrec", "gru4rec"])
def test_training_in_bf16_is_near_training_in_fp32(name: str) -> None:
    """After one epoch at a small rate: a loss or gradient gone wrong would show."""
    recipe = small(name, epochs=1, learning_rate=1e-3)
    wide, narrow = (trained(recipe, narrow=choice) for choice in (False, True))
    assert narrow.report["precision"] == "bf16"
    one, other = (model.score(WORLD.histories, None)[:, 1:].ravel() for model in (wide, narrow))
    assert np.corrcoef(one, other)[0, 1] > 0.98


def test_progress_rises_to_the_end() -> None:
    shares: list[float] = []
    trained(small(epochs=2), progress=lambda label, done, total, detail="": shares.append(done))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_nothing_to_learn_from_is_an_error() -> None:
    single = from_lists([[1], [2]])
    with pytest.raises(HabitusError, match="nothing to learn from"):
        train(small(), single, Catalogue.of_ids(["a", "b"]), None)


def test_a_loss_that_runs_away_is_an_error() -> None:
    with pytest.raises(HabitusError, match=r"no longer a number.*learning_rate"):
        trained(small(learning_rate=1e30, warmup=0.0))


def test_events_that_are_not_positive_are_read_and_never_targets() -> None:
    types = (PADDING_TYPE, EventType("view"), EventType("skip", Role.NEGATIVE))
    histories = from_lists([[1, 2, 3, 1]] * 3, None, types, [[1, 2, 1, 1]] * 3)
    model = train(
        small(epochs=1), histories, Catalogue.of_ids(["a", "b", "c"]), None, RunOptions(threads=1)
    )
    assert model.origin.counts.tolist() == [0, 6, 0, 3]
    assert np.isneginf(model.score(histories, None)[:, 2]).all()


def test_the_report_says_what_was_done() -> None:
    report = trained(small(epochs=2), lambda model: 0.25, seed=7).report
    assert (report["recipe"], report["seed"], report["users"]) == ("default", 7, 20)
    assert (report["device"], report["precision"], report["threads"]) == ("cpu", "fp32", 1)
    assert report["events"] == 180
    assert report["curve"][0]["ndcg@10"] == 0.25
