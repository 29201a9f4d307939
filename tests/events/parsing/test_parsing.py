"""Which format a file is in, and what its content hash is."""

import gzip
from pathlib import Path

import pytest

from habitus.events.parsing import Layout, content_hash, open_table
from habitus.types import HabitusError


def test_the_ending_says_the_format_and_a_layout_overrules_it(tmp_path: Path) -> None:
    for name in ("a.csv", "a.TSV", "a.csv.gz"):
        (tmp_path / name).write_bytes(b"x\ty\n1\t2\n")
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"x\ty\n1\t2\n"))
    (tmp_path / "b.log").write_text('{"k": 1}\n')
    assert all(open_table(tmp_path / name).columns == ("x", "y") for name in ("a.csv", "a.TSV"))
    assert open_table(tmp_path / "b.log", Layout(form="jsonl")).columns == ("k",)


def test_no_file_unknown_ending_and_unknown_format_are_errors(tmp_path: Path) -> None:
    with pytest.raises(HabitusError, match="There is no file"):
        open_table(tmp_path / "nowhere.csv")
    (tmp_path / "a.xlsx").write_text("a")
    with pytest.raises(HabitusError, match="--format with one of csv, tsv, jsonl, parquet"):
        open_table(tmp_path / "a.xlsx")
    with pytest.raises(HabitusError, match="no format 'excel'"):
        open_table(tmp_path / "a.xlsx", Layout(form="excel"))
    with pytest.raises(HabitusError, match="cannot be read"):
        open_table(tmp_path, Layout(form="csv"))


def test_the_hash_is_of_the_content_packed_or_not(tmp_path: Path) -> None:
    plain, packed, other = tmp_path / "a.csv", tmp_path / "b.csv.gz", tmp_path / "c.csv"
    plain.write_bytes(b"a\n1\n")
    packed.write_bytes(gzip.compress(b"a\n1\n"))
    other.write_bytes(b"a\n2\n")
    assert content_hash(plain) == content_hash(packed) != content_hash(other)
    assert (
        content_hash(plain) == "309b0e45a73d3fc5325e2b6ed0a01ef8b9cde6b05a5633c1f893f970d52bfddc"
    )  # printf 'a\\n1\\n' | sha256sum
