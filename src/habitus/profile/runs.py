"""Runs: how much more than by chance what a user does comes in clusters.

Events are counted in blocks; the variance of the counts over what independent events would give is the
dispersion (McCullagh and Nelder, Generalized Linear Models, 1989, ch. 4.5). One value of one user fills
few blocks, so that its own dispersion is shrunk to that of all values of the user.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

BLOCKS = (16, 32)  # events: what lasts an evening, and what lasts a few
FEWEST = 3  # blocks; a shorter history is cut into so many
PRIOR = 20.0  # degrees of freedom that all values together count as much as


@dataclass(frozen=True, eq=False)
class Runs:
    """The runs in a user's n events: P pairs (place of the event, matter), of which those with a
    matter that is `looked` at count."""

    n: int
    place: NDArray[np.int64]
    matter: NDArray[np.int64]
    looked: NDArray[np.int64]

    @cached_property
    def usual(self) -> Mapping[int, float]:
        """The dispersion of all values together by length of block.

        Counted from block to next block: a change of taste itself is no run.
        """
        return {each: self._usual(each) for each in self._blocks()}

    def _blocks(self) -> list[int]:
        return [each for each in BLOCKS if self.n >= FEWEST * each] or [self.n // FEWEST]

    def _usual(self, block: int) -> float:
        blocks = self.n // block
        matters = int(self.looked.max()) + 1
        inside = (self.place < blocks * block) & (self.matter < matters)
        cell = self.matter[inside] * blocks + self.place[inside] // block
        count = np.bincount(cell, minlength=matters * blocks).reshape(-1, blocks)[self.looked]
        share = count.sum(1) / (blocks * block)
        steps = (np.diff(count, axis=1) ** 2).sum(1) / 2
        ratio = steps / np.maximum(block * share * (1 - share), 1e-9)
        return float(ratio.sum()) / ((blocks - 1) * len(self.looked))

    def dispersion(self, place: NDArray[np.int64], cut: int) -> float:
        """Of one value (places of its events, sorted) around a change at `cut`, each side by itself;
        that of the length of block where it is greatest, ≥ 1."""
        greatest = 1.0
        for block, usual in self.usual.items():
            excess, degrees = PRIOR * usual, PRIOR
            for low, high in ((0, cut), (cut, self.n)):
                blocks = (high - low) // block
                inside = place[(place >= low) & (place < low + blocks * block)]
                share = len(inside) / max(blocks * block, 1)
                if blocks < 2 or not 0 < share < 1:
                    continue
                count = np.bincount((inside - low) // block, minlength=blocks)
                excess += float(((count - block * share) ** 2).sum()) / (
                    block * share * (1 - share)
                )
                degrees += blocks - 1
            greatest = max(greatest, excess / degrees)
        return greatest
