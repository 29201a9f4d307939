"""What a public data set is: where it lies, how it is read, how it is to be evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from habitus.events.store import Store
from habitus.events.summary import ImportSummary
from habitus.types import EventType, Progress

RATING = EventType("rating")  # every rating is a positive, whatever its value (docs/protocols.md)

Load = Callable[[Store, Path, Progress], ImportSummary]


@dataclass(frozen=True, slots=True)
class Variant:
    """One form in which a data set goes around: known by its files (the first is the events)."""

    name: str
    files: tuple[str, ...]
    load: Load
    note: str

    def find(self, folder: Path) -> Path | None:
        """The folder with this variant's files, `folder` or one directly below; None without."""
        below = (
            sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
        )
        for place in (folder, *below):
            if all((place / file).is_file() for file in self.files):
                return place
        return None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A public data set.

    folder      below HABITUS_DATA
    variants    the forms it is known in, the preferred one first
    downloads   addresses of its files or archives; empty = it cannot simply be downloaded
    source      where a person finds it
    seen        whether evaluation masks items of the history ("mask") or keeps them ("keep")
    ordinal     it has no times, only an order
    protocol    of evaluation
    """

    name: str
    description: str
    licence: str
    source: str
    event_types: tuple[EventType, ...]
    variants: tuple[Variant, ...]
    downloads: tuple[str, ...] = ()
    seen: Literal["mask", "keep"] = "mask"
    ordinal: bool = False
    protocol: str = "leave-one-out"

    @property
    def folder(self) -> str:
        return self.name


def with_note(summary: ImportSummary, *notes: str) -> ImportSummary:
    """The summary with more notes."""
    return replace(summary, notes=(*summary.notes, *(note for note in notes if note)))


def split_lines(path: Path, delimiter: str, encoding: str = "utf-8") -> Iterator[list[str]]:
    """The rows of a small table of items or users whose format PyArrow does not know."""
    with path.open(encoding=encoding, newline="\n") as file:
        for line in file:
            if line.strip():
                yield line.rstrip("\r\n").split(delimiter)


def year_of(title: str) -> str | None:
    """The year in "Title (1995)"."""
    found = re.search(r"\((\d{4})\)\s*$", title)
    return found.group(1) if found else None


def film_attributes(
    genres: tuple[str, ...], year: str | None, **people: tuple[str, ...]
) -> dict[str, str | tuple[str, ...]]:
    """Attributes of a film; what is not known is left out."""
    made: dict[str, str | tuple[str, ...]] = {}
    known = tuple(genre for genre in genres if genre and genre != "(no genres listed)")
    if known:
        made["genres"] = known
    if year:
        made["year"] = year
    made.update({name: names for name, names in people.items() if names})
    return made
