"""An event sent to one worker, then a recommendation asked of another: does it reflect the event?

    python -m benchmarks.service_read_your_writes [--pairs 100] [--seconds 30] [--out FILE]

Pairs begin at random times set beforehand; each is of a user who has none under way. The event is a
view of the first item of that user's last answer, so an answer that still holds it has missed the
event. Workers change places from pair to pair: both keep the state of every user, and each must
notice what the other was told.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks import service_store
from benchmarks.load import Connection, arrivals, hung_up, percentiles
from benchmarks.report import emit
from benchmarks.service_server import Server, habitus
from benchmarks.service_store import event, recommend

LIMITS = {"reflected_share": 1.0, "pair_p99_ms": 100.0}


@dataclass
class Pairs:
    """What became of the pairs; seconds from the time that each was due."""

    seconds: list[float] = field(default_factory=list)
    event_seconds: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    reflected: int = 0
    missed: list[str] = field(default_factory=list)
    failed: int = 0


class Talk:
    """Both workers, and what each user was recommended last."""

    def __init__(self, workers: Sequence[list[Connection]], users: Sequence[int]) -> None:
        self._free: list[asyncio.Queue[Connection]] = []
        for held in workers:
            queue: asyncio.Queue[Connection] = asyncio.Queue()
            for one in held:
                queue.put_nowait(one)
            self._free.append(queue)
        self._users: asyncio.Queue[int] = asyncio.Queue()
        for user in users:
            self._users.put_nowait(user)
        self._next: dict[int, str] = {}
        self._turn = 0
        self.pairs = Pairs()

    async def meet(self, users: Sequence[int]) -> None:
        """Every worker gets to know every user."""
        for worker in range(len(self._free)):
            for user in users:
                await self._ask(worker, user)

    async def pair(self, due: float) -> None:
        found = self.pairs
        found.late.append(time.perf_counter() - due)
        user = await self._users.get()
        self._turn += 1
        writer = self._turn % len(self._free)
        reader = (writer + 1) % len(self._free)
        wanted = self._next[user]
        status, _ = await self._send(writer, event(user, wanted).wire)
        found.event_seconds.append(time.perf_counter() - due)
        given = await self._ask(reader, user)
        found.seconds.append(time.perf_counter() - due)
        if status != 200 or not given:
            found.failed += 1
        elif wanted in given:
            found.missed.append(f"u{user} {wanted}")
        else:
            found.reflected += 1
        self._users.put_nowait(user)

    async def _ask(self, worker: int, user: int) -> list[str]:
        """The items recommended; the first is the next to be viewed."""
        asked = recommend(user, exclude_seen=True)
        status, said = await self._send(worker, asked.wire)
        items = [one["item_id"] for one in said["items"]] if status == 200 else []
        if items:
            self._next[user] = items[0]
        return items

    async def _send(self, worker: int, wire: bytes) -> tuple[int, Any]:
        connection = await self._free[worker].get()
        reply = await connection.send(wire)
        self._free[worker].put_nowait(connection)
        return reply.status, reply.json()


async def talk(args: Namespace, server: Server) -> Pairs:
    await server.ready()
    held = await server.to_each_worker(args.connections)
    if len(held) < 2:
        raise RuntimeError("the server needs two workers at least")
    users = range(args.asked)
    made = Talk(list(held.values()), users)
    await made.meet(users)
    await arrivals(args.pairs, args.seconds, args.seed, made.pair)
    await hung_up(itertools.chain.from_iterable(held.values()))
    return made.pairs


def main(words: Sequence[str] | None = None) -> None:
    made = service_store.parser(__doc__)
    made.add_argument("--pairs", type=float, default=100.0, help="a second")
    made.add_argument("--seconds", type=float, default=30.0)
    made.add_argument("--connections", type=int, default=64, help="to each worker")
    made.add_argument("--asked", type=int, default=1_000, help="users that take turns")
    args = made.parse_args(words)
    store = service_store.store(args)
    record = service_store.about(args, store)
    log = service_store.log(args, "pairs")
    with store.copy() as copy, Server(habitus(copy, args.workers), log) as server:
        found = asyncio.run(talk(args, server))
    share = found.reflected / max(len(found.seconds), 1)
    whole = percentiles(found.seconds)
    fields = {
        **record,
        "pairs_per_second": args.pairs,
        "pairs": len(found.seconds),
        "reflected_share": share,
        "missed": found.missed[:10],
        "failed": found.failed,
        "pair": whole,
        "event": percentiles(found.event_seconds),
        "generator_late_p99_ms": round(float(np.percentile(found.late, 99)) * 1e3, 2),
        "limits": LIMITS,
        "reached": share == LIMITS["reflected_share"] and whole["p99_ms"] < LIMITS["pair_p99_ms"],
    }
    emit("service_read_your_writes", fields, args.out)


if __name__ == "__main__":
    main()
