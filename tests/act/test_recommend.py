"""Answers for one user: what counts, what is left out, and what is worked out again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from habitus.act.asking import Ask, Moment
from habitus.act.cache import StateCache
from habitus.act.fallback import by_item
from habitus.act.models import Facts, ModelFolder
from habitus.act.recommend import Recommender
from habitus.act.seen import Seen
from habitus.act.serving import Serving
from habitus.events.store import Store
from habitus.testing.follow_on import FollowOn
from habitus.testing.leanings import leanings
from habitus.types import DAY, SECOND, Event, EventType, HabitusError, Item, Role, Slate

START = 20_000 * DAY
PRESENT = Moment(START + 2_000 * SECOND, replay=False)


class Shop:
    """A store with a published model, and the model's own record of its work."""

    def __init__(self, store: Store, seen: Seen, capacity: int = 8, at_once: float = 60) -> None:
        self.store = store
        self.models = ModelFolder(store.folder / "models" / store.workspace)
        catalogue = store.catalogue()
        histories = store.histories(catalogue)
        facts = Facts(seen, by_item(histories, catalogue))
        self.models.publish(FollowOn.fit(histories, catalogue), "follow-on", facts)
        self.work: list[tuple[str, int]] = []
        self.serving = Serving(store, self.models, self._load, at_once)
        self.cache = StateCache(capacity)
        self.recommender = Recommender(store, self.serving, self.cache, leanings(store))

    def _load(self, folder: Path) -> FollowOn:
        model = FollowOn.load(folder)
        self.work = model.work
        return model

    def ask(self, user_id: str, k: int = 3, exclude_seen: bool | None = None) -> Slate:
        return self.answer(Ask(user_id, k, exclude_seen=exclude_seen))

    def answer(self, ask: Ask, moment: Moment = PRESENT) -> Slate:
        """What is answered, but for the id of the request, which is another each time."""
        return replace(self.recommender.answer(ask, moment), request_id="")

    def rank(self, user_id: str, item_ids: list[str]) -> Slate:
        return self.answer(Ask(user_id, len(item_ids), only=item_ids))

    def see(self, user_id: str, item_id: str, second: int, event_id: str | None = None) -> None:
        self.store.observe(
            Event(user_id, "view", START + second * SECOND, item_id=item_id, event_id=event_id)
        )


def ids(slate: Slate) -> list[str]:
    return [item.item_id for item in slate.items]


@pytest.fixture
def make(store: Store) -> Callable[..., Shop]:
    return lambda seen="mask", **more: Shop(store, seen, **more)


def test_the_users_last_event_decides(make: Callable[..., Shop]) -> None:
    slate = make().ask("cy")
    assert ids(slate)[0] == "a"  # b, c, d are had; nothing follows d, and a is had oftener than e
    assert slate.model == "follow-on"
    assert slate.now == PRESENT.now
    assert slate.note == ""


def test_a_new_user_gets_the_usual_and_is_known_from_the_first_event_on(
    make: Callable[..., Shop],
) -> None:
    shop = make()
    first = shop.ask("new")
    assert ids(first) == ["b", "c", "a"]  # by count, then by id
    assert "Nothing is known" in first.note
    assert first.model == "popularity"
    shop.see("new", "a", 50)
    assert ids(shop.ask("new"))[0] == "b"
    shop.see("new", "c", 60)
    assert ids(shop.ask("new"))[0] == "d"
    assert shop.ask("new").note == ""
    assert shop.ask("new").model == "follow-on"


