"""Rows about one user are found in the rejects files, and taken out of them."""

import json
from pathlib import Path

import pytest

from habitus.events.rejected import drop_rejected, rejected_of


def written(folder: Path, *records: dict[str, object]) -> Path:
    path = folder / "log.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("record", "theirs"),
    [
        ({"raw": "x", "user_id": "u1"}, True),
        ({"raw": "u1,i", "user_id": "u2"}, False),  # it says whose it is
        ({"raw": "u1,torn"}, True),
        ({"raw": '{"user": "u1"}'}, True),
        ({"raw": "u12,torn"}, False),
        ({"raw": "xu1,torn"}, False),
    ],
)
def test_whose_row_it_is(tmp_path: Path, record: dict[str, object], theirs: bool) -> None:
    path = written(tmp_path, record, {"raw": "other"})
    assert list(rejected_of(tmp_path, "u1")) == ([record] if theirs else [])
    assert drop_rejected(tmp_path, "u1") == theirs
    left = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert left == ([] if theirs else [record]) + [{"raw": "other"}]


def test_a_file_with_nothing_left_goes(tmp_path: Path) -> None:
    path = written(tmp_path, {"raw": "u1"})
    assert drop_rejected(tmp_path, "u1") == 1
    assert not path.exists()
    assert drop_rejected(tmp_path / "nowhere", "u1") == 0
