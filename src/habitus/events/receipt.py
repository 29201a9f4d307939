"""What the store answers to events: taken, known already, in conflict, refused."""

from __future__ import annotations

from dataclasses import dataclass, field

from habitus.types import HabitusError

CONFLICTS_KEPT = 1_000  # a wrong mapping can put a whole file in conflict; the count stays exact


@dataclass(frozen=True, slots=True)
class Conflict:
    """An event id that was seen before with other content. The stored event stays as it was.

    `fields` are the names of the fields that differ.
    """

    event_id: str
    fields: tuple[str, ...]

    @property
    def field(self) -> str:
        """The fields that differ, in one text."""
        return ", ".join(self.fields)


@dataclass(frozen=True, slots=True)
class Reject:
    """An event that was not stored: its place in the call (from 0), the field and the reason."""

    index: int
    field: str
    reason: str


@dataclass(slots=True)
class Receipt:
    """What became of the events of one call; every event is counted exactly once.

    `conflicts` lists the first 1,000 of `conflicted` conflicts. `forgotten` counts events that
    were refused because their user was forgotten after they happened.
    """

    accepted: int = 0
    duplicates: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)
    conflicted: int = 0
    forgotten: int = 0

    def conflict(self, event_id: str, fields: tuple[str, ...]) -> None:
        """Count one conflict, and list it while there is room."""
        self.conflicted += 1
        if len(self.conflicts) < CONFLICTS_KEPT:
            self.conflicts.append(Conflict(event_id, fields))

    def add(self, other: Receipt) -> None:
        """Take in the answer to further events of the same call."""
        self.accepted += other.accepted
        self.duplicates += other.duplicates
        self.conflicted += other.conflicted
        self.forgotten += other.forgotten
        self.conflicts += other.conflicts[: CONFLICTS_KEPT - len(self.conflicts)]
        self.rejected += other.rejected

    def raise_if_rejected(self) -> Receipt:
        """This receipt, or HabitusError where an event was refused."""
        if not self.rejected:
            return self
        first = self.rejected[0]
        count = len(self.rejected)
        what = "The event was" if count == 1 else f"{count} events were"
        raise HabitusError(
            f"{what} not stored: {first.field}: {first.reason} (event {first.index} of the call).",
            "Mend the event and observe it again; an event stored already is not doubled "
            "if it has the same event_id.",
        )
