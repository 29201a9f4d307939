"""What people read: complete without colour, without a terminal, and in a narrow one."""

from io import StringIO

import numpy as np
from rich.console import Console

from habitus.evaluate.protocol import CaseRanks, Now, Seen
from habitus.evaluate.render import render, to_text
from habitus.evaluate.report import BUDGET_LIMITED, About, Run, Table, make_table
from habitus.events.histories import from_lists
from habitus.events.split import leave_one_out

CASES = leave_one_out(from_lists([[1, 2], [3, 4]], [[0, 9], [5, 6]])).test


def run(name: str, ranks: list[int], now: Now = Now.HIDDEN, notes: tuple[str, ...] = ()) -> Run:
    top = np.tile(np.arange(1, 21, dtype=np.int32), (2, 1))
    return Run(CaseRanks(name, CASES, np.array(ranks), top, 41, Seen.MASK, now), 1234.0, notes)


def table() -> Table:
    runs = [
        run("popularity", [3, 3]),
        run("[bold]default", [1, 1], notes=(BUDGET_LIMITED,)),
        run("late", [2, 1], Now.KNOWN, notes=(BUDGET_LIMITED,)),
    ]
    about = About("made-up", "leave-one-out", "test", "without ties", "Known weakness: none known.")
    return make_table(runs, about, reference="popularity")


def test_text_says_what_the_numbers_are_about() -> None:
    lines = to_text(table()).splitlines()
    assert lines[0] == "made-up (without ties), leave-one-out, test"
    assert lines[1].startswith("Full ranking of 40 items; items of the history are not recommended")
    assert "Known weakness: none known." in lines


def test_text_has_a_row_a_model_with_interval_difference_and_seconds() -> None:
    lines = to_text(table()).splitlines()
    (best,) = [line for line in lines if "[bold]default" in line]
    cells = [cell.strip() for cell in best.strip("| ").split("|")]
    assert cells == [
        "[bold]default (1)",
        "1.000 [1.000,1.000]",
        "1.000 [1.000,1.000]",
        "1.000 [1.000,1.000]",
        "+.500 [+.500,+.500]",
        ".001",
        ".250",
        "1,234 s",
    ]
    assert f"(1) {BUDGET_LIMITED}" in lines


def test_differences_below_zero_keep_their_sign() -> None:
    runs = [run("better", [1, 1]), run("worse", [3, 1])]
    text = to_text(make_table(runs, About("made-up", "leave-one-out"), reference="better"))
    assert "-.250 [-.500,+.000]" in text


def test_groups_stand_apart_with_their_number_of_users() -> None:
    text = to_text(table())
    assert "time hidden: 2 users, 2 questions" in text
    assert "now known: 2 users, 2 questions" in text
    assert "not ranked against each other" in text


def test_text_is_free_of_control_characters() -> None:
    assert "\x1b" not in to_text(table())


def test_eighty_columns_hold_every_number_in_one_piece() -> None:
    runs = [run("popularity of the last seven days", [3, 3]), run("default", [1, 3])]
    made = StringIO()
    plain = make_table(runs, About("made-up", "leave-one-out"), reference="default")
    render(plain, Console(file=made, width=80, color_system=None))
    shown = made.getvalue()
    for piece in ("[.500,1.000]", "[-.500,+.000]", ".250", "1,234 s"):
        assert piece in shown
    assert "…" not in shown
    assert "MRR" not in shown


def test_a_wide_console_shows_all_columns() -> None:
    made = StringIO()
    render(table(), Console(file=made, width=140, color_system=None))
    for piece in ("HR@10", "NDCG@10", "MRR@10", "p (Holm)", "coverage @10", "training"):
        assert piece in made.getvalue()


def test_a_narrow_console_without_colour_shows_every_model() -> None:
    made = StringIO()
    render(table(), Console(file=made, width=60, color_system=None))
    shown = made.getvalue()
    assert max(len(line) for line in shown.splitlines()) <= 60
    assert "\x1b" not in shown
    assert "late" in shown
