"""Workers that share a listening socket share what comes in."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from habitus.serve import door as module
from habitus.serve.door import SHUT, Door, Shares
from habitus.serve.supervisor import bound

SOON = 10.0


class Room:
    """A door's side of one worker: it keeps what comes and answers nothing."""

    def __init__(self, listening: socket.socket, path: Path, place: int) -> None:
        self.open: set[asyncio.BaseTransport] = set()
        self.told = 0  # connections that were told to end
        self.listening = listening
        self.shares = Shares(path, place)
        self.door = Door(listening, self.shares, lambda: Guest(self), lambda: len(self.open))


class Guest(asyncio.Protocol):
    def __init__(self, room: Room) -> None:
        self._room = room

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._room.open.add(transport)

    def shutdown(self) -> None:
        self._room.told += 1
        self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._room.open.discard(self._transport)
        self._room.door.count()


@asynccontextmanager
async def rooms(folder: Path, workers: int) -> AsyncIterator[tuple[list[Room], tuple[str, int]]]:
    """Doors of one socket, as if each were of another process."""
    path = folder / "connections"
    Shares.create(path, workers)
    with bound("127.0.0.1", 0) as listening:
        made = [Room(listening.dup(), path, place) for place in range(workers)]
        try:
            yield made, listening.getsockname()
        finally:
            for room in made:
                room.door.close()
                for each in list(room.open):
                    each.close()
                await room.door.wait_closed()
                room.listening.close()


async def come(where: tuple[str, int], count: int) -> list[asyncio.StreamWriter]:
    found = [await asyncio.open_connection(*where) for _ in range(count)]
    return [writer for _, writer in found]


async def until(rooms: list[Room], total: int) -> list[int]:
    """How many each holds once all have been taken."""
    async with asyncio.timeout(SOON):
        while sum(len(room.open) for room in rooms) != total:
            await asyncio.sleep(0.005)
    return [len(room.open) for room in rooms]


def test_connections_are_shared_out(tmp_path: Path) -> None:
    async def run() -> None:
        async with rooms(tmp_path, 3) as (made, where):
            writers = await come(where, 60)
            counts = await until(made, 60)
            assert max(counts) - min(counts) <= 2, counts
            for writer in writers:
                writer.close()
            assert await until(made, 0) == [0, 0, 0]

    asyncio.run(run())


def test_who_has_more_leaves_them_to_who_has_fewer(tmp_path: Path) -> None:
    async def run() -> None:
        async with rooms(tmp_path, 2) as (made, where):
            made[1].shares.hold(9)
            writers = await come(where, 5)
            await until(made[:1], 5)
            assert not made[1].open
            for writer in writers:
                writer.close()

    asyncio.run(run())


def test_one_that_hangs_is_not_waited_for(tmp_path: Path) -> None:
    async def run() -> None:
        async with rooms(tmp_path, 2) as (made, where):
            asyncio.get_running_loop().remove_reader(made[0].door._listening)  # it does nothing
            writers = await come(where, 4)
            assert await until(made, 4) == [0, 4]
            for writer in writers:
                writer.close()

    asyncio.run(run())


def test_one_that_is_shut_is_not_counted(tmp_path: Path) -> None:
    path = tmp_path / "connections"
    Shares.create(path, 3)
    own = Shares(path, 1)
    own.hold(7)
    assert own.ahead() == 0
    Shares(path, 2).hold(3)
    assert own.ahead() == 4
    Shares.shut(path, 2)
    assert own.ahead() == 0
    own.hold(SHUT)
    Shares(path, 0).hold(2)
    assert Shares(path, 0).ahead() == 0


def test_a_closed_door_takes_nobody(tmp_path: Path) -> None:
    async def run() -> None:
        async with rooms(tmp_path, 2) as (made, where):
            made[0].door.close()
            made[0].door.count()  # of connections that end later: it stays shut
            assert made[1].shares.ahead() == 0
            writers = await come(where, 3)
            assert await until(made, 3) == [0, 3]
            for writer in writers:
                writer.close()

    asyncio.run(run())


def test_who_comes_while_the_door_closes_is_told_to_end(tmp_path: Path) -> None:
    """Else they would go on asking a server that waits for them to end."""

    async def run() -> None:
        async with rooms(tmp_path, 1) as ([room], where):
            asyncio.get_running_loop().remove_reader(room.listening)
            [writer] = await come(where, 1)
            room.door._take()
            assert not room.open  # accepted, and not begun
            room.door.close()
            await room.door.wait_closed()
            assert room.told == 1
            writer.close()

    asyncio.run(run())


def test_a_worker_without_files_rests_and_takes_them_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would be woken again at once, for as long as nothing is freed."""
    monkeypatch.setattr(module, "REST", 0.2)
    tried = 0

    class Spent(socket.socket):
        def accept(self) -> tuple[socket.socket, object]:
            nonlocal tried
            tried += 1
            if tried < 3:
                raise OSError(errno.EMFILE, "Too many open files")
            return super().accept()

    async def run() -> None:
        Shares.create(tmp_path / "connections", 1)
        with bound("127.0.0.1", 0) as listening:
            spent = Spent(fileno=listening.dup().detach())
            room = Room(spent, tmp_path / "connections", 0)
            [writer] = await come(listening.getsockname(), 1)
            await until([room], 1)
            assert tried == 3  # and not some thousand times
            room.door.close()
            writer.close()
            for each in list(room.open):
                each.close()
            spent.close()

    asyncio.run(run())


def test_whoever_hangs_up_at_once_harms_nobody(tmp_path: Path) -> None:
    async def run() -> None:
        async with rooms(tmp_path, 1) as (made, where):
            for _ in range(20):
                with socket.create_connection(where) as one:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            [writer] = await come(where, 1)
            async with asyncio.timeout(SOON):
                while len(made[0].open) != 1:
                    await asyncio.sleep(0.005)
            writer.close()

    asyncio.run(run())


@pytest.mark.parametrize("place", [0, 4])
def test_each_has_a_number_of_its_own(tmp_path: Path, place: int) -> None:
    path = tmp_path / "connections"
    Shares.create(path, 5)
    Shares(path, place).hold(5)
    assert path.read_bytes().count(b"\x05\x00\x00\x00") == 1
