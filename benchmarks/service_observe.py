"""Durable events a second: from 64 threads, and over HTTP from 64 connections.

    python -m benchmarks.service_observe [--seconds 15] [--out FILE]

Beside the first: one transaction for each event on the same disk, by SQLite alone (one row in one
table with a unique id, WAL, `synchronous=FULL`), one thread of ours, and as many threads of ours of
which no two share a transaction; ours on all cores and, as a worker of the server runs, on one.
Where strace is installed all of them are measured again with syncs that it delays by a millisecond,
as a slower disk would: what is shared is the sync, and here it may be quick. Beside the second: the same server with one call a transaction, so that no two events ever
share one.

The speed of a shared machine drifts by half within minutes: each round compares what was measured
in it, and the median of the rounds counts. Every round's readings are in the record.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import statistics
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from benchmarks import children, service_store
from benchmarks.load import Measured, call, closed_loop, connected
from benchmarks.report import emit
from benchmarks.service_server import Server, habitus_with
from benchmarks.service_store import Made
from habitus.serve.settings import Settings

LIMITS = {"threads_ratio": 10.0, "http_ratio": 4.0}
INSIDE = "benchmarks.ours.service_observe"
OURS = ("threads", "threads_on_one_core")
THEIRS = {
    "bare_one_transaction_each": "",
    "one_thread": "_to_one_thread_of_ours",
    "threads_one_transaction_each": "_to_ours_ungrouped",
}
SLOWER = 1_000  # µs that each sync takes longer on the slower disk
SLOWLY = (
    *("strace", "-f", "--seccomp-bpf", "-e", "trace=fsync,fdatasync", "-e", "signal=none"),
    *("-e", f"inject=fsync,fdatasync:delay_exit={SLOWER}", "-o", os.devnull),
)
GROUPED = Settings(store="").events_together  # as the server has it by itself


def over_http(args: Namespace, store: Made, together: int) -> dict[str, Any]:
    """Events of random users one by one over every connection."""
    calls = (
        call(
            "event",
            "POST",
            "/v1/events",
            {
                "user_id": f"u{number * 7919 % args.users}",
                "event_type": "view",
                "item_id": f"i{number * 104_729 % args.items}",
                "event_id": f"http-{together}-{number}",
            },
        )
        for number in itertools.count()
    )

    async def measured(server: Server) -> Measured:
        await server.ready()
        async with connected(server.url, args.connections) as held:
            return await closed_loop(held, calls, args.seconds, args.warm)

    with store.copy() as copy:
        command = habitus_with(copy, args.workers, events_together=together)
        with Server(command, service_store.log(args, "observe")) as server:
            found = asyncio.run(measured(server))
    figures = {"events_per_second": round(found.rate(), 1), "errors": found.errors()}
    return {"events_together": together, **figures, **found.latency()}


def ratios(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[float]:
    """Ours to theirs, round by round."""
    rates = [[each["events_per_second"] for each in side] for side in (ours, theirs)]
    return [round(one / two, 2) for one, two in zip(*rates, strict=True)]


def by_round(inside: list[dict[str, Any]]) -> dict[str, list[float]]:
    """Each of ours to each of theirs, in every round."""
    found = {}
    for one, other in itertools.product(OURS, THEIRS):
        sides = [[each[name] for each in inside] for name in (one, other)]
        found[f"{one}_ratio{THEIRS[other]}"] = ratios(*sides)
    return found


def medians(rounds: dict[str, list[float]]) -> dict[str, float]:
    return {name: statistics.median(each) for name, each in rounds.items()}


def main(words: Sequence[str] | None = None) -> None:
    made = service_store.parser(__doc__)
    made.add_argument("--seconds", type=float, default=8.0, help="of each measurement")
    made.add_argument(
        "--warm", type=float, default=2.0, help="seconds that do not count, over HTTP"
    )
    made.add_argument("--threads", type=int, default=64)
    made.add_argument("--connections", type=int, default=64)
    made.add_argument("--syncs", type=int, default=2_000)
    made.add_argument("--rounds", type=int, default=5)
    args = made.parse_args(words)
    store = service_store.store(args)
    record = service_store.about(args, store)
    flags = {
        "folder": store.folder,
        "seconds": args.seconds,
        "threads": args.threads,
        "syncs": args.syncs,
    }
    inside, slower, grouped, single = [], [], [], []
    for _ in range(args.rounds):
        inside.append(children.ours(INSIDE, flags))
        if shutil.which("strace"):
            slower.append(children.ours(INSIDE, flags, under=SLOWLY))
        grouped.append(over_http(args, store, GROUPED))
        single.append(over_http(args, store, 1))
    rounds = {"http_ratio": ratios(grouped, single), **by_round(inside)}
    found = medians(rounds)
    fields = {
        **record,
        "threads": args.threads,
        "connections": args.connections,
        "fsync": [each["fsync"] for each in inside],
        "in_process": inside,
        "http_grouped": grouped,
        "http_one_transaction_each": single,
        "by_round": rounds,
        **found,
        "slower_disk": {
            "sync_longer_by_us": SLOWER,
            "in_process": slower,
            "by_round": by_round(slower),
            **(medians(by_round(slower)) if slower else {}),
        },
        "limits": LIMITS,
        "reached": {name: found[name] >= LIMITS[name] for name in LIMITS},
    }
    emit("service_observe", fields, args.out)


if __name__ == "__main__":
    main()
