"""An import in plain words."""

from pathlib import Path

from habitus.events.rejects import RejectedRow
from habitus.events.summary import FileSummary, ImportSummary, most_common


def made(**given: object) -> FileSummary:
    usual: dict[str, object] = {
        "path": Path("log.csv"), "rows": 1_010, "accepted": 1_000, "duplicates": 0, "conflicts": 0,
        "reasons": {}, "rejects": None, "first_reject": None, "seconds": 1.0,
    }  # fmt: skip
    return FileSummary(**(usual | given))  # type: ignore[arg-type]


def test_says_what_was_taken_known_in_conflict_and_left_out() -> None:
    file = made(
        duplicates=1,
        conflicts=2,
        reasons={"no user": 6, "no time": 1},
        rejects=Path("store/rejects/log.jsonl"),
        first_reject=RejectedRow(2, "no user", ","),
        notes=("Times were read as seconds.",),
    )
    assert file.sentences() == [
        "log.csv: 1,000 rows of 1,010 taken in.",
        "1 row had been taken in before.",
        "2 rows had been taken in before with other content, which stays as it was: delete those "
        "events, or import into a new workspace, to read the file in another way.",
        "7 rows left out: no user (6), no time (1).",
        "They are in store/rejects/log.jsonl, with line and reason.",
        "Times were read as seconds.",
    ]


def test_files_add_up() -> None:
    both = ImportSummary((made(),), ("a",)) + ImportSummary((made(reasons={"x": 3}),), ("b",))
    assert (both.rows, both.accepted, both.rejected) == (2_020, 2_000, 3)
    assert both.duplicates == both.conflicts == 0
    assert both.sentences()[-2:] == ["a", "b"]


def test_reasons_most_frequent_first_and_at_most_five() -> None:
    assert most_common({"b": 1, "a": 1, "c": 2_000}) == "c (2,000), a (1), b (1)"
    assert most_common({str(n): n for n in range(1, 8)}).endswith("3 (3), and others")
