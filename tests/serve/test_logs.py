"""Lines of one turn of the event loop are written together, and none is lost."""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import httpx
import pytest
from tests.serve.servers import PATIENCE, SERVE, fill, until

from habitus.serve import logs
from habitus.serve.logs import Lines


class Stream(io.StringIO):
    """Counts how often it was written to."""

    writes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        return super().write(text)


def say(lines: Lines, text: str) -> None:
    lines.write(text + "\n")
    lines.flush()


def test_without_a_loop_a_line_is_written_at_once() -> None:
    stream = Stream()
    lines = Lines(stream)
    say(lines, "one")
    assert stream.getvalue() == "one\n"
    say(lines, "two")
    assert stream.getvalue() == "one\ntwo\n"


def test_lines_of_one_turn_are_written_together() -> None:
    stream = Stream()
    lines = Lines(stream)

    async def turns() -> None:
        for turn in range(3):
            for line in range(5):
                say(lines, f"{turn}.{line}")
            await asyncio.sleep(0)
        await asyncio.to_thread(say, lines, "of a thread")
        say(lines, "last")

    asyncio.run(turns())
    expected = [f"{turn}.{line}" for turn in range(3) for line in range(5)]
    assert stream.getvalue().splitlines() == [*expected, "of a thread", "last"]
    assert stream.writes == 5


def test_a_pipe_gets_whole_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "WHOLE", 10)
    stream = Stream()
    lines = Lines(stream)

    async def turn() -> None:
        for line in ("1234", "1234", "1", "12345678901234567890", "1"):
            say(lines, line)

    asyncio.run(turn())
    assert stream.getvalue().split() == ["1234", "1234", "1", "12345678901234567890", "1"]
    assert stream.writes == 4


@pytest.fixture
def pipe() -> Iterator[tuple[int, TextIO]]:
    """A pipe of 64 KiB: the end to read from, and a stream to the other."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stream:
        yield reading, stream
    os.close(reading)


def test_nobody_waits_for_a_reader(
    pipe: tuple[int, TextIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "MOST", 50)
    monkeypatch.setattr(logs, "AGAIN", 0.01)
    reading, stream = pipe
    lines = Lines(stream)
    found: list[str] = []

    async def turns() -> None:
        for line in range(5_000):
            say(lines, f"line {line:0100}")
            await asyncio.sleep(0)
        os.set_blocking(reading, False)
        rest = b""
        while not rest.endswith(b"4999\n"):  # what waits comes by itself, once somebody reads
            await asyncio.sleep(0.005)
            try:
                rest += os.read(reading, 1 << 20)
            except BlockingIOError:
                continue
        found.extend(rest.decode().splitlines())

    asyncio.run(asyncio.wait_for(turns(), PATIENCE))
    [at] = [place for place, line in enumerate(found) if "lost" in line]
    lost = json.loads(found[at])["lost"]
    numbers = [int(line[5:]) for line in found if "lost" not in line]
    assert numbers == [*range(at), *range(at + lost, 5_000)]
    assert len(numbers) - at == 50


def test_a_server_whose_log_nobody_reads_answers(tmp_path: Path) -> None:
    fill(tmp_path / "store")
    with subprocess.Popen(
        [*SERVE, str(tmp_path / "store"), "--port=0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        with httpx.Client(base_url=address, timeout=PATIENCE) as client:
            until(lambda: client.get("/healthz").is_success, "it is up")
            for _ in range(1_000):  # about 150 bytes each, in a pipe of 64 KiB
                assert client.get("/healthz").is_success
        process.terminate()
        process.communicate(timeout=PATIENCE)
