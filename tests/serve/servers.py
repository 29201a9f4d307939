"""Servers for tests: in this process, where a test can reach into it, or as `habitus serve`."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

import habitus
from habitus.engine import Engine
from habitus.events.migrate import migrate
from habitus.serve.door import Shares
from habitus.serve.service import Service
from habitus.serve.settings import Settings
from habitus.serve.supervisor import bound
from habitus.serve.trainer import Trainer
from habitus.serve.worker import Worker, config

SERVE = (sys.executable, "-c", "from habitus.cli import main; main()", "serve")
PATIENCE = 60.0  # seconds for a server to come up or go down on a busy machine


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the store of a server lies, and a folder for what stands beside it."""

    store: str  # a folder, or the URL of a database
    folder: Path
    models: str | None = None  # the folder of the models, where the store is no folder

    @property
    def files(self) -> Path:
        """Where the models of the store lie."""
        return Path(self.models or self.store)

    def open(self, workspace: str = "default") -> Engine:
        return habitus.open(self.store, workspace, models=self.models)

    def fill(self, workspace: str = "default") -> None:
        fill(self.store, workspace, self.models)

    def copy(self, store: Path) -> None:
        """Bring a store with its models here."""
        if self.models is None:
            shutil.copytree(store, self.store)
        else:
            migrate(store, self.store, self.models)

    def settings(self, **more: Any) -> Settings:
        """A server without keys on the store."""
        return settings_of(self.store, self.folder, models=self.models, **more)


class Here:
    """A server in a thread of this process, and a client of it."""

    def __init__(self, settings: Settings, trainer: Trainer | None = None) -> None:
        self.socket = bound("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.client = httpx.Client(base_url=self.url, timeout=PATIENCE)
        self._config = config(settings, trainer)
        self._shares = Path(tempfile.mkdtemp()) / "connections"
        Shares.create(self._shares, 1)
        self._server = Worker(self._config, Shares(self._shares, 0))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self.socket]}, daemon=True
        )

    @property
    def service(self) -> Service:
        service: Service = self._config.app.inner.state.service
        return service

    def __enter__(self) -> Here:
        self._thread.start()
        until(lambda: self._server.started, "the server starts")
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        self.socket.close()
        shutil.rmtree(self._shares.parent)
        assert not self._thread.is_alive()

    def ready(self) -> Here:
        until(lambda: self.client.get("/readyz").status_code == 200, "the server is ready")
        return self


class There:
    """`habitus serve` as a process of its own."""

    def __init__(
        self, store: str | Path, log: Path, *options: str, through: Sequence[str] = ()
    ) -> None:
        """`through` are the words of a command that runs it."""
        self.store = store
        self.log = log
        self._output = log.open("ab")
        self.process = subprocess.Popen(
            [*through, *SERVE, str(store), "--port=0", *options],
            stdout=subprocess.PIPE,
            stderr=self._output,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert "listens on" in line, self.log.read_text()
        self.url = line.split()[-1]
        self.client = httpx.Client(base_url=self.url, timeout=PATIENCE)

    def workers(self) -> list[int]:
        """The processes that answer."""
        task = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(word) for word in task.read_text().split()]

    def ready(self) -> There:
        until(self.is_ready, "the server is ready")
        return self

    def is_ready(self) -> bool:
        try:
            return self.client.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """kill -9 for the supervisor and every worker."""
        for process in (self.process.pid, *self.workers()):
            os.kill(process, signal.SIGKILL)
        self.close()

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        self.process.terminate()
        status = self.process.wait(PATIENCE)
        self.close()
        return status

    def close(self) -> None:
        self.client.close()
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._output.close()


def until(reached: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Wait for something that must come to pass."""
    end = time.monotonic() + patience
    while not reached():
        assert time.monotonic() < end, f"it never came to pass that {what}"
        time.sleep(0.02)


def fill(path: str | Path, workspace: str = "default", models: str | None = None) -> None:
    """A few users and items."""
    with habitus.open(path, workspace, models=models) as engine:
        engine.put_items(
            {
                "item_id": item,
                "text": f"text of {item}",
                "attributes": {"genre": genre},
                "numbers": {"year": 1990 + place},
            }
            for place, (item, genre) in enumerate(zip("abcdef", "xyxyxy", strict=True))
        )
        engine.observe(
            {"user_id": user, "event_type": "view", "item_id": item}
            for user, walk in {"ann": "abc", "bob": "abd", "cy": "bcd"}.items()
            for item in walk
        )


def settings_of(folder: str | Path, tmp_path: Path, **more: Any) -> Settings:
    """A server without keys on a store."""
    (tmp_path / "runtime").mkdir(exist_ok=True)
    said = {"store": str(folder), "open_workspace": "default", "runtime": str(tmp_path / "runtime")}
    return Settings(**{**said, **more})


def problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """The problem that an answer holds, checked for its form."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    said: dict[str, Any] = response.json()
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]
    assert said["type"].startswith("urn:habitus:problem:")
    assert said["request_id"] == response.headers["x-request-id"]
    return said
