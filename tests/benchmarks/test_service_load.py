"""The load generator against servers of a few lines, and the arithmetic on what it measured."""

from __future__ import annotations

import asyncio
import time
from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator
from itertools import islice, repeat

import pytest
from benchmarks.load import (
    Call,
    Connection,
    Measured,
    Sample,
    call,
    closed_loop,
    connected,
    open_loop,
    percentiles,
)
from benchmarks.service_throughput import Traffic, reached

from benchmarks import service_observe, service_soak

Answer = Callable[[bytes], bytes]
PING = call("ping", "GET", "/ping")


def reply(status: int, body: bytes) -> bytes:
    return b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


async def against(
    answer: Answer, use: Callable[[str], Awaitable[Measured]], pause: float = 0.0
) -> Measured:
    """What is measured of a server that answers each request after a pause; b"" hangs up."""

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append(asyncio.ensure_future(answering(reader, writer)))

    async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            await asyncio.sleep(pause)
            said = answer(head)
            if not said:
                break
            for at in range(0, len(said), 7):  # in pieces, as a network may give it
                writer.write(said[at : at + 7])
                await writer.drain()
        writer.close()
        await writer.wait_closed()

    visits: list[asyncio.Future[None]] = []
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    found = await use(f"http://127.0.0.1:{port}")
    await asyncio.gather(*visits)
    server.close()
    await server.wait_closed()
    return found


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


def measured(answer: Answer, calls: Iterator[Call], connections: int = 2) -> Measured:
    async def use(url: str) -> Measured:
        async with connected(url, connections) as held:
            return await closed_loop(held, calls, 5.0)

    return asyncio.run(against(answer, use))


def test_answers_in_pieces_are_put_together() -> None:
    async def use(url: str) -> Measured:
        made = await Connection.open(url)
        for _ in range(2):
            answer = await made.send(PING.wire)
            assert (answer.status, answer.json()) == (503, {"why": "x" * 50})
        await made.close()
        return Measured()

    said = reply(503, b'{"why": "' + b"x" * 50 + b'"}')
    asyncio.run(against(lambda _: said, use))


def test_a_closed_loop_makes_every_call_once_and_counts_by_name_and_status() -> None:
    calls = [call("good", "GET", "/good")] * 6 + [call("bad", "GET", "/bad")] * 3

    def answer(head: bytes) -> bytes:
        return reply(200 if b"/good" in head else 500, b"{}")

    found = measured(answer, iter(calls))
    assert len(found.named("good")) == 6
    assert found.errors() == {"500": 3}
    assert found.rate() == found.rate("good") == pytest.approx(6 / found.seconds)


def test_a_connection_that_breaks_is_an_error() -> None:
    found = measured(lambda _: b"", repeat(PING))
    assert found.errors() == {"0": 2}


def test_an_open_loop_charges_a_slow_server_for_those_who_wait() -> None:
    async def use(url: str) -> Measured:
        async with connected(url, 1) as held:
            return await open_loop(held, islice(repeat(PING), 10), 1000.0, 0.5, seed=0)

    found = asyncio.run(against(lambda _: reply(200, b""), use, pause=0.02))
    assert len(found.samples) == 10
    # One connection takes 20 ms for each of ten that come within about 10 ms: the last waits for all.
    assert max(one.seconds for one in found.samples) > 0.15
    assert min(one.seconds for one in found.samples) < 0.15


def test_what_is_due_while_an_open_loop_warms_up_is_not_counted() -> None:
    async def use(url: str) -> Measured:
        async with connected(url, 4) as held:
            return await open_loop(held, repeat(PING), 200.0, 0.25, seed=0, warm=0.25)

    served: list[bytes] = []
    found = asyncio.run(against(lambda one: served.append(one) or reply(200, b""), use))
    assert found.seconds == 0.25
    assert len(found.samples) == len(found.late)
    assert 20 < len(found.samples) < len(served) - 20


def test_calls_say_how_long_their_body_is() -> None:
    made = call("event", "POST", "/v1/events", {"user_id": "ü"})
    head, _, body = made.wire.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"Content-Length" not in PING.wire


def test_percentiles_are_in_milliseconds() -> None:
    found = percentiles([0.001, 0.002, 0.009])
    assert (found["median_ms"], found["max_ms"], found["calls"]) == (2.0, 9.0, 3)
    assert percentiles([]) == {"calls": 0}


def test_mixed_traffic_has_four_of_five_known_and_an_event_for_each_five() -> None:
    traffic = Traffic(Namespace(seed=0, items=50, known=10, users=30))
    calls = list(traffic.mixed())
    asked = [one for one in calls if one.name == "recommend"]
    events = [one for one in calls if one.name == "event"]
    users = [int(one.wire.rpartition(b'"user_id":"u')[2].split(b'"')[0]) for one in asked]
    assert len(asked) == 5 * len(events) == 100  # until the other twenty users are used up
    assert sum(user < 10 for user in users) == 80
    others = [user for user in users if user >= 10]
    assert sorted(others) == list(range(10, 30))


def test_distinct_traffic_has_nobody_twice() -> None:
    traffic = Traffic(Namespace(seed=0, items=50, known=10, users=30))
    calls = [one.wire for one in traffic.distinct()]
    assert len(calls) == len(set(calls)) == 20


def test_ratios_compare_what_was_measured_in_the_same_round() -> None:
    ours = [{"events_per_second": 50.0}, {"events_per_second": 40.0}]
    theirs = [{"events_per_second": 10.0}, {"events_per_second": 8.0}]
    assert service_observe.ratios(ours, theirs) == [5.0, 5.0]
    with pytest.raises(ValueError, match="shorter"):
        service_observe.ratios(ours, theirs[:1])


def test_a_limit_is_reached_only_where_both_mixes_keep_it() -> None:
    def mix(ratio: float, p99: float) -> dict[str, object]:
        return {"ratio": ratio, "p99_ms": p99}

    found = reached({"distinct": mix(1.3, 20.0), "mixed": mix(2.9, 60.0)})
    assert found == {"distinct_ratio": True, "mixed_ratio": False, "p99_ms": False}


def test_quarters_are_of_the_requests_not_of_the_time() -> None:
    looks = [(10, 1), (30, 2), (40, 4), (60, 5), (80, 8), (99, 10)]
    assert service_soak.quarter(looks, 1, 100) == 3
    assert service_soak.quarter(looks, 3, 100) == 9
    assert service_soak.quarter(looks, 0, 4) != service_soak.quarter(looks, 0, 4)  # nobody looked


def test_soak_traffic_makes_as_many_calls_as_asked_of_every_kind() -> None:
    traffic = service_soak.Traffic(Namespace(seed=0, asked=5, items=40, requests=2_000))
    calls = list(traffic)
    assert traffic.made == len(calls) == 2_000
    assert {one.name for one in calls} == {
        "recommend", "event", "rank", "similar", "state", "history", "items",
    }  # fmt: skip


def test_time_is_not_counted_while_warming() -> None:
    async def use(url: str) -> Measured:
        async with connected(url, 1) as held:
            began = time.perf_counter()
            found = await closed_loop(held, repeat(PING), seconds=0.2, warm=0.2)
            assert time.perf_counter() - began >= 0.4
            return found

    found = asyncio.run(against(lambda _: reply(200, b""), use, pause=0.05))
    assert found.seconds == pytest.approx(0.2)
    assert 1 <= len(found.samples) <= 5


def test_samples_are_named() -> None:
    made = Measured(1.0, [Sample("a", 0.1, 200), Sample("b", 0.3, 200)])
    assert made.latency("b")["median_ms"] == 300.0
