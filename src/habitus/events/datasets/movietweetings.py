"""MovieTweetings, snapshot 100K: film ratings that people tweeted in 2013; most users are cold."""

from __future__ import annotations

from pathlib import Path

from habitus.events.datasets.dataset import (
    RATING,
    Dataset,
    Variant,
    film_attributes,
    split_lines,
    year_of,
)
from habitus.events.importing import EventOptions, import_files
from habitus.events.parsing import Layout
from habitus.events.store import Store
from habitus.events.summary import ImportSummary
from habitus.types import Item, Progress

SNAPSHOT = "https://raw.githubusercontent.com/sidooms/MovieTweetings/master/snapshots/100K"


def load(store: Store, folder: Path, progress: Progress) -> ImportSummary:
    """Films with year and genres, then the ratings (0 to 10)."""
    store.put_items(
        Item(row[0], text=row[1], attributes=film_attributes(_genres(row), year_of(row[1])))
        for row in split_lines(folder / "movies.dat", "::")
    )
    layout = Layout(form="csv", delimiter="::", header=("user_id", "item_id", "value", "timestamp"))
    options = EventOptions(event_type=RATING.name, event_types=(RATING,), layout=layout)
    return import_files(store, [folder / "ratings.dat"], {}, options, progress)


def _genres(row: list[str]) -> tuple[str, ...]:
    return tuple(row[2].split("|")) if len(row) > 2 else ()


MOVIETWEETINGS_100K = Dataset(
    name="movietweetings-100k",
    description="100,000 film ratings of 16,554 users tweeted in 2013; half the users have two.",
    licence="MIT.",
    source="https://github.com/sidooms/MovieTweetings",
    event_types=(RATING,),
    variants=(Variant("snapshot", ("ratings.dat", "movies.dat"), load, "Snapshot 100K."),),
    downloads=(f"{SNAPSHOT}/ratings.dat", f"{SNAPSHOT}/movies.dat"),
)
