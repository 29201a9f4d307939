"""Events from many threads into one store, and what one transaction for each costs on that disk."""

from __future__ import annotations

import itertools
import os
import sqlite3
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.load import percentiles
from benchmarks.ours.common import answer
from habitus.events.store import Store
from habitus.types import Event

COLUMNS = "user_id, event_type, timestamp, item_id, event_id"


def made(number: int) -> Event:
    now = time.time_ns() // 1_000
    return Event(f"u{number % 1000}", "view", now, f"i{number % 500}", event_id=f"e{number}")


def for_seconds(
    seconds: float, threads: int, job: Callable[[int], object]
) -> tuple[float, list[float]]:
    """(jobs done a second, seconds of each) by threads that do one after the other."""
    numbers, taken = itertools.count(), list[float]()
    began = time.perf_counter()

    def work() -> None:
        while (since := time.perf_counter()) < began + seconds:
            job(next(numbers))
            taken.append(time.perf_counter() - since)

    running = [threading.Thread(target=work) for _ in range(threads)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    return len(taken) / (time.perf_counter() - began), taken


def bare(folder: Path, seconds: float) -> dict[str, object]:
    """SQLite alone, as durable as ours: one row of one event, one transaction, one thread."""
    database = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute(
        "CREATE TABLE events (id INTEGER PRIMARY KEY, user_id TEXT, event_type TEXT, "
        "timestamp INTEGER, item_id TEXT, event_id TEXT UNIQUE)"
    )
    # The thread that made the connection uses it: `work` runs in another.
    database.close()
    database = sqlite3.connect(
        folder / "bare.sqlite", isolation_level=None, check_same_thread=False
    )
    database.execute("PRAGMA synchronous=FULL")

    def insert(number: int) -> None:
        given = asdict(made(number))
        row = [given[name] for name in COLUMNS.split(", ")]
        database.execute("BEGIN IMMEDIATE")
        database.execute(f"INSERT INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?)", row)
        database.execute("COMMIT")

    rate, taken = for_seconds(seconds, 1, insert)
    database.close()
    return {"events_per_second": round(rate, 1), **percentiles(taken)}


def observed(folder: Path, seconds: float, threads: int) -> dict[str, object]:
    """`store.observe` of one event by each thread, again and again; all of them are then there."""
    with Store.open(folder / f"ours-{threads}") as store:
        rate, taken = for_seconds(seconds, threads, lambda number: store.observe(made(number)))
        kept = store.event_count
    if kept != len(taken):
        raise RuntimeError(f"{len(taken)} events were acknowledged, {kept} are there")
    return {"events_per_second": round(rate, 1), **percentiles(taken)}


def on_one_core(folder: Path, seconds: float, threads: int) -> dict[str, object]:
    """`observed` in a process kept to one core, as a server's workers are: threads that take turns
    wake each other sooner there."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        return observed(folder / "one-core", seconds, threads)
    finally:
        os.sched_setaffinity(0, cores)


def apart(folder: Path, seconds: float, threads: int) -> dict[str, object]:
    """The same with a store for each thread, all in one folder: no two events share a commit."""
    opened = [Store.open(folder / "ours-apart") for _ in range(threads)]
    try:
        rate, taken = for_seconds(
            seconds, threads, lambda number: opened[number % threads].observe(made(number))
        )
        kept = opened[0].event_count
    finally:
        for each in opened:
            each.close()
    if kept != len(taken):
        raise RuntimeError(f"{len(taken)} events were acknowledged, {kept} are there")
    return {"events_per_second": round(rate, 1), **percentiles(taken)}


def syncs(folder: Path, count: int) -> dict[str, float]:
    """One page written and synced, again and again."""
    taken = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(count):
            file.write(b"x" * 4096)
            since = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - since)
    return percentiles(taken)


def main() -> None:
    flags = ArgumentParser(description=__doc__)
    flags.add_argument("--folder", type=Path, required=True, help="on the disk to be measured")
    flags.add_argument("--seconds", type=float, required=True)
    flags.add_argument("--threads", type=int, required=True)
    flags.add_argument("--syncs", type=int, required=True)
    args = flags.parse_args()
    with TemporaryDirectory(prefix="observe-", dir=args.folder) as made_folder:
        folder = Path(made_folder)
        found = {
            "fsync": syncs(folder, args.syncs),
            "bare_one_transaction_each": bare(folder, args.seconds),
            "one_thread": observed(folder, args.seconds, 1),
            "threads": observed(folder, args.seconds, args.threads),
            "threads_on_one_core": on_one_core(folder, args.seconds, args.threads),
            "threads_one_transaction_each": apart(folder, args.seconds, args.threads),
        }
    answer(found)


if __name__ == "__main__":
    main()
