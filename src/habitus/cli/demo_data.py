"""The log that the demo runs on: MovieLens-1M, or a made-up shop where that cannot be had."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import habitus
from habitus.cli.screen import progress, say, say_all
from habitus.engine import Engine
from habitus.events.datasets import load_dataset
from habitus.testing.shop import Shop, shop
from habitus.types import HabitusError

DATASET = "movielens-1m"
SHOP_USERS = 1_500


@contextmanager
def open_log(folder: Path) -> Iterator[Engine]:
    """An engine on the imported log, in a folder of its own; says which log it is."""
    with habitus.open(folder / DATASET) as engine:
        if load_films(engine):
            yield engine
            return
    with open_shop(folder / "made-up-shop") as engine:
        yield engine


def load_films(engine: Engine) -> bool:
    """MovieLens-1M into the store; False, with the reason shown, where nothing of it can be had."""
    try:
        with progress() as report:
            summary = load_dataset(DATASET, engine.store, progress=report)
    except HabitusError as error:
        if engine.store.event_count:
            raise  # it is here, but something else is wrong
        say(error.problem)
        say("So the demo takes a made-up film shop instead: its films and its people do not exist.")
        return False
    say("MovieLens-1M: people rating films, 2000 to 2003.")
    say_all(summary.sentences())
    return True


@contextmanager
def open_shop(folder: Path, made: Shop | None = None) -> Iterator[Engine]:
    """A generated shop in a store; the same one each time, so that it is stored once."""
    made = made or shop(users=SHOP_USERS)
    with habitus.open(folder) as engine:
        engine.put_items(made.items)
        engine.set_event_types(made.event_types)
        with progress() as report:
            report("Storing the shop's events", 0, None)
            engine.observe(made.events)
        say(f"{len(made.events):,} events of a made-up film shop are in {folder}.")
        yield engine
