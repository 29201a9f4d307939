"""Logs: one JSON object a line on standard error, without anything that a caller wrote."""

from __future__ import annotations

import asyncio
import json
import logging
import select
import sys
import traceback
from collections import deque
from threading import Lock
from typing import Any, TextIO, cast

import structlog

LIBRARY = "uvicorn"
WHOLE = 4096  # bytes that a pipe takes at once, though other workers write to it too
MOST = 10_000  # lines that wait for somebody to read them; then the oldest are lost
AGAIN = 0.1  # seconds until it is tried again


def configure() -> None:
    """Send every log line of this process through structlog, uvicorn's too."""
    stamped: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    lines = cast("TextIO", Lines(sys.stderr))
    structlog.configure(
        processors=[*stamped, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(lines),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(lines)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=stamped,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_traceback,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(LIBRARY).handlers = []


class Lines:
    """A stream on which lines of one turn of the event loop are written together: each write lets
    go of the interpreter, and the loop would wait for it again after every request.

    Where nobody reads a pipe, its writers do not wait: lines are kept, up to `MOST`, and a line says
    how many were lost. (A pipe that is ready takes `WHOLE` bytes without waiting: POSIX, poll.)
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._waiting: deque[str] = deque()
        self._lost = 0
        self._later = False  # whether it will be tried again by itself
        self._one = Lock()
        self._poll = _poll(stream)

    def write(self, text: str) -> None:
        if len(self._waiting) >= MOST:
            self._lost += 1
            self._waiting.popleft()
        self._waiting.append(text)

    def flush(self) -> None:
        """Write now or, on the loop's thread, when its turn ends."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._write()
        else:
            loop.call_soon(self._write, loop)

    def _write(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        with self._one:
            while self._waiting:
                if not self._ready():
                    if loop is not None and not self._later:
                        self._later = True
                        loop.call_later(AGAIN, self._try_again, loop)
                    return
                if self._lost:
                    text = json.dumps({"event": "log lines lost", "lost": self._lost}) + "\n"
                    self._lost = 0
                else:
                    text = self._waiting.popleft()
                while self._waiting and len(text) + len(self._waiting[0]) <= WHOLE:
                    text += self._waiting.popleft()
                self._stream.write(text)
                self._stream.flush()

    def _try_again(self, loop: asyncio.AbstractEventLoop) -> None:
        self._later = False
        self._write(loop)

    def _ready(self) -> bool:
        return self._poll is None or bool(self._poll.poll(0))


def _poll(stream: TextIO) -> Any:
    """What tells whether a stream can be written to without waiting; None for one without a file, and
    where the system has no poll."""
    try:
        made = select.poll()
        made.register(stream.fileno(), select.POLLOUT)
    except (OSError, AttributeError, ValueError):
        return None
    return made


def log() -> Any:
    """The logger of the service."""
    return structlog.get_logger()


def where(error: BaseException) -> list[str]:
    """The way to an error, file by file, without its message: messages quote what callers send."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]


def _without_traceback(_logger: object, _name: str, event: Any) -> Any:
    event.pop("exc_info", None)
    return event
