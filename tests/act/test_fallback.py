"""Before a model is trained: popularity, and every answer says so."""

from __future__ import annotations

import pytest

from habitus.act.asking import Ask, Moment
from habitus.act.cache import StateCache
from habitus.act.models import ModelFolder
from habitus.act.recommend import Recommender
from habitus.act.serving import Serving
from habitus.events.store import Store
from habitus.testing.follow_on import FollowOn
from habitus.testing.leanings import leanings
from habitus.types import DAY, SECOND, Event, Item, Slate

START = 20_000 * DAY
PRESENT = Moment(START + 2_000 * SECOND, replay=False)


@pytest.fixture
def recommender(store: Store) -> Recommender:
    models = ModelFolder(store.folder / "models" / store.workspace)
    return Recommender(
        store, Serving(store, models, FollowOn.load, at_once=60), StateCache(), leanings(store)
    )


def ids(slate: Slate) -> list[str]:
    return [item.item_id for item in slate.items]


def test_the_most_popular_items_come_first_and_the_answer_says_so(recommender: Recommender) -> None:
    slate = recommender.answer(Ask("new", 3), PRESENT)
    assert ids(slate) == ["b", "c", "a"]
    assert slate.model == "popularity"
    assert "No model is trained yet" in slate.note
    assert "Nothing is known of this user" in slate.note


def test_what_the_user_has_had_is_left_out_at_once(recommender: Recommender, store: Store) -> None:
    recommender.answer(Ask("new", 3), PRESENT)
    store.observe(Event("new", "view", START + 90 * SECOND, item_id="b"))
    assert ids(recommender.answer(Ask("new", 2), PRESENT)) == ["c", "a"]


def test_counts_follow_the_log(recommender: Recommender, store: Store) -> None:
    recommender.answer(Ask("new", 3), PRESENT)
    store.observe(
        [
            Event(f"u{n}", "view", START + (90 + n) * SECOND, item_id="e", event_id=f"e{n}")
            for n in range(5)
        ]
    )
    assert ids(recommender.answer(Ask("new", 1), PRESENT)) == ["e"]
    for n in range(5):
        store.delete(f"e{n}")
    assert ids(recommender.answer(Ask("new", 1), PRESENT)) == ["b"]


def test_similar_items_share_users(recommender: Recommender) -> None:
    slate = recommender.similar("d", 4, PRESENT)
    assert set(ids(slate)[:3]) == {"a", "b", "c"}
    assert ids(slate)[-1] == "e"  # nobody had d and e
    assert slate.model == "item-knn"
    assert "No model is trained yet" in slate.note


def test_an_empty_store_answers_with_what_it_has(store: Store) -> None:
    other = Store.open(store.folder, workspace="empty")
    models = ModelFolder(store.folder / "models" / "empty")
    recommender = Recommender(
        other, Serving(other, models, FollowOn.load, at_once=60), StateCache(), leanings(other)
    )
    assert recommender.answer(Ask("new", 3), PRESENT).items == ()
    other.put_items([Item("b"), Item("a")])
    assert ids(recommender.answer(Ask("new", 3), PRESENT)) == ["a", "b"]
    other.close()
