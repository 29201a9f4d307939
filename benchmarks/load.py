"""A load generator for one thread: HTTP/1.1 over kept sockets, in a closed loop or at set times.

It reads no more of an answer than its status, length and body, since it shares the processor with
the server that it measures. In an open loop the latency counts from the time at which a call was
due, however late it was sent: a server that stalls is charged for all who would have come.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import numpy as np

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, ready to be sent; results are counted under `name`."""

    name: str
    wire: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Sample:
    """One call: seconds that it took, and its status; 0 = the connection broke."""

    name: str
    seconds: float
    status: int


@dataclass
class Measured:
    """What a loop measured within `seconds`. `late`: seconds that each call was begun after its time."""

    seconds: float = 0.0
    samples: list[Sample] = field(default_factory=list)
    late: list[float] = field(default_factory=list)

    def named(self, name: str | None) -> list[Sample]:
        return [one for one in self.samples if name in (None, one.name)]

    def rate(self, name: str | None = None) -> float:
        """Calls answered with 200 a second."""
        good = sum(one.status == 200 for one in self.named(name))
        return good / self.seconds if self.seconds else 0.0

    def errors(self) -> dict[str, int]:
        """How many calls were answered otherwise, by status."""
        return dict(Counter(str(one.status) for one in self.samples if one.status != 200))

    def latency(self, name: str | None = None) -> dict[str, float]:
        """Percentiles in ms."""
        return percentiles([one.seconds for one in self.named(name)])


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Median, p95, p99 and maximum in ms, and of how many."""
    if not seconds:
        return {"calls": 0}
    found = np.percentile(np.asarray(seconds) * 1e3, (50, 95, 99, 100))
    names = ("median_ms", "p95_ms", "p99_ms", "max_ms")
    figures = {name: round(float(one), 3) for name, one in zip(names, found, strict=True)}
    return figures | {"calls": len(seconds)}


def call(name: str, method: str, path: str, body: Any = None) -> Call:
    """A call with a JSON body, or without one."""
    content = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    if body is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
    return Call(name, head.encode() + b"\r\n" + content)


class Connection(asyncio.Protocol):
    """One kept connection, one call at a time."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._waiting: asyncio.Future[Reply] | None = None
        self._transport: Any = None
        self._ended = asyncio.Event()

    @classmethod
    async def open(cls, url: str) -> Connection:
        parts = urlsplit(url)
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(cls, parts.hostname or "", parts.port or 80)
        return made

    @property
    def port(self) -> int:
        """Our end's port."""
        port: int = self._transport.get_extra_info("sockname")[1]
        return port

    async def send(self, wire: bytes) -> Reply:
        """The answer; ConnectionError where the server hangs up."""
        if self._transport.is_closing():
            raise ConnectionResetError("the server closed the connection")
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(wire)
        return await self._waiting

    async def close(self) -> None:
        """Hang up; returns when that is done."""
        self._transport.close()
        await self._ended.wait()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(END)
        length = LENGTH.search(self._buffer, 0, head + 2) if head >= 0 else None
        if length is None:
            return
        end = head + len(END) + int(length[1])
        if len(self._buffer) < end:
            return
        reply = Reply(int(self._buffer[9:12]), bytes(self._buffer[head + len(END) : end]))
        del self._buffer[:end]
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(reply)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended.set()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError("the server hung up"))


async def timed(connection: Connection, one: Call, since: float) -> Sample:
    """Make a call; its seconds count from `since` (of `time.perf_counter`)."""
    try:
        status = (await connection.send(one.wire)).status
    except ConnectionError:
        status = 0
    return Sample(one.name, time.perf_counter() - since, status)


@asynccontextmanager
async def connected(url: str, count: int) -> AsyncIterator[list[Connection]]:
    """So many connections, until the block ends."""
    held = [await Connection.open(url) for _ in range(count)]
    try:
        yield held
    finally:
        await hung_up(held)


async def hung_up(connections: Iterable[Connection]) -> None:
    """Close them all."""
    await asyncio.gather(*(each.close() for each in connections))


async def closed_loop(
    connections: Sequence[Connection], calls: Iterator[Call], seconds: float, warm: float = 0.0
) -> Measured:
    """Every connection makes the next call as soon as it has its answer, until the time is up or
    the calls are; what ends in the first `warm` seconds is not counted."""
    found = Measured()
    began = time.perf_counter() + warm
    end = began + seconds

    async def work(connection: Connection) -> None:
        while (since := time.perf_counter()) < end:
            one = next(calls, None)
            if one is None:
                return
            sample = await timed(connection, one, since)
            if began <= time.perf_counter() < end:
                found.samples.append(sample)
            if sample.status == 0:
                return

    await asyncio.gather(*(work(each) for each in connections))
    found.seconds = min(time.perf_counter(), end) - began
    return found


async def arrivals(
    rate: float, seconds: float, seed: int, do: Callable[[float], Awaitable[None]]
) -> None:
    """Begin `do(due)` at the times of a Poisson process, whether those before have ended or not;
    returns when all have. `due` is of `time.perf_counter`."""
    rng = np.random.default_rng(seed)
    due, tasks = time.perf_counter(), set()
    end = due + seconds
    while (due := due + rng.exponential(1 / rate)) < end:
        wait = due - time.perf_counter()
        await asyncio.sleep(max(wait, 0.0))
        task = asyncio.ensure_future(do(due))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    while tasks:
        await asyncio.gather(*tasks)


class _Free:
    """Connections that no call uses now."""

    def __init__(self, connections: Sequence[Connection], seed: int) -> None:
        self._free = list(connections)
        self._waiting: deque[asyncio.Future[Connection]] = deque()
        self._random = random.Random(seed)

    async def take(self) -> Connection:
        """Any of them; where there is none, the next that is given back."""
        if self._free:
            at = self._random.randrange(len(self._free))
            self._free[at], self._free[-1] = self._free[-1], self._free[at]
            return self._free.pop()
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        return await waiting

    def give_back(self, connection: Connection) -> None:
        if self._waiting:
            self._waiting.popleft().set_result(connection)
        else:
            self._free.append(connection)


async def open_loop(
    connections: Sequence[Connection],
    calls: Iterator[Call],
    rate: float,
    seconds: float,
    seed: int,
    warm: float = 0.0,
) -> Measured:
    """`rate` calls a second on average, each by any of the connections that are free; what is due in
    the first `warm` seconds, while the server takes the connections, is not counted.

    Any, not the next: connections that were made one after the other are often of one worker, and
    taken in turn they would ask each worker for all at once and then for nothing."""
    found = Measured(seconds)
    began = time.perf_counter() + warm
    free = _Free(connections, seed)

    async def do(due: float) -> None:
        one = next(calls, None)
        if one is None:
            return
        late = time.perf_counter() - due
        connection = await free.take()
        sample = await timed(connection, one, due)
        free.give_back(connection)
        if due >= began:
            found.late.append(late)
            found.samples.append(sample)

    await arrivals(rate, warm + seconds, seed, do)
    return found
