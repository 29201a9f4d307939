"""Files of items and of users into a store: small tables, one row an item or a user."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from habitus.events.importing import rejects_path
from habitus.events.mapping import resolve
from habitus.events.parsing import Block, Layout, TableFile, content_hash, open_table
from habitus.events.rejects import RejectedRow, RejectsFile
from habitus.events.rows import BadFieldError, identifier, time_zone
from habitus.events.store import Store
from habitus.events.summary import FileSummary, ImportSummary, most_common
from habitus.types import AttributeValue, HabitusError, Item, Progress, User, silent

ITEM_FIELDS = ("item_id", "text", "available")
USER_FIELDS = ("user_id", "timezone")
VALUE_CHARACTERS = 256
FALSE_WORDS = frozenset({"0", "false", "no", "f", "n"})
TRUE_WORDS = frozenset({"1", "true", "yes", "t", "y"})


@dataclass(frozen=True, slots=True)
class EntityOptions:
    """How to read a table of items or users.

    text       columns that together are an item's text, in this order (instead of `text` mapped)
    numbers    columns that are numbers of an item; all other columns are attributes
    ignore     columns to leave out
    separator  between several values of one attribute in one field; lists need none
    layout     how to read the files
    """

    text: Sequence[str] = ()
    numbers: Sequence[str] = ()
    ignore: Sequence[str] = ()
    separator: str = "|"
    layout: Layout = field(default_factory=Layout)


class BadRowError(Exception):
    """A row that is no item or user; the message is the reason."""


Put = Callable[[Iterator[Any]], int]
Make = Callable[[dict[str, Any]], Any]


def import_items(
    store: Store,
    files: Sequence[str | Path],
    mapping: Mapping[str, str] | None = None,
    options: EntityOptions | None = None,
    progress: Progress = silent,
) -> ImportSummary:
    """Add or replace items from tables with a column `item_id` (or one mapped to it).

    Columns that are not mapped become attributes. Raises HabitusError where a file is no table
    or has no such column; bad rows go to the rejects file.
    """
    chosen = options or EntityOptions()

    def maker(fields: Mapping[str, str], rest: Sequence[str]) -> Make:
        return lambda row: _item(row, fields, rest, chosen)

    extra = (*chosen.text, *chosen.numbers)
    return _import(
        store, files, mapping or {}, chosen, ITEM_FIELDS, extra, maker, store.put_items, progress
    )


def import_users(
    store: Store,
    files: Sequence[str | Path],
    mapping: Mapping[str, str] | None = None,
    options: EntityOptions | None = None,
    progress: Progress = silent,
) -> ImportSummary:
    """Add or replace users from tables with a column `user_id`; other columns are attributes.

    Users who were forgotten are left out, unless an event brought them back since.
    """
    chosen = options or EntityOptions()

    def maker(fields: Mapping[str, str], rest: Sequence[str]) -> Make:
        return lambda row: _user(row, fields, rest, chosen)

    def put(users: Iterator[User]) -> int:
        return store.put_users(_not_forgotten(store, list(users)))

    return _import(store, files, mapping or {}, chosen, USER_FIELDS, (), maker, put, progress)


def _not_forgotten(store: Store, users: list[User]) -> list[User]:
    """A table does not say since when it describes a user, so it brings nobody back: of those who
    were forgotten only users that are there again."""
    gone = store.forgotten(user.user_id for user in users)
    return [user for user in users if user.user_id not in gone or store.revision(user.user_id)]


def _import(
    store: Store,
    files: Sequence[str | Path],
    mapping: Mapping[str, str],
    options: EntityOptions,
    fields: tuple[str, ...],
    extra: Sequence[str],
    maker: Callable[[Mapping[str, str], Sequence[str]], Make],
    put: Put,
    progress: Progress,
) -> ImportSummary:
    tables = [open_table(Path(file), options.layout) for file in files]
    plans = []
    for table in tables:
        found = resolve(table.path.name, table.columns, mapping, fields, fields[:1])
        for column in (*extra, *options.ignore):
            resolve(table.path.name, table.columns, {fields[0]: column}, fields, ())
        taken = {*found.values(), *extra, *options.ignore}
        rest = [column for column in table.columns if column not in taken]
        plans.append(
            (table, [*dict.fromkeys([*found.values(), *extra, *rest])], maker(found, rest))
        )
    return ImportSummary(
        tuple(
            _import_one(store, table, wanted, make, put, progress) for table, wanted, make in plans
        )
    )


def _import_one(
    store: Store,
    table: TableFile,
    wanted: Sequence[str],
    make: Make,
    put: Put,
    progress: Progress,
) -> FileSummary:
    began, rows, changed = time.monotonic(), 0, 0
    path = rejects_path(store, table.path, content_hash(table.path))
    with RejectsFile(path, table.path, store.forgotten) as rejects:
        for block in table.blocks(wanted):
            made, bad = _make_all(block, make)
            rejects.add(block.broken + bad)
            rows += len(block.table) + len(block.broken)
            changed += put(iter(made))
            progress(f"Reading {table.path.name}", block.done, 1.0, f"{rows:,} rows")
        if rejects.count == rows and rejects.first is not None:
            rejects.keep()
            raise HabitusError(
                f"Not one of the {rows:,} rows of {table.path.name} could be taken: "
                f"{most_common(rejects.reasons)}.",
                f"Check which columns are mapped (--map); the rows are in {rejects.path}.",
            )
    return FileSummary(
        path=table.path,
        rows=rows,
        accepted=changed,
        duplicates=rows - rejects.count - changed,
        conflicts=0,
        reasons=dict(rejects.reasons),
        rejects=path if rejects.count else None,
        first_reject=rejects.first,
        seconds=time.monotonic() - began,
    )


def _make_all(block: Block, make: Make) -> tuple[list[Any], list[RejectedRow]]:
    made, bad = [], []
    for index, row in enumerate(block.table.to_pylist()):
        try:
            made.append(make(row))
        except BadRowError as reason:
            bad.append(RejectedRow(int(block.lines[index]), str(reason), block.raw(index)))
    return made, bad


def _item(
    row: dict[str, Any], fields: Mapping[str, str], rest: Sequence[str], options: EntityOptions
) -> Item:
    pieces = [_text(row[name]) for name in options.text or [fields.get("text", "")] if name in row]
    numbers = {name: _number(row[name], name) for name in options.numbers if _text(row[name])}
    return Item(
        item_id=_id(row[fields["item_id"]], "item"),
        text="\n".join(piece for piece in pieces if piece),
        attributes=_attributes(row, rest, options.separator),
        numbers=numbers,
        available=_flag(row[fields["available"]]) if "available" in fields else True,
    )


def _user(
    row: dict[str, Any], fields: Mapping[str, str], rest: Sequence[str], options: EntityOptions
) -> User:
    timezone = _text(row[fields["timezone"]]) if "timezone" in fields else ""
    return User(
        user_id=_id(row[fields["user_id"]], "user"),
        attributes=_attributes(row, rest, options.separator),
        timezone=_checked(time_zone, timezone, "timezone") if timezone else None,
    )


def _attributes(
    row: Mapping[str, Any], columns: Sequence[str], separator: str
) -> dict[str, AttributeValue]:
    made: dict[str, AttributeValue] = {}
    for column in columns:
        values = _values(row[column], separator)
        if any(len(value) > VALUE_CHARACTERS for value in values):
            raise BadRowError(f"attribute {column} is longer than {VALUE_CHARACTERS} characters")
        if values:
            made[column] = values[0] if len(values) == 1 else values
    return made


def _values(value: Any, separator: str) -> tuple[str, ...]:
    """The values in a field: a list, a JSON list, or text with separators."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            value = str(value)
    if not isinstance(value, list):
        value = _text(value).split(separator)
    texts = (_text(entry) for entry in value)
    return tuple(dict.fromkeys(text for text in texts if text))


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value).strip()


def _id(value: Any, noun: str) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # ids that pandas made floats
    text = "" if value is None or value != value else str(value)
    if not text.strip():
        raise BadRowError(f"no {noun}")
    return _checked(identifier, text, f"{noun}_id")


def _checked(check: Callable[[Any, str], str], text: str, name: str) -> str:
    try:
        return check(text, name)
    except BadFieldError as error:
        raise BadRowError(str(error)) from error


def _number(value: Any, name: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise BadRowError(f"{name} is not a finite number") from error
    if not math.isfinite(number):
        raise BadRowError(f"{name} is not a finite number")
    return number


def _flag(value: Any) -> bool:
    word = _text(value).lower()
    if word in FALSE_WORDS:
        return False
    if word in TRUE_WORDS or not word:
        return True
    raise BadRowError("available is neither true nor false")
