"""Runs commands as a terminal would: exit status, output, messages."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from habitus.cli import main


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> Ran:
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        return Ran(int(end.value.code or 0), shown.out, shown.err)

    return call


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Ten customers, each buying three of five things within a day; one row has no customer."""
    lines = ["customer,thing,when,stars"]
    for customer in range(10):
        for step in range(3):
            thing = (customer + step) % 5
            lines.append(f"c{customer},t{thing},2025-03-0{step + 1}T10:0{customer}:00Z,{thing + 1}")
    lines.append(",t1,2025-03-01T12:00:00Z,2")
    path = tmp_path / "log.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def store(run: Run, log: Path, tmp_path: Path) -> Path:
    """A store with that log."""
    folder = tmp_path / "store"
    mapping = ("user_id=customer", "item_id=thing", "timestamp=when", "value=stars")
    options = [word for pair in mapping for word in ("--map", pair)]
    ran = run("import", folder, log, *options, "--event-type", "buy", "--role", "buy=positive:2")
    assert ran.status == 0, ran.err
    return folder
