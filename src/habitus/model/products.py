"""Products, norms and activations of a few rows in numpy, and of many in torch.

Products of a few rows are `vecdot`, one row after the other: BLAS would wake up other threads for
them, and where the cores are busy a request would wait for those.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import ndtr
from torch import Tensor
from torch.nn import functional

from habitus.model.layers import LayerNorm

Array = NDArray[np.float32]

FEW = 8  # rows up to which torch takes longer to begin than numpy to be done


class Norm:
    def __init__(self, part: LayerNorm) -> None:
        self.weight, self.bias, self.eps = array(part.weight), array(part.bias), part.eps
        self._many = part.weight.detach(), part.bias.detach()

    def __call__(self, x: Array) -> Array:
        if len(x) > FEW:
            weight, bias = self._many
            shape = weight.shape
            many: Array = functional.layer_norm(
                torch.from_numpy(x), shape, weight, bias, self.eps
            ).numpy()
            return many
        share = 1 / x.shape[1]
        found: Array = x - x.sum(1, keepdims=True) * share
        spread = (found * found).sum(1, keepdims=True) * share + self.eps
        found /= np.sqrt(spread)
        found *= self.weight
        found += self.bias
        return found


class Map:
    """x [T, D] → x · weightᵀ + bias."""

    def __init__(self, weight: Array, bias: Array) -> None:
        self.weight, self.bias = np.ascontiguousarray(weight), bias

    def __call__(self, x: Array) -> Array:
        found = product(x, self.weight)
        found += self.bias
        return found


def product(x: Array, weight: Array) -> Array:
    """x [T, D] · weightᵀ [D, E]."""
    if len(x) <= FEW:
        few: Array = np.vecdot(weight, x[:, None])
        return few
    many: Array = torch.mm(torch.from_numpy(x), torch.from_numpy(weight).t()).numpy()
    return many


def products(x: Array, other: Array) -> Array:
    """x [H, T, D] · otherᵀ [H, D, E], head by head."""
    if x.shape[1] <= FEW:
        few: Array = np.vecdot(other[:, None], x[:, :, None])
        return few
    many: Array = torch.bmm(torch.from_numpy(x), torch.from_numpy(other).transpose(1, 2)).numpy()
    return many


def gelu(x: Array) -> Array:
    if len(x) <= FEW:
        found: Array = x * ndtr(x)
    else:
        found = functional.gelu(torch.from_numpy(x)).numpy()
    return found


def array(x: Tensor) -> Array:
    found: Array = x.detach().to(torch.float32).numpy()
    return found
