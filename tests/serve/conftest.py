"""Stores and servers for the tests of the service."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.serve.servers import Here, fill, settings_of

import habitus
from habitus.model.recipe import Recipe, load_recipe
from habitus.serve.settings import Settings
from habitus.testing.worlds import ordered
from habitus.types import DAY, Event


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store of a few users and items, without keys and without a model."""
    path = tmp_path / "store"
    fill(path)
    return path


TINY: dict[str, object] = {
    "sparse": {},
    "dim": 16,
    "length": 16,
    "items.text_width": 8,
    "mix.width": 32,
    "training.epochs": 2,
    "training.least_steps": 0,
    "training.tokens": 800,
}


def tiny(name: str) -> Recipe:
    return load_recipe(name, TINY)


@pytest.fixture(scope="session")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two small models, `one` and `two`; `two` serves."""
    path = tmp_path_factory.mktemp("trained") / "store"
    world = ordered(users=60, items=20, length=8)
    walks = world.histories.item.reshape(60, 8).tolist()
    with habitus.open(path) as engine, pytest.MonkeyPatch.context() as patched:
        patched.setattr("habitus.act.learn.recipe", tiny)
        start = time.time_ns() // 1_000 - 30 * DAY
        engine.observe(
            Event(f"u{user}", "view", start + place * DAY, f"i{row}")
            for user, walk in enumerate(walks)
            for place, row in enumerate(walk)
        )
        for seed, name in enumerate(("one", "two")):
            engine.train("default", name=name, seed=seed, threads=1)
    return path


@pytest.fixture
def trained(trained_once: Path, tmp_path: Path) -> Path:
    """A copy of that store for one test."""
    return Path(shutil.copytree(trained_once, tmp_path / "trained"))


@pytest.fixture
def settings(folder: Path, tmp_path: Path) -> Settings:
    return settings_of(folder, tmp_path)


@pytest.fixture
def fresh(settings: Settings) -> Iterator[Here]:
    """A server without keys on that store, for one test."""
    with Here(settings) as made:
        yield made.ready()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    """The same for all tests of a module, which leave it as they found it."""
    path = tmp_path_factory.mktemp("server")
    fill(path / "store")
    with Here(settings_of(path / "store", path)) as made:
        yield made.ready()
