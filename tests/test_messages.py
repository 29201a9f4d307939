"""What a client reads from JSON is what the engine answered with."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from math import nan
from typing import Any

import pytest

from habitus import messages
from habitus.act.pages import Page
from habitus.events.receipt import CONFLICTS_KEPT, Conflict, Receipt, Reject
from habitus.profile.constraint import Constraint
from habitus.profile.profile import Profile, plain
from habitus.types import (
    Event,
    Interval,
    Item,
    Kind,
    Origin,
    Proposition,
    ScoredItem,
    Slate,
    Stance,
)

MOMENT = 1_750_000_000_000_000
SLATE = Slate("u1", (ScoredItem("a", 2.5), ScoredItem("b", -1.0)), "popularity", MOMENT, "", "r1")


def taste(strength: float) -> Proposition:
    return Proposition(
        "p1", "u1", Kind.TASTE, "genre", "horror", Stance.AGAINST, 0.75, ("e1", "e2"),
        "Avoids horror.", Origin.OBSERVED, events_against=("e3",), valid=Interval(MOMENT, None),
        known=Interval(MOMENT, MOMENT + 1), strength=strength, pinned=True,
    )  # fmt: skip


def sent(said: Any) -> Any:
    """`said` as it arrives."""
    return json.loads(json.dumps(said, allow_nan=False))


def test_a_proposition_comes_back_whole() -> None:
    assert messages.proposition(sent(plain(taste(1.5)))) == taste(1.5)


def test_a_proposition_without_a_strength_has_none_again() -> None:
    assert repr(messages.proposition(sent(plain(taste(nan))))) == repr(taste(nan))


def test_a_profile_comes_back_whole() -> None:
    constraint = Constraint(diets=("vegan",), foods=("peanut",), allergy=True)
    profile = Profile("u1", MOMENT, (taste(1.5),), (taste(0.5),), (constraint,), 3, "A note.")
    said = {
        "user_id": "u1", "now": MOMENT, "propositions": [plain(taste(1.5))],
        "past": [plain(taste(0.5))], "constraints": [asdict(constraint)], "events": 3,
        "note": "A note.",
    }  # fmt: skip
    assert messages.profile(sent(said)) == profile


def test_a_page_comes_back_whole() -> None:
    said = {**asdict(SLATE), "cursor": "c1"}
    assert messages.page(sent(said)) == Page(SLATE, "c1")


def test_a_receipt_counts_places_from_the_start_of_the_call() -> None:
    conflicts = [{"event_id": f"e{n}", "fields": ["value"]} for n in range(CONFLICTS_KEPT + 5)]
    said = {
        "accepted": 1, "duplicates": 2, "conflicts": conflicts, "conflicted": len(conflicts),
        "rejected": [{"index": 3, "field": "timestamp", "problem": "is in the future"}],
        "forgotten": 4,
    }  # fmt: skip
    assert messages.receipt(sent(said), 1_000) == Receipt(
        1, 2, [Conflict(f"e{n}", ("value",)) for n in range(CONFLICTS_KEPT)],
        [Reject(1_003, "timestamp", "is in the future")], CONFLICTS_KEPT + 5, 4,
    )  # fmt: skip


def test_an_event_is_sent_without_what_it_does_not_say() -> None:
    event = Event("u1", "view", "i1", MOMENT)
    assert messages.fields(event) == {
        name: value for name, value in asdict(event).items()
        if value is not None and name != "recorded_at"
    }  # fmt: skip
    assert None not in messages.fields(Item("i1")).values()


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (None, None),
        (MOMENT, MOMENT),
        (datetime(2025, 5, 1, 12, tzinfo=UTC), "2025-05-01T12:00:00+00:00"),
    ],
)
def test_a_moment_is_sent_with_its_zone(now: messages.Now, said: int | str | None) -> None:
    assert messages.moment(now) == said
