"""Slates in a file that other programs read: JSON Lines, CSV or Parquet, by the file's name."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from habitus.types import HabitusError, Slate

Write = Callable[[list[Slate]], None]

COLUMNS = pa.schema(
    [
        ("user_id", pa.string()),
        ("position", pa.int32()),
        ("item_id", pa.string()),
        ("score", pa.float32()),
        ("model", pa.string()),
        ("now", pa.int64()),
    ]
)


@contextmanager
def slate_file(path: str | Path) -> Iterator[Write]:
    """A function that writes slates; the file appears (or is replaced) when all of them are written.

    `.jsonl` has one slate a line; `.csv` and `.parquet` one item a row, with position from 1 and
    `now` in µs since 1970, UTC. HabitusError for another name, or a folder that does not exist.
    """
    path = Path(path)
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise HabitusError(
            f"The name {path.name!r} does not say in which form to write.",
            f"End it in one of: {', '.join(FORMS)}.",
        )
    if not path.parent.is_dir():
        raise HabitusError(f"There is no folder {path.parent}.", "Make it first.")
    half_made = path.with_name(f".{path.name}.part")
    try:
        with form(half_made) as write:
            yield write
        half_made.replace(path)
    finally:
        half_made.unlink(missing_ok=True)


@contextmanager
def _json_lines(path: Path) -> Iterator[Write]:
    with path.open("w", encoding="utf-8") as opened:

        def write(slates: list[Slate]) -> None:
            for one in slates:
                opened.write(json.dumps(_plain(one), ensure_ascii=False) + "\n")

        yield write


@contextmanager
def _csv(path: Path) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.DictWriter(opened, COLUMNS.names)
        rows.writeheader()
        yield lambda slates: rows.writerows(row for one in slates for row in _rows(one))


@contextmanager
def _parquet(path: Path) -> Iterator[Write]:
    with pq.ParquetWriter(path, COLUMNS) as opened:

        def write(slates: list[Slate]) -> None:
            rows = [row for one in slates for row in _rows(one)]
            opened.write_table(pa.Table.from_pylist(rows, COLUMNS))

        yield write


FORMS: dict[str, Callable[[Path], AbstractContextManager[Write]]] = {
    ".jsonl": _json_lines,
    ".csv": _csv,
    ".parquet": _parquet,
}


def _plain(one: Slate) -> dict[str, Any]:
    items = [{"item_id": item.item_id, "score": item.score} for item in one.items]
    return {
        "user_id": one.user_id,
        "model": one.model,
        "now": one.now,
        "note": one.note,
        "items": items,
    }


def _rows(one: Slate) -> Iterator[dict[str, Any]]:
    for position, item in enumerate(one.items, 1):
        yield {
            "user_id": one.user_id,
            "position": position,
            "item_id": item.item_id,
            "score": item.score,
            "model": one.model,
            "now": one.now,
        }
