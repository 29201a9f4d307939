from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray

from habitus.evaluate.protocol import evaluate
from habitus.events.catalogue import Catalogue
from habitus.events.histories import PADDING_TYPE, Histories, from_lists
from habitus.events.split import leave_one_out
from habitus.model import attached as attached_module
from habitus.model import sieve as sieve_module
from habitus.model import trained as trained_module
from habitus.model.recipe import recipe_names
from habitus.model.train import RunOptions, train
from habitus.model.trained import TrainedModel, UserState
from habitus.testing import worlds
from habitus.testing.conformance import tiny
from habitus.testing.conformance.recipe import ndcg
from habitus.types import DAY, SECOND, EventType, Role

TYPES = (PADDING_TYPE, EventType("view"), EventType("skip", Role.NEGATIVE, 0.0))
USERS, LENGTH = 12, 40
EVERY = sorted(recipe_names())


@lru_cache(maxsize=1)
def made() -> tuple[Histories, Catalogue]:
    """Twelve users of forty events: two types, values, times, and items that come back."""
    rng = np.random.default_rng(0)
    world = worlds.timed(USERS, 12, LENGTH, groups=3)
    kinds = np.where(rng.random(world.histories.events) < 0.2, 2, 1).astype(np.int16)
    values = rng.normal(size=len(kinds)).astype(np.float32)
    return replace(world.histories, type=kinds, types=TYPES, value=values), world.catalogue


@lru_cache(maxsize=8)
def model(name: str) -> TrainedModel:
    """Hardly trained: enough for everything that does not ask how good a model is."""
    histories, catalogue = made()
    recipe = tiny(name, {"length": 16, "training.epochs": 2})
    options = RunOptions(threads=1, device="cpu", narrow=False)
    return train(recipe, histories, catalogue, None, options)


def first(count: int, user: int = 0) -> Histories:
    """The first events of one user."""
    return made()[0].slice(np.array([user]), np.array([0]), np.array([count]))


def event(at: int, user: int = 0) -> Histories:
    return made()[0].slice(np.array([user]), np.array([at]), np.array([at + 1]))


def close(one: NDArray[np.float32], other: NDArray[np.float32]) -> None:
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("name", EVERY)
def test_advancing_equals_a_fresh_state_also_when_the_window_moves(name: str, known: bool) -> None:
    """From nothing to 40 events with a window of 16 that moves on by 2 where the model steps."""
    own = model(name)
    state = own.state(first(0))
    for at in range(LENGTH):
        state = own.advance(state, event(at))
        if at % 5 and at not in (15, 16, 17):
            continue
        now = int(event(at).time[0]) + 3 * 3600 * SECOND if known else None
        fresh = own.state(first(at + 1))
        assert state.before == fresh.before
        close(own.score_state(state, now), own.score_state(fresh, now))
        moment = None if now is None else np.array([now])
        close(own.score_state(state, now), own.score(first(at + 1), moment)[0])


@pytest.mark.parametrize("name", ["default", "sasrec"])
def test_advancing_by_many_events_at_once_is_the_same(name: str) -> None:
    own = model(name)
    rest = made()[0].slice(np.array([0]), np.array([10]), np.array([30]))
    state = own.advance(own.state(first(10)), rest)
    close(own.score_state(state, None), own.score_state(own.state(first(30)), None))


def test_asking_leaves_a_state_as_it_is() -> None:
    own, now = model("default"), int(first(20).time[-1])
    state = own.state(first(20))
    before = own.score_state(state, now + DAY)
    own.score_state(state, now + 9 * DAY)
    own.score_state(state, None)
    own.advance(state, event(20))
    close(own.score_state(state, now + DAY), before)


def test_now_matters_and_none_hides_all_times() -> None:
    own, now = model("default"), int(first(20).time[-1])
    state = own.state(first(20))
    assert not np.allclose(own.score_state(state, now + 60), own.score_state(state, now + 3 * DAY))
    hidden = own.score(first(20).without_time(), None)[0]
    close(own.score_state(state, None), hidden)


def test_events_without_an_item_are_passed_over() -> None:
    own = model("default")
    bare = replace(event(9), item=np.zeros(1, np.int32))
    mixed = from_lists([[0] * 30 + [3, 5]], [list(range(32))])
    close(own.score(mixed, None)[0], own.score(from_lists([[3, 5]], [[30, 31]]), None)[0])
    state = own.state(first(9))
    assert own.advance(state, bare) is state


