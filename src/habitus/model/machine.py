"""What the machine has: where to train, how wide the numbers, on how many threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


def best_device() -> str:
    """The name of the device that trains fastest."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def in_bf16(wanted: bool | None, device: torch.device) -> bool:
    """Whether to multiply in bf16: as wanted, or where the machine does so in hardware (None)."""
    if wanted is not None:
        return wanted
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


@contextmanager
def threads(count: int | None) -> Iterator[None]:
    """So many threads inside the block; None = as they are."""
    before = torch.get_num_threads()
    if count is not None:
        torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
