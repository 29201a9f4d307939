"""One worker process: `python -m habitus.serve.worker SOCKET LIFELINE PLACE`, begun by the supervisor.

SOCKET is the number of the listening socket, LIFELINE of a pipe that ends with the supervisor, and
PLACE the worker's own among the others.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading
from typing import Any, cast

import uvicorn

from habitus.serve.app import create_app
from habitus.serve.cores import keep_to_one
from habitus.serve.door import Door, Shares, shares_file
from habitus.serve.logs import configure
from habitus.serve.settings import SETTINGS, Settings
from habitus.serve.trainer import Trainer
from habitus.serve.wire import Protocol

SWITCH = 0.0005  # seconds that the model's thread may keep the interpreter while requests wait


class Worker(uvicorn.Server):
    """A server that takes no more than its share of the connections."""

    def __init__(self, config: uvicorn.Config, shares: Shares) -> None:
        super().__init__(config)
        self._shares = shares
        self._doors: list[Door] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer; connections come through a door for each of the sockets."""
        await super().startup([])
        self._doors = [
            Door(one, self._shares, self._protocol, lambda: len(self.server_state.connections))
            for one in sockets or ()
        ]
        self.servers = cast(Any, self._doors)  # closed by uvicorn when it stops

    def _protocol(self) -> Protocol:
        made = Protocol(self.config, self.server_state, self.lifespan.state)
        made.ended = self._count
        return made

    def _count(self) -> None:
        for door in self._doors:
            door.count()


def main(arguments: list[str]) -> None:
    """Answer until told to stop."""
    gc.disable()  # until the watch has looked once: see `habitus.serve.watch.settle`
    settings = Settings.from_json(os.environ[SETTINGS])
    configure()
    keep_to_one(int(arguments[2]), settings.workers)
    sys.setswitchinterval(SWITCH)
    listening = socket.socket(fileno=int(arguments[0]))
    _end_with_supervisor(int(arguments[1]))
    shares = Shares(shares_file(settings.runtime), int(arguments[2]))
    Worker(config(settings), shares).run(sockets=[listening])


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
