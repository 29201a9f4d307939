"""The model that answers now, attached to the catalogue as it is now, renewed beside the requests."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock, Thread

from habitus.act.behaviour import Trained
from habitus.act.fallback import Fallback, fit_fallback
from habitus.act.models import ModelFolder
from habitus.act.ready import Items, Loaded, Ready, untrained
from habitus.events.store import Store
from habitus.types import HabitusError

AT_ONCE = 0.2  # s: what takes longer to renew is renewed beside the requests
PATIENCE = 10.0  # s: how long a request that names a new item waits until it is worked in
REST = 4  # times as long as the last such renewal took, the catalogue is left as it is
NEVER = (-1, -1)  # no pointer has this stamp

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Picture:
    """What serves, and the marks that say whether it is still what should.

    revision  the catalogue's when its items were read
    looked    the catalogue's marks when what can be had was read
    stamp     of the pointer to the current model
    loaded    that model; None where `fallback` serves
    """

    ready: Ready
    revision: int
    looked: tuple[int, int]
    stamp: tuple[int, int]
    loaded: Loaded | None
    fallback: Fallback | None


@dataclass(frozen=True, slots=True)
class ServingInfo:
    """What answers: a model by name and content hash, None where popularity does, and the catalogue
    that it is attached to. `refused` says why that is not the current model, where it is not."""

    model: str | None
    content: str
    catalogue_revision: int
    refused: str = ""


class Serving:
    """Keeps a `Ready` and renews it when another model serves or the catalogue has changed.

    Another model is loaded and attached beside the requests, which the old one answers until then;
    so are new and changed items where that takes long. What cannot be had goes at once.
    """

    def __init__(
        self,
        store: Store,
        models: ModelFolder,
        loader: Callable[[Path], Trained],
        at_once: float | None = None,
    ) -> None:
        """`at_once`: seconds of renewal that a request waits for (None: `AT_ONCE`)."""
        self._store = store
        self._models = models
        self._loader = loader
        self._at_once = AT_ONCE if at_once is None else at_once
        self._building = Lock()  # whoever holds it makes the next picture
        self._swapping = Lock()  # for the moment in which a picture takes the other's place
        self._picture: Picture | None = None
        self._checked: Loaded | None = None
        self._took = 0.0
        self._rest_until = 0.0
        self._thread: Thread | None = None
        self.refused = ""  # why the current model is not the one that serves

    def ready(self, naming: Sequence[str] = ()) -> Ready:
        """The model and catalogue for a request that begins now; with the items that it names, where
        the store has them: see `awaited`.

        HabitusError where nothing serves yet and the current model cannot be read.
        """
        ready = self._ready()
        if not self.lacks(naming):
            return ready
        self.awaited(naming)
        return self._ready()

    def lacks(self, item_ids: Sequence[str]) -> bool:
        """Whether what answers at present lacks one of some items: it is new, or there is none."""
        picture = self._picture
        return picture is not None and not picture.ready.catalogue.rows.keys() >= set(item_ids)

    def awaited(self, item_ids: Sequence[str]) -> None:
        """Wait until those items that the store has are worked in; HabitusError if that takes long."""
        rows = self._ready().catalogue.rows
        new = self._store.listed([each for each in item_ids if each not in rows])
        if not new:
            return
        if not self._building.acquire(timeout=PATIENCE):
            raise HabitusError(
                f"The item {min(new)!r} is new and not worked in yet.", "Ask again in a moment."
            )
        try:
            self._renewed()
        finally:
            self._building.release()

    def warm(self) -> Ready:
        """Make what should serve now, while requests go on with what does, and let it serve.

        HabitusError says why the current model cannot be read; then the old one serves on.
        """
        with self._building:
            if self._picture is not None and self.refused:
                self._swap(replace(self._picture, stamp=NEVER))  # it may have been mended
            picture = self._renewed()
            if self.refused:
                raise HabitusError(self.refused, f"{picture.ready.served.name!r} serves on.")
        return picture.ready

    def check(self, name: str) -> None:
        """See that a published model can serve; HabitusError where it cannot. Then activating it
        costs no second reading."""
        with self._building:
            self._checked = self._read(name)

    def now(self) -> Ready | None:
        """What answers at present; None where nothing was asked yet."""
        return None if self._picture is None else self._picture.ready

    def info(self) -> ServingInfo:
        """What answers at present, in words."""
        picture = self._picture
        if picture is None:
            return ServingInfo(None, "", 0)
        if picture.loaded is None:
            return ServingInfo(None, "", picture.revision, self.refused)
        entry = picture.loaded.entry
        return ServingInfo(entry.name, entry.content, picture.revision, self.refused)

    def close(self) -> None:
        """Wait for what is being made."""
        if self._thread is not None:
            self._thread.join()

    def _ready(self) -> Ready:
        picture = self._picture
        if picture is None:
            return self.warm()
        marks, stamp = self._marks()
        if picture.looked != marks:
            picture = self._with_availability(marks)
        if self._holds(picture, marks[0], stamp):
            return picture.ready
        if picture.stamp != stamp or self._took > self._at_once:
            self._renew_beside(urgent=picture.stamp != stamp)
        elif self._building.acquire(timeout=self._at_once):
            try:
                picture = self._renewed()
            finally:
                self._building.release()
        return picture.ready

    def _marks(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Read before what they mark, so that a change in between renews once more."""
        return self._store.catalogue_marks(), self._models.stamp()

    def _with_availability(self, marks: tuple[int, int]) -> Picture:
        """The picture with what can be had as it is now; the rest as it was."""
        with self._swapping:
            picture = self._picture
            assert picture is not None
            if picture.looked != marks:
                ready = picture.ready.having(self._store.unavailable())
                picture = self._picture = replace(picture, ready=ready, looked=marks)
            return picture

    def _renew_beside(self, urgent: bool) -> None:
        """Begin a renewal, unless one is going on or it can wait."""
        if not urgent and time.monotonic() < self._rest_until:
            return
        with self._swapping:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._beside, name="habitus-renewal", daemon=True)
                self._thread.start()

    def _beside(self) -> None:
        with self._building:
            try:
                self._renewed()
            except HabitusError as error:  # the store was closed; requests find out themselves
                LOG.warning("What serves could not be renewed: %s", error)

    def _renewed(self) -> Picture:
        """What should serve now, serving. Only while `_building` is held."""
        marks, stamp = self._marks()
        revision, before = marks[0], self._picture
        if before is not None and self._holds(before, revision, stamp):
            return self._with_availability(marks)
        loaded = self._chosen(before, stamp)
        began = time.monotonic()
        ready, fallback = self._made(before, loaded, revision)
        took = time.monotonic() - began
        self._rest_until = began + (REST + 1) * took
        stayed = before is not None and ready.served is before.ready.served
        self._took = max(took, self._took) if stayed else took  # the next may be a whole one
        ready = ready.having(self._store.unavailable())
        return self._swap(Picture(ready, revision, marks, stamp, loaded, fallback))

    def _chosen(self, before: Picture | None, stamp: tuple[int, int]) -> Loaded | None:
        """The current model, or the one before it where that cannot be read; None: there is none."""
        if before is not None and before.stamp == stamp:
            return before.loaded
        self.refused = ""
        name = self._models.current()
        if name is None:
            return None
        try:
            return self._read(name)
        except HabitusError as error:
            if before is None:
                raise
            self.refused = str(error)
            LOG.warning("The current model is refused: %s", error)
            return before.loaded

    def _made(
        self, before: Picture | None, loaded: Loaded | None, revision: int
    ) -> tuple[Ready, Fallback | None]:
        """A model, or popularity, attached to the items of now; where the same was put once more,
        what was attached stays."""
        if before is not None and before.revision == revision:
            items = before.ready.items
        else:
            items = Items.read(self._store, revision)
            if before is not None and self._stays(before, loaded, items):
                return before.ready, before.fallback
            self._store.prepare(items.catalogue)
        if loaded is not None:
            return loaded.attached(items), None
        fallback = fit_fallback(self._store, items.catalogue)
        return untrained(fallback, items), fallback

    def _read(self, name: str) -> Loaded:
        """A published model, from memory where it was read already."""
        serving = None if self._picture is None else self._picture.loaded
        content = self._models.content(name)
        for held in (serving, self._checked):
            if held is not None and (held.entry.name, held.entry.content) == (name, content):
                return held
        return Loaded.read(self._models, name, self._loader)

    def _swap(self, picture: Picture) -> Picture:
        with self._swapping:
            self._picture = picture
        self._checked = None
        return picture

    def _stays(self, before: Picture, loaded: Loaded | None, items: Items) -> bool:
        """Whether what was attached serves these items too."""
        same = loaded is before.loaded and not self._is_old(before)
        return same and items.same_rows(before.ready.items)

    def _holds(self, picture: Picture, revision: int, stamp: tuple[int, int]) -> bool:
        marks = picture.revision == revision and picture.stamp == stamp
        return marks and not self._is_old(picture)

    def _is_old(self, picture: Picture) -> bool:
        return picture.fallback is not None and picture.fallback.is_old(self._store)
