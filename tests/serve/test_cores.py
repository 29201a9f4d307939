"""Workers are kept to a core each, where there are as many workers as cores; what they begin is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from habitus.serve import cores

if not hasattr(os, "sched_getaffinity"):
    pytest.skip("only Linux keeps a process to a core", allow_module_level=True)

ALL = os.sched_getaffinity(0)
WORKER = """
import json, os, subprocess, sys
from habitus.serve import cores
cores.keep_to_one(int(sys.argv[1]), int(sys.argv[2]))
child = subprocess.Popen(["sleep", "60"])
before = sorted(os.sched_getaffinity(child.pid))
cores.give_all(child.pid)
after = sorted(os.sched_getaffinity(child.pid))
child.kill()
print(json.dumps([sorted(os.sched_getaffinity(0)), before, after]))
"""


def worker(place: int, workers: int) -> tuple[set[int], set[int], set[int]]:
    """The cores of a worker, and of what it began, before and after that was given all."""
    words = [sys.executable, "-c", WORKER, str(place), str(workers)]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    own, before, after = map(set, json.loads(said))
    return own, before, after


def test_as_many_workers_as_cores_have_one_each() -> None:
    found = [worker(place, len(ALL))[0] for place in range(len(ALL))]
    assert all(len(each) == 1 for each in found)
    assert set.union(*found) == ALL


def test_more_workers_than_cores_share_them() -> None:
    assert worker(len(ALL), len(ALL) + 1)[0] == worker(0, len(ALL) + 1)[0]


def test_fewer_workers_than_cores_run_where_they_like() -> None:
    assert worker(0, len(ALL) - 1)[0] == ALL


def test_what_a_worker_begins_may_run_everywhere() -> None:
    own, before, after = worker(0, len(ALL))
    assert before == own
    assert after == ALL


def test_elsewhere_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "ALLOWED", frozenset())
    cores.keep_to_one(0, 1)
    cores.give_all(os.getpid())
    assert os.sched_getaffinity(0) == ALL
