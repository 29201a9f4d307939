"""MovieLens-1M in the papers' order: on made-up ratings by hand, on the real ones for every user."""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as arrow_parquet
import pytest

from habitus.events.datasets.movielens import PaperRatings, fill_times, load_1m_papers
from habitus.events.store import Store
from habitus.types import HabitusError, silent


def write_ratings(folder: Path, rows: list[tuple[int, int, int, int | None, int | None]]) -> Path:
    names = PaperRatings.columns
    columns = [pa.array(column, pa.int64()) for column in zip(*rows, strict=True)]
    arrow_parquet.write_table(pa.table(columns, names=list(names)), folder / "ratings.parquet")
    return folder / "ratings.parquet"


ROWS = [
    (1, 30, 5, 978_300_020, 1),
    (1, 20, 4, 978_300_020, 0),
    (1, 99, 1, None, None),
    (1, 40, 3, None, 2),
    (2, 20, 2, None, 0),
    (2, 40, 1, 978_300_099, 1),
]


def test_rows_without_a_place_go_and_missing_times_come_from_the_neighbour(tmp_path: Path) -> None:
    ratings = PaperRatings(write_ratings(tmp_path, ROWS))
    (block,) = ratings.blocks(ratings.columns)
    assert (ratings.dropped, ratings.filled) == (1, 2)
    assert block.lines.tolist() == [1, 2, 4, 5, 6]
    assert block.table.column("timestamp").to_pylist() == [
        978_300_020, 978_300_020, 978_300_020, 978_300_099, 978_300_099,
    ]  # fmt: skip


def test_times_that_go_back_are_refused_not_mended() -> None:
    users = np.array([1, 1, 2])
    with pytest.raises(HabitusError, match="In 1 places"):
        fill_times(users, pa.array([5, 4, 1]))
    assert fill_times(users, pa.array([4, 4, 1]))[1] == 0


def test_films_and_people_of_the_papers_variant(tmp_path: Path) -> None:
    write_ratings(tmp_path, ROWS)
    (tmp_path / "movies.csv").write_text(
        "movie_id,title,genres\n20,One (1990),Drama|War\n30,Two (1991),Comedy\n"
        "40,Three,Drama\n99,Rare (1999),Drama\n"
    )
    (tmp_path / "users.csv").write_text(
        "user_id,gender,age,occupation,zip\n1,F,1,10,0\n2,M,56,16,0\n"
    )
    details = pa.table(
        {
            "movie_id": [20, 30],
            "plot": ["A plot.::https://poster", "N/A"],
            "directors": ["Ann A, Bob B (co-director)", "N/A"],
            "cast": [", ".join(f"Actor {n}" for n in range(12)), None],
        }
    )
    arrow_parquet.write_table(details, tmp_path / "movie_details.parquet")
    with Store.open(tmp_path / "store") as store:
        summary = load_1m_papers(store, tmp_path, silent)
        assert [event.item_id for event in store.history("1")] == ["20", "30", "40"]
        assert "1 ratings of films" in summary.notes[0]
        assert "2 missing times" in summary.notes[1]
        one, two, three = store.items()
        assert one.text == "One (1990)\nA plot."
        assert one.attributes["directors"] == ("Ann A", "Bob B")
        assert one.attributes["cast"] == tuple(f"Actor {n}" for n in range(10))
        assert two.text == "Two (1991)"
        assert three.attributes == {"genres": ("Drama",)}
        assert store.users()[0].attributes == {"gender": "F", "age": "1", "occupation": "10"}


@pytest.mark.realdata
def test_time_then_place_is_the_papers_order_for_every_user() -> None:
    path = Path(os.environ["HABITUS_DATA"]) / "movielens-1m" / "ratings.parquet"
    ratings = PaperRatings(path)
    (block,) = ratings.blocks(["user_id", "movie_id", "timestamp", "sequence_position"])
    user, film, time, place = (column.to_numpy() for column in block.table.columns)
    assert (len(user), len(np.unique(film)), len(np.unique(user))) == (999_611, 3_416, 6_040)
    assert (ratings.dropped, ratings.filled) == (598, 0)
    assert np.array_equal(np.lexsort((place, time, user)), np.lexsort((place, user)))
