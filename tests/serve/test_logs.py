"""Lines of one turn of the event loop are written together, and none is lost."""

from __future__ import annotations

import asyncio
import io

import pytest

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
