"""The model that answers now, attached to the catalogue as it is now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from habitus.act.behaviour import Scores, Served, Trained
from habitus.act.fallback import Fallback, by_row, fit_fallback
from habitus.act.models import ModelEntry, ModelFolder
from habitus.act.seen import Seen
from habitus.events.catalogue import Catalogue
from habitus.events.store import Store


@dataclass(frozen=True, eq=False)
class Ready:
    """One consistent picture for one request: a model and the catalogue that its scores are for."""

    catalogue: Catalogue
    catalogue_revision: int
    served: Served  # says what is next for a user of whom something is known
    popular: Scores  # [N + 1] says it for the others
    alike: Served  # says what is like what
    seen: Seen


class Serving:
    """Keeps a `Ready` and renews it when another model serves or the catalogue has changed."""

    def __init__(
        self, store: Store, models: ModelFolder, loader: Callable[[Path], Trained]
    ) -> None:
        self._store = store
        self._models = models
        self._loader = loader
        self._lock = Lock()
        self._ready: Ready | None = None
        self._stamp = (0, 0)
        self._base: tuple[str, Trained] | None = None
        self._fallback: Fallback | None = None

    def ready(self) -> Ready:
        """The model and catalogue for a request that begins now."""
        with self._lock:
            # Both marks are read before what they mark: a change in between renews once more.
            revision, stamp = self._store.catalogue_revision(), self._models.stamp()
            if self._ready is None or self._ready.catalogue_revision != revision:
                self._ready = self._renewed(revision, self._store.catalogue())
            elif stamp != self._stamp or self._fallback_is_old():
                self._ready = self._renewed(revision, self._ready.catalogue)
            self._stamp = stamp
            return self._ready

    def _renewed(self, revision: int, catalogue: Catalogue) -> Ready:
        name = self._models.current()
        if name is None:
            self._fallback = fit_fallback(self._store, catalogue)
            found = self._fallback
            return Ready(catalogue, revision, found.served, found.popular, found.alike, found.seen)
        self._fallback = None
        entry = self._models.entry(name)
        served = Served(name, entry.content, self._loaded(entry).attach(catalogue))
        facts = self._models.facts(name)
        popular = by_row(facts.popularity, catalogue)
        return Ready(catalogue, revision, served, popular, served, facts.seen)

    def _loaded(self, entry: ModelEntry) -> Trained:
        """The model as published; read from disk once for all catalogues it is attached to."""
        if self._base is None or self._base[0] != entry.content:
            self._base = entry.content, self._models.load(entry.name, self._loader)
        return self._base[1]

    def _fallback_is_old(self) -> bool:
        return self._fallback is not None and self._fallback.is_old(self._store)
