"""Every benchmark of the service runs through with real servers, at sizes that say nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks import (
    service_observe,
    service_read_your_writes,
    service_soak,
    service_start,
    service_throughput,
)

Run = Callable[..., dict[str, Any]]
pytestmark = pytest.mark.skipif(
    not Path("/proc/net/tcp").exists(), reason="the benchmarks of the service read /proc"
)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stores")


@pytest.fixture
def run(stores: Path, tmp_path: Path) -> Run:
    """The record of a benchmark on a tiny store."""

    def measured(main: Callable[[list[str]], None], *words: str, workers: int = 1) -> Any:
        out = tmp_path / "record.json"
        sizes = ["--items=120", "--users=600", "--events=12", "--dim=16", f"--workers={workers}"]
        main([*sizes, f"--stores={stores}", f"--out={out}", *words])
        record = json.loads(out.read_text())
        assert {"benchmark", "date", "machine", "commit", "load_average_before"} <= record.keys()
        assert record["store"]["events"] == 600 * 12
        return record

    return measured


def test_throughput(run: Run) -> None:
    found = run(
        service_throughput.main,
        *("--seconds=1", "--warm=0.1", "--connections=2", "--open-connections=4", "--known=10"),
        *("--rounds=1", "--mixes", "mixed", "--peer-threads", "1", "--no-training"),
    )
    mine, theirs = found["mixed"]["ours"][0], found["mixed"]["peer"][0]
    assert mine["errors"] == theirs[0]["errors"] == {}
    assert mine["cache"]["hit"] > 0
    assert mine["half"]["recommend"]["calls"] > 0
    assert found["mixed"]["ratio"] > 0


def test_observe(run: Run) -> None:
    found = run(
        service_observe.main,
        *(
            "--seconds=0.5",
            "--warm=0.1",
            "--threads=8",
            "--connections=8",
            "--syncs=5",
            "--rounds=1",
        ),
    )
    assert found["fsync"][0]["calls"] == 5
    assert (
        found["http_grouped"][0]["errors"] == found["http_one_transaction_each"][0]["errors"] == {}
    )
    assert found["threads_ratio"] > 0
    assert found["http_ratio"] > 0


def test_read_your_writes(run: Run) -> None:
    found = run(
        service_read_your_writes.main,
        *("--pairs=10", "--seconds=1", "--connections=4", "--asked=6"),
        workers=2,
    )
    assert found["pairs"] > 0
    assert found["reflected_share"] == 1.0, found["missed"]


def test_soak(run: Run) -> None:
    found = run(
        service_soak.main,
        *("--requests=150", "--connections=4", "--asked=20", "--cached=5"),
    )
    assert found["requests"] == 150
    assert found["errors"] == {}
    assert found["workers_lived"]
    assert found["mib_by_quarter"][3] > 0
    assert not found["reached"]  # so few requests show nothing


def test_start(run: Run) -> None:
    found = run(service_start.main, "--repeats=1")
    assert len(found["starts"]) == 1
    assert 0 < found["ready_seconds_median"] == found["ready_seconds_worst"]
