"""Habitus, a user-modelling engine. `habitus.open(path)` opens a store and everything in it;
`habitus.Client(url)` asks a server that has one open."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from habitus.types import Event, EventType, HabitusError, Item, Role, ScoredItem, Slate, User

if TYPE_CHECKING:
    from habitus.client import Client
    from habitus.engine import Engine
    from habitus.language.encoder import Encoder
    from habitus.language.llm import LLM

__version__ = "0.1.0"

__all__ = [
    "Client",
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
    models: str | Path | None = None,
    encoder: Encoder | None = None,
    llm: LLM | None = None,
) -> Engine:
    """Open, or create, the store in folder `path`; see `habitus.engine.Engine`.

    `path` may be postgresql://user@host/database; `models` is then the folder of its models (None:
    HABITUS_MODELS, else ./habitus-models).

    `clock` gives now in µs since 1970, UTC (for replays and tests); `encoder` and `llm` are optional
    helpers of `recall` and `interpret`. HabitusError where the folder
    is no store, or is absent and `create` is false.
    """
    from habitus.engine import Engine

    return Engine.open(
        path, workspace, create=create, clock=clock, models=models, encoder=encoder, llm=llm
    )


LAZY = {"Client": "habitus.client", "Engine": "habitus.engine"}


def __getattr__(name: str) -> Any:
    """`habitus.Engine` and `habitus.Client` without their imports until somebody asks for them."""
    if name in LAZY:
        return getattr(import_module(LAZY[name]), name)
    raise AttributeError(f"module 'habitus' has no attribute {name!r}")
