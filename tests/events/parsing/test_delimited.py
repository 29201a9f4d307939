"""Delimited text: every piece size gives the rows that Python's csv gives, and bad lines alone go."""

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from habitus.events.parsing import Layout, open_table, text
from habitus.events.rejects import RejectedRow
from habitus.types import HabitusError

Rows = list[tuple[int, list[str | None]]]


def read(
    path: Path, wanted: list[str] | None = None, layout: Layout | None = None
) -> tuple[Rows, list[RejectedRow]]:
    table = open_table(path, layout)
    wanted = wanted or list(table.columns)
    rows: Rows = []
    broken: list[RejectedRow] = []
    for block in table.blocks(wanted):
        columns = [block.table.column(name).to_pylist() for name in wanted]
        rows += [(int(line), list(row)) for line, *row in zip(block.lines, *columns, strict=True)]
        broken += block.broken
    return rows, sorted(broken, key=lambda row: row.line)


def write(tmp_path: Path, content: bytes, name: str = "log.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.fixture(params=[1 << 20, 7])
def any_piece(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "PIECE", request.param)


@pytest.mark.usefixtures("any_piece")
def test_bad_lines_go_with_line_reason_and_text_and_good_ones_stay(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        b'a,b\n1,2\n\n3,4\r\n5\n6,7,8\n9,10\n\xff,3\n11,"x\ny"\n12,13"\n14,"zz\n15,16\n'
        b'17,a"b,"c\n18,19\n"20",""\n',
    )
    rows, broken = read(path)
    assert rows == [
        (2, ["1", "2"]),
        (4, ["3", "4"]),
        (7, ["9", "10"]),
        (9, ["11", "x\ny"]),
        (11, ["12", '13"']),
        (13, ["15", "16"]),
        (15, ["18", "19"]),
        (16, ["20", None]),
    ]
    assert [(row.line, row.reason, row.detail, row.raw) for row in broken] == [
        (5, "wrong number of fields", "it has 1, the table 2", "5"),
        (6, "wrong number of fields", "it has 3, the table 2", "6,7,8"),
        (8, "the text is not UTF-8", "", "\\xff,3"),
        (12, "a quote is opened and never closed", "", '14,"zz'),
        (14, "its quotes do not match up", "", '17,a"b,"c'),
    ]


def test_quotes_that_swallow_a_line_cost_that_record_only(tmp_path: Path) -> None:
    path = write(tmp_path, b'a,b\n1,2\nx"y,"z\n3,4\n5,6\n7,"8"\n')
    rows, broken = read(path)
    assert rows == [(2, ["1", "2"]), (4, ["3", "4"]), (5, ["5", "6"]), (6, ["7", "8"])]
    assert [(row.line, row.reason) for row in broken] == [(3, "its quotes do not match up")]


cells = st.text(st.sampled_from('ab ,"\n\té'), max_size=4)
tables = st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(tables, st.sampled_from([3, 16, 1 << 20]), st.sampled_from([",", "\t"]), st.booleans())
def test_well_formed_files_read_as_pythons_csv_reads_them(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    table: list[list[str]],
    piece: int,
    delimiter: str,
    quote_all: bool,
) -> None:
    monkeypatch.setattr(text, "PIECE", piece)
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\n")
    writer.writerows([["one", "two"], *table])
    path = write(tmp_path, out.getvalue().encode(), "log.csv" if delimiter == "," else "log.tsv")
    rows, broken = read(path)
    assert broken == []
    assert [row for _, row in rows] == [[cell or None for cell in row] for row in table]


def test_line_numbers_count_the_lines_within_quoted_fields(tmp_path: Path) -> None:
    rows, _ = read(write(tmp_path, b'a,b\n1,"x\n\ny"\n2,z\n'))
    assert rows == [(2, ["1", "x\n\ny"]), (5, ["2", "z"])]


def test_gzip_byte_order_mark_and_only_the_wanted_columns(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(b"\xef\xbb\xbfa,b,c\n1,2,3\n"), "log.csv.gz")
    assert read(path, ["c", "a"])[0] == [(2, ["3", "1"])]


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
def test_finds_the_delimiter_of_a_csv(tmp_path: Path, delimiter: str) -> None:
    path = write(tmp_path, f"a{delimiter}b\n1{delimiter}2\n".encode())
    assert read(path)[0] == [(2, ["1", "2"])]


def test_several_characters_as_delimiter_without_a_header(tmp_path: Path) -> None:
    path = write(tmp_path, b"1::2::x\n3::4\n5::6::\n", "ratings.dat")
    layout = Layout(form="csv", delimiter="::", header=("u", "i", "v"))
    rows, broken = read(path, layout=layout)
    assert rows == [(1, ["1", "2", "x"]), (3, ["5", "6", None])]
    assert [(row.line, row.raw) for row in broken] == [(2, "3::4")]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8"])
def test_other_encodings_when_named(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "a,b\né,1\n".encode(encoding))
    assert read(path, layout=Layout(encoding=encoding))[0] == [(2, ["é", "1"])]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"a,b\n\x00\x01\x02", "binary data"),
        (b"PAR1....", "--format parquet"),
        ("a,b\n".encode("utf-16"), "--encoding utf-16"),
    ],
)
def test_what_is_no_table_is_one_error(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(HabitusError, match=says):
        read(write(tmp_path, content))


def test_an_unknown_encoding_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HabitusError, match="no encoding 'utf-9'"):
        read(write(tmp_path, b"a\n1\n"), layout=Layout(encoding="utf-9"))


def test_gzip_that_breaks_off_is_an_error(tmp_path: Path) -> None:
    whole = gzip.compress(b"a,b\n" + b"1,2\n" * 1_000)
    with pytest.raises(HabitusError, match="damaged"):
        read(write(tmp_path, whole[: len(whole) // 2], "log.csv.gz"))
    with pytest.raises(HabitusError, match="not gzipped"):
        read(write(tmp_path, b"a,b\n1,2\n", "plain.csv.gz"))
