"""States are kept for as many users as asked, and advanced only where the past is unchanged."""

import numpy as np

from habitus.act.cache import Known, StateCache, appended
from habitus.events.histories import Histories, from_lists


def known(model: str = "m", catalogue: int = 1, user: int = 1) -> Known:
    return Known(model, catalogue, user, from_lists([[1]]), np.array([1]), "state")


def one(items: list[int], times: list[int]) -> Histories:
    return from_lists([items], [times])


def test_a_state_is_found_for_its_model_and_catalogue_only() -> None:
    cache = StateCache()
    cache.put("ann", known())
    found = cache.get("ann", "m", 1)
    assert found is not None
    assert found.state == "state"
    assert cache.get("ann", "other", 1) is None
    assert cache.get("ann", "m", 2) is None
    assert cache.get("bob", "m", 1) is None


def test_the_least_recently_used_goes() -> None:
    cache = StateCache(capacity=2)
    cache.put("ann", known())
    cache.put("bob", known())
    cache.get("ann", "m", 1)
    cache.put("cy", known())
    assert len(cache) == 2
    assert cache.get("bob", "m", 1) is None
    assert cache.get("ann", "m", 1) is not None
    assert cache.get("cy", "m", 1) is not None


def test_events_at_the_end_are_what_was_appended() -> None:
    new = appended(one([1, 2], [10, 20]), one([1, 2, 3, 4], [10, 20, 20, 30]))
    assert new is not None
    assert new.item.tolist() == [3, 4]
    assert new.time.tolist() == [20, 30]


def test_nothing_new_is_no_events() -> None:
    new = appended(one([1], [10]), one([1], [10]))
    assert new is not None
    assert new.events == 0


def test_a_changed_past_is_not_an_append() -> None:
    before = one([1, 2], [10, 20])
    assert appended(before, one([1, 3, 2], [10, 15, 20])) is None  # backdated
    assert appended(before, one([1], [10])) is None  # deleted
    assert appended(before, one([1, 2], [10, 21])) is None  # corrected
    assert appended(before, one([2, 3, 4], [20, 30, 40])) is None  # deleted, then more
