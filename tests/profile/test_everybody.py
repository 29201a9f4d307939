"""Everybody's statistics are fitted in passing where a store is small, kept, and fitted anew as it grows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from habitus.engine import Engine
from habitus.events.store import Store
from habitus.profile import everybody as module
from habitus.profile.learned import NAME
from habitus.testing.crowd import NOW, fill


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path, clock=lambda: NOW) as made:
        fill(made, 20)
        yield made


def test_a_small_store_is_fitted_in_passing_and_again_once_it_grew(store: Store) -> None:
    folder = store.folder
    with Engine.open(folder, clock=lambda: NOW) as engine:
        assert engine.profile("u1").note == ""
        kept = engine.store.values.get(NAME)
        assert kept is not None
        engine.profile("u2")
        assert engine.store.values.get(NAME) == kept
        fill(engine.store, 40, first=100)
        engine.profile("u1")
        assert engine.store.values.get(NAME) != kept


def test_a_large_store_waits_to_be_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SMALL", 10)
    with Engine.open(store.folder, clock=lambda: NOW) as engine:
        assert "not known yet" in engine.profile("u1").note
        assert engine.profile("nobody").note == ""
        engine.learn_everybody()
        assert engine.profile("u1").note == ""
        assert engine.profile("u1").propositions


def test_what_another_version_kept_is_fitted_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.values.put(NAME, '{"change": 1, "population": {"version": 0}, "typical": {}}')
    with Engine.open(store.folder, clock=lambda: NOW) as engine:
        assert engine.profile("u1").note == ""
    store.values.put(NAME, "{}")
    monkeypatch.setattr(module, "SMALL", 10)
    with Engine.open(store.folder, clock=lambda: NOW) as engine:
        assert "not known yet" in engine.profile("u1").note
