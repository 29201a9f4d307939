"""Comparisons: the same events to learn from, the same questions, every name checked first."""

from __future__ import annotations

import numpy as np
import pytest

from habitus.act import contenders
from habitus.act.compare import compare
from habitus.act.contenders import lesson
from habitus.act.training import Effort, Judge, recipe
from habitus.evaluate.report import BUDGET_LIMITED, NOW_KNOWN, TIME_HIDDEN, Table
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.events.split import leave_one_out, temporal
from habitus.testing.follow_on import FollowOn
from habitus.testing.worlds import World, ordered, timed
from habitus.types import HabitusError


@pytest.fixture(scope="module")
def ring() -> World:
    return ordered(users=120, items=30, length=10)


def names(table: Table) -> dict[str, list[str]]:
    return {group.title: [row.model for row in group.rows] for group in table.groups}


def test_rows_have_intervals_and_differences_to_the_first_name(ring: World) -> None:
    table = compare(ring.histories, ring.catalogue, ["popularity", "item-knn"], dataset="ring")
    (group,) = table.groups
    assert group.title == TIME_HIDDEN
    assert group.users == 120
    assert table.reference == "popularity"
    assert {row.model: row.difference is None for row in group.rows}["popularity"]
    assert all(row.train_seconds is not None for row in group.rows)
    assert table.about.dataset == "ring"


def test_what_needs_now_stands_apart() -> None:
    world = timed(users=60, items=16, length=8)
    table = compare(
        world.histories, world.catalogue, ["popularity", "popularity-7-days"], dataset="timed"
    )
    found = names(table)
    assert found[TIME_HIDDEN] == ["popularity"]
    assert len(found[NOW_KNOWN]) == 1


def test_seen_follows_the_repeats_unless_it_is_said(ring: World) -> None:
    made = compare(ring.histories, ring.catalogue, ["popularity"], dataset="ring")
    assert made.seen == "mask"
    made = compare(ring.histories, ring.catalogue, ["popularity"], dataset="ring", seen="keep")
    assert made.seen == "keep"


class Learner:
    """Stands for training: counts what follows what, and says what it was given."""

    given: tuple[Histories, Effort]
    judged: float

    def __call__(
        self,
        _chosen: object,
        histories: Histories,
        catalogue: Catalogue,
        judge: Judge | None,
        effort: Effort,
        **_: object,
    ) -> FollowOn:
        self.given = histories, effort
        model = FollowOn.fit(histories, catalogue)
        self.judged = judge(model) if judge else 0.0
        model.report["budget_limited"] = True
        return model


def test_a_recipe_learns_from_the_training_events_alone(
    ring: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = Learner()
    monkeypatch.setattr(contenders, "fit", learner)
    table = compare(
        ring.histories,
        ring.catalogue,
        ["sasrec", "popularity"],
        dataset="ring",
        effort=Effort(minutes=1, seed=3),
    )
    histories, effort = learner.given
    assert np.array_equal(histories.lengths, ring.histories.lengths - 2)
    assert learner.judged > 0.1
    assert (effort.minutes, effort.seed) == (1, 3)
    row = next(row for row in table.groups[0].rows if row.model == "follow-on")
    assert row.notes == (BUDGET_LIMITED,)
    popular = next(row for row in table.groups[0].rows if row.model == "popularity")
    assert row.metrics["NDCG@10"].value > popular.metrics["NDCG@10"].value


def test_a_recipe_that_reads_time_has_a_row_with_now_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(contenders, "fit", Learner())
    world = timed(users=60, items=16, length=8)
    found = names(compare(world.histories, world.catalogue, ["default"], dataset="timed"))
    assert found[TIME_HIDDEN] == found[NOW_KNOWN] == ["follow-on"]
    found = names(compare(world.histories, world.catalogue, ["sasrec"], dataset="timed"))
    assert list(found) == [TIME_HIDDEN]
    ordinal = world.histories.without_time()
    found = names(compare(ordinal, world.catalogue, ["default"], dataset="ordinal"))
    assert list(found) == [TIME_HIDDEN]


def test_under_a_temporal_split_everything_learns_up_to_the_test_cut_and_not_past_it() -> None:
    histories = timed(users=60, items=16, length=8).histories
    split = temporal(histories)
    training, validation = lesson(split)
    assert validation is not None
    assert training.time.max() < split.test.now.min()
    assert validation.now.max() < split.test.now.min()
    assert training.time.max() > split.validation.now.min()
    plain = leave_one_out(histories)
    assert lesson(plain) == (plain.train, plain.validation)


def test_names_are_checked_before_anything_is_fitted(
    ring: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("fitted too early")

    monkeypatch.setattr(contenders, "fit", refuse)
    with pytest.raises(HabitusError, match="sasrek"):
        compare(ring.histories, ring.catalogue, ["sasrec", "sasrek"], dataset="ring")
    with pytest.raises(HabitusError, match="needs times"):
        compare(
            ring.histories.without_time(),
            ring.catalogue,
            ["sasrec", "popularity-7-days"],
            dataset="ring",
        )
    with pytest.raises(HabitusError, match="no protocol 'loo'"):
        compare(ring.histories, ring.catalogue, ["sasrec"], dataset="ring", protocol="loo")
    with pytest.raises(HabitusError, match="nothing to evaluate"):
        compare(ring.histories, ring.catalogue, [], dataset="ring")
    assert recipe("sasrec").name == "sasrec"
