"""Reading tables from files: CSV, TSV, JSON Lines and Parquet, each also gzipped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from habitus.events.parsing.block import Block, Layout, TableFile
from habitus.events.parsing.delimited import DelimitedFile
from habitus.events.parsing.jsonlines import JsonLinesFile
from habitus.events.parsing.parquet import ParquetFile
from habitus.events.parsing.text import open_bytes
from habitus.types import HabitusError

__all__ = [
    "FORMATS",
    "Block",
    "DelimitedFile",
    "JsonLinesFile",
    "Layout",
    "ParquetFile",
    "TableFile",
    "content_hash",
    "open_table",
]

FORMATS: dict[str, Callable[[Path, Layout], TableFile]] = {
    "csv": DelimitedFile,
    "tsv": partial(DelimitedFile, delimiters=("\t",)),
    "jsonl": JsonLinesFile,
    "parquet": ParquetFile,
}
HASHED_PIECE = 1 << 20
ENDINGS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}


def open_table(path: Path, layout: Layout | None = None) -> TableFile:
    """The table in a file, by `layout.form` or the file's ending.

    HabitusError where the file is missing, empty, damaged or not a table.
    """
    layout = layout or Layout()
    if not path.exists():
        raise HabitusError(f"There is no file {path}.", "Check the path.")
    name = path.name.lower().removesuffix(".gz")
    form = layout.form or ENDINGS.get(Path(name).suffix)
    if form not in FORMATS:
        raise HabitusError(
            f"{path.name} does not say what kind of table it is."
            if layout.form is None
            else f"There is no format {layout.form!r}.",
            f"Pass --format with one of {', '.join(FORMATS)}.",
        )
    return FORMATS[form](path, layout)


def content_hash(path: Path) -> str:
    """SHA-256 of the content, hexadecimal: the same wherever the file lies, gzipped or not."""
    digest = hashlib.sha256()
    with open_bytes(path) as (content, _):
        while piece := content.read(HASHED_PIECE):
            digest.update(piece)
    return digest.hexdigest()
