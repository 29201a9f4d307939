"""Files of events, items and users into a store: progress, rejects, restarts."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from habitus.events.cleaning import Cleaner
from habitus.events.mapping import EVENT_FIELDS, resolve
from habitus.events.parsing import Layout, TableFile, content_hash, open_table
from habitus.events.rejects import RejectsFile
from habitus.events.store import Staging, Store
from habitus.events.summary import FileSummary, ImportSummary, most_common
from habitus.events.times import TimeUnit
from habitus.types import EventType, HabitusError, Progress, Role, silent

DEFAULT_EVENT_TYPE = "event"
ITEMLESS_ROLES = (Role.SLATE, Role.UTTERANCE, Role.SEARCH, Role.EDIT)
RUNS_AT_MOST = 64  # runs of neighbouring lines that are staged one by one with compact ids


@dataclass(frozen=True, slots=True)
class EventOptions:
    """How to read files of events.

    event_type   the type of every row; None = the column event_type, or "event" without one
    event_types  roles and weights to set before the import
    time_unit    of numeric times; None = by magnitude
    ordinal      rows have no times, their order counts
    layout       how to read the files
    now          µs; None = the clock. Times more than a day later are rejected
    window       [from, to) in µs where the data is known to lie; times outside it are rejected
    """

    event_type: str | None = None
    event_types: Sequence[EventType] = ()
    time_unit: TimeUnit | None = None
    ordinal: bool = False
    layout: Layout = field(default_factory=Layout)
    now: int | None = None
    window: tuple[int, int] | None = None


def import_files(
    store: Store,
    files: Sequence[str | Path],
    mapping: Mapping[str, str] | None = None,
    options: EventOptions | None = None,
    progress: Progress = silent,
) -> ImportSummary:
    """Import event files; `mapping` is field → column.

    Event ids come from a file's content and the line, so that importing a file again, whole or
    after an interruption, adds exactly what is not there yet. Bad rows go to a rejects file in
    `<store>/rejects`. In ordinal data a user's order is the order of lines within one file,
    unless a column is mapped to `sequence`.

    Raises HabitusError where a file is no table, misses a column, or has not one good row.
    """
    options = options or EventOptions()
    paths = [Path(file) for file in files]
    if not paths:
        raise HabitusError("No file was given.", "Name at least one file to import.")
    tables = [open_table(path, options.layout) for path in paths]
    return import_tables(store, tables, mapping, options, progress)


def import_tables(
    store: Store,
    tables: Sequence[TableFile],
    mapping: Mapping[str, str] | None = None,
    options: EventOptions | None = None,
    progress: Progress = silent,
) -> ImportSummary:
    """`import_files` for tables that are open already, whatever their format."""
    options = options or EventOptions()
    ordinal = options.ordinal or store.ordinal
    cleaners = [_cleaner(table, mapping or {}, options, ordinal) for table in tables]
    if ordinal and not store.ordinal:
        store.set_ordinal()
    if options.event_types:
        store.set_event_types(options.event_types)
    itemless = _itemless(store)
    summaries = []
    for table, cleaner in zip(tables, cleaners, strict=True):
        cleaner.itemless = itemless
        summaries.append(_import_events(store, table, cleaner, progress))
    return ImportSummary(tuple(summaries), _order_notes(ordinal, cleaners))


def rejects_path(store: Store, source: Path, fingerprint: str) -> Path:
    """Where the rejected rows of a file go: the same place each time it is imported."""
    return store.folder / "rejects" / store.workspace / f"{source.name}-{fingerprint[:12]}.jsonl"


def _cleaner(
    table: TableFile, mapping: Mapping[str, str], options: EventOptions, ordinal: bool
) -> Cleaner:
    if options.event_type is not None and "event_type" in mapping:
        raise HabitusError(
            "The event type is given twice: for all rows and as a column.",
            "Give either --event-type or --map event_type=COLUMN.",
        )
    required = ["user_id"] if ordinal else ["user_id", "timestamp"]
    advice = "" if ordinal else "If the data has no times, pass --ordinal."
    columns = resolve(table.path.name, table.columns, mapping, EVENT_FIELDS, required, advice)
    if "item_id" not in columns and "text" not in columns:
        resolve(table.path.name, table.columns, mapping, EVENT_FIELDS, ["item_id"])
    if ordinal:
        columns.pop("timestamp", None)
    constant = options.event_type
    if constant is not None or "event_type" not in columns:
        columns.pop("event_type", None)
        constant = constant or DEFAULT_EVENT_TYPE
    now = options.now if options.now is not None else time.time_ns() // 1_000
    return Cleaner(columns, constant, frozenset(), options.time_unit, now, ordinal, options.window)


def _import_events(
    store: Store, table: TableFile, cleaner: Cleaner, progress: Progress
) -> FileSummary:
    began = time.monotonic()
    fingerprint = content_hash(table.path)
    path = rejects_path(store, table.path, fingerprint)
    wanted = list(dict.fromkeys(cleaner.columns.values()))
    label = f"Reading {table.path.name}"
    rows = 0
    with RejectsFile(path, table.path, store.forgotten) as rejects, store.staging() as staging:
        for block in table.blocks(wanted):
            good, lines, bad = cleaner.clean(block)
            rejects.add(bad)
            rows += len(good) + len(bad)
            _stage(staging, good, lines, fingerprint)
            progress(label, block.done, 1.0, f"{rows:,} rows")
        _refuse_hopeless(table, rows, rejects)
        receipt = staging.commit(progress)
    return FileSummary(
        path=table.path,
        rows=rows,
        accepted=receipt.accepted,
        duplicates=receipt.duplicates,
        conflicts=receipt.conflicted,
        forgotten=receipt.forgotten,
        reasons=dict(rejects.reasons),
        rejects=path if rejects.count else None,
        first_reject=rejects.first,
        seconds=time.monotonic() - began,
        notes=_unit_note(cleaner),
    )


def _stage(staging: Staging, good: pa.Table, lines: NDArray[np.int64], fingerprint: str) -> None:
    """Stage rows under ids "fingerprint:line", compactly where the lines follow one another."""
    if not len(lines):
        return
    breaks = np.flatnonzero(np.diff(lines) != 1) + 1
    if len(breaks) >= RUNS_AT_MOST:
        ids = pa.array([f"{fingerprint}:{line}" for line in lines.tolist()])
        staging.add(good.append_column("event_id", ids))
        return
    bounds = [0, *breaks.tolist(), len(lines)]
    for start, stop in pairwise(bounds):
        staging.add(good.slice(start, stop - start), ids=(fingerprint, int(lines[start])))


def _refuse_hopeless(table: TableFile, rows: int, rejects: RejectsFile) -> None:
    """A file without one good row was most likely read in the wrong way."""
    if not rows:
        raise HabitusError(f"{table.path.name} has a header but no rows.", "Give a file with rows.")
    if rejects.count == rows and rejects.first is not None:
        rejects.keep()
        raise HabitusError(
            f"Not one of the {rows:,} rows of {table.path.name} could be taken: "
            f"{most_common(rejects.reasons)} (line {rejects.first.line}: "
            f"{rejects.first.raw[:120]!r}).",
            "Check which columns are mapped (--map) and the unit of the times (--time-unit); "
            f"the rows are in {rejects.path}.",
        )


def _itemless(store: Store) -> frozenset[str]:
    kinds = store.event_types().items()
    return frozenset(name for name, kind in kinds if kind.role in ITEMLESS_ROLES)


def _unit_note(cleaner: Cleaner) -> tuple[str, ...]:
    return (f"Times were read as {cleaner.unit}.",) if cleaner.unit and not cleaner.ordinal else ()


def _order_notes(ordinal: bool, cleaners: Sequence[Cleaner]) -> tuple[str, ...]:
    if not ordinal or len(cleaners) < 2 or all("sequence" in c.columns for c in cleaners):
        return ()
    return (
        "Without times, a user's order is the order of lines within one file: where several files "
        "hold rows of one user, map a column to `sequence`.",
    )
