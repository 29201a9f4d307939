"""Habitus, a user-modelling engine. `habitus.open(path)` opens a store and everything in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from habitus.types import Event, EventType, HabitusError, Item, Role, ScoredItem, Slate, User

if TYPE_CHECKING:
    from habitus.engine import Engine

__version__ = "0.1.0"

__all__ = [
    "Engine",
    "Event",
    "EventType",
    "HabitusError",
    "Item",
    "Role",
    "ScoredItem",
    "Slate",
    "User",
    "__version__",
    "open",
]


def open(
    path: str | Path,
    workspace: str = "default",
    *,
    create: bool = True,
    clock: Callable[[], int] | None = None,
) -> Engine:
    """Open, or create, the store in folder `path`; see `habitus.engine.Engine`.

    `clock` gives now in µs since 1970, UTC (for replays and tests). HabitusError where the folder
    is no store, or is absent and `create` is false.
    """
    from habitus.engine import Engine

    return Engine.open(path, workspace, create=create, clock=clock)


def __getattr__(name: str) -> Any:
    """`habitus.Engine` without its imports until somebody asks for it."""
    if name == "Engine":
        from habitus.engine import Engine

        return Engine
    raise AttributeError(f"module 'habitus' has no attribute {name!r}")
