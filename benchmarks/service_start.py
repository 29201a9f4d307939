"""How long a server takes from its start until every worker is ready, the files in the cache.

    python -m benchmarks.service_start [--repeats 5] [--out FILE]

Timed from starting the process of `habitus serve` until each worker has answered /readyz with 200;
the worst start counts. The first start of all, which reads the files into the cache, does not.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import service_store
from benchmarks.load import Connection
from benchmarks.report import emit
from benchmarks.service_server import Server, habitus
from benchmarks.service_store import recommend

LIMITS = {"ready_seconds": 5.0}


async def first_answer(server: Server) -> float:
    """Seconds of the first recommendation."""
    made = await Connection.open(server.url)
    began = time.perf_counter()
    reply = await made.send(recommend(0).wire)
    taken = time.perf_counter() - began
    await made.close()
    if reply.status != 200:
        raise RuntimeError(f"the first request was answered {reply.status}: {reply.body!r}")
    return taken


def start(args: Namespace, store: Path) -> dict[str, float]:
    """One start and stop, in seconds; and the memory that the workers had taken by then."""
    with Server(habitus(store, args.workers), service_store.log(args, "start")) as server:
        ready = asyncio.run(server.ready())
        first = asyncio.run(first_answer(server))
        memory = server.memory() / 2**20
    return {
        "ready_seconds": round(ready, 2),
        "first_answer_seconds": round(first, 3),
        "workers_mib": round(memory),
    }


def main(words: Sequence[str] | None = None) -> None:
    made = service_store.parser(__doc__)
    made.add_argument("--repeats", type=int, default=5)
    args = made.parse_args(words)
    store = service_store.store(args)
    record = service_store.about(args, store)
    with store.copy() as copy:
        cold = start(args, copy)
        starts = [start(args, copy) for _ in range(args.repeats)]
    taken = [each["ready_seconds"] for each in starts]
    fields: dict[str, Any] = {
        **record,
        "repeats": args.repeats,
        "ready_seconds_median": statistics.median(taken),
        "ready_seconds_worst": max(taken),
        "first_start": cold,
        "starts": starts,
        "limits": LIMITS,
        "reached": max(taken) < LIMITS["ready_seconds"],
    }
    emit("service_start", fields, args.out)


if __name__ == "__main__":
    main()
