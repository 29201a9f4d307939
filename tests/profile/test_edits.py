"""Edits are events: what one says is what is read back, and what is no edit is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from habitus.profile.edits import EDIT, LONGEST, Action, Edit, Edits, corrected
from habitus.types import Event, HabitusError, Kind, Origin, Proposition, Role, Stance

KNOWN = Proposition(
    proposition_id="abc",
    user_id="u",
    kind=Kind.INTEREST,
    attribute="genre",
    value="horror",
    stance=Stance.FOR,
    confidence=0.8,
    events_for=("e1",),
    sentence="Takes horror more often than others do.",
    origin=Origin.OBSERVED,
)


def stored(edit: Edit, recorded: int) -> Event:
    return replace(
        edit.event("u"), timestamp=recorded, recorded_at=recorded, event_id=f"x{recorded}"
    )


def test_an_edit_survives_the_log() -> None:
    edit = corrected(KNOWN, "thriller", None)
    again = Edit.of(stored(edit, 7))
    assert again == replace(edit, time=7, recorded=7, event_id="x7")
    assert EDIT.role is Role.EDIT


def test_a_rejection_does_not_say_what_was_rejected() -> None:
    event = Edit(Action.REJECT, "abc").event("u")
    assert event.context == {"action": "reject", "proposition_id": "abc"}
    assert event.text is None


@pytest.mark.parametrize(
    "context",
    [
        None,
        {},
        {"action": "reject"},
        {"action": "shout", "proposition_id": "abc"},
        {"action": "correct", "proposition_id": "abc"},
        {"action": "correct", "proposition_id": "a", "kind": "x", "stance": "for", "value": "v"},
    ],
)
def test_what_is_not_well_formed_is_no_edit(context: dict[str, str] | None) -> None:
    assert Edit.of(Event("u", EDIT.name, 1, context=context)) is None
    assert Edit.of(Event("u", "view", 1, context={"action": "pin", "proposition_id": "a"})) is None


def test_a_correction_says_something_new_in_printable_words() -> None:
    with pytest.raises(HabitusError, match="already"):
        corrected(KNOWN, None, None)
    with pytest.raises(HabitusError, match="no stance"):
        corrected(KNOWN, None, "perhaps")
    for value in ("", "  ", "a\nb", "x" * (LONGEST + 1)):
        with pytest.raises(HabitusError, match="correction has 1 to"):
            corrected(KNOWN, value, None).event("u")


def test_the_last_edit_of_a_proposition_counts() -> None:
    pin, unpin = Edit(Action.PIN, "a"), Edit(Action.UNPIN, "a")
    fix, reject = corrected(KNOWN, "thriller", None), Edit(Action.REJECT, "abc")

    def of(*edits: Edit) -> Edits:
        return Edits.of([stored(edit, at) for at, edit in enumerate(edits)])

    assert of(pin).pinned() == {"a"}
    assert of(pin, unpin).pinned() == frozenset()

    def standing(*edits: Edit) -> list[str]:
        return [one.value for one in of(*edits).corrections(lambda edit: f"id of {edit.value}")]

    again = replace(fix, proposition_id="id of thriller", value="noir")
    assert standing(fix) == ["thriller"]
    assert standing(fix, corrected(KNOWN, "noir", None)) == ["noir"]
    assert standing(fix, again) == ["noir"]
    assert standing(fix, again, Edit(Action.REJECT, "id of noir")) == []
    assert standing(fix, again, Edit(Action.DELETE, "id of opera")) == ["noir"]
    assert standing(fix, reject) == []
    assert standing(reject, fix) == ["thriller"]
    assert of(fix, reject).removed(Action.REJECT) == {"abc": 1}
