"""The promises of a whole recipe: it learns what is there, and nothing where there is nothing."""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from habitus.baselines.popularity import Popularity
from habitus.evaluate.protocol import evaluate
from habitus.evaluate.scorer import Scorer
from habitus.events.histories import Histories
from habitus.events.split import leave_one_out
from habitus.model.recipe import Recipe, load_recipe
from habitus.model.train import RunOptions, train
from habitus.model.trained import TrainedModel
from habitus.testing import worlds

USERS, ITEMS, LENGTH = 200, 40, 10
DISCOUNT = 1 / np.log2(np.arange(2, 12))  # of ranks 1 … 10
TINY: dict[str, object] = {
    "sparse": {},  # as it stands, whatever the data
    "dim": 16,
    "length": 8,
    "tokens.dropout": 0.1,
    "mix.blocks": 1,
    "mix.dropout": 0.1,
    "training.learning_rate": 0.01,
    "training.tokens": 200,
    "training.epochs": 30,
    "training.least_steps": 0,
}


def tiny(name: str | Path, overrides: dict[str, object] | None = None) -> Recipe:
    """A recipe made small enough to train in a second; `overrides` as in `load_recipe`."""
    return load_recipe(name, {**TINY, **(overrides or {})})


def ndcg(
    scorer: Scorer, histories: Histories, rows: int, seen: str = "mask", now: str = "hidden"
) -> NDArray[np.float64]:
    """NDCG@10 of each test case under leave-one-out, full ranking."""
    test = leave_one_out(histories).test
    ranks = evaluate(scorer, test, rows=rows, seen=seen, now=now).ranks
    found: NDArray[np.float64] = np.where(ranks <= 10, DISCOUNT[np.clip(ranks, 1, 10) - 1], 0.0)
    return found


@lru_cache(maxsize=1)
def ordered_world() -> worlds.World:
    """Users who go round one hidden ring of items; shuffled, nothing is left to learn."""
    return worlds.ordered(USERS, ITEMS, LENGTH)


def histories(shuffled: bool) -> Histories:
    found = ordered_world().histories
    return worlds.shuffled(found) if shuffled else found


def fresh(recipe: Recipe, shuffled: bool, seed: int = 0) -> TrainedModel:
    """A recipe trained on the ordered world or the shuffled one, without a look at validation."""
    split = leave_one_out(histories(shuffled))
    options = RunOptions(seed=seed, threads=1, device="cpu", narrow=False)
    return train(recipe, split.train, ordered_world().catalogue, None, options)


def trained(recipe: Recipe, shuffled: bool) -> TrainedModel:
    """The same, kept for the next test."""
    return _trained(recipe.model_dump_json(), shuffled)


@lru_cache(maxsize=16)
def _trained(recipe: str, shuffled: bool) -> TrainedModel:
    return fresh(Recipe.model_validate_json(recipe), shuffled)


class RecipeConformance(ABC):
    """Override `make`: the recipe, made tiny. One training serves most of the tests."""

    @abstractmethod
    def make(self) -> Recipe: ...

    def test_it_learns_the_order(self) -> None:
        catalogue, own = ordered_world().catalogue, histories(False)
        popularity = Popularity().fit(leave_one_out(own).train, catalogue)
        model = trained(self.make(), False)
        learned = ndcg(model, own, len(catalogue)).mean()
        simple = ndcg(popularity, own, len(catalogue)).mean()
        assert learned > 1.8 * simple, f"NDCG@10 {learned:.3f}, popularity {simple:.3f}"

    def test_it_learns_nothing_from_a_shuffled_order(self) -> None:
        """Within four standard errors of guessing among the items not in the history."""
        found = ndcg(trained(self.make(), True), histories(True), ITEMS + 1)
        left = ITEMS - (LENGTH - 1)
        chance = DISCOUNT.sum() / left
        spread = np.sqrt((DISCOUNT**2).sum() / left - chance**2)
        off = 4 * spread / np.sqrt(len(found))
        assert abs(found.mean() - chance) < off, f"NDCG@10 {found.mean():.3f}, chance {chance:.3f}"

    def test_a_history_is_scored_alone(self) -> None:
        model, some = trained(self.make(), False), histories(False).take(np.arange(5))
        longer = some.slice(np.arange(5), np.zeros(5, np.int64), np.array([1, 3, 8, 9, 10]))
        together = model.score(longer, None)
        for row in range(5):
            _close(model.score(longer.take(np.array([row])), None)[0], together[row])

    def test_a_state_gives_the_scores_of_its_history(self) -> None:
        model, one = trained(self.make(), False), histories(False).take(np.array([3]))
        _close(model.score_state(model.state(one), None), model.score(one, None)[0])

    def test_advancing_gives_the_state_of_the_longer_history(self) -> None:
        """From nothing to beyond the recipe's length, so that the window has to move."""
        model, one = trained(self.make(), False), histories(False).take(np.array([3]))
        user = np.zeros(1, np.int64)
        state = model.state(one.slice(user, user, user))
        for at in range(LENGTH):
            state = model.advance(state, one.slice(user, user + at, user + at + 1))
            whole = model.state(one.slice(user, user, user + at + 1))
            _close(model.score_state(state, None), model.score_state(whole, None))

    def test_save_and_load_give_the_same_scores(self) -> None:
        model, some = trained(self.make(), False), histories(False).take(np.arange(5))
        with tempfile.TemporaryDirectory() as folder:
            model.save(Path(folder))
            loaded = TrainedModel.load(Path(folder), ordered_world().catalogue)
        np.testing.assert_array_equal(model.score(some, None), loaded.score(some, None))

    def test_seeds_repeat(self) -> None:
        raw = self.make().model_dump()
        raw["training"]["epochs"] = 1
        short, some = Recipe.model_validate(raw), histories(False).take(np.arange(5))
        first = fresh(short, False, 3).score(some, None)
        np.testing.assert_array_equal(first, fresh(short, False, 3).score(some, None))
        assert not np.array_equal(first, fresh(short, False, 4).score(some, None))


def _close(one: NDArray[np.float32], other: NDArray[np.float32]) -> None:
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)
