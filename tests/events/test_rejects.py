"""The rejects file: what it holds, when it appears and when it goes."""

import json
from pathlib import Path

import pytest

from habitus.events.rejects import RAW_CHARACTERS, RejectedRow, RejectsFile


def write_and_fail(target: Path, keep: bool) -> None:
    with RejectsFile(target, Path("log.csv")) as rejects:
        rejects.add([RejectedRow(1, "no user", "")])
        if keep:
            rejects.keep()
        raise RuntimeError


def test_writes_file_line_reason_and_text(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "bad.jsonl"
    with RejectsFile(target, Path("log.csv")) as rejects:
        rejects.add(
            [RejectedRow(3, "no user", "é,1"), RejectedRow(4, "absurd", "x" * 9_999, "1970")]
        )
        assert not target.exists()
    first, second = map(json.loads, target.read_text(encoding="utf-8").splitlines())
    assert first == {"file": "log.csv", "line": 3, "reason": "no user", "raw": "é,1"}
    assert second["reason"] == "absurd: 1970"
    assert len(second["raw"]) == RAW_CHARACTERS
    assert rejects.count == 2
    assert rejects.reasons == {"no user": 1, "absurd": 1}


def test_a_clean_run_takes_the_old_file_away(tmp_path: Path) -> None:
    target = tmp_path / "bad.jsonl"
    target.write_text("old")
    with RejectsFile(target, Path("log.csv")):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_broken_run_leaves_the_old_file_and_nothing_of_its_own(tmp_path: Path) -> None:
    target = tmp_path / "bad.jsonl"
    target.write_text("old")
    with pytest.raises(RuntimeError):
        write_and_fail(target, keep=False)
    assert [path.name for path in tmp_path.iterdir()] == ["bad.jsonl"]
    assert target.read_text() == "old"


def test_kept_rows_survive_the_error_that_follows(tmp_path: Path) -> None:
    target = tmp_path / "bad.jsonl"
    with pytest.raises(RuntimeError):
        write_and_fail(target, keep=True)
    assert len(target.read_text().splitlines()) == 1
