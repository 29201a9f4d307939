"""The engines of a worker: one a workspace, opened when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from habitus.engine import Engine


class Tenants:
    """Every workspace's engine. Threads may share it."""

    def __init__(self, open_engine: Callable[[str], Engine]) -> None:
        """`open_engine` opens the engine of a workspace by its name."""
        self._open = open_engine
        self._engines: dict[str, Engine] = {}
        self._lock = Lock()

    def known(self, workspace: str) -> Engine | None:
        """The engine, where it is open already; never waits."""
        return self._engines.get(workspace)

    def engine(self, workspace: str) -> Engine:
        """The engine, opened as needed; this may wait for the disk."""
        known = self.known(workspace)
        if known is not None:
            return known  # while another is being opened, too
        with self._lock:
            if workspace not in self._engines:
                self._engines[workspace] = self._open(workspace)
            return self._engines[workspace]

    def all(self) -> dict[str, Engine]:
        """Those that are open."""
        return dict(self._engines)

    def close(self) -> None:
        with self._lock:
            for engine in self._engines.values():
                engine.close()
            self._engines.clear()
