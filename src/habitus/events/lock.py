"""The writer's lock: one file, one holder at a time, whatever the thread or process."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from habitus.events.storage_errors import of_file


class WriterLock:
    """Held (`with lock:`) by every write transaction and checkpoint on a store.

    Waiting is blocking and queued by the operating system; a holder that dies, even by kill -9,
    lets go. Not reentrant. StorageError where the file cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._threads = threading.Lock()  # file locks do not order the threads of one process
        self._descriptor: int | None = None

    @contextmanager
    def if_free(self) -> Iterator[bool]:
        """Hold the lock where nobody else does; says whether it is held. Never waits."""
        if not self._threads.acquire(blocking=False):
            yield False
            return
        try:
            try:
                descriptor = _acquire(self.path, wait=False)
            except OSError:  # a folder in which nobody may write
                descriptor = None
            try:
                yield descriptor is not None
            finally:
                if descriptor is not None:
                    _release(descriptor)
        finally:
            self._threads.release()

    def __enter__(self) -> Self:
        self._threads.acquire()
        try:
            self._descriptor = _acquire(self.path, wait=True)
        except BaseException as error:
            self._threads.release()
            if isinstance(error, OSError):
                raise of_file(error, self.path) from error
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._descriptor is not None:
                _release(self._descriptor)
        finally:
            self._threads.release()


if sys.platform == "win32":
    import msvcrt

    def _acquire(path: Path, wait: bool) -> int | None:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:  # LK_LOCK gives up after ten seconds; we do not
                if not wait:
                    os.close(descriptor)
                    return None
                continue
            return descriptor

    def _release(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
        os.close(descriptor)

else:
    import fcntl

    def _acquire(path: Path, wait: bool) -> int | None:
        # Opened anew each time: a lock belongs to the open file, and a forked child shares it.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _release(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)  # also lets go what a forked child still has open
        os.close(descriptor)
