"""A crowd in a small shop, each of whom takes one kind of item most: for tests of statistics of all."""

from __future__ import annotations

import numpy as np

from habitus.events.store import Store
from habitus.types import DAY, Item

NOW = 1_750_000_000_000_000


def fill(store: Store, users: int, first: int = 0) -> None:
    """Put so many users with 25 events each into a store, numbered from `first` on."""
    rng = np.random.default_rng(first)
    store.put_items(Item(f"i{n}", "", {"genre": "abcd"[n % 4]}) for n in range(40))
    store.observe(
        {
            "user_id": f"u{first + user}",
            "event_type": "view",
            "item_id": f"i{int(rng.integers(10)) * 4 + (user % 4 if rng.random() < 0.7 else 0)}",
            "timestamp": NOW - (30 - at) * DAY + user,
        }
        for user in range(users)
        for at in range(25)
    )
