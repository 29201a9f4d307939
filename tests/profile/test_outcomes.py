"""Outcomes of a later stretch against values worked out by hand."""

from dataclasses import replace

import numpy as np

from habitus.events.catalogue import attribute_column
from habitus.events.histories import Histories, from_lists
from habitus.profile.columns import Columns
from habitus.profile.known import Values
from habitus.profile.outcomes import outcomes

NAN = float("nan")
#                           0   1      2           3
GENRES = attribute_column([[], ["a"], ["a", "b"], []])
NONE = np.zeros(2)
VALUES = Values(("a", "b"), NONE, NONE, NONE, NONE, NONE, 0.0, 0.0)


def rated(items: list[list[int]], values: list[list[float]]) -> Histories:
    made = from_lists(items)
    return replace(made, value=np.array([x for row in values for x in row], np.float32))


def test_outcomes_of_the_later_stretch() -> None:
    later = Columns.of_histories(rated([[1, 2, 3], [3]], [[5, 3, 1], [NAN]]))
    owner, code = np.array([0, 0, 1]), np.array([0, 1, 0])
    came = outcomes(later, GENRES, VALUES, owner, code)
    assert came.count.tolist() == [2.0, 1.0, 0.0]
    assert came.rated.tolist() == [2.0, 1.0, 0.0]
    assert came.ahead.tolist() == [1.0, 0.0, 0.0]
    assert came.share.tolist() == [1.0, 0.5, 0.0]
    assert came.total.tolist() == [2.0, 2.0, 0.0]


def test_no_later_events_are_no_outcome() -> None:
    nothing = Columns.of_histories(from_lists([[], []]))
    came = outcomes(nothing, GENRES, VALUES, np.array([1]), np.array([1]))
    assert came.count.tolist() == came.share.tolist() == [0.0]
