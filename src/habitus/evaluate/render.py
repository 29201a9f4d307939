"""A table for people: with rich on a terminal, as plain text anywhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from habitus.evaluate.intervals import Interval
from habitus.evaluate.report import Group, Row, Table

COLUMNS = ("HR@10", "NDCG@10", "MRR@10")
FEWER_COLUMNS = ("HR@10", "NDCG@10")  # on a terminal of fewer than `ROOMY` columns
LISTS = ("coverage@10",)
PLAIN_WIDTH = 200  # wide enough that no cell wraps
ROOMY = 110
INTERVAL_WIDTH = 13  # "[+.018,+.027]": in a narrow terminal an interval stays in one piece

SEEN = {
    "mask": "items of the history are not recommended again",
    "keep": "items of the history may be recommended again",
}


def render(table: Table, console: Console) -> None:
    """Print a table to a console, from 80 columns on; works without colour and without a terminal."""
    if console.width < ROOMY:
        style = {"box": box.SIMPLE, "show_edge": False, "padding": 0}
        layout = _Layout(FEWER_COLUMNS, style, narrow=True)
    else:
        layout = _Layout(COLUMNS, {"box": box.SIMPLE, "show_edge": False})
    _print(table, console, layout)


def to_text(table: Table) -> str:
    """The table as plain text, its tables in Markdown, so that it can be pasted into a document."""
    made = StringIO()
    console = Console(file=made, width=PLAIN_WIDTH, color_system=None, force_terminal=False)
    _print(table, console, _Layout(COLUMNS, {"box": box.MARKDOWN}))
    return "\n".join(line.rstrip() for line in made.getvalue().splitlines()) + "\n"


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which metrics a table shows, and how rich draws it."""

    columns: tuple[str, ...]
    style: Mapping[str, Any]
    narrow: bool = False


def _print(table: Table, console: Console, layout: _Layout) -> None:
    for line in _head(table):
        console.print(Text(line))
    for group in table.groups:
        notes: list[str] = []
        console.print()
        title = f"{group.title}: {group.users:,} users, {group.cases:,} questions"
        console.print(Text(title, "bold"))
        console.print(_grid(table, group, layout, notes))
        for number, note in enumerate(notes, 1):
            console.print(Text(f"({number}) {note}"))


def _head(table: Table) -> Iterator[str]:
    about = table.about
    variant = f" ({about.variant})" if about.variant else ""
    yield f"{about.dataset}{variant}, {about.protocol}, {about.part}"
    yield f"Full ranking of {table.items:,} items; {SEEN[table.seen]}; ties count against the model."
    yield f"95 % intervals: {table.draws:,} resamples of users, seed {table.seed}."
    if len(table.groups) > 1:
        yield "Tables that know different things of time are not ranked against each other."
    if about.weakness:
        yield about.weakness


def _grid(table: Table, group: Group, layout: _Layout, notes: list[str]) -> RichTable:
    """One group as a rich table; collects the notes of its rows as numbered footnotes."""
    compared = any(row.difference for row in group.rows)
    grid = RichTable(**layout.style)
    grid.add_column("model", overflow="fold")
    difference = f"{table.headline} − {table.reference}"
    for header in [*layout.columns, *([difference] if compared else [])]:
        grid.add_column(header, justify="right", min_width=INTERVAL_WIDTH, overflow="fold")
    lists = [name.replace("@", " @") for name in LISTS]  # a space to break a narrow header at
    for header in [*(["p (Holm)"] if compared else []), *lists, "training"]:
        width = max(len(word) for word in header.split()) if layout.narrow else None
        grid.add_column(header, justify="right", width=width, overflow="fold")
    for row in group.rows:
        grid.add_row(*(Text(cell) for cell in _cells(row, layout, compared, notes)))
    return grid


def _cells(row: Row, layout: _Layout, compared: bool, notes: list[str]) -> Iterator[str]:
    yield " ".join([row.model, *(f"({_footnote(note, notes)})" for note in row.notes)])
    for name in layout.columns:
        yield _interval(row.metrics[name])
    if compared and row.difference and row.p_holm is not None:
        own = row.difference
        yield f"{_short(own.value, '+')} [{_short(own.low, '+')},{_short(own.high, '+')}]"
        yield _short(row.p_holm)
    elif compared:
        yield from ("", "")
    for name in LISTS:
        yield _short(row.lists[name]) if name in row.lists else "n/a"
    yield "" if row.train_seconds is None else f"{row.train_seconds:,.0f} s"


def _footnote(note: str, notes: list[str]) -> int:
    if note not in notes:
        notes.append(note)
    return notes.index(note) + 1


def _interval(found: Interval) -> str:
    """ ".178 [.171,.185]": no space in the brackets, so that narrow cells break before them."""
    return f"{_short(found.value)} [{_short(found.low)},{_short(found.high)}]"


def _short(value: float, sign: str = "") -> str:
    """Three decimals without a leading zero, as tables of this field have them."""
    return f"{value:{sign}.3f}".replace("0.", ".", 1)
