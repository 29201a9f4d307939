"""Makes the store of the service's benchmarks: random walks over many items, a model of seconds."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.ours.common import answer, every
from habitus.act.fallback import by_item
from habitus.act.models import Facts, ModelFolder
from habitus.events.importing import EventOptions, import_files
from habitus.events.store import Store
from habitus.model.recipe import load_recipe
from habitus.model.train import RunOptions, train
from habitus.types import DAY, EventType, Item

VIEW = EventType("view")
SHAPE = {"sparse": {}, "mix.width": 128, "training.least_steps": 0}
MINUTES = 0.1  # of training: what an answer costs does not depend on how good it is
LEARNERS = 500  # users trained on
DAYS = 100  # over which the events spread
GENRES = ("comedy", "drama", "family", "nature", "crime", "music", "history", "travel")
WORDS = ("amber", "river", "almanac", "winter", "garden", "signal", "harbour", "letters")
CHUNK = 10_000  # items of one write


def popular(items: int, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """`count` items, some far more often than others."""
    weight = 1 / (np.arange(items) + 50) ** 0.8
    place = np.searchsorted(np.cumsum(weight) / weight.sum(), rng.random(count))
    return place.clip(max=items - 1)


def put_items(store: Store, items: int) -> None:
    made = [
        Item(
            f"i{row}",
            text=f"{WORDS[row % 8]} {WORDS[row // 8 % 8]} {row}",
            attributes={"genre": GENRES[row % 8]},
            numbers={"year": float(1950 + row % 75)},
        )
        for row in range(items)
    ]
    for at in range(0, items, CHUNK):
        store.put_items(made[at : at + CHUNK])


def put_events(store: Store, file: Path, items: int, users: int, events: int, seed: int) -> None:
    """Every user's events, spread over the last days, through an imported file."""
    rng = np.random.default_rng(seed)
    count = users * events
    now = time.time_ns() // 1_000
    table = {
        "user_id": np.char.add("u", np.repeat(np.arange(users), events).astype(str)),
        "item_id": np.char.add("i", popular(items, count, rng).astype(str)),
        "timestamp": now - rng.integers(DAY, DAYS * DAY, count),
    }
    pq.write_table(pa.table(table), file)
    options = EventOptions(event_type=VIEW.name, event_types=(VIEW,))
    import_files(store, [file], {}, options, every(15))
    file.unlink()


def publish(store: Store, dim: int, seed: int) -> str:
    """Train for seconds and publish; the recipe's name."""
    catalogue = store.catalogue()
    histories = store.histories(catalogue)
    learners = histories.take(np.arange(min(LEARNERS, len(histories))))
    recipe = load_recipe("default", SHAPE | {"dim": dim})
    options = RunOptions(minutes=MINUTES, seed=seed, threads=1)
    model = train(recipe, learners, catalogue, None, options, every(15))
    facts = Facts("mask", by_item(histories, catalogue))
    ModelFolder(store.folder / "models" / store.workspace).publish(model, "measured", facts)
    return recipe.name


def main() -> None:
    made = ArgumentParser(description=__doc__)
    made.add_argument("--folder", type=Path, required=True)
    for name in ("items", "users", "events", "dim", "seed"):
        made.add_argument(f"--{name}", type=int, required=True)
    args = made.parse_args()
    with Store.open(args.folder / "store") as store:
        put_items(store, args.items)
        file = args.folder / "events.parquet"
        put_events(store, file, args.items, args.users, args.events, args.seed)
        recipe = publish(store, args.dim, args.seed)
        found = {"items": args.items, "users": args.users, "events": store.event_count}
    weights = f"{recipe}, trained for {MINUTES * 60:.0f} s on {LEARNERS} users"
    answer({**found, "events_of_a_user": args.events, "dim": args.dim, "weights": weights})


if __name__ == "__main__":
    main()
