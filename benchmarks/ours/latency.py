"""Our `engine.recommend` in process, through a real store on disk: one user at a time."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.ours.common import answer, child_parser, every
from benchmarks.stores import BENCH, open_store
from habitus.act.fallback import by_item
from habitus.act.models import Facts, ModelFolder
from habitus.act.seen import usual
from habitus.engine import Engine
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.events.store import Store
from habitus.model.recipe import load_recipe
from habitus.model.train import RunOptions, train
from habitus.types import DAY, Event

# A model may cut its window anew every so many events: lengths differ, so that this costs on average
# what it costs in service.
SPREAD = 50
MINUTES = 0.1  # of training
STATES = ("nothing known", "one event added", "unchanged")


def copy_of(name: str, data: Path | None) -> Path:
    """A copy of the store, so that the made-up users stay out of it."""
    source = open_store(name, data)
    folder = source.folder
    source.close()
    copy = BENCH / "latency-store"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    return copy


def made_users(
    histories: Histories, catalogue: Catalogue, length: int, count: int, spread: int = SPREAD
) -> Iterator[list[Event]]:
    """For each of `count` new users the last events of a real one: `length` + 0 … `spread` − 1, and
    one more. ValueError where no user has that many."""
    long = np.flatnonzero(histories.lengths >= length + spread)
    if not len(long):
        raise ValueError(f"no user has {length + spread} events")
    for number in range(count):
        wanted = length + number % spread + 1
        row = histories.take(long[[number % len(long)]]).last(wanted)
        yield [
            Event(
                user_id=f"latency-{number}",
                event_type=row.types[kind].name,
                timestamp=int(moment),
                sequence=place,
                item_id=catalogue.item_ids[item],
            )
            for place, (item, kind, moment) in enumerate(
                zip(row.item, row.type, row.time, strict=True)
            )
        ]


def serve_quickly_trained(store: Store, recipe: str, seed: int) -> tuple[Histories, Catalogue]:
    """Publish a model of a few seconds' training, and give what it was trained on.

    How good it is does not change how long an answer takes, so nothing is validated and no
    fingerprint of the log is taken, which would be most of the time.
    """
    catalogue = store.catalogue()
    histories = store.histories(catalogue)
    options = RunOptions(minutes=MINUTES, seed=seed)
    model = train(load_recipe(recipe), histories, catalogue, None, options, every(15))
    facts = Facts(usual(histories), by_item(histories, catalogue))
    ModelFolder(store.folder / "models" / store.workspace).publish(model, "latency", facts)
    return histories, catalogue


def call(engine: Engine, user_id: str, now: int) -> float:
    """Milliseconds of one request."""
    started = time.perf_counter()
    slate = engine.recommend(user_id, 10, now=now)
    taken = (time.perf_counter() - started) * 1e3
    if len(slate.items) != 10:
        raise RuntimeError(f"{user_id} was given {len(slate.items)} items: {slate.note}")
    return taken


def main() -> None:
    made = child_parser(__doc__)
    made.add_argument("--length", type=int, required=True)
    made.add_argument("--calls", type=int, required=True)
    made.add_argument("--warm", type=int, required=True)
    args = made.parse_args()
    engine = Engine.open(copy_of(args.set, args.data))
    histories, catalogue = serve_quickly_trained(engine.store, args.recipe, args.seed)
    users = list(made_users(histories, catalogue, args.length, args.warm + args.calls))
    engine.observe([event for events in users for event in events[:-1]])
    taken: dict[str, list[float]] = {state: [] for state in STATES}
    for events in users:
        user_id, last = events[0].user_id, events[-1]
        now = (last.timestamp or 0) + DAY
        taken[STATES[0]].append(call(engine, user_id, now - DAY))
        engine.observe(last)
        taken[STATES[1]].append(call(engine, user_id, now))
        taken[STATES[2]].append(call(engine, user_id, now))
    engine.close()
    rounded = {
        state: [round(each, 4) for each in calls[args.warm :]] for state, calls in taken.items()
    }
    answer({"milliseconds": rounded})


if __name__ == "__main__":
    main()
