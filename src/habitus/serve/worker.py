"""One worker process: `python -m habitus.serve.worker SOCKET LIFELINE`, begun by the supervisor.

SOCKET is the number of the listening socket, LIFELINE of a pipe that ends with the supervisor.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading
from typing import Any

import uvicorn

from habitus.serve.app import create_app
from habitus.serve.logs import configure
from habitus.serve.settings import BACKLOG, SETTINGS, Settings
from habitus.serve.trainer import Trainer
from habitus.serve.wire import Protocol

SWITCH = 0.0005  # seconds that the model's thread may keep the interpreter while requests wait


class Worker(uvicorn.Server):
    """A server that takes one connection at a time, so that connections spread over the workers.

    asyncio takes as many as the backlog at once: the first worker to wake would take them all.
    """

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for one in sockets or ():
            one.listen(BACKLOG)


def main(arguments: list[str]) -> None:
    """Answer until told to stop."""
    gc.disable()  # until the watch has looked once: see `habitus.serve.watch.settle`
    settings = Settings.from_json(os.environ[SETTINGS])
    configure()
    sys.setswitchinterval(SWITCH)
    listening = socket.socket(fileno=int(arguments[0]))
    _end_with_supervisor(int(arguments[1]))
    Worker(config(settings)).run(sockets=[listening])


def config(settings: Settings, trainer: Trainer | None = None) -> uvicorn.Config:
    """uvicorn as we use it: nothing of the caller is believed or logged."""
    app: Any = create_app(settings, trainer)
    return uvicorn.Config(
        app,
        http=Protocol,
        loop="auto",  # uvloop, but on Windows, which has none
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        lifespan="on",
        ws="none",
        backlog=1,
        timeout_graceful_shutdown=round(settings.drain_seconds),
        timeout_keep_alive=75,
    )


def _end_with_supervisor(lifeline: int) -> None:
    """Stop gracefully when the supervisor is gone, however it ended."""

    def wait() -> None:
        os.read(lifeline, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="habitus-lifeline", daemon=True).start()


if __name__ == "__main__":
    main(sys.argv[1:])
