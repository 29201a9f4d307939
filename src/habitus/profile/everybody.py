"""The statistics of everybody in a store: fitted when they are due, and kept for every process."""

from __future__ import annotations

from habitus.events.storage_errors import failing
from habitus.events.store import Store
from habitus.profile.learned import NAME, Learned
from habitus.types import HabitusError, Progress, silent

NOT_KEPT = -1
SMALL = 50_000  # changes up to which they are fitted in passing


class Everybody:
    """What all users of one store do. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._latest: tuple[int, Learned] | None = None  # when it was kept, and what it says

    def learn(self, progress: Progress = silent) -> None:
        """Fit it anew, and keep it for every process."""
        found = Learned.fit(self._store, progress)
        self._latest = NOT_KEPT, found
        self._latest = self._store.values.put(NAME, found.to_json()), found

    def now(self) -> Learned | None:
        """As it was last fitted; in passing anew where the store is small and has grown. None where
        it never was."""
        change = self._store.change()
        found = self._kept() or self._own()
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

    def _kept(self) -> Learned | None:
        """What is kept; None where nothing is, or another version of Habitus kept it."""
        values = self._store.values
        at = values.written_at(NAME)
        if at is None:
            return None
        if self._latest is None or self._latest[0] != at:  # megabytes: read once
            try:
                self._latest = at, Learned.from_json(values.get(NAME) or "")
            except HabitusError:  # as if it never was fitted: the profile's note says so
                return None
        return self._latest[1]
