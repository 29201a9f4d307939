"""Which items can be among the best for a query, found in keys of one byte a number.

The scores of a large catalogue are bound by how fast its keys come from memory. In one byte instead
of four they come four times as fast and the processor's byte products do the rest. What is left of
the catalogue is small and is scored exactly, so that nothing is approximate about the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray

Array = NDArray[np.float32]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Pictures = NDArray[np.int32]

LARGEST = 127  # of a code
FEWEST = 8_192  # items below which scoring all is as fast
GROUPS_PER_ITEM = 16  # groups of rows looked at for each item wanted
MOST = 16  # part of the catalogue that is too much to be worth it
ROUNDING = 1.001  # what float32 sums may lose, beside the bound
LOWEST = np.iinfo(np.int32).min
ALIGNED = 8  # columns: of rows of 65 bytes a product takes half as long again as of 72


@dataclass(frozen=True, eq=False)
class Sieve:
    """The keys [N + 1, D] of a catalogue as codes; row 0 is padding.

    A key is codes · scale + what that misses, column by column; a query likewise in units of its own.
    So a score lies within ‖query‖ · (most that a key misses) + ‖what the query misses‖ · (longest
    codes) of its picture (Cauchy–Schwarz), and whatever is further than twice that below the k-th
    best picture is not among the k best.

    codes   int8 [N + 1, D], and columns of zeros up to a multiple of 8
    scale   float32 [D]
    missed  [N + 1] squared length of what the codes of a row miss of it, in units of `scale`
    length  [N + 1] squared length of its codes
    """

    codes: NDArray[np.int8]
    scale: Array
    missed: NDArray[np.float64]
    length: NDArray[np.float64]

    @classmethod
    def of(cls, keys: Array) -> Self:
        """For keys [N + 1, D], all finite."""
        largest = np.abs(keys).max(0)
        scale = np.where(largest > 0, largest / LARGEST, 1).astype(np.float32)
        scaled = keys / scale
        codes = np.rint(scaled)
        missed = np.square(scaled - codes).sum(1, dtype=np.float64)
        length = np.square(codes).sum(1, dtype=np.float64)
        return cls(_aligned(codes), scale, missed, length)

    def and_columns(self, more: Sieve) -> Self:
        """The sieve of the same rows with more columns."""
        return type(self)(
            _aligned(self._used, more._used),
            np.concatenate((self.scale, more.scale)),
            self.missed + more.missed,
            self.length + more.length,
        )

    def pictures(self, queries: Array) -> tuple[Pictures, NDArray[np.float64]]:
        """Pictures of the scores of queries [U, D], [U, N + 1], each query in a unit of its own, and
        by how many units one may be wrong, [U]."""
        scaled = (queries * self.scale).astype(np.float64)
        unit = np.abs(scaled).max(1, keepdims=True) / LARGEST
        exact = scaled / np.where(unit > 0, unit, 1)
        codes = np.rint(exact)
        few, all_codes = torch.from_numpy(_aligned(codes)), torch.from_numpy(self.codes)
        missed = np.linalg.norm(exact - codes, axis=1)
        slack = np.linalg.norm(exact, axis=1) * self._most_missed + missed * self._longest
        return torch._int_mm(few, all_codes.t()).numpy(), slack * ROUNDING

    @property
    def _used(self) -> NDArray[np.int8]:
        return self.codes[:, : len(self.scale)]

    @cached_property
    def _most_missed(self) -> float:
        return float(np.sqrt(self.missed.max()))

    @cached_property
    def _longest(self) -> float:
        return float(np.sqrt(self.length.max()))


def usable(keys: torch.Tensor) -> bool:
    """Whether a sieve of these keys is exact, and faster here than scoring all."""
    fast = keys.device.type == "cpu" and torch.cpu._is_vnni_supported()
    return fast and len(keys) > FEWEST and bool(keys.isfinite().all())


def left(picture: Pictures, slack: float, allowed: Mask, k: int) -> Rows | None:
    """The allowed rows that can be among the k best, ascending; None where those are too many to
    be worth it, or fewer than k are allowed. Writes into the picture [N + 1]."""
    groups = GROUPS_PER_ITEM * k
    size = len(picture) // groups if groups else 0
    closed = np.flatnonzero(~allowed)
    if size < 2 or len(picture) - len(closed) < k:
        return None
    picture[closed] = LOWEST
    best = picture[: size * groups].reshape(size, groups).max(0)
    bound = _below(int(np.partition(best, groups - k)[groups - k]), slack)
    if bound <= LOWEST:
        return None
    rows = np.flatnonzero(picture >= bound)
    if len(rows) > k:  # the groups' bound lies below the k-th best
        found = picture[rows]
        kth = int(np.partition(found, len(found) - k)[len(found) - k])
        rows = rows[found >= _below(kth, slack)]
    return rows if len(rows) < len(picture) // MOST else None


def _aligned(*columns: NDArray[Any]) -> NDArray[np.int8]:
    """Columns of codes beside each other, and zeros up to a multiple of `ALIGNED`."""
    width = sum(each.shape[1] for each in columns)
    found = np.zeros((len(columns[0]), width + -width % ALIGNED), np.int8)
    np.concatenate(columns, 1, out=found[:, :width], casting="unsafe")
    return found


def _below(kth: int, slack: float) -> int:
    """The lowest picture that can be as good as the k-th best."""
    return kth - int(np.ceil(2 * slack))
