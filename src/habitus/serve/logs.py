"""Logs: one JSON object a line on standard error, without anything that a caller wrote."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

import structlog

LIBRARY = "uvicorn"


def configure() -> None:
    """Send every log line of this process through structlog, uvicorn's too."""
    stamped: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*stamped, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
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
