"""A few rows in numpy and many in torch are the same numbers."""

import numpy as np
import pytest
import torch

from habitus.model.layers import LayerNorm
from habitus.model.products import FEW, Map, Norm, gelu, product, products


def rows(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("count", [1, FEW, FEW + 1, 40])
def test_few_rows_and_many_are_multiplied_alike(count: int) -> None:
    x, weight, bias, heads = rows(count, 6), rows(5, 6), rows(5), rows(3, 7, 6)
    np.testing.assert_allclose(product(x, weight), x @ weight.T, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(Map(weight, bias)(x), x @ weight.T + bias, rtol=1e-4, atol=1e-5)
    by_head = np.stack([x] * 3)
    expected = by_head @ heads.transpose(0, 2, 1)
    np.testing.assert_allclose(products(by_head, heads), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("count", [1, FEW, FEW + 1])
def test_norm_and_activation_are_torchs(count: int) -> None:
    x, part = rows(count, 6), LayerNorm(6)
    torch.nn.init.normal_(part.weight, generator=torch.Generator().manual_seed(0))
    expected = part(torch.from_numpy(x)).detach()
    np.testing.assert_allclose(Norm(part)(x), expected, rtol=1e-4, atol=1e-5)
    activated = torch.nn.functional.gelu(torch.from_numpy(x))
    np.testing.assert_allclose(gelu(x), activated, rtol=1e-4, atol=1e-6)
