"""What one worker process holds: engines, threads, trainings, and the watch over models."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from habitus.act.asking import Ask
from habitus.engine import Engine
from habitus.events.receipt import Receipt
from habitus.language.encoder import Encoder, encoder
from habitus.language.llm import LLM
from habitus.serve.access import Access, Keyed, Loopback
from habitus.serve.batcher import Batcher
from habitus.serve.jobs import Jobs
from habitus.serve.pool import Pool
from habitus.serve.settings import HOME, Settings
from habitus.serve.tenants import Tenants
from habitus.serve.trainer import Trainer
from habitus.serve.visit import EVERYTHING, Admitted
from habitus.serve.watch import Watch
from habitus.types import Slate


class Service:
    """Everything that calls share. Made in the process that answers, closed when it ends."""

    def __init__(self, settings: Settings, trainer: Trainer) -> None:
        self.settings = settings
        self.worker_id = f"{os.getpid()}-{uuid4().hex[:8]}"
        self.tenants = Tenants(self._open)
        self.reads = Pool("read", settings.readers, settings.waiting)
        self.writes = Pool("write", settings.writers, settings.waiting)
        self.interprets = Pool("interpret", settings.interpreters, 2 * settings.interpreters)
        self.batcher: Batcher[Ask, Slate] = Batcher(
            "model",
            settings.together,
            settings.waiting,
            lambda one, take: one.recommend_many(take()),
        )
        self.events: Batcher[Sequence[Any], Receipt] = Batcher(
            "events",
            settings.events_together,
            settings.waiting,
            lambda one, take: one.observe_many(take),
            size=len,
        )
        self.jobs = Jobs(Path(settings.runtime) / "trainings", trainer)
        self.access = self._access()
        self._encoder: Encoder | None = None
        self.watch = Watch(self.tenants, self.worker_id, settings.watch_seconds, self._depths)

    def start(self) -> None:
        """Open every workspace that a key or the settings name, and begin to watch."""
        self.watch.start(self._workspaces)

    async def engine(self, workspace: str) -> Engine:
        """The engine of a workspace; the first call for one waits until it is open."""
        known = self.tenants.known(workspace)
        if known is not None:
            return known
        return await self.reads.run(partial(self.tenants.engine, workspace))

    def close(self) -> None:
        """Finish what runs, end this worker's trainings, leave the registry."""
        self.jobs.close()
        self.interprets.close(wait=False)  # a language model may take longer than we have
        self.batcher.close()
        self.events.close()
        self.reads.close()
        self.writes.close()
        self.watch.close()
        self.tenants.close()

    def _open(self, workspace: str) -> Engine:
        """The engine of a workspace; one encoder serves all (`Tenants` opens one at a time)."""
        if self._encoder is None and self.settings.encoder is not None:
            self._encoder = encoder(self.settings.encoder)
        return open_engine(self.settings, workspace, self._encoder)

    def _access(self) -> Access:
        if self.settings.open_workspace is not None:
            return Loopback(self.settings.open_workspace)
        return Keyed(self._find)

    async def _find(self, secret: str) -> Admitted | None:
        return await self.reads.run(partial(self._look_up, secret))

    def _look_up(self, secret: str) -> Admitted | None:
        key = self.tenants.engine(HOME).store.keys.find(secret)
        if key is None:
            return None
        return Admitted(key.workspace, frozenset(one for one in EVERYTHING if key.allows(one)))

    def _workspaces(self) -> set[str]:
        if self.settings.open_workspace is not None:
            return {self.settings.open_workspace}
        keys = self.tenants.engine(HOME).store.keys.list()
        return {key.workspace for key in keys if key.revoked_at is None}

    def _depths(self) -> dict[str, int]:
        return {
            "model": self.batcher.pending,
            "read": self.reads.pending,
            "write": self.writes.pending,
            "events": self.events.pending,
            "interpret": self.interprets.pending,
        }


def open_engine(settings: Settings, workspace: str, texts: Encoder | None = None) -> Engine:
    """The engine of one workspace as the settings say; the environment names the language model."""
    return Engine.open(
        settings.store,
        workspace,
        models=settings.models,
        capacity=settings.cached_users,
        encoder=texts,
        llm=LLM.from_environment(os.environ),
    )
