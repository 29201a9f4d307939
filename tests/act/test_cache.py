"""States are kept for as many users as asked, and found for their model and catalogue only."""

import numpy as np

from habitus.act.cache import Known, StateCache
from habitus.events.histories import from_lists
from habitus.events.reading import Reading


def known(model: str = "m", catalogue: int = 1) -> Known:
    reading = Reading(from_lists([[1]]), None, revision=1, change=1, end=(0, 0), sessions={})
    return Known(model, catalogue, reading, np.array([1]), "state")


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
