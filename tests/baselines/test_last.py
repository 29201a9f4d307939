"""Last items again: places by hand, and a world where people repeat."""

import numpy as np

from habitus.baselines.last import LastItems
from habitus.baselines.popularity import Popularity
from habitus.evaluate.metrics import means
from habitus.evaluate.protocol import evaluate
from habitus.events.catalogue import Catalogue
from habitus.events.histories import PADDING_TYPE, from_lists
from habitus.events.split import leave_one_out
from habitus.testing.worlds import repeat_world
from habitus.types import EventType, Role


def test_the_most_recent_item_comes_first() -> None:
    model = LastItems().fit(from_lists([]), Catalogue.of_ids(list("abcd")))
    scores = model.score(from_lists([[3, 1, 3, 2], [], [4]]))
    assert scores[:, 1:].tolist() == [[2, 4, 3, 0], [0, 0, 0, 0], [0, 0, 0, 1]]
    assert scores.dtype == np.float32


def test_only_positive_events_count() -> None:
    types = (PADDING_TYPE, EventType("like"), EventType("hate", Role.NEGATIVE))
    histories = from_lists([[1, 2, 0]], types=types, kinds=[[1, 2, 1]])
    scores = LastItems().fit(histories, Catalogue.of_ids(["a", "b"])).score(histories)
    assert scores[0, 1:].tolist() == [1, 0]


def test_it_is_near_the_truth_where_people_repeat() -> None:
    world = repeat_world()
    split = leave_one_out(world.histories)
    rows = len(world.catalogue)

    def hits(scorer: LastItems | Popularity) -> float:
        ranks = evaluate(scorer, split.test, rows=rows, seen="keep")
        return means(ranks.ranks, split.test.user)["HR@5"]

    last = hits(LastItems().fit(split.train, world.catalogue))
    popular = hits(Popularity().fit(split.train, world.catalogue))
    assert last > 0.7
    assert popular < 0.2
