"""Trainings in the background: one a workspace, in a process of its own, seen by every worker.

A job is a small file that the worker that started it keeps up to date; the other workers read it,
and ask it to stop by a second file. So no worker needs another's memory or process ids.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import time_ns
from uuid import uuid4

from habitus.serve.problems import ABSENT, CONFLICT, Problem
from habitus.serve.trainer import Order, Trainer

RUNNING, DONE, FAILED, CANCELLED = "running", "done", "failed", "cancelled"
BEAT = 0.2  # seconds between looks at a training
SILENT = 15_000_000  # µs: the worker of a job that is silent for longer has ended
LOST = "The worker that watched this training ended; start it again."


@dataclass(frozen=True, slots=True)
class Job:
    """A training as everybody may see it; times are µs since 1970."""

    job: str
    state: str
    recipe: str
    started_at: int
    seen_at: int
    progress: str = ""
    model: str | None = None
    reason: str = ""
    ended_at: int | None = None


class Jobs:
    """The trainings of all workspaces of one server."""

    def __init__(self, folder: Path, trainer: Trainer) -> None:
        """`folder` belongs to the server alone, and all its workers share it."""
        self._folder = folder
        self._trainer = trainer
        self._stopping = threading.Event()
        self._watchers: list[threading.Thread] = []

    def start(self, order: Order) -> Job:
        """Begin a training; Problem 409 where one of the workspace runs already."""
        folder = self._folder / order.workspace
        folder.mkdir(parents=True, exist_ok=True)
        for other in sorted(folder.glob("*.json")):
            if _read(other).state == RUNNING:
                raise Problem(
                    CONFLICT, "A training of this workspace runs already.", "Wait, or cancel it."
                )
        now = _now()
        job = Job(uuid4().hex, RUNNING, order.recipe, now, now)
        path = folder / f"{job.job}.json"
        _write(path, job)
        watcher = threading.Thread(
            target=self._watch, args=(path, job, order), name="habitus-training", daemon=True
        )
        self._watchers.append(watcher)
        watcher.start()
        return job

    def find(self, workspace: str, job: str) -> Job:
        """The job as it is now; Problem 404 where the workspace has none of that id."""
        return _read(self._path(workspace, job))

    def cancel(self, workspace: str, job: str) -> Job:
        """Ask a training to stop; it publishes nothing then. A job that has ended stays as it is."""
        path = self._path(workspace, job)
        path.with_suffix(".cancel").touch()
        return _read(path)

    def close(self) -> None:
        """End the trainings of this worker."""
        self._stopping.set()
        for watcher in self._watchers:
            watcher.join()

    def _path(self, workspace: str, job: str) -> Path:
        path = self._folder / workspace / f"{job}.json"
        if not job.isalnum() or not job.isascii() or not path.is_file():
            raise Problem(ABSENT, "There is no such training.", "Start one with POST.")
        return path

    def _watch(self, path: Path, job: Job, order: Order) -> None:
        training = self._trainer.start(order)
        cancel = path.with_suffix(".cancel")
        cancelled = False
        while (outcome := training.outcome()) is None:
            if not cancelled and (self._stopping.is_set() or cancel.exists()):
                training.cancel()
                cancelled = True
            _write(path, replace(job, progress=training.progress(), seen_at=_now()))
            training.wait(BEAT)
        state = CANCELLED if cancelled else DONE if outcome.model else FAILED
        ended = replace(
            job,
            state=state,
            progress=training.progress(),
            model=outcome.model,
            reason="" if cancelled else outcome.reason,
            seen_at=_now(),
            ended_at=_now(),
        )
        _write(path, ended)


def _read(path: Path, now: Callable[[], int] = lambda: _now()) -> Job:
    found = Job(**json.loads(path.read_text(encoding="utf-8")))
    if found.state == RUNNING and now() - found.seen_at > SILENT:
        return replace(found, state=FAILED, reason=LOST, ended_at=found.seen_at)
    return found


def _write(path: Path, job: Job) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(asdict(job)), encoding="utf-8")
    temporary.replace(path)


def _now() -> int:
    return time_ns() // 1_000
