"""Zeroes what SQLite leaves behind in the unused middle of pages.

`secure_delete` overwrites rows that are deleted. But when a page is split, rows move to another
page and their old bytes stay in the first, between its pointers and its rows, where no later
deletion finds them. That gap belongs to no row (https://www.sqlite.org/fileformat2.html, section
1.6), so it can be overwritten in the file while nothing else may write it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import Connection, update

from habitus.events import schema
from habitus.events.codes import blocks
from habitus.events.driver import driver
from habitus.events.sqlite_database import SqliteDatabase
from habitus.types import HabitusError

HEADER = {2: 12, 5: 12, 10: 8, 13: 8}  # kind of b-tree page → bytes of its header
FILE_HEADER = 100  # bytes that come before the header of page 1
LOCK_BYTE = 0x4000_0000  # the page of this offset is never used
MOST_PAGES = 0x0200_0000  # from here on the first byte of other pages can look like a b-tree's
READ = 512  # pages of one read
TOGETHER = 10_000  # pages that are cleaned while writers wait

# A file that this process closed would lose the locks that SQLite holds on it in this process
# (https://www.sqlite.org/howtocorrupt.html, section 2.2), so one descriptor a file stays open.
_descriptors: dict[tuple[int, int, int], int] = {}  # by process: a forked child opens its own
_guard = threading.Lock()


def scrub(database: SqliteDatabase) -> bool:
    """Zero the gaps of all pages; False where a reader kept the log of writes in use: try again.

    Reads the whole file without the lock (about a second a gigabyte), then holds the lock for the
    pages that need it.
    """
    if not database.checkpoint():
        return False
    with _guard:
        file = _PageFile(database.path)
        if file.pages >= MOST_PAGES:
            raise HabitusError(
                f"The file {database.path} is too large to be cleaned in place.",
                "Run VACUUM on it while nothing else uses the store.",
            )
        dirty = [number for number, page in file if _left_over(number, page)]
        return all(_clean(database, file, block) for block in blocks(dirty, TOGETHER))


def gap(number: int, page: bytes) -> tuple[int, int]:
    """[start, stop) of the bytes of a page (numbered from 1) that belong to nothing.

    Empty for pages that are not of a b-tree, and for a header that makes no sense.
    """
    header = FILE_HEADER if number == 1 else 0
    length = HEADER.get(page[header])
    if length is None:
        return 0, 0
    cells = int.from_bytes(page[header + 3 : header + 5], "big")
    start = header + length + 2 * cells
    stop = int.from_bytes(page[header + 5 : header + 7], "big")
    return (start, stop) if start <= stop <= len(page) else (0, 0)


def _left_over(number: int, page: bytes) -> bool:
    start, stop = gap(number, page)
    return page.count(0, start, stop) < stop - start


def _clean(database: SqliteDatabase, file: _PageFile, numbers: Iterable[int]) -> bool:
    """Zero the gaps of some pages while nobody can write, through SQLite or a checkpoint."""
    if not database.checkpoint():
        return False
    with database.write() as connection:
        if _log_size(database.path):  # somebody wrote in between: pages lie there, not in the file
            return False
        for number in numbers:
            file.zero(number, *gap(number, file.page(number)))
        file.sync()
        _let_caches_go(connection)
    return True


def _let_caches_go(connection: Connection) -> None:
    """Connections keep pages in memory until another one writes, and would write old gaps back."""
    connection.execute(update(schema.store).values(version=schema.store.c.version))
    driver(connection).execute("PRAGMA shrink_memory").close()  # the one that writes keeps its own


class _PageFile:
    """The pages of a file as they lie on disk, numbered from 1."""

    def __init__(self, path: Path) -> None:
        self._descriptor = _open(path)
        written = int.from_bytes(self._read(16, 2), "big")
        self._page = 65_536 if written == 1 else written
        self.pages = os.fstat(self._descriptor).st_size // self._page

    def page(self, number: int) -> bytes:
        return self._read((number - 1) * self._page, self._page)

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        for first in range(1, self.pages + 1, READ):
            count = min(READ, self.pages + 1 - first)
            read = self._read((first - 1) * self._page, count * self._page)
            for index in range(len(read) // self._page):
                if (first - 1 + index) * self._page != LOCK_BYTE:
                    start = index * self._page
                    yield first + index, read[start : start + self._page]

    def zero(self, number: int, start: int, stop: int) -> None:
        os.lseek(self._descriptor, (number - 1) * self._page + start, os.SEEK_SET)
        os.write(self._descriptor, bytes(stop - start))

    def sync(self) -> None:
        os.fsync(self._descriptor)

    def _read(self, start: int, count: int) -> bytes:
        os.lseek(self._descriptor, start, os.SEEK_SET)
        return os.read(self._descriptor, count)


def _open(path: Path) -> int:
    found = path.stat()
    identity = os.getpid(), found.st_dev, found.st_ino
    if identity not in _descriptors:
        flags = os.O_RDWR | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        _descriptors[identity] = os.open(path, flags)
    return _descriptors[identity]


def _log_size(path: Path) -> int:
    log = path.with_name(path.name + "-wal")
    return log.stat().st_size if log.exists() else 0
