"""On which cores a worker runs.

The threads of a worker hand the interpreter to each other thousands of times a second, and only one
of them runs at a time. Across cores each time wakes one that sleeps, which takes longer than the
work in between: kept to one core a worker answers more, and sooner.
"""

from __future__ import annotations

import os

# Linux alone knows this; elsewhere workers run where the system puts them.
ALLOWED: frozenset[int] = frozenset(
    os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
)  # cores that this process was given


def keep_to_one(place: int, workers: int) -> None:
    """Keep this process to a core of its own; where there are more cores than workers, to none."""
    if ALLOWED and workers >= len(ALLOWED):
        os.sched_setaffinity(0, {sorted(ALLOWED)[place % len(ALLOWED)]})


def give_all(process: int) -> None:
    """Let a process that this one began run on every core again."""
    if ALLOWED:
        os.sched_setaffinity(process, ALLOWED)
