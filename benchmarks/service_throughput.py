"""Recommendations a second over HTTP, against a bare FastAPI app that serves the same model.

    python -m benchmarks.service_throughput [--seconds 20] [--out FILE]

Two mixes, each in a closed loop: every request of another user (nothing is cached), and 80 % of
requests of users known already with one new event for every five requests. Then ours at half the
rate that it reached, at random times set beforehand, alone and, in the last round, while a model is
trained. The peer runs with every thread count given, of which its best counts.

The speed of a shared machine drifts by half within minutes: each round compares what was measured
in it, and the median of the rounds counts. Every round's readings are in the record.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from benchmarks import service_store
from benchmarks.load import Call, Connection, Measured, closed_loop, connected, hung_up, open_loop
from benchmarks.report import emit
from benchmarks.service_server import Server, bare, habitus
from benchmarks.service_store import Made, event, recommend

ROUND = 5  # requests for each new event
FEW = 20  # users that a server without a cache is asked for beforehand
PATIENCE = 120.0  # seconds for a training to begin
LIMITS = {"distinct_ratio": 1.2, "mixed_ratio": 3.0, "p99_ms": 50.0}


class Traffic:
    """Calls in the order in which they are made. A user who was asked for once does not come back,
    except the `known` ones."""

    def __init__(self, args: Namespace) -> None:
        self._rng = np.random.default_rng(args.seed)
        self._items = args.items
        self.known = list(range(args.known))
        self._others = iter(self._rng.permutation(np.arange(args.known, args.users)).tolist())

    def distinct(self) -> Iterator[Call]:
        """Until there is no other user left."""
        return (recommend(user) for user in self._others)

    def mixed(self) -> Iterator[Call]:
        """Four requests of known users and one of another, in any order, then an event of a known
        one."""
        while True:
            known = self._rng.choice(self.known, ROUND).tolist()
            other = next(self._others, None)
            if other is None:
                return
            asked = [*known[1:], other]
            self._rng.shuffle(asked)
            yield from map(recommend, asked)
            yield event(known[0], f"i{self._rng.integers(self._items)}")


async def warm(server: Server, users: Sequence[int], each: int = 8) -> None:
    """Every worker has answered every one of these users."""
    held = await server.to_each_worker(each)
    await asyncio.gather(
        *(closed_loop(some, map(recommend, users), 600.0) for some in held.values())
    )
    await hung_up(itertools.chain.from_iterable(held.values()))


def loaded(server: Server, connections: int, run: Callable[[list[Connection]], Any]) -> Measured:
    """What `run` measures over connections of its own."""

    async def whole() -> Measured:
        async with connected(server.url, connections) as held:
            found: Measured = await run(held)
            return found

    return asyncio.run(whole())


class Side:
    """One server under one mix."""

    def __init__(self, args: Namespace, server: Server, mix: str) -> None:
        self._args = args
        self.server = server
        self._traffic = Traffic(args)
        self._calls: Iterator[Call] = getattr(self._traffic, mix)()
        self._mix = mix

    def prepare(self, users: int) -> None:
        """Every worker is ready and, where some users come again, has answered so many of them."""
        asyncio.run(self.server.ready())
        if self._mix == "mixed":
            asyncio.run(warm(self.server, self._traffic.known[:users]))

    def closed(self) -> tuple[Measured, dict[str, Any]]:
        """As fast as it goes, and what processor time that took."""
        args, began, mine = self._args, time.perf_counter(), time.process_time()
        theirs = self.server.cpu_seconds()
        found = loaded(
            self.server,
            args.connections,
            lambda held: closed_loop(held, self._calls, args.seconds, args.warm),
        )
        taken = time.perf_counter() - began
        own, used = time.process_time() - mine, self.server.cpu_seconds() - theirs
        calls = found.rate() * taken
        return found, {
            "recommend_per_second": round(found.rate("recommend"), 1),
            "seconds": round(found.seconds, 2),
            "latency": found.latency("recommend"),
            "server_cores": round(used / taken, 2),
            # Of no claim: tells a busy machine, where both sides wait, from a slow server.
            "server_cpu_ms_per_call": round(used / calls * 1e3, 2) if calls else None,
            "load_generator_cores": round(own / taken, 2),
            "errors": found.errors(),
        }

    def open(self, rate: float) -> dict[str, Any]:
        """At a rate of all calls that does not wait for answers."""
        args = self._args
        found = loaded(
            self.server,
            args.open_connections,
            lambda held: open_loop(held, self._calls, rate, args.seconds, args.seed, args.warm),
        )
        return {
            "calls_per_second": round(rate, 1),
            "recommend": found.latency("recommend"),
            "event": found.latency("event"),
            "generator_late_p99_ms": round(float(np.percentile(found.late, 99)) * 1e3, 2),
            "errors": found.errors(),
        }

    def while_training(self, rate: float) -> dict[str, Any]:
        """The same while a model is trained on the whole store, in a process of the server's."""
        job = self.server.send("POST", "/v1/models/train", {"minutes": 10})["job"]
        where = f"/v1/models/train/{job}"
        until = time.monotonic() + PATIENCE
        while not (said := self.server.send("GET", where))["progress"]:
            if time.monotonic() > until or said["state"] != "running":
                raise RuntimeError(f"the training did not begin: {said}")
            time.sleep(0.2)
        found = self.open(rate)
        said = self.server.send("GET", where)
        self.server.send("DELETE", where)
        return {**found, "training": said["state"], "progress": said["progress"]}