@pytest.mark.parametrize("name", ["default", "sasrec"])
def test_events_without_an_item_do_not_move_the_window(name: str) -> None:
    own = model(name)
    history = first(20)
    gone = np.arange(20) % 3 == 0
    history = replace(history, item=np.where(gone, 0, history.item).astype(np.int32))
    state = own.state(history)
    whole = made()[0].slice(np.array([0]), np.array([0]), np.array([26]))
    items = np.concatenate((history.item, whole.item[20:]))
    for at in range(20, 26):
        state = own.advance(state, event(at))
    close(
        own.score_state(state, None),
        own.score_state(own.state(replace(whole, item=items)), None),
    )


@pytest.mark.parametrize("name", ["default", "sasrec"])
def test_a_state_of_another_attachment_may_be_asked_and_advanced(name: str) -> None:
    own = model(name)
    other, now = own.attach(own.catalogue), int(first(20).time[-1]) + DAY
    state = own.state(first(19))
    close(other.score_state(state, now), own.score_state(state, now))
    advanced = other.advance(state, event(19))
    close(other.score_state(advanced, now), own.score_state(own.state(first(20)), now))


def test_an_empty_history_is_answered_by_popularity() -> None:
    own = model("default")
    counts = made()[0].positives().counts(len(made()[1]))
    for scores in (
        own.score(first(0), None)[0],
        own.score_state(own.state(first(0)), None),
        own.score(first(0), np.array([DAY]))[0],
    ):
        assert np.isneginf(scores[0])
        by_count = np.argsort(-counts[1:], kind="stable")
        np.testing.assert_array_equal(np.argsort(-scores[1:], kind="stable"), by_count)


def test_who_writes_into_scores_changes_no_later_answer() -> None:
    own = model("default")
    nobody = own.state(first(0))
    before = own.score_state(nobody, None).copy()
    own.score_state(nobody, None)[:] = 0
    led(own, [nobody], None)[:] = 0
    np.testing.assert_array_equal(own.score_state(nobody, None), before)


def test_event_types_are_known_by_name() -> None:
    own, history = model("default"), first(20)
    swapped = (PADDING_TYPE, EventType("new"), TYPES[2], TYPES[1])
    codes = np.array([0, 3, 2], np.int16)[history.type]
    close(own.score(replace(history, types=swapped, type=codes), None), own.score(history, None))
    other = replace(history, type=(3 - history.type).astype(np.int16))
    assert not np.allclose(own.score(other, None)[:, 1:], own.score(history, None)[:, 1:])


def test_an_event_type_that_training_never_saw_is_read_as_no_type() -> None:
    strange = (PADDING_TYPE, EventType("new"), EventType("newer"))
    scores = model("default").score(replace(first(20), types=strange), None)
    assert np.isfinite(scores[:, 1:]).all()


@pytest.mark.parametrize("name", ["default", "sasrec"])
def test_a_grown_and_reordered_catalogue_keeps_the_scores_of_known_items(name: str) -> None:
    own, ids = model(name), made()[1].item_ids[1:]
    mixed = Catalogue.of_ids(["fresh-1", *reversed(ids), "fresh-2"])
    rows = np.array([mixed.rows[item_id] for item_id in ids])
    moved = np.concatenate(([0], rows))
    history = first(20)
    grown = own.attach(mixed).score(
        replace(history, item=moved[history.item].astype(np.int32)), None
    )
    close(grown[:, rows], own.score(history, None)[:, 1:])
    strangers = [mixed.rows["fresh-1"], mixed.rows["fresh-2"]]
    assert np.isneginf(grown[0, strangers]).all()  # neither an id nor content


def test_scores_do_not_depend_on_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    own, histories = model("default"), made()[0]
    whole = own.score(histories, None)
    monkeypatch.setattr(trained_module, "SCORING_TOKENS", 32)
    close(own.score(histories, None), whole)


def test_similar_is_the_cosine_of_vectors() -> None:
    scores = model("default").similar(3)
    assert scores[3] == pytest.approx(1.0, abs=1e-5)
    assert np.isneginf(scores[0])
    assert (np.abs(scores[1:]) <= 1 + 1e-5).all()
    assert scores[5] == pytest.approx(model("default").similar(5)[3], abs=1e-6)


@pytest.mark.parametrize(("make", "gain"), [(worlds.timed, 0.08), (worlds.hourly, 0.15)])
def test_default_gains_by_knowing_the_moment(make: object, gain: float) -> None:
    """24 items in 4 groups: the truth has 0.55 with `now`; without, 0.38 (timed) or 0.19 (hourly)."""
    world = make(200, 24, 12, 0, 4)  # type: ignore[operator]
    recipe = tiny("default", {"length": 12})
    split = leave_one_out(world.histories)
    found = train(recipe, split.train, world.catalogue, None, RunOptions(threads=1, narrow=False))
    rows = len(world.catalogue)
    known = ndcg(found, world.histories, rows, seen="keep", now="known").mean()
    hidden = ndcg(found, world.histories, rows, seen="keep", now="hidden").mean()
    assert known > hidden + gain, f"NDCG@10 {known:.3f} with now, {hidden:.3f} without"


