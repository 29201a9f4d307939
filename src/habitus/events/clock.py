"""The one place that reads the clock; everything else is given a moment or a `Clock`."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], int]  # µs since 1970, UTC


def system_clock() -> int:
    """The machine's clock, in µs since 1970, UTC."""
    return time.time_ns() // 1_000
