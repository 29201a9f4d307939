import json
import math
from dataclasses import replace

import numpy as np
import pytest

from habitus.events.catalogue import Catalogue, attribute_column
from habitus.events.histories import from_lists
from habitus.profile.typical import Typical, ages, bucket, had_before, sameness, usual_age
from habitus.testing.lives import lives
from habitus.types import DAY, HabitusError

WORLD = lives(30, seed=0)
TYPICAL = Typical.fit(WORLD.histories(), WORLD.catalogue)
CATALOGUE = replace(
    Catalogue.of_ids(["a", "b", "c"]),
    attributes={"genre": attribute_column([[], ["jazz"], ["jazz"], ["news"]])},
    numbers={"price": np.array([np.nan, 1.0, 2.0, 3.0])},
)


def test_json_keeps_everything() -> None:
    assert Typical.from_json(TYPICAL.to_json()) == TYPICAL
    assert Typical.from_json(Typical().to_json()) == Typical()


@pytest.mark.parametrize(
    "damage",
    [
        lambda read: read.pop("gaps"),
        lambda read: read.update(version=99),
        lambda read: read.update(again=[0.0]),
        lambda read: read.update(items={"a": [math.pi]}),
        lambda read: read.update(loyalty={str(each): {} for each in range(999)}),
        lambda read: read["young"].update(between=-1.0),
        lambda read: read["young"].update(right=[[1.0, 7.0]]),
        lambda read: read.update(numbers={"price": ["much"] * 101}),
        lambda read: read.update(items=[]),
        lambda read: read.update(keeping=1.5),
    ],
)
def test_other_json_is_refused(damage: object) -> None:
    read = json.loads(TYPICAL.to_json())
    damage(read)  # type: ignore[operator]
    with pytest.raises(HabitusError, match="no statistics of typical users"):
        Typical.from_json(json.dumps(read))


@pytest.mark.parametrize("text", ["", "[]", "3", '{"version": 1}'])
def test_no_json_is_refused(text: str) -> None:
    with pytest.raises(HabitusError):
        Typical.from_json(text)


def test_ranks_lie_in_the_middle_of_what_was_taken() -> None:
    typical = Typical.fit(from_lists([[1, 1, 1, 2]], [[0, 1, 2, 3]]), CATALOGUE)
    assert typical.items == {"a": (0.375, 0), "b": (0.875, 3)}


def test_ages_and_what_is_usual_at_a_time() -> None:
    found = ages(np.array([0, 3, 9]) * DAY, np.array([0, 0, -1]))
    np.testing.assert_allclose(found, [0.0, 2.0, np.nan])
    calendar = ((10 * DAY, 1.0), (20 * DAY, 3.0))
    usual = usual_age(np.array([1, 15, 40, 90]) * DAY, calendar)
    np.testing.assert_allclose(usual, [1.0, 3.0, 3.0, np.nan])
    assert np.isnan(usual_age(np.zeros(1, np.int64), ())).all()


def test_had_before_is_held_against_the_place_in_the_history() -> None:
    assert bucket(np.array([0, 1, 2, 3, 6, 7])).tolist() == [0, 1, 1, 2, 2, 3]
    again = np.zeros(16)
    again[1] = 0.25
    x = had_before(np.zeros(3, np.int64), np.array([5, 5, 6]), again)
    np.testing.assert_allclose(x, [0.0, 0.75, -0.25])


def test_sameness_is_the_share_of_earlier_events_with_the_value() -> None:
    owner = np.zeros(6, np.int64)
    mine, share = sameness(owner, np.arange(6), np.array([0, 0, 1, 0, 0, 1]))
    assert mine.tolist() == [0] * 6
    np.testing.assert_allclose(share, [np.nan] * 4 + [0.75, 0.2])


def test_nothing_gives_nothing() -> None:
    assert Typical.fit(from_lists([[]], [[]]), CATALOGUE).items == {}
    assert Typical.fit(from_lists([]), CATALOGUE).numbers == {}


def test_ordinal_data_has_no_ages_and_no_gaps() -> None:
    typical = Typical.fit(WORLD.histories().without_time(), WORLD.catalogue)
    assert typical.calendar == ()
    assert typical.young.between == 0
    assert typical.gaps == Typical().gaps


def test_percentiles_of_numbers_are_those_of_events() -> None:
    prices = TYPICAL.numbers["price"]
    assert len(prices) == 101
    histories = WORLD.histories()
    taken = WORLD.catalogue.numbers["price"][histories.item[histories.item > 0]]
    assert prices[50] == pytest.approx(np.median(taken))
