"""States are kept for as many users as asked, and found for their model and catalogue only."""

import numpy as np

from habitus.act.cache import Known, StateCache
from habitus.events.histories import from_lists
from habitus.events.reading import Reading


def known(model: str = "m", catalogue: int = 1, size: int = 0) -> Known:
    reading = Reading(from_lists([[1]]), None, revision=1, change=1, end=(0, 0), sessions={})
    return Known(model, catalogue, reading, np.array([1]), "state", size)


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


def test_states_take_no_more_memory_than_they_may() -> None:
    cache = StateCache(memory=100)
    for user_id in ("ann", "bob", "cy"):
        cache.put(user_id, known(size=40))
    assert cache.get("ann", "m", 1) is None
    assert (len(cache), cache.size) == (2, 80)
    cache.put("bob", known(size=55))  # takes the place of what was kept of bob
    assert (len(cache), cache.size) == (2, 95)
    cache.drop("cy")
    cache.drop("cy")
    assert cache.size == 55
    cache.put("dee", known(size=101))  # more than there may be: not kept, and nobody makes room
    assert (len(cache), cache.size) == (1, 55)
