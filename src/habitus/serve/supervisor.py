"""The process that binds the address, keeps the workers alive and ends them gracefully."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType

from habitus.serve import metrics
from habitus.serve.door import Shares, shares_file
from habitus.serve.logs import log
from habitus.serve.settings import BACKLOG, SETTINGS, Settings
from habitus.types import HabitusError

LOOK = 0.1  # seconds between looks at the workers
PAUSE = 1.0  # seconds before a worker that ended at once is started again
GRACE = 5.0  # seconds beyond the drain before a worker is killed
QUICKLY = 5.0  # a worker that ended sooner ended at once


class Supervisor:
    """Runs one server: `run` returns when it was told to stop and all workers have ended."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stop = threading.Event()
        self._workers: list[_Worker] = []

    def run(self, said: Callable[[str], None]) -> None:
        """Serve until SIGTERM or SIGINT; `said` gets the address once it is bound."""
        with bound(self._settings.host, self._settings.port) as listening:
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, self._told)
            said(address(listening))
            with tempfile.TemporaryDirectory(prefix="habitus-serve-") as runtime:
                self._settings = replace(self._settings, runtime=runtime)
                Path(metrics_folder(self._settings)).mkdir()
                Shares.create(shares_file(runtime), self._settings.workers)
                self._serve(listening)

    def _serve(self, listening: socket.socket) -> None:
        lifeline, held = os.pipe()
        try:
            self._workers = [
                _Worker(self._settings, listening, lifeline, place)
                for place in range(self._settings.workers)
            ]
            while not self._stop.wait(LOOK):
                for worker in self._workers:
                    worker.keep()
        finally:
            listening.close()  # with the workers' own: what nobody would answer is not accepted
            self._end()
            os.close(held)
            os.close(lifeline)

    def _end(self) -> None:
        for worker in self._workers:
            worker.ask_to_end()
        until = time.monotonic() + self._settings.drain_seconds + GRACE
        for worker in self._workers:
            worker.end(until)

    def _told(self, _signal: int, _frame: FrameType | None) -> None:
        self._stop.set()


class _Worker:
    """One worker's process, begun again whenever it ends by itself."""

    def __init__(
        self, settings: Settings, listening: socket.socket, lifeline: int, place: int
    ) -> None:
        self._settings = settings
        self._place = place
        self._numbers = (listening.fileno(), lifeline)
        self._ended: float | None = None  # when it was first seen to have ended
        self._process = self._start()

    def keep(self) -> None:
        """Begin again where the process has ended, after a pause where it ended at once."""
        if self._process.poll() is None:
            return
        now = time.monotonic()
        if self._ended is None:
            Shares.shut(shares_file(self._settings.runtime), self._place)
            self._ended = now
        if self._ended - self._began < QUICKLY and now < self._ended + PAUSE:
            return
        log().error("worker ended", worker=self._process.pid, status=self._process.returncode)
        metrics.worker_ended(self._process.pid, metrics_folder(self._settings))
        self._ended = None
        self._process = self._start()

    def ask_to_end(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()

    def end(self, until: float) -> None:
        """Wait for the end; kill what has not ended by then (monotonic seconds)."""
        try:
            self._process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        self._began = time.monotonic()
        numbers = (*self._numbers, self._place)
        made = subprocess.Popen(
            [sys.executable, "-m", "habitus.serve.worker", *map(str, numbers)],
            pass_fds=self._numbers,
            stdin=subprocess.DEVNULL,
            env=environment(self._settings),
            start_new_session=True,  # Ctrl-C is ours to pass on
        )
        log().info("worker started", worker=made.pid)
        return made


def bound(host: str, port: int) -> socket.socket:
    """A listening socket; HabitusError where the address cannot be had."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[
            0
        ]
        made = socket.socket(family, kind, protocol)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(where)
            made.listen(BACKLOG)
        except OSError:
            made.close()
            raise
    except OSError as error:
        raise HabitusError(
            f"The address {host}:{port} cannot be had ({error.strerror}).",
            "Name another with --host and --port.",
        ) from error
    return made


def address(listening: socket.socket) -> str:
    """Where a socket listens, as a URL."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def environment(settings: Settings) -> dict[str, str]:
    """A worker's environment: its settings, one thread a library, where metrics are summed."""
    return {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        metrics.SHARED: metrics_folder(settings),
        SETTINGS: settings.to_json(),
    }


def metrics_folder(settings: Settings) -> str:
    """Where the workers of one server keep what they measure."""
    return str(Path(settings.runtime) / "metrics")
