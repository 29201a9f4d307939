"""An explanation names what is known and what moved the item, and both can be checked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from habitus.engine import Engine
from habitus.profile.sensitive import Policy
from habitus.types import DAY, EventType, HabitusError, Item, Role

NOW = 1_750_000_000_000_000
HALF = 12


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Two kinds of films; everybody takes one kind, `u` both: the later one last."""
    rng = np.random.default_rng(3)
    with Engine.open(tmp_path_factory.mktemp("explain"), clock=lambda: NOW) as made:
        made.set_event_types([EventType("said", Role.UTTERANCE, 0.0)])
        made.put_items(
            Item(f"f{n:02}", f"Film {n}", {"genre": "horror" if n < HALF else "comedy"})
            for n in range(2 * HALF)
        )
        made.observe(
            {
                "user_id": f"v{user}",
                "event_type": "view",
                "item_id": f"f{HALF * (user % 2) + item:02}",
                "timestamp": NOW - 50 * DAY + at * DAY + user,
            }
            for user in range(120)
            for at, item in enumerate(rng.permutation(HALF)[:8].tolist())
        )
        made.observe(
            {
                "user_id": "u",
                "event_type": "view",
                "item_id": f"f{item:02}",
                "event_id": f"e{item}",
                "timestamp": NOW - (30 - at) * DAY,
            }
            for at, item in enumerate([0, 1, 2, 3, 4, HALF])
        )
        made.train(minutes=0.1, seen="mask")
        yield made


def test_the_rank_is_that_of_the_recommendation(engine: Engine) -> None:
    listed = [one.item_id for one in engine.recommend("u", 100).items]
    for place in (0, 3, len(listed) - 1):
        found = engine.explain("u", listed[place])
        assert (found.rank, found.among) == (place + 1, len(listed))


def test_a_cause_can_be_checked_by_removing_it(engine: Engine) -> None:
    listed = [one.item_id for one in engine.recommend("u", 100).items]
    horror = next(one for one in listed if one < f"f{HALF:02}")
    found = engine.explain("u", horror)
    assert found.causes
    cause = found.causes[0]
    events = [event for event in engine.history("u") if event.event_id != cause.event_id]
    engine.observe(
        {
            "user_id": "twin",
            "event_type": "view",
            "item_id": event.item_id,
            "timestamp": event.timestamp,
        }
        for event in events
    )
    exclude = [event.item_id or "" for event in engine.history("u")]
    ranked = engine.recommend("twin", 100, exclude_seen=False, exclude_items=exclude)
    assert [one.item_id for one in ranked.items].index(horror) + 1 == found.rank + cause.moved
    engine.forget("twin")


def test_it_cites_what_is_known(engine: Engine) -> None:
    engine.observe({"user_id": "u", "event_type": "said", "text": "I love horror films."})
    found = engine.explain("u", "f05")
    assert any(one.sentence == "Likes horror films." for one in found.propositions)
    assert all(one.events_for for one in found.propositions)
    assert not any(
        "Likes horror" in one.sentence for one in engine.explain("u", "f20").propositions
    )


def test_what_may_not_be_shown_has_no_rank(engine: Engine) -> None:
    engine.put_items([Item("nut", "Peanut brittle", {"genre": "horror"})])
    engine.set_policy(Policy(allow_stated_sensitive=True))
    engine.observe({"user_id": "w", "event_type": "said", "text": "I am allergic to peanuts."})
    found = engine.explain("w", "nut")
    assert found.rank == 0
    assert not any(one.sensitive for one in found.propositions)
    engine.set_available(["f07"], False)
    assert engine.explain("u", "f07").rank == 0
    engine.set_available(["f07"], True)


def test_somebody_new_is_explained_by_popularity(engine: Engine) -> None:
    found = engine.explain("nobody", "f05")
    assert found.rank >= 1
    assert not found.causes
    assert found.note


def test_an_unknown_item_is_an_error(engine: Engine) -> None:
    with pytest.raises(HabitusError, match="no item"):
        engine.explain("u", "nothing")
