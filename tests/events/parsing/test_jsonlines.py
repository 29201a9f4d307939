"""JSON Lines: each line is judged alone."""

import gzip
from pathlib import Path

import pyarrow as pa
import pytest

from habitus.events.parsing import JsonLinesFile, Layout, text
from habitus.events.parsing.jsonlines import structs_as_json
from habitus.types import HabitusError


@pytest.mark.parametrize("piece", [1 << 20, 40])
def test_broken_lines_go_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr(text, "PIECE", piece)
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(
        gzip.compress(
            b'{"a":1,"b/c":"x","it\'s":1.5}\n{"a"\n[1]\n\n{"a":"\xff"}\nnull\n'
            b'{"b/c":{"z":1},"a":null}\n{"a":"\\u00e9","it\'s":true}'
        )
    )
    file = JsonLinesFile(path, Layout())
    assert file.columns == ("a", "b/c", "it's")
    rows, broken = [], []
    for block in file.blocks(["it's", "a", "b/c"]):
        values = zip(block.lines, *(c.to_pylist() for c in block.table.columns), strict=True)
        rows += [tuple(row) for row in values]
        broken += [(row.line, row.reason, row.raw) for row in block.broken]
    assert rows == [(1, "1.5", "1", "x"), (7, None, None, '{"z":1}'), (8, "true", "é", None)]
    assert broken == [
        (2, "it is not valid JSON", '{"a"'),
        (3, "it is JSON but not an object", "[1]"),
        (5, "the text is not UTF-8", '{"a":"\\xff"}'),
        (6, "it is JSON but not an object", "null"),
    ]


def test_raw_gives_the_line(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"a":1}\nx\n{"a":2}\r\n')
    (block,) = JsonLinesFile(path, Layout()).blocks(["a"])
    assert [block.raw(0), block.raw(1)] == ['{"a":1}', '{"a":2}']


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ('[\n{"a":1}\n]', None),
        ("[1, 2]\n", "not JSON Lines"),
    ],
)
def test_a_file_without_objects_is_one_error(
    tmp_path: Path, content: str, says: str | None
) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text(content)
    if says is None:
        assert JsonLinesFile(path, Layout()).columns == ("a",)
        return
    with pytest.raises(HabitusError, match=says):
        JsonLinesFile(path, Layout())


def test_structs_become_json_without_their_nulls() -> None:
    kind = pa.struct([("device", pa.string()), ("speed", pa.int64())])
    column = pa.array([{"device": "a", "speed": None}, None, {"device": "b", "speed": 2}], kind)
    assert structs_as_json(column).to_pylist() == [
        '{"device":"a"}',
        None,
        '{"device":"b","speed":2}',
    ]
