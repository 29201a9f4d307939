"""What everybody does, as it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from habitus.events.store import Store
from habitus.profile.learned import Learned
from habitus.types import DAY, HabitusError, Item

NOW = 1_750_000_000_000_000


def fill(store: Store, users: int, first: int = 0) -> None:
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


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path, clock=lambda: NOW) as made:
        fill(made, 20)
        yield made


def test_what_is_kept_is_what_was_fitted(store: Store) -> None:
    found = Learned.fit(store)
    again = Learned.from_json(found.to_json())
    assert again.to_json() == found.to_json()
    assert again.change == store.change()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"change": 1, "population": {}, "typical": {}}'])
def test_what_is_none_is_an_error(text: str) -> None:
    with pytest.raises(HabitusError):
        Learned.from_json(text)
