"""How long a profile takes: of one user with about 2,000 events, and of everybody in MovieLens-1M.

    python -m benchmarks.profile_speed [--out FILE]

One user through the engine, from the log on disk: nothing kept of them, and read once more; and a user
of exactly 2,000 events, the first of the user who has most; each in a new process. Everybody in as many
processes as there are cores, each with the store open, after the statistics of all users were fitted
(timed apart). One thread a process.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.latency import summary
from benchmarks.report import emit
from benchmarks.stores import open_store, parser
from habitus.engine import Engine

DATA = "movielens-1m"
LARGE = (1_500, 2_500)  # events of the users that stand for one with 2,000
EXACTLY = 2_000  # first events of the largest user, as a user of their own
Measure = Callable[[Path, int], dict[str, object]]
ROUNDS = 5  # new processes for that user: the machine's speed drifts, and the median counts
LIMITS = {"one_user_ms": 50.0, "everybody_s": 120.0}


def one_user(folder: Path, repeats: int) -> dict[str, object]:
    """The largest users, one after the other: cold, and once more."""
    cold, again, events = [], [], []
    with Engine.open(folder, create=False) as engine:
        last = engine.store.histories(engine.store.catalogue())
        wanted = [
            (str(last.user_ids[row]), int(last.lengths[row]))
            for row in np.flatnonzero((last.lengths >= LARGE[0]) & (last.lengths <= LARGE[1]))
        ]
        now = int(last.time.max())
        engine.profile(wanted[0][0], now)  # opens what every later call shares
        for _ in range(repeats):
            for user_id, length in wanted:
                engine._profiles.forget(user_id)
                for times in (cold, again):
                    began = time.perf_counter()
                    engine.profile(user_id, now)
                    times.append((time.perf_counter() - began) * 1e3)
                events.append(length)
    return {
        "users": len(wanted),
        "events_median": int(np.median(events)),
        "nothing_kept": summary(cold),
        "once_more": summary(again),
    }


def exactly(folder: Path, repeats: int) -> dict[str, object]:
    """A user of exactly so many events, of whom nothing is kept."""
    taken = []
    with Engine.open(folder, create=False) as engine:
        last = engine.store.histories(engine.store.catalogue())
        most = str(last.user_ids[int(last.lengths.argmax())])
        now, user = int(last.time.max()), f"the first of {most}"
        if not engine.store.revision(user):
            first = engine.history(most)[:EXACTLY]
            engine.observe([replace(each, user_id=user, event_id=None) for each in first])
        engine.profile(most, now)
        for _ in range(repeats):
            engine._profiles.forget(user)
            began = time.perf_counter()
            made = engine.profile(user, now)
            taken.append((time.perf_counter() - began) * 1e3)
    return {
        "events": made.events,
        "propositions": len(made.propositions),
        "nothing_kept": summary(taken),
    }


def _some(task: tuple[Path, list[str], int]) -> tuple[int, int]:
    """The profiles of some users: how many, and how many propositions."""
    folder, users, now = task
    with Engine.open(folder, create=False) as engine:
        made = sum(len(engine.profile(user_id, now).propositions) for user_id in users)
    return len(users), made


def everybody(folder: Path, processes: int) -> dict[str, object]:
    """All users' profiles, shared out over processes."""
    with Engine.open(folder, create=False) as engine:
        users = [each.user_id for each in engine.store.users()]
        now = int(engine.store.histories(engine.store.catalogue()).time.max())
    began = time.perf_counter()
    with ProcessPoolExecutor(processes) as pool:
        done = list(
            pool.map(_some, [(folder, users[at::processes], now) for at in range(processes)])
        )
    return {
        "users": sum(count for count, _ in done),
        "propositions": sum(made for _, made in done),
        "processes": processes,
        "seconds": round(time.perf_counter() - began, 1),
    }


def apart(measure: Measure, folder: Path, repeats: int) -> dict[str, object]:
    """A measurement in a new process: who serves profiles does not fit populations beside it."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(measure, folder, repeats).result()


def main() -> None:
    made = parser((__doc__ or "").split("\n", 1)[0])
    made.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    made.add_argument("--repeats", type=int, default=3)
    args = made.parse_args()
    store = open_store(DATA, args.data)
    place = store.folder
    store.close()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(shutil.copytree(place, Path(scratch) / "store"))
        with Engine.open(folder, create=False) as engine:
            began = time.perf_counter()
            engine.learn_everybody()
            fitted = round(time.perf_counter() - began, 1)
        one = apart(one_user, folder, args.repeats)
        every = everybody(folder, args.processes)
        rounds = [apart(exactly, folder, 10 * args.repeats) for _ in range(ROUNDS)]  # adds a user
    exact = statistics.median(each["nothing_kept"]["median_ms"] for each in rounds)  # type: ignore[index]
    reached = {
        "one_user_ms": exact < LIMITS["one_user_ms"],
        "everybody_s": every["seconds"] < LIMITS["everybody_s"],  # type: ignore[operator]
    }
    fields = {
        "data": DATA,
        "fit_seconds": fitted,
        "one_user": one,
        "exactly_median_ms": exact,
        "exactly": rounds,
        "everybody": every,
    }
    emit("profile_speed", {**fields, "limits": LIMITS, "reached": reached}, args.out)


if __name__ == "__main__":
    main()
