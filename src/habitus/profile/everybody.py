"""The statistics of everybody in a store: fitted when they are due, and kept for every process."""

from __future__ import annotations

from habitus.events.storage_errors import failing
from habitus.events.store import Store
from habitus.profile.learned import NAME, Learned
from habitus.types import HabitusError, Progress, silent

SMALL = 50_000  # changes up to which they are fitted in passing


class Everybody:
    """What all users of one store do. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._latest: tuple[str, Learned] | None = None  # as text, and read

    def learn(self, progress: Progress = silent) -> None:
        """Fit it anew, and keep it for every process."""
        found = Learned.fit(self._store, progress)
        text = found.to_json()
        self._latest = text, found
        self._store.values.put(NAME, text)

    def now(self) -> Learned | None:
        """As it was last fitted; in passing anew where the store is small and has grown. None where
        it never was."""
        change = self._store.change()
        found = self._read(self._store.values.get(NAME)) or self._own()
        if change > SMALL or (found is not None and not found.outgrown(change)):
            return found
        try:
            self.learn()
        except HabitusError as error:
            if failing(error) is None:
                raise
        return self._own()  # also where the store could not be written to

    def _own(self) -> Learned | None:
        return None if self._latest is None else self._latest[1]

    def _read(self, text: str | None) -> Learned | None:
        """What is kept; None where nothing is, or another version of Habitus kept it."""
        if text is None:
            return None
        if self._latest is None or self._latest[0] != text:
            try:
                self._latest = text, Learned.from_json(text)
            except HabitusError:  # as if it never was fitted: the profile's note says so
                return None
        return self._latest[1]
