"""The durable event store: a folder or a PostgreSQL database, any number of workspaces and processes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
from sqlalchemy import bindparam, func, select

from habitus.events import descriptions, rejected, schema
from habitus.events.availability import listed, set_available
from habitus.events.backup import backup
from habitus.events.catalogue import Catalogue
from habitus.events.checking import Checked, check
from habitus.events.clock import Clock, system_clock
from habitus.events.database import Database, open_database
from habitus.events.derived import Derived
from habitus.events.described import checked_items, checked_users
from habitus.events.ended import Ended
from habitus.events.erasing import forget_user
from habitus.events.event_list import EventList
from habitus.events.exporting import export_user
from habitus.events.forgetting import Forgotten
from habitus.events.forgotten import moments
from habitus.events.group_commit import GroupCommit
from habitus.events.histories import Histories
from habitus.events.history import delete_event, user_history
from habitus.events.item_rows import ItemRows
from habitus.events.keys import Keys
from habitus.events.named_values import NamedValues
from habitus.events.observing import Observing
from habitus.events.pages import Pages
from habitus.events.reading import Reader, Reading
from habitus.events.receipt import Receipt
from habitus.events.retention import Retained, retain
from habitus.events.scan import Scan
from habitus.events.slates import SlateLog
from habitus.events.staging import Staging
from habitus.events.statement import Statement
from habitus.events.userstate import HistoryPage, UserState, history_page, user_state
from habitus.events.workers import Workers
from habitus.events.workspace import Workspace, check_name, workspace_value
from habitus.types import Event, EventType, Item, Progress, User, silent

__all__ = ["Receipt", "Staging", "Store"]

STAGING = "staging"


class Store(Workspace):
    """One workspace of a store. Threads may share it; each process opens its own.

    Where a method writes, what it wrote is on disk when it returns. Files that belong to it
    (models, rejected rows) lie in `folder`, for a store in PostgreSQL too.
    """

    def __init__(self, folder: Path, workspace: str, database: Database, clock: Clock) -> None:
        """Use `Store.open`."""
        super().__init__(database, workspace)
        self.folder = folder
        self._clock = clock
        self._group: GroupCommit[Any] = GroupCommit(database)
        self._observing = Observing(self, self._code, self._group, clock)
        self._item_rows = ItemRows(database, self._code)
        self._reader = Reader(database, self._code, self._item_rows)
        self._catalogue: tuple[tuple[int, int], Catalogue] | None = None
        self._prefixes: dict[int, str] = {}
        self._guard = threading.Lock()
        self.keys = Keys(database, clock)
        self.pages = Pages(database, self._code, self._group, clock)
        self.slates = SlateLog(database, self._code, self._group, clock)
        self.values = NamedValues(database, self._code, clock)
        self.derived = Derived(database, self._code)
        self.workers = Workers(database, self._code, clock)

    @classmethod
    def open(
        cls,
        path: str | Path,
        workspace: str = "default",
        create: bool = True,
        clock: Clock = system_clock,
        models: str | Path | None = None,
    ) -> Self:
        """Open the store in folder `path`, or with `create` make it; a workspace is made as needed.

        `path` may also be postgresql://user@host/database; then `models` names the folder of its
        files (None: HABITUS_MODELS, else ./habitus-models). `clock` gives now in µs: the time of
        events observed without one. HabitusError where the folder is on a network, no store, of a
        newer version, or absent and not to be made, and where the server does not answer.
        """
        check_name(workspace)
        database, folder = open_database(path, create, models)
        return cls(folder, workspace, database, clock)

    # Events

    def observe(self, events: Any) -> Receipt:
        """Store events: a dict, an Event, an iterable of these, a DataFrame or an Arrow table.

        Times are whole µs since 1970, datetimes with a time zone or ISO 8601 texts with one;
        without a time an event happened now. An event id seen before with the same content is a
        duplicate, with other content a conflict, and changes nothing; an event without an id gets
        one, so that repeating the call stores it again. `recorded_at` is the store's own and
        ignored. An unheard-of event type is registered as positive with weight 1.

        What a forgotten user did before they were is refused and counted in `Receipt.forgotten`.

        A bad event given alone raises HabitusError. Of several, the bad ones come back in
        `Receipt.rejected` and the others are stored (`observe(…).raise_if_rejected()` insists on
        all). Ten thousand at a time are one transaction.
        """
        return self._observing.one(events)

    def observe_many(self, take: Callable[[], Sequence[Sequence[Any]]]) -> list[Receipt]:
        """What `observe` says to each of several lists of events, written in one transaction.

        `take()` gives them once it is their turn to be written, so that what comes while others
        write is written, too.
        """
        return self._observing.many(take)

    def append(
        self, table: pa.Table, ids: tuple[str, int] | None = None, progress: Progress = silent
    ) -> Receipt:
        """The bulk path for rows already checked: `staging`, `add` and `commit` in one call.

        Columns (null = absent; any other name is an error): user_id, event_type string, both
        needed; timestamp int64 µs UTC, needed unless the workspace is ordinal, where it must be
        absent; item_id, text, session_id, request_id, timezone, event_id string; value,
        propensity float64 without NaN; position, sequence int64; context string (JSON of a flat
        map, as `rows.context_json` writes it). Strings may be dictionary-encoded.

        `ids=(prefix, first_row)` stands for a column event_id = f"{prefix}:{first_row + i}" and
        is far smaller and faster than text ids; the prefix is the file's fingerprint. With
        neither, the store makes ids, and a repeated append stores the rows again.
        """
        with self.staging() as staged:
            staged.add(table, ids)
            return staged.commit(progress)

    @contextmanager
    def staging(self) -> Iterator[Staging]:
        """Several tables as one import, sorted as a whole.

        `with store.staging() as staged:` call `staged.add(table, ids)` for each table in order of
        the file, then `staged.commit(progress)`; what is not committed is dropped.
        """
        folder = self.folder / STAGING
        folder.mkdir(parents=True, exist_ok=True)
        staged = Staging(self._database, self._code, self.ordinal, folder, self._clock)
        try:
            yield staged
        finally:
            staged.close()

    def delete(self, event_id: str) -> bool:
        """Remove one event, also from the files; False where there is none of that id."""
        with self._database.write() as connection:
            deleted = delete_event(connection, self._code, event_id)
        if deleted:
            self._database.checkpoint()  # the log of writes held the event until here
        return deleted

    def forget(self, user_id: str) -> Forgotten:
        """Delete everything about a user, from the files too, and refuse from now on what they did
        up to this moment, however it comes back. Later events are a new user's.

        In an ordinal workspace nothing tells what is later: there the id stays refused.
        """
        now = self._clock()
        return forget_user(self._database, self._code, self._rejects, user_id, now)

    def forgotten(self, user_ids: Iterable[str]) -> set[str]:
        """Which of some users were forgotten at some time."""
        with self._database.read() as connection:
            return set(moments(connection, self._code, user_ids))

    def export(self, user_id: str) -> Iterator[dict[str, Any]]:
        """Everything held about a user, record by record: see `habitus.events.exporting`."""
        return export_user(self._database, self._code, self._rejects, user_id)

    def backup(self, target: str | Path, progress: Progress = silent) -> None:
        """Copy the whole store, all workspaces, to a new folder while it is in use: see
        `habitus.events.backup`."""
        path = Path(target).expanduser().absolute()
        backup(self._database, self.folder, path, self._clock(), progress)

    def check(self, progress: Progress = silent) -> Checked:
        """Whether the store is whole, all workspaces: see `habitus.events.checking`."""
        return check(self._database, self.folder, progress)

    def retain(
        self,
        slate_days: float | None = None,
        reject_days: float | None = None,
        progress: Progress = silent,
    ) -> Retained:
        """Drop slates and rejects files of this workspace that are older than so many days."""
        now = self._clock()
        return retain(
            self._database, self._code, self._rejects, now, slate_days, reject_days, progress
        )

    def forgotten_list(self) -> list[str]:
        """The list of who was forgotten, in every workspace, as JSON Lines without any user's id, and
        of the keys that were revoked."""
        with self._database.read() as connection:
            return list(Ended.of(connection).lines())

    def timezone(self, user_id: str) -> str | None:
        """The time zone that a user's description names."""
        with self._database.reading() as raw:
            found = TIMEZONE.once(raw, w=self._code, u=user_id).fetchone()
        return None if found is None else found[0]

    def user_state(self, user_id: str) -> UserState:
        """A user in numbers, and their description."""
        with self._database.read() as connection:
            return user_state(connection, self._code, user_id)

    def history_page(
        self, user_id: str, limit: int = 100, cursor: str | None = None
    ) -> HistoryPage:
        """Up to `limit` events of a user, newest first; `cursor` goes on from an earlier page."""
        with self._database.read() as connection:
            return history_page(connection, self._code, user_id, limit, cursor)

    def history(self, user_id: str, limit: int | None = None) -> list[Event]:
        """A user's events, oldest first; with `limit` only the last so many."""
        return list(self.event_list(user_id, limit))

    def event_list(self, user_id: str, limit: int | None = None) -> EventList:
        """`history`, of which many are read by column and few as events."""
        with self._database.reading() as raw:
            [(last,)] = LAST_SOURCE.once(raw, w=self._code)
            if last != len(self._prefixes):  # they are only ever added, and count from 1
                found = PREFIXES.once(raw, w=self._code)
                self._prefixes = dict(found.fetchall())
            return user_history(raw, self._code, user_id, limit, self._prefixes)

    def histories(
        self,
        catalogue: Catalogue,
        user_ids: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> Histories:
        """Histories as columns: of the users asked for, in that order, or of all by user_id.

        Sorted by (time, sequence, arrival), with `limit` only the last so many of each. An item
        that the catalogue does not have is row 0; `types` are in the order in which the workspace
        heard of them, so that a later reading only adds to the end.
        """
        scan = Scan(self._database, self._code, self._item_rows)
        if user_ids is not None:
            return scan.of_users(catalogue, user_ids, limit)
        found = scan.everyone(catalogue)
        return found if limit is None else found.last(limit)

    def reading(self, catalogue: Catalogue, user_id: str, before: Reading | None = None) -> Reading:
        """One user's whole history, the fast way; `before` is what was read of them for this very
        catalogue earlier, so that only what came since is read. See `habitus.events.reading`."""
        return self._reader.read(catalogue, user_id, before)

    def prepare(self, catalogue: Catalogue) -> None:
        """Do beforehand what the first `reading` for a catalogue would take long for."""
        self._item_rows.prepare(catalogue)

    def readings(
        self, catalogue: Catalogue, before: Mapping[str, Reading | None]
    ) -> dict[str, Reading]:
        """`reading` for several users at once, all as of one moment: user_id → reading."""
        return self._reader.read_many(catalogue, before)

    # Items, users, event types

    def put_items(self, items: Iterable[Item | Mapping[str, Any]]) -> int:
        """Add or replace items by item_id; how many were new or changed. All or nothing."""
        checked = checked_items(items)
        with self._database.write() as connection:
            return descriptions.put_items(connection, self._code, checked)

    def put_users(self, users: Iterable[User | Mapping[str, Any]]) -> int:
        """Add or replace users by user_id; how many were new or changed. All or nothing."""
        checked = checked_users(users)
        with self._database.write() as connection:
            return descriptions.put_users(connection, self._code, checked)

    def set_available(self, item_ids: Sequence[str], available: bool) -> int:
        """Let items be recommended, or not; how many were changed. HabitusError where the
        catalogue lacks one, and then nothing is changed."""
        with self._database.write() as connection:
            return set_available(connection, self._code, item_ids, available)

    def listed(self, item_ids: Sequence[str]) -> set[str]:
        """Which of some items the catalogue has at present."""
        with self._database.read() as connection:
            return listed(connection, self._code, item_ids)

    def unavailable(self) -> list[str]:
        """The items that cannot be had at present, in no order."""
        with self._database.read() as connection:
            return descriptions.unavailable(connection, self._code)

    def items(self) -> list[Item]:
        """Every item put or named by an event, in order of item_id."""
        with self._database.read() as connection:
            return descriptions.items(connection, self._code)

    def users(self) -> list[User]:
        """Every user put or with an event, in order of user_id."""
        with self._database.read() as connection:
            return descriptions.users(connection, self._code)

    def set_event_types(self, types: Iterable[EventType]) -> None:
        """Give event types their role and weight, also before the first event of a type."""
        with self._database.write() as connection:
            descriptions.set_event_types(connection, self._code, types)

    def event_types(self) -> dict[str, EventType]:
        """The event types by name, in the order in which the workspace heard of them."""
        with self._database.reading() as raw:
            return descriptions.event_types(raw, self._code)

    def catalogue(self) -> Catalogue:
        """All items, rows in order of item_id; the same object until the catalogue changes."""
        with self._guard:
            marks, kept = self.catalogue_marks(), self._catalogue
            if kept is None or kept[0][0] != marks[0]:
                kept = self._catalogue = self._read_catalogue()
            elif kept[0] != marks:
                kept = self._catalogue = (marks, kept[1].having(self.unavailable()))
            return kept[1]

    def close(self) -> None:
        """Write the slates that wait, and let go of the files. Using the store afterwards is an
        error."""
        self.slates.close()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def _rejects(self) -> Path:
        return self.folder / rejected.FOLDER / self.workspace

    def _read_catalogue(self) -> tuple[tuple[int, int], Catalogue]:
        """Marks and items of one moment."""
        with self._database.read() as connection:
            names = ("catalogue_revision", "availability_revision")
            revision, had = (workspace_value(connection, self._code, name) for name in names)
            return (revision, had), descriptions.catalogue(connection, self._code)


TIMEZONE = Statement(
    select(schema.users.c.timezone).where(
        schema.users.c.workspace == bindparam("w"), schema.users.c.user_id == bindparam("u")
    )
)
LAST_SOURCE = Statement(
    select(func.max(schema.sources.c.code)).where(schema.sources.c.workspace == bindparam("w"))
)
PREFIXES = Statement(
    select(schema.sources.c.code, schema.sources.c.prefix).where(
        schema.sources.c.workspace == bindparam("w")
    )
)
