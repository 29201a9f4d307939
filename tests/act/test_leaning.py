"""What users set or said moves items, and what must not be shown is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from habitus.act.leaning import Leaning, speaks_of_items
from habitus.engine import Engine
from habitus.profile.profiles import Profiles
from habitus.profile.sensitive import Policy
from habitus.types import DAY, EventType, Item, Kind, Origin, Proposition, Role, Slate, Stance

NOW = 1_750_000_000_000_000


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine.open(tmp_path, clock=lambda: NOW) as made:
        made.set_event_types([EventType("said", Role.UTTERANCE, 0.0)])
        made.put_items(
            Item(f"f{n:02}", f"Film {n}", {"genre": "horror" if n < 5 else "comedy"})
            for n in range(10)
        )
        made.put_items([Item("peanuts", "Roasted peanuts")])
        made.observe(
            {
                "user_id": f"v{user}",
                "event_type": "view",
                "item_id": f"f{item:02}",
                "timestamp": NOW - DAY,
            }
            for user in range(9)
            for item in range(10 - user)
        )
        yield made


def say(engine: Engine, text: str, user: str = "u") -> None:
    engine.observe({"user_id": user, "event_type": "said", "text": text})


def ids(slate: Slate) -> list[str]:
    return [one.item_id for one in slate.items]


def test_a_stated_taste_counts_for_somebody_without_a_history(engine: Engine) -> None:
    assert ids(engine.recommend("u", 5)) == [f"f{n:02}" for n in range(5)]
    say(engine, "I hate horror films.")
    assert set(ids(engine.recommend("u", 5))) == {f"f{n:02}" for n in range(5, 10)}
    assert ids(engine.recommend("u", 5, use_profile=False)) == [f"f{n:02}" for n in range(5)]
    assert ids(engine.recommend("other", 5)) == [f"f{n:02}" for n in range(5)]


def test_what_is_said_later_counts_at_once(engine: Engine) -> None:
    say(engine, "I hate horror films.")
    engine.recommend("u", 5)
    say(engine, "I love horror films.")
    assert set(ids(engine.recommend("u", 5))) == {f"f{n:02}" for n in range(5)}


def test_other_events_make_no_work_and_a_deletion_counts(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    told = Profiles.told
    monkeypatch.setattr(
        Profiles, "told", lambda self, user, now: read.append(user) or told(self, user, now)
    )
    engine.observe(
        {"user_id": "u", "event_type": "said", "text": "I hate horror films.", "event_id": "h"}
    )
    for number in range(3):
        engine.recommend("u", 5)
        engine.observe({"user_id": "u", "event_type": "view", "item_id": f"f0{5 + number}"})
    assert read == ["u"]
    engine.delete("h")
    assert ids(engine.recommend("u", 5, exclude_seen=False)) == [f"f{n:02}" for n in range(5)]


def test_several_asked_together_are_answered_as_alone(engine: Engine) -> None:
    from habitus.act.asking import Ask

    say(engine, "I hate horror films.")
    asks = [Ask("u", 5), Ask("other", 5), Ask("u", 3)]
    together = [ids(slate) for slate in engine.recommend_many(asks) if isinstance(slate, Slate)]
    assert together == [ids(engine.recommend(ask.user_id, ask.k)) for ask in asks]


def test_everybody_at_once_is_answered_the_same(engine: Engine, tmp_path: Path) -> None:
    engine.set_policy(Policy(allow_stated_sensitive=True))
    say(engine, "I hate horror films. I am allergic to peanuts.")
    out = tmp_path / "all.csv"
    engine.recommend_all(out, 20)
    rows = [line.split(",") for line in out.read_text().splitlines()[1:]]
    mine = [row for row in rows if row[0] == "u"]
    assert not any("peanuts" in row for row in mine)
    assert len(mine) == 10
    assert all(any(cell in {f"f{n:02}" for n in range(5, 10)} for cell in row) for row in mine[:5])


def test_a_constraint_holds_whatever_is_asked(engine: Engine) -> None:
    engine.set_policy(Policy(allow_stated_sensitive=True))
    say(engine, "I am allergic to peanuts.")
    assert "peanuts" not in ids(engine.recommend("u", 20))
    assert "peanuts" not in ids(engine.recommend("u", 20, use_profile=False))
    assert ids(engine.rank("u", ["peanuts", "f01"])) == ["f01"]
    assert "peanuts" in ids(engine.recommend("other", 20))


def test_scores_move_by_their_own_spread_and_nothing_else_moves() -> None:
    scores = np.array([-np.inf, 1, 3, 1, 3], np.float32)
    allowed = np.array([False, True, True, True, True])
    leaning = Leaning(np.array([0, 0, -4, 0, 0], np.float32), None)
    rows, shifted = leaning.leading(scores, allowed)
    assert rows is None
    np.testing.assert_allclose(shifted[1:], [1, -1, 1, 3])
    assert np.isneginf(shifted[0])


@pytest.mark.parametrize(
    ("changed", "moves"),
    [
        ({}, True),
        ({"origin": Origin.EDITED}, True),
        ({"origin": Origin.OBSERVED}, False),  # the model has read behaviour already
        ({"origin": Origin.INFERRED}, False),
        ({"sensitive": "health"}, False),
        ({"scope": "on Fridays"}, False),
        ({"kind": Kind.POSSESSION}, False),
    ],
)
def test_only_tastes_that_were_set_or_stated_move_items(
    changed: dict[str, str], moves: bool
) -> None:
    fields = {
        "proposition_id": "",
        "user_id": "u",
        "kind": Kind.PREFERENCE,
        "attribute": "likes",
        "value": "horror",
        "stance": Stance.FOR,
        "confidence": 0.9,
        "events_for": ("e",),
        "sentence": "Likes horror.",
        "origin": Origin.STATED,
        **changed,
    }
    assert speaks_of_items(Proposition(**fields)) is moves  # type: ignore[arg-type]
