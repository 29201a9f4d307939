"""Taobao user behaviour: views, carts, favourites and purchases over nine days of 2017."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from habitus.events.datasets.dataset import Dataset, Variant
from habitus.events.importing import EventOptions, import_files
from habitus.events.parsing import Layout
from habitus.events.store import Store
from habitus.events.summary import ImportSummary
from habitus.types import DAY, EventType, Item, Progress

# What is bought says more than what is looked at; the weights are ours, not the data's.
VIEW, CART, FAVOURITE, BUY = (
    EventType("pv", weight=1.0),
    EventType("cart", weight=2.0),
    EventType("fav", weight=2.0),
    EventType("buy", weight=4.0),
)
EVENT_TYPES = (VIEW, CART, FAVOURITE, BUY)
START = 1_511_539_200_000_000  # 2017-11-25 00:00 in Beijing (UTC+8)
WINDOW = (START, START + 9 * DAY)  # to 2017-12-03, as the publisher states
HEADER = ("user_id", "item_id", "category_id", "event_type", "timestamp")


def load(store: Store, folder: Path, progress: Progress) -> ImportSummary:
    """Items with their category, then the events within the nine days."""
    path = folder / "UserBehavior.csv.gz"
    store.put_items(_items(path))
    options = EventOptions(
        event_types=EVENT_TYPES, layout=Layout(form="csv", header=HEADER), window=WINDOW
    )
    return import_files(store, [path], {}, options, progress)


def _items(path: Path) -> Iterator[Item]:
    """The items of events within the window; a few stand in several categories."""
    start, stop = WINDOW[0] / 1e6, WINDOW[1] / 1e6
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT item_id, list_sort(list(DISTINCT category_id)) "
            "FROM read_csv(?, header = false, names = ?, all_varchar = true) "
            "WHERE timestamp::DOUBLE >= ? AND timestamp::DOUBLE < ? GROUP BY 1 ORDER BY 1",
            [str(path), list(HEADER), start, stop],
        ).fetchall()
    for item_id, categories in rows:
        yield Item(item_id, attributes={"category": tuple(categories)})


TAOBAO_BEHAVIOUR = Dataset(
    name="taobao-behaviour",
    description="84,475 views, carts, favourites and purchases of 815 users over nine days.",
    licence="Alibaba Tianchi, for research; see the source's terms.",
    source="https://tianchi.aliyun.com/dataset/649",
    event_types=EVENT_TYPES,
    variants=(
        Variant(
            "prefix",
            ("UserBehavior.csv.gz",),
            load,
            "A prefix of the public file; rows outside 2017-11-25 to 2017-12-03 (Beijing time) are "
            "rejected.",
        ),
    ),
    seen="keep",
)
