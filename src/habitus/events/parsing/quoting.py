"""Where records of delimited text end when quoted fields may hold newlines."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

QUOTE = ord('"')
LONGEST_QUOTED = (
    1 << 18
)  # bytes a quoted field may run over before its quote counts as never closed
_QUOTED_REST = re.compile(rb'(?:[^"]++|"")*+"')


@dataclass(frozen=True, eq=False)
class Records:
    """Of lines [n]: `inside` = its newline is quoted; `unclosed` = it opens a quote for nothing.

    Lines from `open_from` on belong to a record that the data does not end (n = none does).
    """

    inside: NDArray[np.bool_]
    unclosed: NDArray[np.bool_]
    open_from: int


def find_records(data: bytes, ends: NDArray[np.int64], delimiter: bytes, last: bool) -> Records:
    """Join lines to records. Only lines with an odd number of quotes cost Python time."""
    inside, unclosed = np.zeros(len(ends), bool), np.zeros(len(ends), bool)
    quotes = np.flatnonzero(np.frombuffer(data, np.uint8) == QUOTE)
    before = np.searchsorted(quotes, ends)
    odd = np.flatnonzero(np.diff(before, prepend=0) & 1)
    at = 0
    while at < len(odd):
        opened = int(odd[at])
        closed = at
        if _stays_open(_line(data, ends, opened), delimiter, False):
            closed = _closing(data, ends, odd, at, delimiter)
        if closed < 0:
            if not last and len(data) - _start(ends, opened) < LONGEST_QUOTED:
                return Records(inside, unclosed, opened)
            unclosed[opened] = True
            closed = at
        inside[opened : int(odd[closed])] = True
        at = closed + 1
    return Records(inside, unclosed, len(ends))


def _closing(
    data: bytes, ends: NDArray[np.int64], odd: NDArray[np.int64], at: int, delimiter: bytes
) -> int:
    """Which entry of `odd` closes the quote that odd[at] opens; −1 where none near by does."""
    start = _start(ends, int(odd[at]))
    for later in range(at + 1, len(odd)):
        line = int(odd[later])
        if _start(ends, line) - start > LONGEST_QUOTED:
            return -1
        if not _stays_open(_line(data, ends, line), delimiter, True):
            return later
    return -1


def _stays_open(line: bytes, delimiter: bytes, quoted: bool) -> bool:
    """Whether a line ends within a quoted field, where it begins outside or (`quoted`) within one."""
    at = 0
    while quoted or at < len(line):
        if quoted or line[at] == QUOTE:
            found = _QUOTED_REST.match(line, at if quoted else at + 1)
            if found is None:
                return True
            at, rest = found.end(), line[found.end() :].lstrip(b"\r\n")
            if quoted and rest and not rest.startswith(delimiter):
                return True  # a quote in the middle of a field closes nothing
            quoted = False
        at = line.find(delimiter, at)
        if at < 0:
            return False
        at += len(delimiter)
    return False


def _start(ends: NDArray[np.int64], line: int) -> int:
    return int(ends[line - 1]) if line else 0


def _line(data: bytes, ends: NDArray[np.int64], line: int) -> bytes:
    return data[_start(ends, line) : int(ends[line])]
