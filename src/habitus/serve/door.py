"""How the workers of one server share its listening socket: whoever has fewest connections takes the next.

A product keeps its connections open. If whichever worker wakes first took what comes, one worker
would hold most of them, be busy for good, and the others idle.
"""

from __future__ import annotations

import asyncio
import errno
import mmap
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from habitus.serve.logs import log

NUMBER = struct.Struct("=i")
SHUT = -1  # in place of a number: takes no connections
PATIENCE = 0.001  # seconds for each connection more than the worker with the fewest has
REST = 1.0  # seconds, where the process has no file or memory left for a connection
SPENT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
MOST_PATIENCE = 0.020  # seconds; then a connection is taken anyhow, for others may hang


def shares_file(runtime: str) -> Path:
    """Where the workers of one server say how many connections they hold."""
    return Path(runtime) / "connections"


class Shares:
    """How many connections each worker holds, in a file that all of them map."""

    def __init__(self, path: Path, place: int) -> None:
        """`place` is the one of this process."""
        with path.open("r+b") as file:
            self._numbers = mmap.mmap(file.fileno(), 0)
        self._place = place

    @classmethod
    def create(cls, path: Path, workers: int) -> None:
        """A file for so many workers, none of which takes connections yet."""
        path.write_bytes(NUMBER.pack(SHUT) * workers)

    @classmethod
    def shut(cls, path: Path, place: int) -> None:
        """Note that a worker has ended."""
        cls(path, place).hold(SHUT)

    def hold(self, connections: int) -> Self:
        """Say how many this process holds; SHUT = it takes none."""
        NUMBER.pack_into(self._numbers, self._place * NUMBER.size, connections)
        return self

    def ahead(self) -> int:
        """How many more this process holds than that with the fewest; 0 = no other has fewer."""
        numbers: list[int] = [number for (number,) in NUMBER.iter_unpack(self._numbers[:])]
        own = numbers[self._place]
        return own - min(number for number in [*numbers, own] if number != SHUT)


class Door:
    """Takes connections from a listening socket, one at a time, and no more than its share.

    `serve` makes the protocol of a connection, whose `shutdown()` ends it after what it is answering;
    `held` says how many are open.
    """

    def __init__(
        self,
        listening: socket.socket,
        shares: Shares,
        serve: Callable[[], Any],
        held: Callable[[], int],
    ) -> None:
        self._listening, self._shares = listening, shares
        self._serve, self._held = serve, held
        self._loop = asyncio.get_running_loop()
        self._coming: set[asyncio.Task[object]] = set()
        self._later: asyncio.TimerHandle | None = None
        self._closed = False
        listening.setblocking(False)
        self.count()
        self._watch()

    def count(self) -> None:
        """Tell the others how many connections are open here."""
        if not self._closed:
            self._shares.hold(self._held() + len(self._coming))

    def close(self) -> None:
        """Take no more."""
        self._closed = True
        self._loop.remove_reader(self._listening)
        if self._later is not None:
            self._later.cancel()
        self._shares.hold(SHUT)

    async def wait_closed(self) -> None:
        """Until those that came are served."""
        if self._coming:
            await asyncio.wait(self._coming)

    def _watch(self) -> None:
        self._later = None
        self._loop.add_reader(self._listening, self._knock)

    def _knock(self) -> None:
        """Somebody waits; leave them for a while to a worker that has fewer."""
        ahead = self._shares.ahead()
        if ahead > 0:
            self._rest(min(ahead * PATIENCE, MOST_PATIENCE))
        else:
            self._take()

    def _rest(self, seconds: float) -> None:
        """Leave those who wait alone for so long, then take one."""
        self._loop.remove_reader(self._listening)
        self._later = self._loop.call_later(seconds, self._open)

    def _open(self) -> None:
        self._watch()
        self._take()

    def _take(self) -> None:
        try:
            connection, _ = self._listening.accept()
        except OSError as error:
            if error.errno in SPENT:  # they would knock again at once, and for nothing
                log().error("takes no connections", reason=error.strerror, seconds=REST)
                self._rest(REST)
            return  # else another worker was first, or the caller has gone
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        begun = self._loop.create_task(self._begun(connection))
        self._coming.add(begun)
        begun.add_done_callback(self._coming.discard)
        self.count()

    async def _begun(self, connection: socket.socket) -> None:
        try:
            _, begun = await self._loop.connect_accepted_socket(self._serve, connection)
        except OSError:  # they hung up meanwhile
            connection.close()
            return
        if self._closed:  # and whoever closed it has told the others already
            begun.shutdown()