def test_an_event_at_the_end_steps_the_state(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.ask("ann")
    shop.see("ann", "b", 90)
    slate = shop.ask("ann", exclude_seen=False)
    assert shop.work == [("state", 4), ("advance", 1)]
    shop.cache.clear()
    assert shop.ask("ann", exclude_seen=False) == slate
    assert shop.work[-1] == ("state", 5)


def test_nothing_new_is_no_work(make: Callable[..., Shop]) -> None:
    shop = make()
    assert shop.ask("ann") == shop.ask("ann")
    shop.see("bob", "a", 90)
    shop.ask("ann")
    assert shop.work == [("state", 4)]


def test_a_backdated_event_encodes_anew(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.ask("ann")
    shop.see("ann", "e", 2)
    assert ids(shop.ask("ann", 9, exclude_seen=True)) == []
    assert shop.work == [("state", 4), ("state", 5)]


def test_a_deleted_event_gives_the_old_answer_back(make: Callable[..., Shop]) -> None:
    shop = make()
    before = shop.ask("cy")
    shop.see("cy", "a", 90, event_id="mistake")
    assert shop.ask("cy") != before
    assert shop.store.delete("mistake")
    assert shop.ask("cy") == before


def test_a_deletion_is_not_made_up_for_by_a_backdated_event(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.see("new", "a", 50, event_id="first")
    shop.see("new", "b", 60)
    shop.ask("new")
    shop.store.delete("first")
    shop.see("new", "e", 40)
    slate = shop.ask("new")
    assert shop.work == [("state", 2), ("state", 2)]
    assert "a" in ids(slate)
    assert "e" not in ids(slate)


def test_what_is_new_is_left_out_too(make: Callable[..., Shop]) -> None:
    shop = make()
    assert "c" in ids(shop.ask("new", 9))
    shop.see("new", "a", 50)
    assert sorted(ids(shop.ask("new", 9))) == ["b", "c", "d", "e"]
    shop.see("new", "c", 60)
    shop.see("new", "c", 70)
    assert sorted(ids(shop.ask("new", 9))) == ["b", "d", "e"]
    assert shop.work == [("state", 0), ("state", 1), ("advance", 2)]


def test_an_event_written_elsewhere_counts_in_the_next_answer(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.see("new", "a", 50)
    assert ids(shop.ask("new"))[0] == "b"
    with Store.open(shop.store.folder) as elsewhere:
        elsewhere.observe(Event("new", "view", START + 60 * SECOND, item_id="c"))
    assert ids(shop.ask("new"))[0] == "d"
    assert shop.work == [("state", 1), ("advance", 1)]


def test_items_of_the_whole_history_are_left_out_or_kept(make: Callable[..., Shop]) -> None:
    shop = make("mask")
    assert ids(shop.ask("bob", 9)) == ["d"]
    assert sorted(ids(shop.ask("bob", 9, exclude_seen=False))) == ["a", "b", "c", "d", "e"]


def test_the_default_follows_the_model(make: Callable[..., Shop]) -> None:
    shop = make("keep")
    assert len(shop.ask("bob", 9).items) == 5
    assert ids(shop.ask("bob", 9, exclude_seen=True)) == ["d"]


def test_what_was_only_shown_is_not_had(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.store.set_event_types([EventType("shown", Role.IMPRESSION)])
    shop.store.observe(Event("bob", "shown", START + 90 * SECOND, item_id="d"))
    assert ids(shop.ask("bob", 9)) == ["d"]


def test_k_items_come_whenever_there_are_k(make: Callable[..., Shop]) -> None:
    shop = make()
    assert [len(shop.ask("new", k).items) for k in (1, 4, 5, 6)] == [1, 4, 5, 5]
    with pytest.raises(HabitusError, match="k is 0"):
        shop.ask("new", 0)


def test_what_cannot_be_had_is_never_shown(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.ask("new")
    shop.store.put_items([Item("b", available=False)])
    assert "b" not in ids(shop.ask("new", 9))
    ranked = shop.rank("new", ["a", "b"])
    assert ids(ranked) == ["a"]
    assert "1 of the items" in ranked.note
    assert "b" not in ids(shop.recommender.similar("a", 9, PRESENT))
    shop.store.put_items([Item("b", available=True)])
    assert "b" in ids(shop.ask("new", 9))


def test_an_item_that_is_new_after_training_is_there_at_once(make: Callable[..., Shop]) -> None:
    shop = make()
    before = shop.ask("ann", 9, exclude_seen=False)
    shop.store.put_items([Item("aa", text="between a and b")])
    after = shop.ask("ann", 9, exclude_seen=False)
    assert sorted(ids(after)) == sorted([*ids(before), "aa"])
    assert [one for one in ids(after) if one != "aa"] == ids(before)  # all rows after it moved
    assert {item.item_id: item.text for item in after.items}["aa"] == "between a and b"


def test_an_item_can_be_asked_for_by_name_as_soon_as_it_is_put(make: Callable[..., Shop]) -> None:
    shop = make(at_once=0)  # every renewal is one that takes long
    shop.ask("ann")
    shop.store.put_items([Item("aa")])
    assert "aa" in ids(shop.rank("ann", ["aa", "b"]))
    shop.store.put_items([Item("ab")])
    assert len(shop.recommender.similar("ab", 2, PRESENT).items) == 2
    shop.store.put_items([Item("ac")])
    question = shop.recommender.question(Ask("ann", 1), PRESENT, "ac")
    assert "ac" in question.ready.catalogue.rows
    shop.store.put_items([Item("ad")])
    shop.serving.awaited(["ad"])
    named, unknown, free = shop.recommender.answers(
        [
            (Ask("ann", 2, only=["ad", "b"]), PRESENT),
            (Ask("ann", 1, only=["zzz"]), PRESENT),
            (Ask("ann", 1), PRESENT),
        ]
    )
    assert isinstance(named, Slate)
    assert "ad" in ids(named)
    assert "no item 'zzz'" in str(unknown)
    assert isinstance(free, Slate)
    shop.serving.close()


def test_rank_orders_the_items_asked_for(make: Callable[..., Shop]) -> None:
    shop = make()
    slate = shop.rank("cy", ["e", "a", "d", "a"])
    assert ids(slate) == ["a", "d", "e"]
    with pytest.raises(HabitusError, match="no item 'zzz'"):
        shop.rank("cy", ["a", "zzz"])
    assert shop.rank("cy", []).items == ()


def test_similar_leaves_out_the_item_itself(make: Callable[..., Shop]) -> None:
    shop = make()
    slate = shop.recommender.similar("b", 2, PRESENT)
    assert ids(slate) == ["c", "a"]
    assert slate.model == "follow-on"
    with pytest.raises(HabitusError, match="no item 'zzz'"):
        shop.recommender.similar("zzz", 2, PRESENT)


def test_a_replay_sees_nothing_later_than_its_moment(make: Callable[..., Shop]) -> None:
    shop = make()
    now = shop.ask("ann")
    past = shop.answer(Ask("ann", 3), Moment(START + 2 * SECOND, replay=True))
    assert ids(past) == ["c", "d", "e"]  # only a and b had happened
    assert past.now == START + 2 * SECOND
    assert shop.ask("ann") == now
    early = shop.answer(Ask("ann", 3), Moment(START, replay=True))
    assert ids(early) == ids(shop.ask("new"))
    assert "Nothing is known" in early.note


def test_an_event_ahead_of_our_clock_counts(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.see("new", "c", 999)
    slate = shop.answer(Ask("new", 1), Moment(START + 998 * SECOND, replay=False))
    assert ids(slate) == ["d"]
    assert slate.now == START + 998 * SECOND


def test_another_model_answers_once_it_is_loaded(make: Callable[..., Shop]) -> None:
    shop = make()
    assert shop.ask("ann").model == "follow-on"
    catalogue = shop.store.catalogue()
    shop.models.publish(FollowOn.fit(shop.store.histories(catalogue), catalogue), "second")
    assert shop.ask("ann").model == "follow-on"  # which begins the loading
    shop.serving.close()
    assert shop.ask("ann").model == "second"
    shop.models.rollback()
    shop.serving.warm()
    assert shop.ask("ann").model == "follow-on"


def test_every_answer_has_a_request_id_of_its_own(make: Callable[..., Shop]) -> None:
    shop = make()
    slates = [shop.recommender.answer(Ask("ann"), PRESENT) for _ in range(3)]
    slates.append(shop.recommender.similar("b", 2, PRESENT))
    assert len({slate.request_id for slate in slates}) == 4
    assert all(UUID(slate.request_id).version == 4 for slate in slates)
    assert {item.propensity for slate in slates for item in slate.items} == {1.0}


def test_items_are_left_out_by_id_and_by_condition(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.store.put_items(
        [
            Item(name, attributes={"kind": kind}, numbers={"price": n})
            for n, (name, kind) in enumerate(
                {"a": "x", "b": "y", "c": "x", "d": "y", "e": "x"}.items()
            )
        ]
    )
    everything = ids(shop.ask("new", 9))
    assert ids(shop.answer(Ask("new", 9, exclude_items=["b", "nothing"]))) == [
        one for one in everything if one != "b"
    ]
    assert ids(shop.answer(Ask("new", 9, where={"kind": "x"}))) == ["c", "a", "e"]
    assert ids(shop.answer(Ask("new", 1, where={"price": {"min": 3}}))) == ["d"]
    assert ids(shop.answer(Ask("bob", 9, where={"kind": "x"}))) == []  # they had a, c and e
    assert ids(shop.answer(Ask("new", 9, where={"kind": "x"}, only=["a", "b"]))) == ["a"]
    assert ids(shop.recommender.similar("b", 9, PRESENT, where={"kind": "x"})) == ["c", "a", "e"]
    with pytest.raises(HabitusError, match="Did you mean 'kind'"):
        shop.answer(Ask("new", where={"kid": "x"}))


def test_what_cannot_be_asked_is_a_clear_error(make: Callable[..., Shop]) -> None:
    shop = make()
    for user_id in ("", "x" * 257, "a\nb", "\ud800"):
        with pytest.raises(HabitusError, match="user_id"):
            shop.ask(user_id)
    with pytest.raises(HabitusError, match="10001 items"):
        shop.answer(Ask("new", exclude_items=["a"] * 10_001))
    with pytest.raises(HabitusError, match="10001 items"):
        shop.rank("new", ["a"] * 10_001)
    with pytest.raises(HabitusError, match="k is -1"):
        shop.answer(Ask("new", -1, only=["a"]))


def test_counters_say_what_was_done(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.ask("ann")
    shop.ask("ann")
    shop.see("ann", "b", 90)
    shop.ask("ann")
    shop.ask("new")
    counted = shop.recommender.counters
    assert (counted.hits, counted.misses, counted.steps) == (2, 2, 1)
    assert counted.answers == {"model": 3, "popularity": 1}


def test_what_is_forgotten_is_not_kept(make: Callable[..., Shop]) -> None:
    shop = make()
    shop.ask("ann")
    assert len(shop.cache) == 1
    shop.recommender.forget("ann")
    assert len(shop.cache) == 0


def test_few_states_are_kept_and_every_answer_stays_right(make: Callable[..., Shop]) -> None:
    small, large = make(capacity=1), {}
    for user in ("ann", "bob", "ann", "cy"):
        large[user] = small.ask(user)
    assert len(small.cache) == 1
    assert small.ask("ann") == large["ann"]
