"""Many requests of every kind, one after the other: does the memory of the workers stay?

    python -m benchmarks.service_soak [--requests 200000] [--out FILE]

More users ask than states are kept, so that states come and go from the first quarter on. Memory is
resident memory summed over the workers, looked at every second; the mean of the last quarter of the
requests is compared with that of the second.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks import service_store
from benchmarks.load import Call, Measured, call, closed_loop, connected
from benchmarks.report import emit
from benchmarks.service_server import Server, habitus_with
from benchmarks.service_store import event, recommend

LIMITS = {"growth": 0.05, "errors": 0}
LOOK = 1.0  # seconds between looks at the memory
GENRE = {"genre": "drama"}
KINDS = ("recommend", "event", "filtered", "page", "rank", "similar", "state", "history", "items")
SHARES = (0.55, 0.2, 0.05, 0.05, 0.04, 0.03, 0.03, 0.04, 0.01)


class Traffic:
    """Calls of every kind, drawn by their shares; `made` counts them."""

    def __init__(self, args: Namespace) -> None:
        self._rng = np.random.default_rng(args.seed)
        self._users = args.asked
        self._items = args.items
        self._left = args.requests
        self.made = 0

    def __iter__(self) -> Iterator[Call]:
        makers = [getattr(self, name) for name in KINDS]
        for kind in self._rng.choice(len(KINDS), self._left, p=SHARES):
            self.made += 1
            yield makers[kind](int(self._rng.integers(self._users)))

    def item(self) -> str:
        return f"i{self._rng.integers(self._items)}"

    def recommend(self, user: int) -> Call:
        return recommend(user)

    def event(self, user: int) -> Call:
        return event(user, self.item())

    def filtered(self, user: int) -> Call:
        return recommend(user, where=GENRE, exclude_items=[self.item()])

    def page(self, user: int) -> Call:
        return recommend(user, pages=True)

    def rank(self, user: int) -> Call:
        items = list({self.item() for _ in range(20)})
        return call("rank", "POST", "/v1/rank", {"user_id": f"u{user}", "item_ids": items})

    def similar(self, _user: int) -> Call:
        return call("similar", "POST", "/v1/similar", {"item_id": self.item(), "k": 10})

    def state(self, user: int) -> Call:
        return call("state", "GET", f"/v1/users/u{user}/state")

    def history(self, user: int) -> Call:
        return call("history", "GET", f"/v1/users/u{user}/history?limit=50")

    def items(self, _user: int) -> Call:
        body = {"item_ids": [self.item()], "available": bool(self._rng.random() < 0.9)}
        return call("items", "POST", "/v1/items/availability", body)


async def watch(server: Server, traffic: Traffic, looks: list[tuple[int, int]]) -> None:
    """(requests made, bytes of the workers), again and again."""
    while True:
        looks.append((traffic.made, server.memory()))
        await asyncio.sleep(LOOK)


async def soak(args: Namespace, server: Server) -> tuple[Measured, list[tuple[int, int]], bool]:
    """What was measured, the looks at the memory, and whether every worker lived through it."""
    await server.ready()
    before = set(server.workers())
    traffic, looks = Traffic(args), list[tuple[int, int]]()
    async with connected(server.url, args.connections) as held:
        watching = asyncio.ensure_future(watch(server, traffic, looks))
        found = await closed_loop(held, iter(traffic), args.most_seconds)
        watching.cancel()
    looks.append((traffic.made, server.memory()))
    return found, looks, before == set(server.workers())


def quarter(looks: Sequence[tuple[int, int]], number: int, requests: int) -> float:
    """Mean bytes in one quarter of the requests, 0 … 3; NaN where nobody looked."""
    low, high = requests * number / 4, requests * (number + 1) / 4
    inside = [size for made, size in looks if low <= made <= high]
    return statistics.fmean(inside) if inside else float("nan")


def main(words: Sequence[str] | None = None) -> None:
    made = service_store.parser(__doc__)
    made.add_argument("--requests", type=int, default=200_000)
    made.add_argument("--connections", type=int, default=32)
    made.add_argument("--asked", type=int, default=4_000, help="users who ask")
    made.add_argument("--cached", type=int, default=500, help="states that a worker keeps")
    made.add_argument("--most-seconds", type=float, default=7_200.0)
    args = made.parse_args(words)
    store = service_store.store(args)
    record = service_store.about(args, store)
    began = time.perf_counter()
    with store.copy() as copy:
        command = habitus_with(copy, args.workers, cached_users=args.cached)
        with Server(command, service_store.log(args, "soak")) as server:
            found, looks, lived = asyncio.run(soak(args, server))
    done = len(found.samples)
    means = [quarter(looks, number, done) for number in range(4)]
    growth = means[3] / means[1] - 1
    fields: dict[str, Any] = {
        **record,
        "requests": done,
        "seconds": round(time.perf_counter() - began, 1),
        "requests_per_second": round(done / found.seconds, 1),
        "calls": dict(Counter(one.name for one in found.samples)),
        "cached_users": args.cached,
        "users": args.asked,
        "mib_by_quarter": [round(each / 2**20, 1) for each in means],
        "growth": round(growth, 4),
        "errors": found.errors(),
        "workers_lived": lived,
        "recommend": found.latency("recommend"),
        "limits": LIMITS | {"requests": 200_000},
        "reached": growth <= LIMITS["growth"] and not found.errors() and lived and done >= 200_000,
    }
    emit("service_soak", fields, args.out)


if __name__ == "__main__":
    main()
