"""Logs: one JSON object a line on standard error, without anything that a caller wrote."""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from collections import deque
from threading import Lock
from typing import Any, TextIO, cast

import structlog

LIBRARY = "uvicorn"
WHOLE = 4096  # bytes that a pipe takes at once, though other workers write to it too


def configure() -> None:
    """Send every log line of this process through structlog, uvicorn's too."""
    stamped: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*stamped, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", Lines(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
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
    go of the interpreter, and the loop would wait for it again after every request."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._waiting: deque[str] = deque()
        self._one = Lock()

    def write(self, text: str) -> None:
        self._waiting.append(text)

    def flush(self) -> None:
        """Write now or, on the loop's thread, when its turn ends."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._write()
        else:
            loop.call_soon(self._write)

    def _write(self) -> None:
        with self._one:
            while self._waiting:
                text = self._waiting.popleft()
                while self._waiting and len(text) + len(self._waiting[0]) <= WHOLE:
                    text += self._waiting.popleft()
                self._stream.write(text)
                self._stream.flush()


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
