"""MovieLens 100K and 1M (GroupLens): ratings with times, titles, genres; for 1M also plots and people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as arrow_parquet
from numpy.typing import NDArray

from habitus.events.datasets.dataset import (
    RATING,
    Dataset,
    Variant,
    film_attributes,
    split_lines,
    with_note,
    year_of,
)
from habitus.events.datasets.sequences import table_row
from habitus.events.importing import EventOptions, import_files, import_tables
from habitus.events.parsing import Block, Layout
from habitus.events.store import Store
from habitus.events.summary import ImportSummary
from habitus.types import AttributeValue, HabitusError, Item, Progress, User

LICENCE = "GroupLens terms: research use, no redistribution, no commercial use without permission."
PEOPLE_AT_MOST = 10  # of a film's cast and directors
GENRES_100K = (
    "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary",
    "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi",
    "Thriller", "War", "Western",
)  # fmt: skip


class PaperRatings:
    """MovieLens-1M's ratings with a place in the papers' sequences, as a table of events.

    A `TableFile`. Ratings without `sequence_position` (films with fewer than 5 ratings) are no
    rows of it; a missing time is the one before it in the user's sequence (the one after, where
    none is before), so that (timestamp, sequence) keeps the papers' order.
    """

    columns: tuple[str, ...] = ("user_id", "movie_id", "rating", "timestamp", "sequence_position")

    def __init__(self, path: Path) -> None:
        self.path = path
        self.dropped = self.filled = 0

    def blocks(self, wanted: Sequence[str]) -> Iterator[Block]:
        """All rows as one block, in the papers' order."""
        table = arrow_parquet.read_table(self.path, columns=list(self.columns))
        rows = pa.array(np.arange(1, len(table) + 1))
        table = table.append_column("row", rows)
        kept = table.filter(pc.is_valid(table.column("sequence_position")))
        self.dropped = len(table) - len(kept)
        kept = kept.sort_by([("user_id", "ascending"), ("sequence_position", "ascending")])
        times, self.filled = fill_times(
            kept.column("user_id").to_numpy(), kept.column("timestamp").combine_chunks()
        )
        place = kept.schema.get_field_index("timestamp")
        kept = kept.set_column(place, "timestamp", times)
        kept = kept.sort_by("row")
        lines = kept.column("row").to_numpy()
        yield Block(kept.select(list(wanted)), lines, [], table_row(kept), 1.0)


def fill_times(users: NDArray[np.int64], times: pa.Array) -> tuple[pa.Array, int]:
    """Times in sequence order with the missing ones filled in from the user's neighbours.

    Returns (times, how many were filled). HabitusError where times go back within a user: the
    papers' order would not survive sorting by time.
    """
    missing = times.is_null().to_numpy(zero_copy_only=False)
    values = pc.fill_null(times, 0).to_numpy(zero_copy_only=False).astype(np.int64)
    if missing.any():
        _, owner = np.unique(users, return_inverse=True)
        values = values.copy()
        values[missing] = _neighbour(owner, values, missing)[missing]
    back = (np.diff(values) < 0) & (users[1:] == users[:-1])
    if back.any():
        raise HabitusError(
            f"In {int(back.sum()):,} places a rating is earlier than the one before it in its "
            "user's sequence_position.",
            "The file is not the one that this data set was made from; fetch it again.",
        )
    return pa.array(values), int(missing.sum())


