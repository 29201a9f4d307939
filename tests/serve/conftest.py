"""Stores and servers for the tests of the service. Most run on SQLite and on PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from tests.serve.servers import Here, Spot

import habitus
from habitus.model.recipe import Recipe, load_recipe
from habitus.testing.postgres import Server
from habitus.testing.worlds import ordered
from habitus.types import DAY, Event

COUNT = count()
BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def spot_of(request: pytest.FixtureRequest, folder: Path) -> Spot:
    """An empty place for a store of the kind that the fixture's parameter names."""
    if request.param == "sqlite":
        return Spot(str(folder / "store"), folder)
    server: Server = request.getfixturevalue("postgres_server")
    schema = f"served{next(COUNT)}"
    server.execute(f"CREATE SCHEMA {schema}")
    return Spot(server.url(schema), folder, str(folder / "files"))


@pytest.fixture(params=BOTH)
def spot(request: pytest.FixtureRequest, tmp_path: Path) -> Spot:
    """Where one test may make a store: a test that uses it runs on both kinds."""
    return spot_of(request, tmp_path)


@pytest.fixture(scope="module", params=BOTH)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Spot:
    """The same for the server of a module."""
    return spot_of(request, tmp_path_factory.mktemp("home"))


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
def trained(trained_once: Path, spot: Spot) -> Spot:
    """A copy of that store for one test."""
    spot.copy(trained_once)
    return spot


@pytest.fixture
def fresh(spot: Spot) -> Iterator[Here]:
    """A server without keys on a store of a few users and items, for one test."""
    spot.fill()
    with Here(spot.settings()) as made:
        yield made.ready()


@pytest.fixture(scope="module")
def server(home: Spot) -> Iterator[Here]:
    """The same for all tests of a module, which leave it as they found it."""
    home.fill()
    with Here(home.settings()) as made:
        yield made.ready()
