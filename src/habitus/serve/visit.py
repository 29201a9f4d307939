"""One request on its way through the server: its own id, and what its key allows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from random import getrandbits

SCOPE = "habitus.visit"  # where an ASGI scope keeps it


class Right(StrEnum):
    """What a call needs; a key for administration may do everything but see sensitive matters."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
    SENSITIVE = "sensitive"  # no call needs it: with it answers hold sensitive matters, too


EVERYTHING = frozenset(Right)
UNKEYED = EVERYTHING - {Right.SENSITIVE}  # what a server without keys lets programs here do


@dataclass(frozen=True, slots=True)
class Admitted:
    """Whose data a call reaches, and which calls it may make."""

    workspace: str
    rights: frozenset[Right]


@dataclass(slots=True)
class Visit:
    """What is noted of one request; nothing of it is the caller's choice but the method."""

    request_id: str
    admitted: Admitted | None = None
    status: int = 0
    reading: bool = False  # the body is still coming
    clock: asyncio.Timeout | None = None  # runs until the answer begins

    def allow(self, seconds: float) -> None:
        """Give the call so long from now on: what it waits for takes its time."""
        if self.clock is not None:
            self.clock.reschedule(asyncio.get_running_loop().time() + seconds)

    def answered(self) -> None:
        """The answer has begun, and may take as long as the caller reads it."""
        if self.clock is not None:
            self.clock.reschedule(None)
            self.clock = None


def new_visit() -> Visit:
    """With 128 random bits: an id is no secret, so no call of the system is made for it."""
    return Visit(f"{getrandbits(128):032x}")
