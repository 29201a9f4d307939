"""`habitus import`: files of events, items and users into a store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from habitus.cli.app import StoreFolder, Workspace, engine_of, pairs
from habitus.cli.screen import note, progress, say_all
from habitus.types import EventType, HabitusError, Role

ROLES = ", ".join(Role)


class TimeUnits(StrEnum):
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    MICROSECONDS = "microseconds"
    NANOSECONDS = "nanoseconds"


class Formats(StrEnum):
    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"
    PARQUET = "parquet"


def register(app: typer.Typer) -> None:
    app.command("import")(import_command)


def import_command(
    store: StoreFolder,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="CSV, TSV, JSON Lines or Parquet; also .gz."),
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="Which column is which field."),
    ] = None,
    event_type: Annotated[
        str | None, typer.Option(metavar="TYPE", help="The type of every event in these files.")
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(metavar="TYPE=ROLE[:WEIGHT]", help=f"What an event type means: {ROLES}."),
    ] = None,
    items: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A table of items: item_id, text; else attributes."),
    ] = None,
    map_items: Annotated[
        list[str] | None, typer.Option(metavar="FIELD=COLUMN", help="As --map, for items.")
    ] = None,
    item_text: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="Columns that together are an item's text."),
    ] = None,
    item_number: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="Columns that are numbers of an item."),
    ] = None,
    users: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A table of users: user_id; else attributes."),
    ] = None,
    map_users: Annotated[
        list[str] | None, typer.Option(metavar="FIELD=COLUMN", help="As --map, for users.")
    ] = None,
    separator: Annotated[
        str, typer.Option(help="Between several values of one attribute of an item or user.")
    ] = "|",
    ordinal: Annotated[
        bool, typer.Option("--ordinal", help="The data has no times; the order of rows counts.")
    ] = False,
    time_unit: Annotated[
        TimeUnits | None, typer.Option(help="Of numeric times (absent: by their size).")
    ] = None,
    form: Annotated[
        Formats | None, typer.Option("--format", help="Where a file's name does not say it.")
    ] = None,
    delimiter: Annotated[str | None, typer.Option(help="Between the fields of a line.")] = None,
    header: Annotated[
        str | None, typer.Option(metavar="A,B,...", help="Column names, where a file has none.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="Of text files.")] = "utf-8",
    workspace: Workspace = "default",
) -> None:
    """Take files of events, items and users into a store.

    The store is made where there is none. Bad rows go to a file of rejects with the reason; the
    good ones stay. Importing a file again adds only what is not there yet, so an interrupted
    import is simply run again.
    """
    from habitus.events.entities import EntityOptions, import_items, import_users
    from habitus.events.importing import EventOptions, import_files
    from habitus.events.parsing import Layout
    from habitus.events.times import TimeUnit

    if not (files or items or users):
        raise HabitusError("No file was given.", "Name at least one file to import.")
    layout = Layout(form, delimiter, tuple(header.split(",")) if header else None, encoding)
    options = EventOptions(
        event_type=event_type,
        event_types=[event_type_of(text) for text in role or ()],
        time_unit=TimeUnit(time_unit) if time_unit else None,
        ordinal=ordinal,
        layout=layout,
    )
    described = EntityOptions(
        text=item_text or (), numbers=item_number or (), separator=separator, layout=layout
    )
    event_fields = pairs(mapping or [], "--map")
    item_fields = pairs(map_items or [], "--map-items")
    user_fields = pairs(map_users or [], "--map-users")
    with engine_of(store, workspace, create=True) as engine, progress() as report:
        summaries = []
        with option_named("--map-items"):
            if items:
                summaries.append(import_items(engine.store, items, item_fields, described, report))
        with option_named("--map-users"):
            if users:
                summaries.append(import_users(engine.store, users, user_fields, described, report))
        if files:
            summaries.append(import_files(engine.store, files, event_fields, options, report))
    for summary in summaries:
        say_all(summary.sentences())
    note(f"Next: habitus status {store}")


@contextmanager
def option_named(option: str) -> Iterator[None]:
    """Errors within name this option where they would name --map."""
    try:
        yield
    except HabitusError as error:
        mend = error.mend.replace("--map ", f"{option} ")
        raise HabitusError(error.problem, mend) from error


def event_type_of(text: str) -> EventType:
    """`TYPE=ROLE` or `TYPE=ROLE:WEIGHT` as an event type; HabitusError where it is neither."""
    name, equals, meaning = text.rpartition("=")
    role, colon, weight = meaning.partition(":")
    try:
        if not (name and equals):
            raise ValueError(text)
        return EventType(name, Role(role), float(weight) if colon else 1.0)
    except ValueError:
        raise HabitusError(
            f"--role {text!r} says no role.",
            f"Write TYPE=ROLE or TYPE=ROLE:WEIGHT, the role one of {ROLES}.",
        ) from None
