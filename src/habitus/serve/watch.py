"""One thread a worker that looks for other models, warms them up, and says what is served."""

from __future__ import annotations

import gc
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from habitus.engine import Engine
from habitus.events.storage_errors import failing
from habitus.serve import metrics
from habitus.serve.logs import log, where
from habitus.serve.tenants import Tenants
from habitus.types import HabitusError

BEAT = 3.0  # seconds between signs of life; other workers count ten of silence as an end
REST = 4.0  # times as long as the last renewal took, the next one waits
REFUSED = 5.0  # seconds before a model that was refused is tried again
COUNTERS = {"cache": metrics.cache, "slates": metrics.slates}
STARTING = "The server is starting."
UNREADABLE = "The store cannot be read at present."
EMPTY = "There is no model and no event yet: nothing can be recommended."


class Watch:
    """Keeps the models fresh off the way of requests; knows whether the worker can answer."""

    def __init__(
        self,
        tenants: Tenants,
        worker_id: str,
        seconds: float,
        depths: Callable[[], dict[str, int]],
    ) -> None:
        self._tenants = tenants
        self._worker_id = worker_id
        self._seconds = seconds
        self._depths = depths
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen: dict[str, _Seen] = {}
        self._answering = False
        self.reason = STARTING

    @property
    def ready(self) -> bool:
        return self._answering

    def start(self, workspaces: Callable[[], Iterable[str]]) -> None:
        """Begin to watch; `workspaces` names those to open first."""
        self._thread = threading.Thread(
            target=self._run, args=(workspaces,), name="habitus-watch", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop, and take the worker off the registry."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        for engine in self._tenants.all().values():
            try:
                engine.store.workers.drop(self._worker_id)
            except HabitusError as error:  # others find out by its silence
                log().error("watch", kind=type(error).__name__, reason=str(error))

    def _run(self, workspaces: Callable[[], Iterable[str]]) -> None:
        opened = False
        while not self._stop.is_set():
            try:
                if not opened:
                    for workspace in workspaces():
                        self._tenants.engine(workspace)
                    opened = True
                self._look()
            except Exception as error:  # noqa: BLE001  the watch must outlive a full disk
                store = failing(error)
                self.reason = UNREADABLE if store is None else store.said
                reason = {} if store is None else {"reason": str(store)}
                log().error("watch", kind=type(error).__name__, at=where(error), **reason)
            settle()  # also where the store cannot be opened yet
            self._stop.wait(self._seconds)

    def _look(self) -> None:
        for workspace, engine in self._tenants.all().items():
            seen = self._seen.setdefault(workspace, _Seen())
            seen.look(workspace, engine, self._worker_id)
            self._answering = self._answering or seen.answers
        if not self._answering:
            refused = [seen.refused for seen in self._seen.values() if seen.refused]
            self.reason = refused[0] if refused else EMPTY
        for work, depth in self._depths().items():
            metrics.waiting.labels(work).set(depth)


class _Seen:
    """What the watch knows of one workspace."""

    def __init__(self) -> None:
        self.answers = False
        self.refused = ""
        self._model: str | None = None
        self._published = 0.0
        self._next_beat = 0.0
        self._next_look = 0.0
        self._pointer = (0, 0)
        self._counted: Counter[tuple[str, str]] = Counter()

    def look(self, workspace: str, engine: Engine, worker_id: str) -> None:
        """Let the engine warm up what is new, and tell the registry and the metrics."""
        pointer = stamp(engine)
        if pointer != self._pointer or time.monotonic() >= self._next_look:
            self._warm(engine)
            self._pointer = pointer
        serving = engine.serving()
        model = serving.content or None
        if model != self._model or time.monotonic() >= self._next_beat:
            if model != self._model:
                self._published = published(engine, serving.model)
            engine.store.workers.beat(worker_id, model)
            self._model, self._next_beat = model, time.monotonic() + BEAT
        if not self.answers:
            self.answers = serving.model is not None or engine.store.event_count > 0
        metrics.model_age.labels(workspace).set(
            time.time() - self._published if self._published else 0.0
        )
        self._count(engine)

    def _warm(self, engine: Engine) -> None:
        """Renew what serves; what took long, and what was refused, is left alone for a while."""
        began = time.monotonic()
        try:
            engine.warm()
            self.refused = ""
            pause = 0.0
        except HabitusError as error:
            if failing(error) is not None:
                raise  # that is no fault of the model
            if not self.refused:
                log().error("model refused", reason=str(error))
            self.refused = "The current model cannot be read: its files are not as published."
            pause = REFUSED
        took = time.monotonic() - began
        self._next_look = time.monotonic() + max(REST * took, pause)

    def _count(self, engine: Engine) -> None:
        """Add to the metrics what the engine has counted since the last look."""
        found = engine.counters
        shown = engine.store.slates
        now = Counter(
            {
                ("cache", "hit"): found.hits,
                ("cache", "miss"): found.misses,
                ("cache", "step"): found.steps,
                ("slates", "written"): shown.written,
                ("slates", "lost"): shown.lost,
            }
        )
        for (what, outcome), more in (now - self._counted).items():
            COUNTERS[what].labels(outcome).inc(more)
        self._counted = now


def settle() -> None:
    """Let the garbage collector run, but not over what the start has made: that stays, and to look
    through it again and again would hold up requests. Nothing, where it runs already."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def published(engine: Engine, name: str | None) -> float:
    """When the model that serves was published, in seconds since 1970; 0 = there is none.

    A model's folder is never written again after the rename that published it.
    """
    if name is None:
        return 0.0
    return (models_folder(engine) / name).stat().st_mtime


def stamp(engine: Engine) -> tuple[int, int]:
    """Changes whenever another model is made current, by whichever process."""
    try:
        found = (models_folder(engine) / "CURRENT").stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns


def models_folder(engine: Engine) -> Path:
    """Where the models of an engine lie."""
    return engine.store.folder / "models" / engine.store.workspace
