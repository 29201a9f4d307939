"""The raters' truth is what their histories show."""

import numpy as np
import pytest

from habitus.testing.raters import RATING, raters


def test_ratings_and_choices_follow_the_truth() -> None:
    world = raters(users=300, items=400, length=60, genres=4)
    histories, truth = world.histories, world.truth
    genre = world.catalogue.attributes["genre"].codes[histories.item - 1]
    owner = histories.owners()
    left = histories.value - truth["like"][owner, genre]
    assert left.mean() == pytest.approx(3.0, abs=0.1)
    assert left.std() == pytest.approx(np.sqrt(1 + 0.25), abs=0.05)
    first = histories.offsets[:-1]
    for each in range(4):
        assert (genre[first] == each).mean() == pytest.approx(
            truth["share"][:, each].mean(), abs=0.07
        )


def test_without_strength_nobody_has_a_taste() -> None:
    world = raters(users=20, items=80, length=10, strength=0.0)
    assert not world.truth["like"].any()
    assert np.ptp(world.truth["share"]) == 0


def test_each_item_is_chosen_once_and_a_log_is_the_users_history() -> None:
    world = raters(users=5, items=40, length=12)
    log = world.log(3)
    histories = world.histories
    assert log.item.tolist() == histories.item[36:48].tolist()
    assert log.value.tolist() == histories.value[36:48].tolist()
    assert log.time.tolist() == histories.time[36:48].tolist()
    assert len(set(log.item.tolist())) == 12
    assert log.types == {RATING.name: RATING}
    assert log.events[0].event_id == "u3:0"
