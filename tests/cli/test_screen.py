"""The screen: no colour without a terminal, texts are never markup, progress only of long jobs."""

import io

import pytest
from rich.console import Console

from habitus.cli.screen import (
    MovingBars,
    PlainLines,
    Reporter,
    duration,
    progress,
    say,
    say_all,
    table,
)


def test_a_table_fits_and_has_no_colour(capsys: pytest.CaptureFixture[str]) -> None:
    table(("item", "score"), [("x " * 90, "0.5"), ("[red]y[/red]", "0.25")], right=("score",))
    shown = capsys.readouterr().out
    assert max(len(line) for line in shown.splitlines()) <= 100
    assert "\x1b" not in shown
    assert "[red]y[/red]" in shown


def test_a_long_line_is_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    say("word " * 50)
    assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= 100


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (59.6, "1 min 0 s"), (65.2, "1 min 5 s")]
)
def test_duration(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_long_list_entry_goes_on_under_itself(capsys: pytest.CaptureFixture[str]) -> None:
    say_all(["  - " + "word " * 30, "short"])
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.startswith("  - word")
    assert second.startswith("    word")
    assert third == "short"


def screen() -> Console:
    return Console(file=io.StringIO(), width=100)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_short_job_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as report:
        report("reading", 1, 10)
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "")


def test_a_long_job_shows_lines_without_a_terminal() -> None:
    console = screen()
    report = Reporter(PlainLines(console, after=0.0), patience=0.0)
    report("reading", 5, 10, "5,000 rows")
    report("reading", 6, 10)
    report("counting [x]", 3, None)
    assert written(console) == "reading: 50 % 5,000 rows\ncounting [x]: 3\n"


def test_bars_show_label_share_and_detail() -> None:
    console = Console(file=io.StringIO(), width=100, force_terminal=True, color_system=None)
    bars = MovingBars(console)
    bars.update("training [default]", 1, 4, "loss 2.000")
    bars.update("training [default]", 2, 4, "loss 1.500")
    bars.close()
    assert "training [default]" in written(console)
    assert "50%" in written(console)
    assert "loss 1.500" in written(console)


def test_a_job_without_a_known_end_is_over_when_the_next_begins() -> None:
    console = Console(file=io.StringIO(), width=100, force_terminal=True, color_system=None)
    bars = MovingBars(console)
    bars.update("fitting", 0, None, "")
    bars.update("ranking", 1, 2, "")
    bars.close()
    lines = written(console).replace("\r", "\n").splitlines()
    assert any("fitting" in line and "100%" in line for line in lines)
    assert any("ranking" in line and "50%" in line for line in lines)
