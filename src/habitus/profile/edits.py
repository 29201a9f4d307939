"""What users do to their own profile. Each edit is an event of the log, so that it is durable, dated,
exported, and taken back by deleting it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from habitus.types import Event, EventType, HabitusError, Kind, Proposition, Role, Stance

EDIT = EventType("profile_edit", Role.EDIT, 0.0)
LONGEST = 256  # characters of a value, an attribute, a scope


class Action(StrEnum):
    """What is done to a proposition."""

    PIN = "pin"  # keep it first
    UNPIN = "unpin"
    CORRECT = "correct"  # put another value or stance in its place
    REJECT = "reject"  # it is wrong: only the user's own words bring it back
    DELETE = "delete"  # take it away: only events from now on bring it back


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit. `proposition_id` is a keyed hash: it does not say what was rejected.

    kind, attribute, value, stance, scope  of a correction, what holds instead
    """

    action: Action
    proposition_id: str
    time: int = 0
    recorded: int = 0
    event_id: str = ""
    kind: Kind | None = None
    attribute: str = ""
    value: str = ""
    stance: Stance = Stance.FOR
    scope: str = ""

    def event(self, user_id: str) -> Event:
        """The edit as an event of now; HabitusError where a text is too long or empty."""
        context: dict[str, Any] = {
            "action": self.action.value,
            "proposition_id": self.proposition_id,
        }
        if self.action is Action.CORRECT:
            assert self.kind is not None
            for name, text in (("value", self.value), ("attribute", self.attribute)):
                _check(name, text)
            context |= {
                "kind": self.kind.value,
                "attribute": self.attribute,
                "value": self.value.strip(),
                "stance": self.stance.value,
                "scope": self.scope,
            }
        return Event(user_id, EDIT.name, context=context)

    @classmethod
    def of(cls, event: Event) -> Self | None:
        """The edit that an event is; None for what is none, or is not well formed."""
        said = event.context or {}
        if event.event_type != EDIT.name:
            return None
        try:
            edit = cls(
                Action(said["action"]),
                str(said["proposition_id"]),
                event.timestamp or 0,
                event.recorded_at or 0,
                event.event_id or "",
            )
            if edit.action is not Action.CORRECT:
                return edit
            return replace(
                edit,
                kind=Kind(said["kind"]),
                stance=Stance(said["stance"]),
                attribute=str(said["attribute"])[:LONGEST],
                value=str(said["value"])[:LONGEST],
                scope=str(said.get("scope", ""))[:LONGEST],
            )
        except (KeyError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class Edits:
    """All edits of one user, in the order in which they were recorded."""

    made: tuple[Edit, ...]

    @classmethod
    def of(cls, events: Iterable[Event]) -> Self:
        found = [edit for event in events if (edit := Edit.of(event)) is not None]
        return cls(tuple(sorted(found, key=lambda each: (each.recorded, each.time))))

    def pinned(self) -> frozenset[str]:
        """The ids of what is pinned."""
        found: set[str] = set()
        for edit in self.made:
            if edit.action is Action.PIN:
                found.add(edit.proposition_id)
            elif edit.action in (Action.UNPIN, Action.REJECT, Action.DELETE):
                found.discard(edit.proposition_id)
        return frozenset(found)

    def removed(self, *actions: Action) -> dict[str, int]:
        """The ids that one of the actions took away, and when the last did (`recorded`, µs)."""
        return {edit.proposition_id: edit.recorded for edit in self.made if edit.action in actions}

    def corrections(self, name_of: Callable[[Edit], str]) -> list[Edit]:
        """The corrections that stand: those whose result was not corrected or taken away since.

        `name_of` gives the id of the proposition that a correction makes.
        """
        standing: dict[str, Edit] = {}
        for edit in self.made:
            if edit.action in (Action.CORRECT, Action.REJECT, Action.DELETE):
                about = edit.proposition_id
                standing = {
                    name: each
                    for name, each in standing.items()
                    if about not in (name, each.proposition_id)
                }
            if edit.action is Action.CORRECT:
                standing[name_of(edit)] = edit
        return list(standing.values())


def corrected(known: Proposition, value: str | None, stance: Stance | str | None) -> Edit:
    """The correction of a proposition; HabitusError where it says nothing new."""
    try:
        wanted = known.stance if stance is None else Stance(stance)
    except ValueError:
        raise HabitusError(
            f"{stance!r} is no stance.", f"Give one of {', '.join(Stance)}."
        ) from None
    said = known.value if value is None else value.strip()
    if (said, wanted) == (known.value, known.stance):
        raise HabitusError(
            "The correction says what the proposition says already.",
            "Give another value, or the other stance.",
        )
    return Edit(
        Action.CORRECT,
        known.proposition_id,
        kind=known.kind,
        attribute=known.attribute,
        value=said,
        stance=wanted,
        scope=known.scope,
    )


def _check(name: str, text: str) -> None:
    if not text.strip() or len(text) > LONGEST or not text.isprintable():
        raise HabitusError(
            f"The {name} of a correction has 1 to {LONGEST} printable characters.",
            "Give the words that hold instead.",
        )
