"""The rejects file: every row that was not taken, with its line, the reason and its text."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

LINE_BREAKS = {  # that JSON leaves as they are and that some readers take for the end of a line
    code: f"\\u{code:04x}" for code in (0x7F, 0x85, 0x2028, 0x2029)
}
OF_FORGOTTEN = "of a user who was forgotten"
WORD = re.compile(r"[^\s,;|\"'{}\[\]:]+")  # what may be an id in a row that cannot be read
RAW_CHARACTERS = 2_000  # of a rejected row that are kept: enough to see what it is

Forgotten = Callable[[Iterable[str]], Set[str]]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was not taken. `line` counts from 1, the header included (Parquet: the row).

    `reason` is the kind of fault, which summaries count; `detail` is what this row has of it.
    `user_id` is whose it is, where that can be read.
    """

    line: int
    reason: str
    raw: str
    detail: str = ""
    user_id: str | None = None


class RejectsFile:
    """Writes `path` as JSON Lines; it appears only when an import ends, and only if it has rows.

    A context manager. An import that ends well replaces the file of an earlier run, and takes it
    away where no row was rejected; one that is broken off leaves the earlier file as it was.
    """

    def __init__(
        self, path: Path, source: Path, forgotten: Forgotten = lambda _: frozenset()
    ) -> None:
        """Write what cannot be taken from the file `source`; `forgotten` says which of some users
        were forgotten: of their rows only the line is written."""
        self.path = path
        self._forgotten = forgotten
        self.reasons: Counter[str] = Counter()
        self.first: RejectedRow | None = None
        self._source = str(source)
        self._unfinished = path.with_name(f".{path.name}.{os.getpid()}")

    @property
    def count(self) -> int:
        return self.reasons.total()

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._out = self._unfinished.open("w", encoding="utf-8")
        return self

    def add(self, rows: Iterable[RejectedRow]) -> None:
        """Write some rows; a raw text is cut at `RAW_CHARACTERS`."""
        for row in self._without_forgotten(list(rows)):
            self.first = self.first or row
            self.reasons[row.reason] += 1
            raw = row.raw[:RAW_CHARACTERS]
            reason = f"{row.reason}: {row.detail}" if row.detail else row.reason
            record = {"file": self._source, "line": row.line, "reason": reason, "raw": raw}
            if row.user_id is not None:
                record["user_id"] = row.user_id
            self._out.write(json.dumps(record, ensure_ascii=False).translate(LINE_BREAKS) + "\n")

    def _without_forgotten(self, rows: list[RejectedRow]) -> list[RejectedRow]:
        """The rows, with nothing but the line of those that are, or may be, a forgotten user's."""
        named = [
            [row.user_id] if row.user_id is not None else WORD.findall(row.raw) for row in rows
        ]
        gone = self._forgotten({word for words in named for word in words})
        if not gone:
            return rows
        return [
            row if gone.isdisjoint(words) else RejectedRow(row.line, OF_FORGOTTEN, "")
            for row, words in zip(rows, named, strict=True)
        ]

    def keep(self) -> None:
        """Put what was written in place although an error is on its way."""
        self._finish()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._finish()
        else:
            self._out.close()
            self._unfinished.unlink(missing_ok=True)

    def _finish(self) -> None:
        self._out.close()
        if self.count:
            self._unfinished.replace(self.path)
        else:
            self._unfinished.unlink(missing_ok=True)
            self.path.unlink(missing_ok=True)
