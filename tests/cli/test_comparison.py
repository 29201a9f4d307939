"""The demo's table: percentages, intervals, differences, and two kinds of knowledge kept apart."""

import pytest

from habitus.cli.comparison import show_comparison
from habitus.evaluate.intervals import Difference, Interval
from habitus.evaluate.report import (
    NOW_KNOWN,
    NOW_KNOWN_WITH_GAP,
    TIME_HIDDEN,
    About,
    Group,
    Row,
    Table,
)

METRICS = {"HR@10": Interval(0.125, 0.1, 0.15), "NDCG@10": Interval(0.0721, 0.0612, 0.0834)}
WORSE = Difference(-0.03, -0.04, -0.02, 0.001)
OURS = Row("default", METRICS, {}, train_seconds=121.0, notes=("budget-limited: it stopped early",))
OTHER = Row("popularity", METRICS, {}, WORSE, 0.001, 0.2)


def shown(capsys: pytest.CaptureFixture[str], *groups: Group) -> list[str]:
    about = About("films", "leave-one-out", weakness="Known weakness: the future trains.")
    show_comparison(Table(about, 420, "mask", "NDCG@10", "default", 2000, 0, groups))
    return capsys.readouterr().out.splitlines()


def test_a_row_says_hits_interval_difference_and_time(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, Group(TIME_HIDDEN, 600, 600, (OURS, OTHER)))
    cells = next(line for line in lines if line.startswith("popularity")).split()
    assert " ".join(cells[1:]) == "12.5 % 0.072 [0.061, 0.083] -0.030 [-0.040, -0.020] 0 s"
    own = next(line for line in lines if line.startswith("default*"))
    assert own.split()[-4:] == ["2", "min", "1", "s"]
    assert any(line.startswith("* budget-limited") for line in lines)
    assert "Known weakness: the future trains." in lines
    assert max(len(line) for line in lines) <= 100


def test_what_knows_the_moment_stands_apart(capsys: pytest.CaptureFixture[str]) -> None:
    groups = [
        Group(title, 600, 600, (OURS,)) for title in (TIME_HIDDEN, NOW_KNOWN, NOW_KNOWN_WITH_GAP)
    ]
    lines = shown(capsys, *groups)
    assert len([line for line in lines if ": 600 users" in line]) == 2
    assert "not ranked against each other" in " ".join(lines)
