"""A store with a few users who walk the same way, on a disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from habitus.events.store import Store
from habitus.types import DAY, SECOND, Event

START = 20_000 * DAY
WALKS = {"ann": "abcd", "bob": "abce", "cy": "bcd"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.open(tmp_path / "store", clock=lambda: START + 1_000 * SECOND)
    made.observe(
        [
            Event(user, "view", timestamp=START + (place + 1) * SECOND, item_id=item)
            for user, walk in WALKS.items()
            for place, item in enumerate(walk)
        ]
    )
    yield made
    made.close()
