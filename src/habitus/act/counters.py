"""What an engine has done since it was opened, in plain numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Counters:
    """Numbers that only rise. Threads raise them without a lock: a lost one harms nobody.

    hits      users whose kept state answered, stepped by new events or as it was
    misses    users whose history was read and worked out whole
    steps     events by which kept states were advanced
    unlogged  slates that were shown and could not be queued for the log
    answers   slates by who made them: "model" or "popularity"
    """

    hits: int = 0
    misses: int = 0
    steps: int = 0
    unlogged: int = 0
    answers: Counter[str] = field(default_factory=Counter)