@contextmanager
def ours_ready(args: Namespace, made: Made, mix: str) -> Iterator[Side]:
    """Our server on a copy of the store, about to be asked."""
    with (
        made.copy() as copy,
        Server(habitus(copy, args.workers), service_store.log(args, "ours")) as server,
    ):
        side = Side(args, server, mix)
        side.prepare(args.known)
        yield side


def ours(args: Namespace, made: Made, mix: str, training: bool) -> dict[str, Any]:
    """One reading of our server. The open loops are on a server begun anew: that one has as many
    users who were never asked for."""
    with ours_ready(args, made, mix) as side:
        before = side.server.cache()
        closed, found = side.closed()
        time.sleep(1.0)  # the counters are worked in a few times a second
        after = side.server.cache()
        found["cache"] = {name: int(after[name] - before[name]) for name in after}
    half = closed.rate() / 2
    with ours_ready(args, made, mix) as side:
        found["half"] = side.open(half)
        if training:
            found["half_while_training"] = side.while_training(half)
    return found


def peer(args: Namespace, made: Made, mix: str, threads: int) -> dict[str, Any]:
    """One reading of the peer."""
    command = bare(made.folder / "store", args.workers, threads)
    with Server(command, service_store.log(args, "peer")) as server:
        side = Side(args, server, mix)
        side.prepare(FEW)  # it keeps nothing of a user but the history, which is there anyway
        return {"threads": threads, **side.closed()[1]}


def compare(args: Namespace, made: Made, mix: str) -> dict[str, Any]:
    """Ours and the peer in turns, `rounds` times; the medians over the rounds."""
    mine: list[dict[str, Any]] = []
    theirs: list[list[dict[str, Any]]] = []
    for number in range(args.rounds):
        mine.append(ours(args, made, mix, args.training and number == args.rounds - 1))
        theirs.append([peer(args, made, mix, threads) for threads in args.peer_threads])
    ratios = [_rate(one) / max(map(_rate, two)) for one, two in zip(mine, theirs, strict=True)]
    slow = [each["half"]["recommend"]["p99_ms"] for each in mine]
    return {
        "ours": mine,
        "peer": theirs,
        "ratios": [round(each, 2) for each in ratios],
        "ratio": round(statistics.median(ratios), 2),
        "half_p99_ms": slow,
        "p99_ms": statistics.median(slow),
    }


def _rate(reading: dict[str, Any]) -> float:
    rate: float = reading["recommend_per_second"]
    return rate


def reached(mixes: dict[str, Any]) -> dict[str, bool]:
    """Which of the limits the readings keep."""
    found = {f"{mix}_ratio": each["ratio"] >= LIMITS[f"{mix}_ratio"] for mix, each in mixes.items()}
    return found | {"p99_ms": all(each["p99_ms"] < LIMITS["p99_ms"] for each in mixes.values())}


def main(words: Sequence[str] | None = None) -> None:
    made = service_store.parser(__doc__)
    made.add_argument("--seconds", type=float, default=12.0, help="of each measurement")
    made.add_argument(
        "--warm", type=float, default=2.0, help="seconds before each that do not count"
    )
    made.add_argument("--connections", type=int, default=64, help="of the closed loops")
    made.add_argument("--open-connections", type=int, default=256)
    made.add_argument("--known", type=int, default=1_000, help="users asked for again and again")
    made.add_argument("--rounds", type=int, default=3)
    made.add_argument("--peer-threads", type=int, nargs="+", default=[1, 2])
    made.add_argument("--mixes", nargs="+", default=["distinct", "mixed"])
    made.add_argument("--no-training", dest="training", action="store_false")
    args = made.parse_args(words)
    store = service_store.store(args)
    record = service_store.about(args, store)
    mixes = {}
    for mix in args.mixes:
        mixes[mix] = compare(args, store, mix)
        print(mix, mixes[mix]["ratio"], file=sys.stderr, flush=True)
    settings = {"connections": args.connections, "known_users": args.known, "k": 10}
    fields = {**record, **settings, **mixes, "limits": LIMITS, "reached": reached(mixes)}
    emit("service_throughput", fields, args.out)


if __name__ == "__main__":
    main()
