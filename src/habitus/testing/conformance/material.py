"""What the suites feed to parts: small made-up batches, seeded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import torch
from torch import Tensor

from habitus.model.seams import When
from habitus.types import DAY, SECOND

DIM, HEADS, ITEMS = 16, 2, 12
LENGTHS = (4, 7, 1)  # two rows are padded, one of them has a single event
START = 20_089 * DAY


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def numbers(*shape: int, seed: int = 0) -> Tensor:
    """Standard normal numbers."""
    return torch.randn(*shape, generator=generator(seed))


def moments(lengths: Sequence[int] = LENGTHS, seed: int = 0) -> When:
    """Events with gaps of seconds to days; padding has time 0, as in a batch."""
    rows, width = len(lengths), max(lengths)
    steps = torch.arange(width).expand(rows, width)
    size = torch.tensor(lengths)[:, None]
    gaps = (10 ** (5.5 * torch.rand(rows, width + 1, generator=generator(seed)))).long() * SECOND
    times = START + gaps.cumsum(1)
    return When(
        position=steps,
        from_end=size - 1 - steps,
        time=times[:, :-1] * (steps < size),
        query_time=times[:, 1:] * (steps < size),
        timed=torch.ones(rows, dtype=torch.bool),
    )


def cut(when: When, rows: slice, columns: slice) -> When:
    """Some rows and columns; positions stay those of the whole."""
    whole = {f.name: getattr(when, f.name)[rows] for f in fields(when)}
    return When(**{name: x[:, columns] if x.ndim > 1 else x for name, x in whole.items()})


def upto(when: When, count: int) -> When:
    """The first `count` events as a history of their own: the last of them is the end."""
    first = cut(when, slice(None), slice(count))
    return replace(first, from_end=count - 1 - first.position)


def only(when: When, at: int) -> When:
    """Event number `at` alone, as the newest of its history."""
    one = cut(when, slice(None), slice(at, at + 1))
    return replace(one, from_end=torch.zeros_like(one.position))


def same(one: Tensor, other: Tensor, why: str) -> None:
    """Equal but for rounding."""
    assert one.shape == other.shape, f"{why}: shapes {tuple(one.shape)} and {tuple(other.shape)}"
    torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5, msg=lambda text: f"{why}.\n{text}")
