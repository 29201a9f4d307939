"""What a disk holds when its power is cut: what was synced, and any part of what was not."""

from __future__ import annotations

import itertools
import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.serve.traced import Call, said, shown

SECTOR = 512  # bytes that a disk writes as a whole
DESCRIPTOR = re.compile(r"(\d+)<(?P<path>(?:\\x[0-9a-f]{2})+)>")
WRITTEN = re.compile(DESCRIPTOR.pattern + r', "([^"]*)", (\d+)(?:, (\d+))?')
TEXT = re.compile(r'"([^"]*)"')
SHARED = "-shm"  # memory of SQLite's processes, which the first one makes anew
HEADER = 32  # bytes before the first frame of SQLite's log of writes
FRAME = 24  # bytes before the page of a frame


@dataclass(frozen=True, slots=True)
class Change:
    """Bytes written from `start` on; None: the file ends there."""

    start: int
    data: bytes | None

    def apply(self, content: bytearray) -> None:
        end = self.start + len(self.data or b"")
        content.extend(bytes(max(0, end - len(content))))
        if self.data is None:
            del content[end:]
        else:
            content[self.start : end] = self.data

    def parts(self) -> Iterator[Change]:
        """What of it can reach the disk alone."""
        if self.data is None:
            yield self
            return
        first = SECTOR - self.start % SECTOR
        stops = [0, *range(first, len(self.data), SECTOR), len(self.data)]
        for start, stop in itertools.pairwise(stops):
            yield Change(self.start + start, self.data[start:stop])


class File:
    """The content of one file: `synced`, and what was written since."""

    def __init__(self, content: bytes = b"") -> None:
        self.synced = bytearray(content)
        self._since: list[tuple[int, Change]] = []  # with the place where the call had returned

    def change(self, place: int, change: Change) -> None:
        self._since.append((place, change))

    def sync(self, began: int) -> Iterator[Change]:
        """Sync what was written before `began`, one change after the other."""
        covered = [change for place, change in self._since if place < began]
        self._since = [(place, change) for place, change in self._since if place >= began]
        for change in covered:
            change.apply(self.synced)
            yield change

    def left(self, rng: random.Random | None) -> bytes:
        """What a power cut leaves: with `rng` also some of what was not synced."""
        content = bytearray(self.synced)
        if rng is not None:
            for _, change in self._since:
                for part in change.parts():
                    if rng.random() < 0.5:
                        part.apply(content)
        return bytes(content)


class Disk:
    """The files of a folder: as they lie there at first, then changed by the calls it takes.

    What was written to a file is safe from the next sync of that file on, and that a file was made
    or removed from the next sync of the folder on. A call on a file here that is none of those
    below is an error, so that nothing is overlooked.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._shown = shown(str(self._folder))
        self._files = {
            path.name: File(path.read_bytes())
            for path in folder.iterdir()
            if path.is_file() and not path.name.endswith(SHARED)
        }
        self._names = dict(self._files)  # as they are synced
        self._since: list[tuple[int, str, File | None]] = []
        self._offsets: dict[tuple[int, str], int] = {}  # by thread and descriptor
        self._kinds: dict[str, Callable[[Call], None]] = {
            "open": self._open,
            "openat": self._open,
            "unlink": self._unlink,
            "unlinkat": self._unlink,
            "lseek": self._seek,
            "write": self._write,
            "pwrite64": self._write,
            "ftruncate": self._cut,
            "mmap": self._map,
        }

    def concerns(self, call: Call) -> bool:
        """Whether a call did something to a file here."""
        named = call.arguments + call.opened
        return call.result >= 0 and self._shown in named and shown(SHARED) not in named

    def take(self, call: Call) -> Iterator[tuple[str, File, Change]]:
        """Take the next call; gives what it synced: name, file, and the change now made in it."""
        if not self.concerns(call):
            return
        if call.name in ("fsync", "fdatasync"):
            yield from self._sync(call)
        else:
            self._kinds[call.name](call)

    def leave(self, folder: Path, rng: random.Random | None = None) -> None:
        """Put into a new folder what a power cut now leaves; see `File.left`."""
        names = dict(self._names)
        if rng is not None:
            _rename(names, [change for change in self._since if rng.random() < 0.5])
        folder.mkdir()
        for name, file in names.items():
            (folder / name).write_bytes(file.left(rng))

    def _sync(self, call: Call) -> Iterator[tuple[str, File, Change]]:
        path = _path(call.arguments)
        if path == self._folder:
            _rename(self._names, [change for change in self._since if change[0] < call.began])
            self._since = [change for change in self._since if change[0] >= call.began]
        elif path.parent == self._folder:
            file = self._files[path.name]
            for change in file.sync(call.began):
                yield path.name, file, change

    def _open(self, call: Call) -> None:
        assert "O_TRUNC" not in call.arguments
        path = _path(f"{call.result}{call.opened}")
        new = path.parent == self._folder and path.name not in self._files
        if new and "O_CREAT" in call.arguments:
            self._files[path.name] = File()
            self._since.append((call.ended, path.name, self._files[path.name]))

    def _unlink(self, call: Call) -> None:
        path = Path(os.fsdecode(said(TEXT.findall(call.arguments)[-1])))
        if path.parent == self._folder:
            del self._files[path.name]
            self._since.append((call.ended, path.name, None))

    def _seek(self, call: Call) -> None:
        self._offsets[_descriptor(call)] = call.result

    def _write(self, call: Call) -> None:
        found = WRITTEN.fullmatch(call.arguments)
        assert found, f"{call.name} is not shown whole"
        _, _, data, _, start = found.groups()
        # write() takes no place: it must come right after an lseek() of its thread
        place = int(start) if start else self._offsets.pop(_descriptor(call))
        written = said(data)[: call.result]
        self._changed(call).change(call.ended, Change(place, written))

    def _cut(self, call: Call) -> None:
        length = int(call.arguments.rpartition(", ")[2])
        self._changed(call).change(call.ended, Change(length, None))

    def _changed(self, call: Call) -> File:
        return self._files[str(_path(call.arguments).relative_to(self._folder))]

    def _map(self, call: Call) -> None:
        assert "PROT_WRITE" not in call.arguments or "MAP_PRIVATE" in call.arguments


def _rename(names: dict[str, File], changes: list[tuple[int, str, File | None]]) -> None:
    for _, name, file in changes:
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file


def _descriptor(call: Call) -> tuple[int, str]:
    return call.thread, call.arguments.partition(">")[0]


def _path(arguments: str) -> Path:
    """The path of the first descriptor among some arguments."""
    found = DESCRIPTOR.match(arguments)
    assert found
    return Path(os.fsdecode(said(found["path"])))


def ends_transaction(log: bytes | bytearray, change: Change) -> bool:
    """Whether the change last made in a log of writes completed a frame that commits.

    Such a frame says how many pages the database has from then on, any other says 0
    (https://www.sqlite.org/fileformat2.html, section 4.1).
    """
    size = FRAME + int.from_bytes(log[8:12], "big")
    end = change.start + len(change.data or b"")
    start = end - size
    return start >= HEADER and (start - HEADER) % size == 0 and any(log[start + 4 : start + 8])
