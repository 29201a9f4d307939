"""Parquet: types stay, codes and large texts go, damage is an error."""

import gzip
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as arrow_parquet
import pytest

from habitus.events.parsing import open_table, parquet
from habitus.types import HabitusError


def write(path: Path, **columns: pa.Array) -> Path:
    arrow_parquet.write_table(pa.table(columns), path)
    return path


def test_rows_in_batches_with_their_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "BATCH_ROWS", 2)
    path = write(tmp_path / "log.parquet", a=pa.array([1, 2, 3]), b=pa.array(["x", "y", "z"]))
    blocks = list(open_table(path).blocks(["b", "a"]))
    assert [block.lines.tolist() for block in blocks] == [[1, 2], [3]]
    assert blocks[1].table.to_pylist() == [{"b": "z", "a": 3}]
    assert [block.done for block in blocks] == [2 / 3, 1.0]
    assert blocks[0].raw(1) == '{"b": "y", "a": 2}'


def test_kinds_of_text_become_text(tmp_path: Path) -> None:
    path = write(
        tmp_path / "log.parquet",
        coded=pa.array(["x", "x"]).dictionary_encode(),
        large=pa.array(["é", None], pa.large_string()),
        bytes=pa.array([b"ok", b"\xff"]),
        time=pa.array([datetime(2020, 1, 1)] * 2),
    )
    (block,) = open_table(path).blocks(["coded", "large", "bytes", "time"])
    assert block.table.schema.types[:3] == [pa.string()] * 3
    assert block.table.num_rows == 1
    assert [(row.line, row.reason) for row in block.broken] == [(2, "the text is not UTF-8")]


def test_gzipped_parquet(tmp_path: Path) -> None:
    path = write(tmp_path / "plain.parquet", a=pa.array([7]))
    packed = tmp_path / "log.parquet.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    table = open_table(packed)
    assert table.columns == ("a",)
    assert [block.table.to_pylist() for block in table.blocks(["a"])] == [[{"a": 7}]]


def test_damage_and_emptiness_are_errors(tmp_path: Path) -> None:
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 and nothing more")
    with pytest.raises(HabitusError, match="not a readable Parquet file"):
        open_table(broken)
    with pytest.raises(HabitusError, match="is empty"):
        open_table(write(tmp_path / "empty.parquet", a=pa.array([], pa.int64())))
