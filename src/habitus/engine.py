"""The engine: one method a verb. What each does lies in the folders below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time_ns
from typing import Any, Self

from habitus.act.cache import StateCache
from habitus.act.compare import compare
from habitus.act.everybody import recommend_everybody
from habitus.act.learn import learn
from habitus.act.models import ModelEntry, ModelFolder
from habitus.act.recommend import Moment, Recommender
from habitus.act.seen import Seen
from habitus.act.serving import Serving
from habitus.act.training import Effort, load_model
from habitus.evaluate.report import Table
from habitus.events.datasets import loaded
from habitus.events.receipt import Receipt
from habitus.events.status import Status, status
from habitus.events.store import Store
from habitus.types import Event, EventType, HabitusError, Item, Progress, Slate, User, silent

Now = int | datetime | None


class Engine:
    """One workspace of a store: what its users did, the models of it, and the answers.

    `now` is µs since 1970, UTC, or a datetime with a zone. Where it is given, events after it are
    not looked at, so that a replay is exact; where it is None, the clock says it and all events
    count. `user_id` need not be known: a new user is a user without events.
    """

    def __init__(self, store: Store, clock: Callable[[], int], capacity: int = 1024) -> None:
        """Answer from an open store; `capacity` users' states are kept between requests."""
        self.store = store
        self._clock = clock
        self._models = ModelFolder(store.folder / "models" / store.workspace)
        self._serving = Serving(store, self._models, load_model)
        self._recommender = Recommender(store, self._serving, StateCache(capacity))

    @classmethod
    def open(
        cls,
        path: str | Path,
        workspace: str = "default",
        *,
        create: bool = True,
        clock: Callable[[], int] | None = None,
    ) -> Self:
        """Open, or create, the store in folder `path`."""
        clock = clock or system_clock
        return cls(Store.open(path, workspace, create=create, clock=clock), clock)

    # --- observe -------------------------------------------------------------------------------

    def observe(self, events: Any) -> Receipt:
        """Store events (a dict, an Event, several of them, a DataFrame, an Arrow table).

        When it returns they are on disk, and the next answer counts them.
        """
        return self.store.observe(events)

    def delete(self, event_id: str) -> bool:
        """Remove one event, from the next answer too; False where there is none of that id."""
        return self.store.delete(event_id)

    def put_items(self, items: Iterable[Item | dict[str, Any]]) -> int:
        """Add or replace items; the number that were new or changed. New ones can be recommended
        at once."""
        return self.store.put_items(items)

    def put_users(self, users: Iterable[User | dict[str, Any]]) -> int:
        """Add or replace users; the number that were new or changed."""
        return self.store.put_users(users)

    def set_event_types(self, types: Iterable[EventType]) -> None:
        """Say what kinds of events mean: role and weight."""
        self.store.set_event_types(types)

    def history(self, user_id: str, limit: int | None = None) -> list[Event]:
        """A user's events, oldest first; with `limit` only the last so many."""
        return self.store.history(user_id, limit)

    def status(self) -> Status:
        """What is there, in numbers and in plain words, and whether it is enough to learn from."""
        return status(self.store)

    # --- learn ---------------------------------------------------------------------------------

    def train(
        self,
        recipe: str = "default",
        *,
        minutes: float | None = None,
        name: str | None = None,
        seed: int = 0,
        threads: int | None = None,
        seen: Seen | None = None,
        resume: bool = False,
        progress: Progress = silent,
    ) -> ModelEntry:
        """Train on everything, publish the model, and let it serve from the next answer on.

        Each user's last positive event is kept back to choose the best weights by. `seen` is the
        model's default for `exclude_seen` ("mask" or "keep"; None: by how often people repeat).
        """
        effort = Effort(minutes, seed, threads)
        return learn(
            self.store,
            self._models,
            recipe,
            name=name,
            seen=seen,
            effort=effort,
            resume=resume,
            progress=progress,
        )

    def models(self) -> list[ModelEntry]:
        """The published models, one of them current."""
        return self._models.entries()

    def activate(self, name: str) -> None:
        """Let another published model serve; HabitusError where there is none of that name."""
        self._models.activate(name)

    def rollback(self) -> str:
        """Let the model serve that served before; returns its name."""
        return self._models.rollback()

    # --- ask -----------------------------------------------------------------------------------

    def recommend(
        self, user_id: str, k: int = 10, now: Now = None, exclude_seen: bool | None = None
    ) -> Slate:
        """The k items that the user is likeliest to want next.

        `exclude_seen` leaves out what they have had already (None: as the model was trained to).
        """
        return self._recommender.recommend(user_id, k, self._moment(now), exclude_seen)

    def rank(self, user_id: str, item_ids: Sequence[str], now: Now = None) -> Slate:
        """The given items, likeliest first; HabitusError where the catalogue lacks one."""
        return self._recommender.rank(user_id, item_ids, self._moment(now))

    def similar(self, item_id: str, k: int = 10) -> Slate:
        """The k items most like one; HabitusError where the catalogue lacks it."""
        return self._recommender.similar(item_id, k, self._moment(None))

    def recommend_all(
        self,
        path: str | Path,
        k: int = 10,
        now: Now = None,
        exclude_seen: bool | None = None,
        progress: Progress = silent,
    ) -> int:
        """Write every user's recommendations to a .jsonl, .csv or .parquet file; the user count."""
        return recommend_everybody(
            self.store,
            self._serving.ready(),
            path,
            k,
            self._moment(now),
            exclude_seen,
            progress,
        )

    def evaluate(
        self,
        recipes: Sequence[str],
        *,
        protocol: str = "leave-one-out",
        seen: Seen | None = None,
        minutes: float | None = None,
        seed: int = 0,
        threads: int | None = None,
        progress: Progress = silent,
    ) -> Table:
        """Compare recipes and baselines on this store's own events; nothing is published."""
        catalogue, known = self.store.catalogue(), loaded(self.store)
        return compare(
            self.store.histories(catalogue),
            catalogue,
            recipes,
            dataset=", ".join(each.name for each in known) or self.store.folder.name,
            variant=", ".join(each.variant for each in known),
            protocol=protocol,
            seen=seen,
            effort=Effort(minutes, seed, threads),
            progress=progress,
        )

    # --- run -----------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the store; the engine answers no more."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _moment(self, now: Now) -> Moment:
        if now is None:
            return Moment(self._clock(), replay=False)
        return Moment(microseconds(now), replay=True)


def system_clock() -> int:
    """The present in µs since 1970, UTC."""
    return time_ns() // 1_000


def microseconds(now: int | datetime) -> int:
    """A moment in µs since 1970, UTC; HabitusError for a datetime without a zone."""
    if isinstance(now, int):
        return now
    if now.tzinfo is None:
        raise HabitusError(
            f"The moment {now.isoformat()} has no time zone.", "Give it one, such as UTC."
        )
    return (now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
