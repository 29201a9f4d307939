"""Popularity against counts made by hand."""

import numpy as np
import pytest

from habitus.baselines.popularity import Popularity
from habitus.events.catalogue import Catalogue
from habitus.events.histories import PADDING_TYPE, Histories, from_lists
from habitus.types import EventType, HabitusError, Role

TYPES = (
    PADDING_TYPE,
    EventType("view", Role.POSITIVE, 0.5),
    EventType("buy", Role.POSITIVE, 2.0),
    EventType("hate", Role.NEGATIVE, 3.0),
    EventType("shown", Role.IMPRESSION, 3.0),
)
VIEW, BUY, HATE, SHOWN = 1, 2, 3, 4


def log() -> Histories:
    return from_lists(
        [[1, 1, 2, 0], [2, 3, 4]],
        types=TYPES,
        kinds=[[VIEW, BUY, VIEW, BUY], [VIEW, HATE, SHOWN]],
    )


def test_weights_of_positive_events_add_up_and_nothing_else_counts() -> None:
    scores = Popularity().fit(log(), Catalogue.of_ids(list("abcde"))).score(from_lists([[3], []]))
    assert scores.tolist() == [[0, 2.5, 1.0, 0, 0, 0]] * 2
    assert scores.dtype == np.float32


def test_the_scored_histories_do_not_count() -> None:
    model = Popularity().fit(log(), Catalogue.of_ids(list("abcde")))
    assert np.array_equal(model.score(from_lists([[5, 5, 5]])), model.score(from_lists([[]])))


def test_unfitted_is_a_clear_error() -> None:
    with pytest.raises(HabitusError, match="not fitted"):
        Popularity().score(from_lists([[1]]))
