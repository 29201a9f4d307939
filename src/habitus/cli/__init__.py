"""The command line: every verb of the engine as a command. `habitus --help` lists them."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from habitus.cli import (
    asking,
    demo,
    importing,
    learning,
    migrating,
    operating,
    policies,
    profiles,
    recalling,
    serving,
    storing,
)
from habitus.cli.app import app
from habitus.cli.screen import message
from habitus.types import HabitusError

__all__ = ["app", "main"]

INTERRUPTED = 130

PARTS = (
    demo,
    importing,
    storing,
    learning,
    asking,
    profiles,
    recalling,
    policies,
    operating,
    serving,
    migrating,
)
for part in PARTS:
    part.register(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; ends the process with 0, 1 (a plain message), 2 (usage) or 130 (Ctrl-C)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without Unicode still shows the rest
    try:
        app(args=None if arguments is None else list(arguments), prog_name="habitus")
    except HabitusError as error:
        message(error.problem, error.mend)
        raise SystemExit(1) from None
    except SystemExit as end:
        if end.code == INTERRUPTED:
            message("Stopped.", "What was finished before is kept; run the same command to go on.")
        raise
