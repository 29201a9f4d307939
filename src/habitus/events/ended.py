"""What must stay ended when a backup is restored: who was forgotten, and which keys were revoked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection

from habitus.events import forgotten, keys
from habitus.events.forgotten import Entry
from habitus.types import HabitusError


@dataclass(frozen=True, slots=True)
class Ended:
    """`forgotten` users, and when each of the `revoked` keys was revoked: key_id → µs."""

    forgotten: tuple[Entry, ...] = ()
    revoked: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection) -> Self:
        """All that has ended in a store, in every workspace."""
        return cls(tuple(forgotten.entries(connection)), keys.revoked(connection))

    @classmethod
    def read(cls, path: Path) -> Self:
        """The list in a file that `lines` wrote; HabitusError where it is none."""
        entries: list[Entry] = []
        revoked: dict[str, int] = {}
        try:
            for line in path.read_text(encoding="utf-8").splitlines():
                made: dict[str, Any] = json.loads(line)
                if "key_id" in made:
                    revoked[str(made["key_id"])] = int(made["revoked_at"])
                else:
                    entries.append(_entry(made))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise HabitusError(
                f"{path} is no list of forgotten users ({type(error).__name__}).",
                "Write one with: habitus forget STORE --list > FILE",
            ) from error
        return cls(tuple(entries), revoked)

    def lines(self) -> Iterator[str]:
        """The list as JSON Lines: hashes and ids of keys, no user's id and no secret."""
        for entry in self.forgotten:
            yield json.dumps(asdict(entry))
        for key_id, at in sorted(self.revoked.items()):
            yield json.dumps({"key_id": key_id, "revoked_at": at})

    def joined(self, other: Ended) -> Ended:
        """What has ended in either."""
        return Ended((*self.forgotten, *other.forgotten), {**self.revoked, **other.revoked})


def _entry(made: Mapping[str, Any]) -> Entry:
    entry = Entry(**made)
    bytes.fromhex(entry.key + entry.hash)
    return Entry(str(entry.workspace), entry.key, entry.hash, int(entry.at))
