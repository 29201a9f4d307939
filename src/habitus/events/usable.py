"""Whether a database that was opened may still be used, and here."""

from __future__ import annotations

import os

from habitus.types import HabitusError


def check_usable(closed: bool, process: int) -> None:
    """HabitusError where it was closed, or opened by another `process` than this one."""
    if closed:
        raise HabitusError("This store was closed.", "Open it again with Store.open.")
    if os.getpid() != process:
        raise HabitusError(
            "This store was opened by another process; its connections cannot be shared.",
            "Open the store again in this process.",
        )
