"""What everybody does, as it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from habitus.events.store import Store
from habitus.profile.learned import Learned
from habitus.testing.crowd import NOW, fill
from habitus.types import HabitusError


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
