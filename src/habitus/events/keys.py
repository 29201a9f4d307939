"""API keys: random secrets that are shown once and kept only as a hash."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from habitus.events import schema
from habitus.events.characters import CONTROL
from habitus.events.clock import Clock, system_clock
from habitus.events.database import Database
from habitus.types import HabitusError

SENSITIVE = "sensitive"  # to see sensitive matters; of no use without another scope
SCOPES = ("read", "write", "admin", SENSITIVE)
BEGINNING = "hk_"
RANDOM_BYTES = 32  # 256 bits: nobody guesses it, so that one fast hash is enough
SHORTEST = 32  # characters of a secret that was made elsewhere
LABEL_LENGTH = 256


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key: all but its secret. Times are µs since 1970, UTC."""

    key_id: str
    workspace: str
    scopes: frozenset[str]
    label: str
    created_at: int
    revoked_at: int | None

    def allows(self, scope: str) -> bool:
        """Whether the key may do this: it has the scope, or is an admin's. Sensitive matters are
        for keys that name that scope alone: administering is no reason to see them."""
        return scope in self.scopes or (scope != SENSITIVE and "admin" in self.scopes)


Found = list[Key]  # `list` is a method below


class Keys:
    """The keys of all workspaces of a store."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def make(self, workspace: str, scopes: Iterable[str], label: str = "") -> tuple[str, str]:
        """A new key: its id, which may be shown, and its secret, which exists nowhere else."""
        secret = BEGINNING + secrets.token_urlsafe(RANDOM_BYTES)
        with self._database.write() as connection:
            return self._enter(connection, secret, workspace, scopes, label), secret

    def adopt(self, secret: str, workspace: str, scopes: Iterable[str], label: str = "") -> str:
        """Take a secret that was made elsewhere (the first key, from a file) as a key; its id.

        Adopting it again changes nothing, whoever else adopts it at the same time. HabitusError
        where it is short or has been revoked.
        """
        if len(secret) < SHORTEST or any(character.isspace() for character in secret):
            raise HabitusError(
                f"The secret is no key: it has fewer than {SHORTEST} characters, or a space.",
                "Make one with: habitus keys make STORE",
            )
        with self._database.write() as connection:  # one writer at a time: nobody comes between
            known = _row(connection, secret)
            if known is None:
                return self._enter(connection, secret, workspace, scopes, label)
        if known.revoked_at is not None:
            raise HabitusError("The secret is of a key that was revoked.", "Make a new one.")
        if (known.workspace, known.scopes) != (workspace, _joined(scopes)):
            raise HabitusError(
                f"The secret is a key of the workspace {known.workspace!r} with the scopes "
                f"{known.scopes} already.",
                "Make a new one, or revoke that one first.",
            )
        return str(known.key_id)

    def find(self, secret: str) -> Key | None:
        """The key with this secret; None where there is none or it was revoked.

        It is looked up by its hash, so how long that takes says nothing about other secrets.
        """
        with self._database.read() as connection:
            row = _row(connection, secret)
        return None if row is None or row.revoked_at is not None else _key(row)

    def list(self, workspace: str | None = None) -> Found:
        """The keys of one workspace or of all, oldest first, the revoked ones too."""
        table = schema.api_keys
        query = select(table).order_by(table.c.created_at, table.c.key_id)
        if workspace is not None:
            query = query.where(table.c.workspace == workspace)
        with self._database.read() as connection:
            return [_key(row) for row in connection.execute(query)]

    def revoke(self, key_id: str) -> bool:
        """End a key; it answers no more. False where it was revoked before.

        HabitusError where there is none of that id.
        """
        table = schema.api_keys
        with self._database.write() as connection:
            known = connection.scalar(select(table.c.key_id).where(table.c.key_id == key_id))
            if known is None:
                raise HabitusError(f"There is no key {key_id!r}.", "See: habitus keys list STORE")
            ended = connection.execute(
                update(table)
                .where(table.c.key_id == key_id, table.c.revoked_at.is_(None))
                .values(revoked_at=self._clock())
            )
            return ended.rowcount == 1

    def _enter(
        self,
        connection: Connection,
        secret: str,
        workspace: str,
        scopes: Iterable[str],
        label: str,
    ) -> str:
        words = _joined(scopes)
        if len(label) > LABEL_LENGTH or CONTROL.search(label):
            raise HabitusError(
                "The label of the key is too long or has control characters.",
                f"Use up to {LABEL_LENGTH} plain characters.",
            )
        key_id = "k" + secrets.token_hex(6)
        row = {
            "key_id": key_id,
            "workspace": workspace,
            "hash": _hash(secret),
            "scopes": words,
            "label": label,
            "created_at": self._clock(),
        }
        connection.execute(schema.api_keys.insert().values(row))
        return key_id


def revoked(connection: Connection) -> dict[str, int]:
    """When each key that was revoked was revoked: key_id → µs."""
    table = schema.api_keys
    query = select(table.c.key_id, table.c.revoked_at).where(table.c.revoked_at.is_not(None))
    return {row.key_id: row.revoked_at for row in connection.execute(query)}


def revoke_again(connection: Connection, ended: Mapping[str, int]) -> None:
    """Revoke those of these keys (see `revoked`) that are there and not revoked."""
    table = schema.api_keys
    for key_id, at in ended.items():
        connection.execute(
            update(table)
            .where(table.c.key_id == key_id, table.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )


def _row(connection: Connection, secret: str) -> Row[Any] | None:
    table = schema.api_keys
    return connection.execute(select(table).where(table.c.hash == _hash(secret))).one_or_none()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _joined(scopes: Iterable[str]) -> str:
    given = set(scopes)
    unknown = sorted(given - set(SCOPES))
    if unknown or not given:
        raise HabitusError(
            f"{unknown[0]!r} is no scope of a key." if unknown else "The key has no scope.",
            f"Scopes are {', '.join(SCOPES)}.",
        )
    return " ".join(scope for scope in SCOPES if scope in given)


def _key(row: Row[Any]) -> Key:
    return Key(
        key_id=row.key_id,
        workspace=row.workspace,
        scopes=frozenset(row.scopes.split()),
        label=row.label,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )
