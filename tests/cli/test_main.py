"""What holds for every command: help, plain errors, exit statuses, a quick start."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from habitus.cli import main
from habitus.types import HabitusError

Run = Callable[..., Any]


def test_help_names_every_command(run: Run) -> None:
    ran = run("--help")
    assert ran.status == 0
    for command in ("import", "datasets", "status", "train", "evaluate", "recommend", "demo"):
        assert f"\n  {command} " in ran.out


def test_help_needs_neither_torch_nor_arrow() -> None:
    code = (
        "import sys, habitus.cli\n"
        "heavy = {'torch', 'pyarrow', 'numpy', 'sqlalchemy', 'duckdb', 'scipy'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_error_is_one_plain_message(run: Run, tmp_path: Path) -> None:
    ran = run("status", tmp_path / "nowhere")
    assert ran.status == 1
    assert ran.out == ""
    assert "nowhere" in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "nowhere").exists()


def test_a_wrong_option_is_a_usage_error(run: Run) -> None:
    ran = run("recommend", "--nonsense")
    assert ran.status == 2
    assert "--nonsense" in ran.err


def test_ctrl_c_ends_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, run: Run, tmp_path: Path
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("habitus.open", interrupted)
    ran = run("status", tmp_path)
    assert ran.status == 130
    assert "Stopped." in ran.err
    assert "Traceback" not in ran.err


def test_markup_in_an_error_is_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise HabitusError("There is no item '[bold]x[/bold]'.", "Look [here].")

    monkeypatch.setattr("habitus.open", failing)
    with pytest.raises(SystemExit):
        main(["status", "store"])
    assert capsys.readouterr().err == "There is no item '[bold]x[/bold]'.\nLook [here].\n"
