"""The made worlds are what they say: their truth finds what is there, and nobody finds what is not."""

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest

from habitus.baselines.itemknn import ItemKNN
from habitus.baselines.popularity import Popularity
from habitus.baselines.recent import RecentPopularity
from habitus.evaluate.metrics import means
from habitus.evaluate.protocol import evaluate
from habitus.evaluate.scorer import Scorer
from habitus.events.histories import Histories
from habitus.events.split import leave_one_out
from habitus.testing.worlds import (
    World,
    content_world,
    hourly,
    ordered,
    repeat_world,
    shuffled,
    timed,
    trending,
)

WORLDS = (ordered, timed, hourly, trending, content_world, repeat_world)


def hits(scorer: Scorer, world: World, histories: Histories | None = None, **how: str) -> float:
    """HR@10, leave-one-out."""
    test = leave_one_out(histories or world.histories).test
    ranks = evaluate(scorer, test, rows=len(world.catalogue), **how)
    return means(ranks.ranks, test.user)["HR@10"]


@pytest.mark.parametrize("make", WORLDS)
class TestEveryWorld:
    def test_a_seed_repeats_and_another_seed_differs(self, make: Callable[..., World]) -> None:
        first, again, other = make(seed=3), make(seed=3), make(seed=4)
        for column in fields(Histories):
            here, there = (getattr(world.histories, column.name) for world in (first, again))
            if isinstance(here, np.ndarray) and here.dtype.kind == "f":
                assert np.array_equal(here, there, equal_nan=True)
            else:
                assert np.array_equal(here, there)
        assert not np.array_equal(first.histories.item, other.histories.item)

    def test_sizes_are_as_asked_and_items_are_in_the_catalogue(
        self, make: Callable[..., World]
    ) -> None:
        world = make(users=7, items=48, length=9, seed=1)
        assert world.histories.lengths.tolist() == [9] * 7
        assert len(world.catalogue) == 49
        assert world.histories.item.min() >= 1
        assert world.histories.item.max() <= 48

    def test_times_rise(self, make: Callable[..., World]) -> None:
        histories = make().histories
        same = np.diff(histories.owners()) == 0
        assert (np.diff(histories.time)[same] > 0).all()

    def test_the_truth_answers_an_empty_history(self, make: Callable[..., World]) -> None:
        world = make()
        nobody = world.histories.where(np.zeros(world.histories.events, bool))
        scores = world.oracle.score(nobody, np.full(len(nobody), 10**15))
        assert scores.shape == (len(nobody), len(world.catalogue))
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()


class TestOrdered:
    def test_only_the_order_can_be_learned(self) -> None:
        world = ordered(users=600, seed=1)
        train = leave_one_out(world.histories).train
        chance = 10 / (100 - 19)
        assert hits(world.oracle, world) > 0.85
        for blind in (Popularity(), ItemKNN("cosine")):
            assert hits(blind.fit(train, world.catalogue), world) < chance + 0.05

    def test_shuffled_leaves_nothing_even_for_the_truth(self) -> None:
        world = ordered(users=600, seed=1)
        mixed = shuffled(world.histories, seed=2)
        assert hits(world.oracle, world, mixed) < 10 / (100 - 19) + 0.05

    def test_nobody_sees_an_item_twice(self) -> None:
        items = ordered().histories.item.reshape(300, 20)
        assert (np.diff(np.sort(items, axis=1), axis=1) > 0).all()


class TestShuffled:
    def test_it_moves_events_within_users_only(self) -> None:
        before = timed(seed=1).histories
        after = shuffled(before, seed=2)
        assert not np.array_equal(before.item, after.item)
        assert np.array_equal(before.time, after.time)
        shape = (len(before), -1)
        for column in ("item", "type"):
            here, there = (
                np.sort(getattr(histories, column).reshape(shape), axis=1)
                for histories in (before, after)
            )
            assert np.array_equal(here, there)


@pytest.mark.parametrize(("make", "blind"), [(timed, 0.5), (hourly, 0.25)], ids=["timed", "hourly"])
def test_who_knows_now_knows_the_group(make: Callable[..., World], blind: float) -> None:
    world = make(users=600)
    known = hits(world.oracle, world, seen="keep", now="known")
    hidden = hits(world.oracle, world, seen="keep", now="hidden")
    assert known == 1.0
    assert hidden == pytest.approx(blind, abs=0.08)


class TestContentWorld:
    def test_cold_items_are_last_events_only(self) -> None:
        world = content_world()
        split = leave_one_out(world.histories)
        cold = world.truth["cold"]
        assert cold.sum() == round(0.2 * 160)
        assert not cold[split.train.item].any()
        assert not cold[split.validation.target].any()
        assert cold[split.test.target].mean() == pytest.approx(1 / 3, abs=0.08)

    def test_what_items_are_tells_the_taste_also_for_cold_ones(self) -> None:
        world = content_world(users=800)
        split = leave_one_out(world.histories)
        chance = 10 / (160 - 15)
        assert hits(world.oracle, world) > 3 * chance
        cold = np.flatnonzero(world.truth["cold"][split.test.target])
        ranks = evaluate(world.oracle, split.test.take(cold), rows=161).ranks
        assert (ranks <= 10).mean() > 2 * chance

    def test_attributes_and_words_say_the_genre(self) -> None:
        world = content_world()
        genre = world.truth["genre"]
        for row in (1, 80, 160):
            assert world.catalogue.values_of(row)["genre"] == (f"genre {genre[row]}",)
            assert set(world.catalogue.values_of(row)) == {"genre", "maker"}
        same, other = [], []
        words = [set(text.split()) - {"The", "and", "the", "of"} for text in world.catalogue.text]
        for row in range(2, 161):
            (same if genre[row] == genre[1] else other).append(len(words[row] & words[1]))
        assert np.mean(same) > 2 * np.mean(other)


def test_who_knows_what_others_took_lately_knows_the_fashion() -> None:
    """Ten items are in fashion at a time, so that whoever knows them has them all in a list of ten."""
    world = trending()
    assert hits(world.oracle, world, seen="keep", now="known") == 1.0
    assert hits(Popularity().fit(world.histories, world.catalogue), world, seen="keep") < 0.3
    recent = RecentPopularity().fit(world.histories, world.catalogue)
    assert hits(recent, world, seen="keep", now="known") > 0.5


def test_repeats_are_found_where_repeating_is_allowed() -> None:
    world = repeat_world(users=600)
    assert hits(world.oracle, world, seen="keep") == pytest.approx(0.8 + 0.2 * 0.1, abs=0.06)
    assert hits(world.oracle, world, seen="mask") < 0.1
