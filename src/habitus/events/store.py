"""The durable event store: one folder, one SQLite file, any number of workspaces and processes."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
from sqlalchemy import Connection, bindparam, func, or_, select, update

from habitus.events import descriptions, fingerprint, schema
from habitus.events.appending import append_chunk
from habitus.events.catalogue import Catalogue
from habitus.events.clock import Clock, system_clock
from habitus.events.codes import make_own_source
from habitus.events.coding import code_events
from habitus.events.database import Database
from habitus.events.described import checked_items, checked_users
from habitus.events.group_commit import GroupCommit
from habitus.events.histories import Histories
from habitus.events.history import delete_event, user_history
from habitus.events.item_rows import ItemRows
from habitus.events.receipt import Receipt
from habitus.events.rows import Rows, check, records
from habitus.events.scan import Scan
from habitus.events.staging import Staging
from habitus.events.statement import Statement
from habitus.types import Event, EventType, HabitusError, Item, Progress, User, silent

__all__ = ["Receipt", "Staging", "Store"]

STAGING = "staging"
WORKSPACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # it names folders too
TOGETHER = 10_000  # events of one transaction of `observe`


class Store:
    """One workspace of a store folder. Threads may share it; each process opens its own.

    Where a method writes, what it wrote is on disk when it returns.
    """

    def __init__(self, folder: Path, workspace: str, database: Database, clock: Clock) -> None:
        """Use `Store.open`."""
        self.folder = folder
        self.workspace = workspace
        self._clock = clock
        self._database = database
        self._group: GroupCommit[Receipt] = GroupCommit(database)
        with database.write() as connection:
            self._code = _workspace_code(connection, workspace)
        self._item_rows = ItemRows(database, self._code)
        self._catalogue: tuple[int, Catalogue] | None = None
        self._prefixes: dict[int, str] = {}
        self._guard = threading.Lock()

    @classmethod
    def open(
        cls,
        path: str | Path,
        workspace: str = "default",
        create: bool = True,
        clock: Clock = system_clock,
    ) -> Self:
        """Open the store in folder `path`, or with `create` make it; a workspace is made as needed.

        `clock` gives now in µs: the time of events observed without one. HabitusError where the
        folder is on a network, no store, of a newer version, or absent and not to be made.
        """
        if not WORKSPACE.fullmatch(workspace):
            raise HabitusError(
                f"{workspace!r} cannot name a workspace.",
                "Use up to 64 letters, digits, dots, dashes and underscores, a letter or digit first.",
            )
        folder = Path(path).expanduser().absolute()
        database = Database(folder, create)
        return cls(folder, workspace, database, clock)

    # Events

    def observe(self, events: Any) -> Receipt:
        """Store events: a dict, an Event, an iterable of these, a DataFrame or an Arrow table.

        Times are whole µs since 1970, datetimes with a time zone or ISO 8601 texts with one;
        without a time an event happened now. An event id seen before with the same content is a
        duplicate, with other content a conflict, and changes nothing; an event without an id gets
        one, so that repeating the call stores it again. `recorded_at` is the store's own and
        ignored. An unheard-of event type is registered as positive with weight 1.

        A bad event given alone raises HabitusError. Of several, the bad ones come back in
        `Receipt.rejected` and the others are stored (`observe(…).raise_if_rejected()` insists on
        all). Ten thousand at a time are one transaction.
        """
        receipt = Receipt()
        found = records(events)
        start = 0
        while block := list(islice(found, TOGETHER)):
            rows = check(block, start, self._clock(), self.ordinal)
            receipt.rejected += rows.rejected
            if rows.events:
                receipt.add(self._group.run(partial(self._write, rows)))
            start += len(block)
        return receipt.raise_if_rejected() if isinstance(events, Event | Mapping) else receipt

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
        folder.mkdir(exist_ok=True)
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

    def history(self, user_id: str, limit: int | None = None) -> list[Event]:
        """A user's events, oldest first; with `limit` only the last so many."""
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
        with self._database.read() as connection:
            return descriptions.event_types(connection, self._code)

    def catalogue(self) -> Catalogue:
        """All items, rows in order of item_id; the same object until the catalogue changes."""
        with self._guard:
            revision = self.catalogue_revision()
            if self._catalogue is None or self._catalogue[0] != revision:
                self._catalogue = self._read_catalogue()
            return self._catalogue[1]

    # The workspace

    def set_ordinal(self) -> None:
        """Mark the workspace as data without times; only before its first event."""
        with self._database.write() as connection:
            table = schema.workspaces
            if self._workspace_value(connection, table.c.ordinal):
                return
            if self._count_events(connection):
                raise HabitusError(
                    f"The workspace {self.workspace!r} has events with times already.",
                    "Put data without times into a workspace of its own.",
                )
            connection.execute(update(table).where(table.c.code == self._code).values(ordinal=True))

    @property
    def ordinal(self) -> bool:
        """Whether the workspace's events have an order and no times."""
        with self._database.read() as connection:
            return bool(self._workspace_value(connection, schema.workspaces.c.ordinal))

    def revision(self, user_id: str) -> int:
        """Rises with every change of a user's events or description; 0 = never seen."""
        with self._database.reading() as raw:
            found = REVISION.once(raw, w=self._code, u=user_id).fetchone()
        return int(found[0]) if found else 0

    def catalogue_revision(self) -> int:
        """Rises with every change of the items or event types."""
        with self._database.reading() as raw:
            return int(CATALOGUE_REVISION.once(raw, w=self._code).fetchone()[0])

    def fingerprint(self, progress: Progress = silent) -> str:
        """One value for the logical content: see `habitus.events.fingerprint`."""
        return fingerprint.fingerprint(self._database, self._code, progress)

    @property
    def user_count(self) -> int:
        """Users put or with an event."""
        table = schema.users
        listed = or_(table.c.events > 0, table.c.attributes.is_not(None))
        query = select(func.count()).where(table.c.workspace == self._code, listed)
        with self._database.read() as connection:
            return int(connection.scalar(query) or 0)

    @property
    def event_count(self) -> int:
        with self._database.read() as connection:
            return self._count_events(connection)

    @property
    def text_count(self) -> int:
        """Events that say something; counting them reads every event."""
        table = schema.events
        spoken = select(func.count()).where(
            table.c.workspace == self._code, table.c.text.is_not(None)
        )
        with self._database.read() as connection:
            return int(connection.scalar(spoken) or 0)

    def close(self) -> None:
        """Let go of the files. Using the store afterwards is an error."""
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

    def _read_catalogue(self) -> tuple[int, Catalogue]:
        """Revision and items of one moment."""
        with self._database.read() as connection:
            revision = self._workspace_value(connection, schema.workspaces.c.catalogue_revision)
            listed = descriptions.items(connection, self._code)
        return revision, descriptions.as_catalogue(listed)

    def _write(self, rows: Rows, connection: Connection) -> Receipt:
        chunk = code_events(connection, self._code, rows.events, rows.timed)
        return append_chunk(connection, self._code, chunk, self._clock())

    def _workspace_value(self, connection: Connection, column: Any) -> Any:
        query = select(column).where(schema.workspaces.c.code == self._code)
        return connection.execute(query).scalar_one()

    def _count_events(self, connection: Connection) -> int:
        table = schema.users
        query = select(func.sum(table.c.events)).where(table.c.workspace == self._code)
        return int(connection.scalar(query) or 0)


LAST_SOURCE = Statement(
    select(func.max(schema.sources.c.code)).where(schema.sources.c.workspace == bindparam("w"))
)


REVISION = Statement(
    select(schema.users.c.revision).where(
        schema.users.c.workspace == bindparam("w"), schema.users.c.user_id == bindparam("u")
    )
)
CATALOGUE_REVISION = Statement(
    select(schema.workspaces.c.catalogue_revision).where(schema.workspaces.c.code == bindparam("w"))
)
PREFIXES = Statement(
    select(schema.sources.c.code, schema.sources.c.prefix).where(
        schema.sources.c.workspace == bindparam("w")
    )
)


def _workspace_code(connection: Connection, name: str) -> int:
    """The code of a workspace; one that is new is entered."""
    table = schema.workspaces
    found = connection.scalar(select(table.c.code).where(table.c.name == name))
    if found is not None:
        return int(found)
    code = int(connection.scalar(select(func.max(table.c.code))) or 0) + 1
    connection.execute(
        table.insert().values(code=code, name=name, ordinal=False, change=0, catalogue_revision=0)
    )
    make_own_source(connection, code)
    return code
