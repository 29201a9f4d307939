"""What is written to the terminal: tables of at most 100 columns, messages, progress.

Answers go to standard output, everything else to standard error. Texts of users and items are
never read as markup. Without a terminal there is no colour and no moving bar.
"""

from __future__ import annotations

import shutil
import sys
import textwrap
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from rich import box
from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

WIDTH = 100
PATIENCE = 1.0  # seconds that a job may take before its progress shows
PLAIN_AFTER, PLAIN_EVERY = 2.0, 10.0  # seconds to a job's first line without a terminal, and on


def console(*, error: bool = False) -> Console:
    """A console on the stream as it is now (tests exchange the streams)."""
    stream = sys.stderr if error else sys.stdout
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns) if stream.isatty() else WIDTH
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


def say(line: str | Text = "") -> None:
    """One paragraph of the answer."""
    console().print(line)


def say_all(lines: Iterable[str]) -> None:
    """Several lines; what does not fit goes on under its own beginning."""
    screen = console()
    for line in lines:
        margin = " " * (len(line) - len(line.lstrip(" -")))
        screen.print(textwrap.fill(line, screen.width, subsequent_indent=margin), soft_wrap=True)


def title(line: str) -> None:
    """The heading of a section."""
    say()
    say(Text(line, style="bold"))
    say(Text("─" * len(line), style="dim"))


def message(problem: str, mend: str = "") -> None:
    """What went wrong and the mend, in plain words, on standard error."""
    screen = console(error=True)
    screen.print(Text(problem, style="bold red"), soft_wrap=True)
    if mend:
        screen.print(mend, soft_wrap=True)


def note(line: str) -> None:
    """Something beside the answer, on standard error."""
    if line:
        console(error=True).print(Text(line, style="dim"), soft_wrap=True)


def aside(line: str) -> None:
    """Something small that belongs to the answer."""
    say(Text(line, style="dim"))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[str] = ()) -> None:
    """A table; the columns named in `right` are numbers."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    numbers = set(right)
    for column in columns:
        shown.add_column(
            column, justify="right" if column in numbers else "left", no_wrap=column in numbers
        )
    for row in rows:
        shown.add_row(*(Text(cell) for cell in row))
    console().print(shown)


def duration(seconds: float) -> str:
    """65.2 → "1 min 5 s"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def plain(line: str) -> None:
    """One line exactly as it is, for other programs to read."""
    sys.stdout.write(line + "\n")


class Shown(Protocol):
    """Where the progress of one job is shown."""

    def update(self, label: str, done: float, total: float | None, detail: str) -> None: ...

    def close(self) -> None: ...


class MovingBars:
    """A bar for each label, which stay when they are done."""

    def __init__(self, screen: Console) -> None:
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[detail]}", markup=False),
            console=screen,
        )
        self._tasks: dict[str, TaskID] = {}

    def update(self, label: str, done: float, total: float | None, detail: str) -> None:
        if label not in self._tasks:
            self._bars.start()
            self._end_unmeasured()
            self._tasks[label] = self._bars.add_task(_literal(label), total=total, detail=detail)
        self._bars.update(self._tasks[label], completed=done, total=total, detail=detail)

    def close(self) -> None:
        self._end_unmeasured()
        self._bars.stop()

    def _end_unmeasured(self) -> None:
        """A job without a known end is over when the next one begins."""
        for task in self._bars.tasks:
            if task.total is None:
                self._bars.update(task.id, total=1, completed=1)


class PlainLines:
    """A line now and then, for logs and terminals that cannot move the cursor."""

    def __init__(self, screen: Console, after: float = PLAIN_AFTER) -> None:
        self._screen = screen
        self._after = after
        self._next: dict[str, float] = {}

    def update(self, label: str, done: float, total: float | None, detail: str) -> None:
        now = time.monotonic()
        if now < self._next.setdefault(label, now + self._after):
            return
        self._next[label] = now + PLAIN_EVERY
        share = f"{100 * done / total:.0f} %" if total else f"{done:,.0f}" if done else "..."
        line = " ".join(part for part in (f"{label}:", share, detail) if part)
        self._screen.print(line, markup=False, soft_wrap=True)

    def close(self) -> None: ...


class Reporter:
    """A `habitus.types.Progress` that shows only what takes longer than `PATIENCE`."""

    def __init__(self, shown: Shown, patience: float = PATIENCE) -> None:
        self._shown = shown
        self._from = time.monotonic() + patience

    def __call__(self, label: str, done: float, total: float | None, /, detail: str = "") -> None:
        if time.monotonic() >= self._from:
            self._shown.update(label, done, total, detail)

    def close(self) -> None:
        self._shown.close()


@contextmanager
def progress() -> Iterator[Reporter]:
    """Progress on standard error for as long as the block runs."""
    screen = console(error=True)
    moving = screen.is_terminal and not screen.is_dumb_terminal
    reporter = Reporter(MovingBars(screen) if moving else PlainLines(screen))
    try:
        yield reporter
    finally:
        reporter.close()


def _literal(label: str) -> str:
    return label.replace("[", r"\[")
