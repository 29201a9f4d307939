"""What the quality benchmark runs, and where each run keeps what it found.

A run is one recipe on one data set under one protocol with one seed. Its folder under
`.bench/quality/` holds `row.json` and the ranks of every test case; a run that has its row is done.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.stores import BENCH

HIDDEN, KNOWN, GAP = "hidden", "known", "known, last gap above 0"
OURS = "default"
_BASELINES = ("popularity", "last-items", "item-knn", "ease")
_RECIPES = ("sasrec", "sasrec-ce", "gsasrec", "gru4rec", OURS)


@dataclass(frozen=True)
class Run:
    """One fit and its one look at the test cases. `minutes` None = no budget (baselines)."""

    data: str
    protocol: str
    recipe: str
    moments: tuple[str, ...] = (HIDDEN,)
    minutes: float | None = None
    seed: int = 0

    @property
    def name(self) -> str:
        return f"{self.data}/{self.protocol}/{self.recipe}"

    def folder(self, root: Path = BENCH / "quality") -> Path:
        return root / self.data / self.protocol / f"{self.recipe}-{self.seed}"


def plan(minutes: Mapping[str, float], seed: int = 0) -> list[Run]:
    """All runs in the order they are done; `minutes` of a recipe, or of "*" for the others."""

    def budget(recipe: str) -> float | None:
        return None if recipe.startswith(_BASELINES) else minutes.get(recipe, minutes["*"])

    def runs(data: str, protocol: str, recipes: Mapping[str, tuple[str, ...]]) -> list[Run]:
        return [
            Run(data, protocol, recipe, moments, budget(recipe), seed)
            for recipe, moments in recipes.items()
        ]

    hidden = dict.fromkeys((*_BASELINES, *_RECIPES), (HIDDEN,))
    both = (HIDDEN, KNOWN)
    recent = {"popularity-7-days": (KNOWN,)}
    frozen = dict.fromkeys((*_BASELINES, "sasrec-ce"), (HIDDEN,))
    return [
        *runs("movielens-1m", "leave-one-out", hidden | recent | {OURS: both}),
        *runs("amazon-beauty", "leave-one-out", hidden),
        *runs("movielens-1m", "temporal", frozen | recent | {OURS: both}),
    ]


@dataclass(frozen=True, eq=False)
class Found:
    """A finished run: its row, and for each kind of question the ranks [C] and their users [C]."""

    row: dict[str, Any]
    ranks: dict[str, NDArray[np.int64]]
    users: dict[str, NDArray[np.int64]]

    def write(self, folder: Path) -> None:
        """The row is written last: a run cut short has none and is done again."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {f"ranks {name}": each for name, each in self.ranks.items()}
        arrays |= {f"users {name}": each for name, each in self.users.items()}
        np.savez_compressed(folder / "cases.npz", **arrays)
        part = folder / "row.json.part"
        part.write_text(json.dumps(self.row, indent=1) + "\n", encoding="utf-8")
        part.replace(folder / "row.json")


def read(folder: Path) -> Found | None:
    """What the run of this folder found; None where it is not finished."""
    if not (folder / "row.json").exists():
        return None
    row = json.loads((folder / "row.json").read_text(encoding="utf-8"))
    with np.load(folder / "cases.npz") as arrays:
        ranks = {name: arrays[f"ranks {name}"] for name in row["moments"]}
        users = {name: arrays[f"users {name}"] for name in row["moments"]}
    return Found(row, ranks, users)
