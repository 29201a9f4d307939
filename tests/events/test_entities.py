"""Item and user tables: attributes, numbers, texts, bad rows."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as arrow_parquet
import pytest

from habitus.events.entities import EntityOptions, import_items, import_users
from habitus.events.store import Store
from habitus.types import HabitusError, Item, User


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as opened:
        yield opened


def write(tmp_path: Path, content: str, name: str = "items.csv") -> Path:
    path = tmp_path / name
    path.write_text(content)
    return path


def test_columns_become_text_numbers_and_attributes(tmp_path: Path, store: Store) -> None:
    path = write(
        tmp_path,
        "sku,title,plot,genres,price,in_stock,junk\n"
        '1,One,"A\nplot",Drama|War|Drama,2.5,yes,x\n2,Two,,,,no,x\n',
    )
    mapping = {"item_id": "sku", "available": "in_stock"}
    options = EntityOptions(text=("title", "plot"), numbers=("price",), ignore=("junk",))
    summary = import_items(store, [path], mapping, options)
    assert store.items() == [
        Item("1", "One\nA\nplot", {"genres": ("Drama", "War")}, {"price": 2.5}),
        Item("2", "Two", available=False),
    ]
    assert summary.sentences() == ["items.csv: 2 rows of 2 taken in."]
    again = import_items(store, [path], mapping, options)
    assert (again.accepted, again.duplicates) == (0, 2)


def test_bad_rows_are_rejected_with_line_and_reason(tmp_path: Path, store: Store) -> None:
    long = "x" * 257
    path = write(
        tmp_path,
        f"item_id,price,kind,available\n,1,a,1\n{long},1,a,1\n1,nan,a,1\n2,dear,a,1\n"
        f"3,1,{long},1\n4,1,a,maybe\n5,1\n6,1,a,1\n",
    )
    (file,) = import_items(store, [path], options=EntityOptions(numbers=("price",))).files
    assert file.reasons == {
        "no item": 1,
        "item_id: has 257 characters; an id has 1 to 256": 1,
        "price is not a finite number": 2,
        "attribute kind is longer than 256 characters": 1,
        "available is neither true nor false": 1,
        "wrong number of fields": 1,
    }
    assert [item.item_id for item in store.items()] == ["6"]


def test_lists_and_float_ids_from_parquet_and_json(tmp_path: Path, store: Store) -> None:
    table = pa.table({"item_id": [1.0, 2.0], "tags": [["a", "b"], []]})
    arrow_parquet.write_table(table, tmp_path / "items.parquet")
    lines = write(tmp_path, '{"item_id": 3, "tags": ["c"], "text": "Three"}\n', "items.jsonl")
    import_items(store, [tmp_path / "items.parquet"])
    import_items(store, [lines])
    assert store.items() == [
        Item("1", attributes={"tags": ("a", "b")}),
        Item("2"),
        Item("3", "Three", {"tags": "c"}),
    ]


def test_users_with_a_time_zone(tmp_path: Path, store: Store) -> None:
    path = write(tmp_path, "id,tz,plan\nann,Europe/Paris,pro\nbob,,\ncy,not a zone,pro\n", "u.csv")
    summary = import_users(store, [path], {"user_id": "id", "timezone": "tz"})
    assert store.users() == [User("ann", {"plan": "pro"}, "Europe/Paris"), User("bob")]
    assert summary.rejected == 1


def test_missing_columns_and_hopeless_files_are_errors(tmp_path: Path, store: Store) -> None:
    path = write(tmp_path, "sku,title\n1,One\n")
    with pytest.raises(HabitusError, match="--map item_id=sku"):
        import_items(store, [path])
    with pytest.raises(HabitusError, match="no column 'prise'"):
        import_items(store, [path], {"item_id": "sku"}, EntityOptions(numbers=("prise",)))
    with pytest.raises(HabitusError, match="Not one of the 1 rows"):
        import_items(store, [write(tmp_path, "item_id,a\n,b\n", "b.csv")])
