"""Events made as they are looked at are the events that were stored."""

from __future__ import annotations

import pytest

from habitus.events.event_list import EventList, column, some
from habitus.events.store import Store
from habitus.testing.postgres import Place
from habitus.types import Event

GIVEN = [
    Event("ann", "view", 2, "a", 1.5, event_id="x", recorded_at=7),
    Event("ann", "buy", 3, text="gladly", context={"speaker": "user"}, event_id="y"),
    Event("ann", "view", 4, sequence=2, event_id="z"),
]
FIELDS = list(Event.__dataclass_fields__)


@pytest.fixture
def made() -> EventList:
    return EventList([tuple(getattr(each, name) for name in FIELDS) for each in GIVEN])


def test_it_is_a_sequence_of_events(made: EventList) -> None:
    assert list(made) == GIVEN
    assert len(made) == 3
    assert (made[0], made[-1]) == (GIVEN[0], GIVEN[2])
    assert list(made[1:]) == GIVEN[1:]
    assert isinstance(made[1:], EventList)
    assert GIVEN[1] in made
    with pytest.raises(IndexError):
        made[3]


@pytest.mark.parametrize("name", FIELDS)
def test_a_column_is_that_of_the_events(made: EventList, name: str) -> None:
    assert column(made, name) == column(GIVEN, name) == [getattr(each, name) for each in GIVEN]


def test_some_of_them(made: EventList) -> None:
    kept = [True, "", "yes"]
    assert list(some(made, kept)) == list(some(GIVEN, kept)) == [GIVEN[0], GIVEN[2]]
    assert isinstance(some(made, kept), EventList)


def test_a_history_is_in_order_whole_or_in_part(place: Place) -> None:
    """By time, then sequence, then arrival, whatever the log's own order."""
    start = 1_700_000_000_000_000
    given = [(5, 0, "a"), (3, 9, "b"), (3, 1, "c"), (3, 1, "d"), (9, 0, "e")]
    with Store.open(place()) as store:
        for late, sequence, event_id in given:
            time = start + late
            store.observe(Event("ann", "view", time, sequence=sequence, event_id=event_id))
        assert column(store.event_list("ann"), "event_id") == ["c", "d", "b", "a", "e"]
        assert [each.event_id for each in store.history("ann", 4)] == ["d", "b", "a", "e"]
        assert list(store.event_list("ann")) == store.history("ann")
        assert len(store.event_list("nobody")) == 0
