import numpy as np
import torch
from scipy import sparse

from habitus.model.features import Features


def matrix(dense: int = 2, thin: int = 9) -> sparse.csr_matrix:
    """20 rows (the first empty), `dense` full columns and `thin` nearly empty ones, mixed."""
    rng = np.random.default_rng(0)
    full = rng.normal(size=(20, dense))
    rare = np.where(rng.random((20, thin)) < 0.1, rng.normal(size=(20, thin)), 0)
    found = np.concatenate((rare[:, :4], full, rare[:, 4:]), 1).astype(np.float32)
    found[[0, 7]] = 0
    return sparse.csr_matrix(found)


def test_the_product_and_its_gradient_are_those_of_a_dense_matrix() -> None:
    for shape in ((2, 9), (0, 9), (3, 0)):
        given = matrix(*shape)
        weight = torch.randn(given.shape[1], 5, requires_grad=True)
        plain = weight.detach().clone().requires_grad_()
        scale = torch.randn(20, 5)
        ours, theirs = Features(given).times(weight), torch.from_numpy(given.toarray()) @ plain
        torch.testing.assert_close(ours, theirs)
        (ours * scale).sum().backward()
        (theirs * scale).sum().backward()
        torch.testing.assert_close(weight.grad, plain.grad)


def test_no_features_at_all() -> None:
    found = Features(sparse.csr_matrix((20, 0), dtype=np.float32)).times(torch.zeros(0, 5))
    assert torch.equal(found, torch.zeros(20, 5))


def test_entries_of_an_accelerator_are_those_of_the_matrix() -> None:
    """The path without scipy, tried on the CPU."""
    features, weight = Features(matrix(0, 9)), torch.randn(9, 5)
    rows, columns, values = features._placed(torch.device("cpu"))
    found = torch.zeros(20, 5).index_add_(0, rows, weight[columns] * values)
    torch.testing.assert_close(found, features.sparse_times(weight))


def test_described_says_which_items_have_any() -> None:
    described = Features(matrix()).described
    assert described.tolist() == [row not in (0, 7) for row in range(20)]
