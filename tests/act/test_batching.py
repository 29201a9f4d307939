"""Asks answered together are answered as one by one, with less work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from habitus.act import batching
from habitus.act.asking import Ask, Moment, moment
from habitus.act.cache import StateCache
from habitus.act.fallback import by_item
from habitus.act.models import Facts, ModelFolder
from habitus.act.recommend import Recommender
from habitus.act.serving import Serving
from habitus.events.store import Store
from habitus.testing.follow_on import FollowOn
from habitus.testing.leanings import leanings
from habitus.types import DAY, SECOND, Event, HabitusError, Item, Slate

START = 20_000 * DAY
PRESENT = START + 2_000 * SECOND


class Desk:
    """A recommender over a store, and its model's record of its work."""

    def __init__(self, store: Store) -> None:
        models = ModelFolder(store.folder / "models" / store.workspace)
        self.work: list[tuple[str, int]] = []
        serving = Serving(store, models, self._load, at_once=60)
        self.recommender = Recommender(store, serving, StateCache(8), leanings(store))

    def _load(self, folder: Path) -> FollowOn:
        model = FollowOn.load(folder)
        self.work = model.work
        return model

    def together(self, asks: list[Ask]) -> list[Slate | HabitusError]:
        return self.recommender.answers([(ask, moment(ask.now, PRESENT)) for ask in asks])

    def alone(self, ask: Ask) -> Slate | HabitusError:
        [answer] = self.together([ask])
        return answer


@pytest.fixture
def shop(store: Store) -> Store:
    store.put_items(
        Item(name, attributes={"kind": kind}) for name, kind in zip("abcde", "xyxyx", strict=True)
    )
    catalogue = store.catalogue()
    histories = store.histories(catalogue)
    models = ModelFolder(store.folder / "models" / store.workspace)
    facts = Facts("mask", by_item(histories, catalogue))
    models.publish(FollowOn.fit(histories, catalogue), "follow-on", facts)
    return store


def plain(answer: Slate | HabitusError) -> Slate | str:
    return str(answer) if isinstance(answer, HabitusError) else replace(answer, request_id="")


ASKS = [
    Ask("ann", 3),
    Ask("new", 2),
    Ask("bob", 9, exclude_seen=False),
    Ask("ann", 0),
    Ask("cy", 9, where={"kind": "x"}),
    Ask("cy", 9, where={"kin": "x"}),
    Ask("ann", 9, now=START + 2 * SECOND),
    Ask("cy", 2, only=["e", "a", "d"]),
    Ask("cy", 2, only=["nothing"]),
    Ask("\ud800", 2),
    Ask("ann", 3),
    Ask("cy", 9, exclude_items=["a"]),
]


def test_every_answer_is_the_one_given_alone(shop: Store) -> None:
    together = [plain(each) for each in Desk(shop).together(ASKS)]
    assert together == [plain(Desk(shop).alone(ask)) for ask in ASKS]
    errors = [at for at, each in enumerate(together) if isinstance(each, str)]
    assert errors == [3, 5, 8, 9]


def test_answers_stay_right_while_events_come(shop: Store) -> None:
    desk = Desk(shop)
    for second, (user, item) in enumerate([("ann", "b"), ("new", "a"), ("cy", "e"), ("new", "c")]):
        shop.observe(Event(user, "view", START + (90 + second) * SECOND, item_id=item))
        together = [plain(each) for each in desk.together(ASKS)]
        assert together == [plain(Desk(shop).alone(ask)) for ask in ASKS]
    assert desk.recommender.counters.steps == 2  # new's first item made them known anew


def test_states_are_kept_for_the_next_asks_and_scored_at_once(shop: Store) -> None:
    desk = Desk(shop)
    users = [Ask(user) for user in ("ann", "bob", "cy", "ann", "new")]
    desk.together(users)
    assert desk.work == [("state", 4), ("state", 4), ("state", 3), ("state", 0), ("states", 4)]
    desk.work.clear()
    shop.observe(Event("bob", "view", START + 90 * SECOND, item_id="a"))
    desk.together(users)
    assert desk.work == [("advance", 1), ("state", 0), ("states", 4)]
    assert desk.recommender.counters.answers == {"model": 8, "popularity": 2}


def test_scores_take_a_bounded_memory(shop: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "BLOCK_BYTES", 2 * 4 * len(shop.catalogue()))
    desk = Desk(shop)
    desk.together([Ask(user) for user in ("ann", "bob", "cy", "ann", "new")])
    assert [count for kind, count in desk.work if kind == "states"] == [2, 2]


def test_nothing_asked_is_nothing(shop: Store) -> None:
    assert Desk(shop).together([]) == []


def test_where_nobody_can_answer_each_gets_the_reason(shop: Store) -> None:
    folder = shop.folder / "models" / shop.workspace / "follow-on"
    (folder / "pairs.npy").write_bytes(b"")
    answers = Desk(shop).together([Ask("ann"), Ask("bob")])
    assert [type(each) for each in answers] == [HabitusError] * 2
    assert "not those that were published" in str(answers[0])


def test_a_moment_is_per_ask() -> None:
    assert moment(None, 5) == Moment(5, replay=False)
    assert moment(3, 5) == Moment(3, replay=True)
