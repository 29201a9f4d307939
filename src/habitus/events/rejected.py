"""The rows about one user in the rejects files of a workspace: shown, and taken out."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

FOLDER = "rejects"


def rejected_of(folder: Path, user_id: str) -> Iterator[dict[str, Any]]:
    """The rejected rows that name a user, from all files of a folder."""
    names = _naming(user_id)
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as opened:
            for line in opened:
                record = json.loads(line)
                if names(record):
                    yield record


def drop_rejected(folder: Path, user_id: str) -> int:
    """Take the rows that name a user out of all files of a folder; how many there were.

    A file is replaced as a whole, and goes where nothing is left of it.
    """
    names, dropped = _naming(user_id), 0
    for path in sorted(folder.glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not names(json.loads(line))]
        if len(kept) == len(lines):
            continue
        dropped += len(lines) - len(kept)
        _replace(path, "".join(kept))
    return dropped


def _naming(user_id: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a record is about the user: it says so, or, where it does not say whose it is, the
    id stands by itself somewhere in the row."""
    alone = re.compile(rf"(?<![^\W_]){re.escape(user_id)}(?![^\W_])")

    def names(record: dict[str, Any]) -> bool:
        said = record.get("user_id")
        return said == user_id if said is not None else bool(alone.search(record["raw"]))

    return names


def _replace(path: Path, text: str) -> None:
    if not text:
        path.unlink()
        return
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with unfinished.open("w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    unfinished.replace(path)