def _neighbour(
    owner: NDArray[np.int64], values: NDArray[np.int64], missing: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """For each row the last known time at or before it of the same user, else the next one after."""
    rows = np.arange(len(values))
    before = np.maximum.accumulate(np.where(missing, -1, rows))
    after = np.minimum.accumulate(np.where(missing, len(values), rows)[::-1])[::-1]
    same = (before >= 0) & (owner[before] == owner)
    return np.where(same, values[before], values[np.minimum(after, len(values) - 1)])


def load_1m_papers(store: Store, folder: Path, progress: Progress) -> ImportSummary:
    """The variant with `sequence_position`: the 999,611 ratings of the sequences in the papers."""
    ratings = PaperRatings(folder / "ratings.parquet")
    store.put_items(_films_1m(folder, ratings.path))
    store.put_users(_people(arrow_csv.read_csv(folder / "users.csv").to_pylist()))
    mapping = {"item_id": "movie_id", "value": "rating", "sequence": "sequence_position"}
    options = EventOptions(event_type=RATING.name, event_types=(RATING,))
    summary = import_tables(store, [ratings], mapping, options, progress)
    return with_note(
        summary,
        f"{ratings.dropped:,} ratings of films with fewer than 5 ratings were left out, as in the "
        "papers.",
        f"{ratings.filled:,} missing times were taken from the neighbouring rating."
        if ratings.filled
        else "",
    )


def load_1m_official(store: Store, folder: Path, progress: Progress) -> ImportSummary:
    """GroupLens' own archive: all 1,000,209 ratings; order within a second is that of the file."""
    layout = Layout(
        form="csv",
        delimiter="::",
        header=("user_id", "item_id", "value", "timestamp"),
        encoding="latin-1",
    )
    films = split_lines(folder / "movies.dat", "::", "latin-1")
    store.put_items(_film(row[0], row[1], row[2]) for row in films)
    people = split_lines(folder / "users.dat", "::", "latin-1")
    names = ("user_id", "gender", "age", "occupation")
    store.put_users(_people([dict(zip(names, row, strict=False)) for row in people]))
    options = EventOptions(event_type=RATING.name, event_types=(RATING,), layout=layout)
    return import_files(store, [folder / "ratings.dat"], {}, options, progress)


def load_100k_atomic(store: Store, folder: Path, progress: Progress) -> ImportSummary:
    """RecBole's atomic files (TSV with typed headers)."""
    films = split_lines(folder / "ml-100k.item", "\t")
    next(films)
    store.put_items(
        Item(row[0], text=row[1], attributes=film_attributes(tuple(row[3].split()), row[2] or None))
        for row in films
    )
    people = split_lines(folder / "ml-100k.user", "\t")
    names = [name.split(":")[0] for name in next(people)]
    store.put_users(_people([dict(zip(names, row, strict=True)) for row in people]))
    mapping = {
        "user_id": "user_id:token",
        "item_id": "item_id:token",
        "value": "rating:float",
        "timestamp": "timestamp:float",
    }
    options = EventOptions(event_type=RATING.name, event_types=(RATING,), layout=Layout(form="tsv"))
    return import_files(store, [folder / "ml-100k.inter"], mapping, options, progress)


def load_100k_official(store: Store, folder: Path, progress: Progress) -> ImportSummary:
    """GroupLens' own archive."""
    store.put_items(
        _film(row[0], row[1], "|".join(_flagged(row[5:])))
        for row in split_lines(folder / "u.item", "|", "latin-1")
    )
    names = ("user_id", "age", "gender", "occupation")
    people = split_lines(folder / "u.user", "|", "latin-1")
    store.put_users(_people([dict(zip(names, row, strict=False)) for row in people]))
    layout = Layout(form="tsv", header=("user_id", "item_id", "value", "timestamp"))
    options = EventOptions(event_type=RATING.name, event_types=(RATING,), layout=layout)
    return import_files(store, [folder / "u.data"], {}, options, progress)


def _films_1m(folder: Path, ratings: Path) -> Iterator[Item]:
    """The films that the papers' sequences hold, with plot, directors and cast where known."""
    table = arrow_parquet.read_table(ratings, columns=["movie_id", "sequence_position"])
    held = table.filter(pc.is_valid(table.column("sequence_position"))).column("movie_id")
    wanted = set(held.unique().to_pylist())
    details = arrow_parquet.read_table(folder / "movie_details.parquet").to_pylist()
    known = {row["movie_id"]: row for row in details}
    for film in arrow_csv.read_csv(folder / "movies.csv").to_pylist():
        if film["movie_id"] in wanted:
            wanted.discard(film["movie_id"])
            more = known.get(film["movie_id"], {})
            yield _film(
                str(film["movie_id"]),
                film["title"],
                film["genres"],
                plot=_stated(more.get("plot")).split("::http", 1)[0],  # a poster's address follows
                directors=_names(more.get("directors")),
                cast=_names(more.get("cast")),
            )


def _film(item_id: str, title: str, genres: str, plot: str = "", **people: tuple[str, ...]) -> Item:
    text = f"{title}\n{plot.strip()}" if plot.strip() else title
    attributes = film_attributes(tuple(genres.split("|")), year_of(title), **people)
    return Item(item_id, text=text, attributes=attributes)


def _names(listed: str | None) -> tuple[str, ...]:
    names = [name.split(" (")[0].strip() for name in _stated(listed).split(",")]
    return tuple(dict.fromkeys(name for name in names if name))[:PEOPLE_AT_MOST]


def _stated(text: str | None) -> str:
    return "" if text in (None, "N/A") else str(text)


def _flagged(flags: Sequence[str]) -> list[str]:
    return [name for name, flag in zip(GENRES_100K, flags, strict=True) if flag.strip() == "1"]


def _people(rows: Sequence[dict[str, object]]) -> Iterator[User]:
    for row in rows:
        kept: dict[str, AttributeValue] = {
            name: str(row[name]) for name in ("gender", "age", "occupation") if name in row
        }
        yield User(str(row["user_id"]), attributes=kept)


MOVIELENS_100K = Dataset(
    name="movielens-100k",
    description="100,000 film ratings of 943 users, 1997–98, with titles and genres.",
    licence=LICENCE,
    source="https://grouplens.org/datasets/movielens/100k/",
    event_types=(RATING,),
    variants=(
        Variant(
            "atomic", ("ml-100k.inter", "ml-100k.item", "ml-100k.user"), load_100k_atomic,
            "RecBole's atomic files.",
        ),
        Variant("official", ("u.data", "u.item", "u.user"), load_100k_official, "GroupLens' archive."),
    ),
    downloads=("https://files.grouplens.org/datasets/movielens/ml-100k.zip",),
)  # fmt: skip

MOVIELENS_1M = Dataset(
    name="movielens-1m",
    description="1,000,209 film ratings of 6,040 users, 2000–2003, with titles, genres and plots.",
    licence=LICENCE,
    source="https://grouplens.org/datasets/movielens/1m/",
    event_types=(RATING,),
    variants=(
        Variant(
            "papers",
            ("ratings.parquet", "movies.csv", "users.csv", "movie_details.parquet"),
            load_1m_papers,
            "The 999,611 ratings of 3,416 films that SASRec, BERT4Rec and gSASRec papers use, in "
            "their order (sequence_position); films with plots, directors and cast.",
        ),
        Variant(
            "official",
            ("ratings.dat", "movies.dat", "users.dat"),
            load_1m_official,
            "GroupLens' archive: all ratings; it has no sequence_position, so that ratings of one "
            "second stand in the file's order and numbers differ from the papers'.",
        ),
    ),
    downloads=("https://files.grouplens.org/datasets/movielens/ml-1m.zip",),
)
