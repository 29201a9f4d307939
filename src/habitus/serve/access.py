"""Who may call: with a key anybody it belongs to, without keys only programs on this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from habitus.events.keys import BEGINNING
from habitus.serve.loopback import host_name, is_loopback
from habitus.serve.problems import FORBIDDEN, UNKNOWN_KEY, Problem
from habitus.serve.visit import UNKEYED, Admitted

REMEMBERED = 1.0  # seconds: a revoked key works for so long at most
MOST_REMEMBERED = 10_000
FORWARDED = frozenset({b"forwarded", b"via", b"x-real-ip"})
KEY_HEADERS = {"WWW-Authenticate": 'Bearer realm="habitus"'}

Headers = list[tuple[bytes, bytes]]


class Access(Protocol):
    """Decides by its headers alone, before the body is read, whose workspace a call may reach."""

    async def admit(self, headers: Headers) -> Admitted: ...


class Loopback:
    """Without keys: only requests that a program on this machine makes to this very address.

    A page in a browser is refused by its Origin, a name that was rebound to 127.0.0.1 by the Host,
    and what a proxy forwards by the headers that proxies add. Nobody is shown sensitive matters:
    that takes a key with the scope.
    """

    def __init__(self, workspace: str) -> None:
        self._admitted = Admitted(workspace, UNKEYED)

    async def admit(self, headers: Headers) -> Admitted:
        """Whoever may call; Problem 403 else."""
        names = [name for name, _ in headers]
        if any(name in FORWARDED or name.startswith(b"x-forwarded-") for name in names):
            raise _refused("a proxy forwarded it", "Make keys before putting a proxy in front.")
        hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
        if len(hosts) != 1 or not is_loopback(host_name(hosts[0])):
            raise _refused("its Host is not this machine's loopback address", "Call localhost.")
        origins = [value.decode("latin-1") for name, value in headers if name == b"origin"]
        if any(origin.lower() != f"http://{hosts[0].lower()}" for origin in origins):
            raise _refused("it comes from a page of another origin", "Make keys, or call directly.")
        return self._admitted


@dataclass(frozen=True, slots=True)
class _Remembered:
    admitted: Admitted
    until: float


class Keyed:
    """Every call brings `Authorization: Bearer hk_…`; the key alone says whose data it reaches."""

    def __init__(self, find: Callable[[str], Awaitable[Admitted | None]]) -> None:
        self._find = find
        self._known: dict[bytes, _Remembered] = {}

    async def admit(self, headers: Headers) -> Admitted:
        """The key's workspace and rights; Problem 401 without a valid key."""
        secret = bearer(headers)
        digest = hashlib.sha256(secret.encode()).digest()
        known = self._known.get(digest)
        if known is not None and monotonic() < known.until:
            return known.admitted
        self._known.pop(digest, None)
        admitted = await self._find(secret)
        if admitted is None:
            raise _no_key("This key is not known, or was revoked.")
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[digest] = _Remembered(admitted, monotonic() + REMEMBERED)
        return admitted


def bearer(headers: Headers) -> str:
    """The key of a call; Problem 401 where it brings none."""
    given = [value for name, value in headers if name == b"authorization"]
    if len(given) != 1:
        raise _no_key("The call brings no key.")
    kind, _, secret = given[0].decode("latin-1").partition(" ")
    secret = secret.strip()
    if kind.lower() != "bearer" or not secret.startswith(BEGINNING) or not secret.isascii():
        raise _no_key("The Authorization header holds no key of Habitus.")
    return secret


def _no_key(detail: str) -> Problem:
    return Problem(
        UNKNOWN_KEY, detail, "Send the header Authorization: Bearer hk_….", headers=KEY_HEADERS
    )


def _refused(reason: str, mend: str) -> Problem:
    return Problem(FORBIDDEN, f"The request is refused: {reason}.", mend)
