import pytest
import torch
from torch import Tensor
from torch.nn import functional

from habitus.model import softmax
from habitus.model.softmax import softmax_loss
from habitus.testing.conformance.material import numbers

M, N, D = 37, 50, 16


def given() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    item = torch.arange(M) % (N - 1) + 1
    weight = torch.rand(M, generator=torch.Generator().manual_seed(0)) + 0.1
    return numbers(M, D), numbers(N, D, seed=1), item, weight


def plain(query: Tensor, table: Tensor, item: Tensor, weight: Tensor) -> Tensor:
    logits = query @ table[1:].t()
    return (functional.cross_entropy(logits, item - 1, reduction="none") * weight).sum()


def values_and_gradients(loss: object, dtype: torch.dtype) -> list[Tensor]:
    query, table, item, weight = given()
    query, table = query.to(dtype).requires_grad_(), table.requires_grad_()
    found = loss(query, table, item, weight)  # type: ignore[operator]
    (3 * found).backward()
    assert query.grad is not None
    assert table.grad is not None
    assert query.grad.dtype == dtype
    return [found.detach(), query.grad.float(), table.grad]


@pytest.mark.parametrize("chunk", [8, 1024])
def test_value_and_gradients_are_those_of_cross_entropy(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(softmax, "CHUNK", chunk)
    ours = values_and_gradients(softmax_loss, torch.float32)
    theirs = values_and_gradients(plain, torch.float32)
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


def test_in_bf16_they_are_near() -> None:
    ours = values_and_gradients(softmax_loss, torch.bfloat16)
    theirs = values_and_gradients(plain, torch.float32)
    for one, other in zip(ours, theirs, strict=True):
        assert float((one - other).norm() / other.norm()) < 0.02


def test_the_padding_row_is_never_an_answer() -> None:
    query, table, item, weight = given()
    higher = table.clone()
    higher[0] = 1e3 * query[0]
    torch.testing.assert_close(
        softmax_loss(query, higher, item, weight), softmax_loss(query, table, item, weight)
    )


def test_a_hopeless_answer_costs_much_and_not_infinitely() -> None:
    table = torch.tensor([[0.0], [100.0], [-100.0]])
    loss = softmax_loss(torch.ones(1, 1), table, torch.tensor([2]), torch.ones(1))
    assert 80 < loss.item() < 210
