"""Trainings as jobs: started once, seen and stopped from any worker."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.serve.servers import until

from habitus.serve import jobs
from habitus.serve.jobs import CANCELLED, DONE, FAILED, RUNNING, Jobs
from habitus.serve.problems import Problem
from habitus.serve.trainer import Order, Outcome


class Stub:
    """A training that ends when the test says so; also the trainer that begins it."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.end = Outcome(None, "no events")
        self.orders: list[Order] = []

    def start(self, order: Order) -> Stub:
        self.orders.append(order)
        return self

    def progress(self) -> str:
        return "Training: 40 %"

    def outcome(self) -> Outcome | None:
        return self.end if self.ended.is_set() else None

    def wait(self, seconds: float) -> None:
        self.ended.wait(seconds / 10)

    def cancel(self) -> None:
        self.ended.set()


@pytest.fixture
def stub() -> Stub:
    return Stub()


@pytest.fixture
def mine(tmp_path: Path, stub: Stub) -> Iterator[Jobs]:
    made = Jobs(tmp_path, stub)
    yield made
    made.close()


@pytest.fixture
def other(tmp_path: Path) -> Jobs:
    """The same jobs as another worker sees them."""
    return Jobs(tmp_path, Stub())


ORDER = Order("shop", "default")


def test_progress_and_the_end_are_seen_by_every_worker(mine: Jobs, other: Jobs, stub: Stub) -> None:
    job = mine.start(ORDER).job
    until(lambda: other.find("shop", job).progress, "progress shows")
    assert other.find("shop", job).state == RUNNING
    stub.end = Outcome("default-2")
    stub.ended.set()
    until(lambda: other.find("shop", job).state == DONE, "the job is done")
    found = other.find("shop", job)
    assert (found.model, found.reason) == ("default-2", "")
    assert found.ended_at is not None
    assert found.ended_at >= found.started_at


def test_one_at_a_time_in_a_workspace(mine: Jobs, other: Jobs, stub: Stub) -> None:
    job = mine.start(ORDER).job
    with pytest.raises(Problem, match="runs already"):
        other.start(ORDER)
    assert mine.start(Order("another", "default")).state == RUNNING
    stub.ended.set()
    until(lambda: mine.find("shop", job).state == FAILED, "the job fails")
    assert mine.find("shop", job).reason == "no events"
    assert mine.start(ORDER).state == RUNNING


def test_any_worker_can_cancel(mine: Jobs, other: Jobs) -> None:
    job = mine.start(ORDER).job
    other.cancel("shop", job)
    until(lambda: mine.find("shop", job).state == CANCELLED, "the job is cancelled")
    assert mine.find("shop", job).model is None


def test_a_server_that_ends_ends_its_trainings(mine: Jobs, other: Jobs) -> None:
    job = mine.start(ORDER).job
    mine.close()
    assert other.find("shop", job).state == CANCELLED


def test_a_job_whose_worker_is_gone_has_failed(tmp_path: Path, mine: Jobs, other: Jobs) -> None:
    job = mine.start(ORDER).job
    mine.close()
    path = tmp_path / "shop" / f"{job}.json"
    said = json.loads(path.read_text())
    path.write_text(json.dumps(said | {"state": RUNNING, "seen_at": 1}))
    assert other.find("shop", job).state == FAILED
    assert other.find("shop", job).reason == jobs.LOST
    assert other.start(ORDER).state == RUNNING
    other.close()


@pytest.mark.parametrize("job", ["0" * 32, "..", "../shop/x", "a/b", "", "ü", "x.json"])
def test_jobs_that_are_not_there(mine: Jobs, job: str) -> None:
    for call in (mine.find, mine.cancel):
        with pytest.raises(Problem) as refused:
            call("shop", job)
        assert refused.value.kind.status == 404
