"""The one column form: the same from histories and from a log, cut and expanded by hand."""

import numpy as np

from habitus.events.catalogue import Catalogue, attribute_column
from habitus.events.histories import PADDING_TYPE, from_lists
from habitus.profile.columns import Columns, described, expanded
from habitus.profile.log import UserLog
from habitus.testing.raters import raters
from habitus.types import Event, EventType, Role

TYPES = (
    PADDING_TYPE,
    EventType("buy"),
    EventType("return", Role.NEGATIVE),
    EventType("see", Role.IMPRESSION),
)
#                           0   1      2           3
GENRES = attribute_column([[], ["a"], ["a", "b"], []])


def test_only_positive_and_negative_events_that_name_an_item_are_read() -> None:
    histories = from_lists([[1, 2, 3, 0], [2]], kinds=[[1, 2, 3, 1], [1]], types=TYPES)
    columns = Columns.of_histories(histories)
    assert columns.item.tolist() == [1, 2, 2]
    assert columns.owner.tolist() == [0, 0, 1]
    assert columns.sign.tolist() == [1.0, -1.0, 1.0]
    assert columns.place.tolist() == [0, 1, 4]
    assert columns.lengths.tolist() == [2, 1]


def test_age_counts_the_events_of_the_user_that_came_after() -> None:
    columns = Columns.of_histories(from_lists([[1, 2, 3], [], [1, 1]]))
    assert columns.age.tolist() == [2, 1, 0, 1, 0]


def test_a_stretch_of_each_user_and_a_block_of_users() -> None:
    columns = Columns.of_histories(from_lists([[1, 2, 3], [3], [2, 1]]))
    cut = columns.between(np.array([1, 0, 0]), np.array([3, 0, 1]))
    assert (cut.item.tolist(), cut.owner.tolist()) == ([2, 3, 2], [0, 0, 2])
    block = columns.block(1, 3)
    assert (block.item.tolist(), block.owner.tolist(), block.users) == ([3, 2, 1], [0, 1, 1], 2)


def test_each_value_of_each_item_is_a_pair_and_unknown_values_are_left_out() -> None:
    item = np.array([2, 3, 1])
    event, code = expanded(item, GENRES, np.array([0, 1]))
    assert (event.tolist(), code.tolist()) == ([0, 0, 2], [0, 1, 0])
    event, code = expanded(item, GENRES, np.array([-1, 5]))
    assert (event.tolist(), code.tolist()) == ([0], [5])
    assert described(item, GENRES).tolist() == [True, False, True]


def test_a_log_and_the_histories_give_the_same_columns() -> None:
    world = raters(users=3, items=40, length=10)
    whole = Columns.of_histories(world.histories).block(1, 2)
    log = Columns.of_log(world.log(1), 2**62)
    for name in ("owner", "item", "value", "sign"):
        assert getattr(log, name).tolist() == getattr(whole, name).tolist(), name


def test_events_after_now_are_not_read_but_in_ordinal_data_all_are() -> None:
    events = [Event("u", "buy", timestamp=at, item_id="i1", event_id=str(at)) for at in (1, 5, 9)]
    log = UserLog("u", events, Catalogue.of_ids(["i1"]), {"buy": EventType("buy")})
    assert Columns.of_log(log, 5).place.tolist() == [0, 1]
    ordinal = UserLog("u", events, log.catalogue, log.types, ordinal=True)
    assert len(Columns.of_log(ordinal, 0)) == 3