def test_default_goes_along_with_what_others_want_these_days() -> None:
    """Half of the users train; what the others want on coming back nothing of their own tells."""
    world = worlds.trending()
    rows, half = len(world.catalogue), len(world.histories) // 2
    training = world.histories.take(np.arange(half))
    asked = leave_one_out(world.histories.take(np.arange(half, 2 * half))).test
    found = []
    for trend in (None, {"windows": [7]}):
        recipe = tiny("default", {"length": 12, "trend": trend})
        own = train(recipe, training, world.catalogue, None, RunOptions(threads=1, narrow=False))
        ranks = evaluate(own, asked, rows=rows, seen="keep", now="known").ranks
        found.append(float((ranks <= 10).mean()))
    assert found[1] > found[0] + 0.2, found


def test_default_recommends_items_that_training_never_saw() -> None:
    world = worlds.content_world(300, 60, 10, cold=0.2, genres=4)
    split = leave_one_out(world.histories)
    options = RunOptions(threads=1, device="cpu", narrow=False)
    found = train(
        tiny("default", {"items.id_dropout": 0.3}), split.train, world.catalogue, None, options
    )
    cold = world.truth["cold"]
    assert (found.origin.counts[cold] == 0).all()
    asked = cold[split.test.target]
    hits = ndcg(found, world.histories, len(world.catalogue))[asked] > 0
    chance = 10 / (60 - 9)
    spread = np.sqrt(chance * (1 - chance) / len(hits))
    assert hits.mean() > chance + 3 * spread, f"HR@10 {hits.mean():.3f}, chance {chance:.3f}"


def led(
    own: TrainedModel, states: list[UserState], now: NDArray[np.int64] | None
) -> NDArray[np.float32]:
    """What `leading` says of all items to each of several users."""
    allowed = [np.ones(len(own.catalogue), bool)] * len(states)
    found = own.leading(states, now, allowed, [10] * len(states))
    assert all(rows is None for rows, _ in found)  # so few that all are scored
    return np.stack([scores for _, scores in found])


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("name", EVERY)
def test_users_scored_together_are_scored_as_alone(name: str, known: bool) -> None:
    """New users, a user without events, users known of old, and users with new events since."""
    own = model(name)
    now = int(made()[0].time.max()) + DAY

    def states() -> list[UserState]:
        fresh = [own.state(first(count, user)) for user, count in enumerate((3, 40, 0, 17, 9, 1))]
        old = [own.state(first(count, user)) for user, count in enumerate((5, 22, 30))]
        led(own, old, np.full(3, now) if known else None)
        own.score_state(old[0], now if known else None)
        old[1] = own.advance(old[1], event(22, 1))
        old[2] = own.advance(own.advance(old[2], event(30, 2)), event(31, 2))
        return [*fresh, *old]

    moments = now + DAY * np.arange(9)
    together = led(own, states(), moments if known else None)
    for row, state, moment in zip(together, states(), moments.tolist(), strict=True):
        close(row[1:], own.score_state(state, moment if known else None)[1:])
    again = states()
    led(own, again, moments if known else None)  # what was kept answers once more
    close(led(own, again, moments if known else None)[:, 1:], together[:, 1:])


@pytest.mark.parametrize("known", [True, False])
def test_what_a_sieve_leaves_has_the_scores_that_all_have(
    known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attached_module, "usable", lambda keys: True)
    monkeypatch.setattr(sieve_module, "MOST", 1)
    monkeypatch.setattr(sieve_module, "GROUPS_PER_ITEM", 2)
    own = model("default").attach(made()[1])
    states = [own.state(first(count, user)) for user, count in enumerate((3, 40, 0, 17))]
    moments = int(made()[0].time.max()) + DAY * np.arange(1, 5)
    allowed = np.ones(len(own.catalogue), bool)
    allowed[[0, 5, 9]] = False
    found = own.leading(states, moments if known else None, [allowed] * 4, [2] * 4)
    assert [rows is None for rows, _ in found] == [False, False, True, False]
    for (rows, scores), state, moment in zip(found, states, moments.tolist(), strict=True):
        whole = own.score_state(state, moment if known else None)
        close(scores, whole if rows is None else whole[rows])
        best = np.argsort(-np.where(allowed, whole, -np.inf), kind="stable")[:2]
        assert rows is None or set(best) <= set(rows)


def test_nobody_is_scored_as_nobody() -> None:
    own = model("default")
    assert led(own, [own.state(first(0))] * 2, None).shape == (2, len(made()[1]))
