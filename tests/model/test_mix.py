import pytest
import torch

from habitus.model.mix import Attention, CausalConvolution, Gru
from habitus.model.seams import TimePart
from habitus.model.time import ElapsedBias, Rotary
from habitus.testing.conformance import MixConformance
from habitus.testing.conformance.material import DIM, moments, numbers


class TestAttention(MixConformance):
    def make(self) -> Attention:
        return Attention(DIM, blocks=2, heads=2, width=24, dropout=0.2)


class TestAttentionWithEverything(MixConformance):
    """Two blocks with a convolution, turned and biased by time parts."""

    def make(self) -> Attention:
        return Attention(DIM, blocks=2, heads=2, width=24, dropout=0.2, kernel=3)

    def times(self) -> list[TimePart]:
        bias = ElapsedBias(heads=2, layers=2)
        bias.table.data = numbers(*bias.table.shape)
        return [Rotary(DIM // 2), bias]


class TestGru(MixConformance):
    def make(self) -> Gru:
        return Gru(DIM, blocks=2, dropout=0.2)


def test_the_convolution_by_hand() -> None:
    part = CausalConvolution(1, kernel=3)
    part.weight.data = torch.tensor([[0.5], [0.25], [0.1]])  # for 0, 1 and 2 steps back
    x = torch.tensor([[[1.0], [2.0], [4.0]]])
    mixed, tail = part(x, torch.zeros(1, 2, 1))
    expected = torch.tensor([1.5, 2 * 1.5 + 0.25 * 1, 4 * 1.5 + 0.25 * 2 + 0.1 * 1])
    torch.testing.assert_close(mixed[0, :, 0], expected)
    assert tail[0, -2:, 0].tolist() == [2.0, 4.0]
    one, _ = part(torch.tensor([[[3.0]]]), tail)
    assert one.item() == pytest.approx(3 * 1.5 + 0.25 * 4 + 0.1 * 2)


def test_attention_equals_the_kernel_of_torch() -> None:
    block = Attention(DIM, 1, 2, 24, 0.0).blocks[0].eval()
    query, key, value = numbers(3, 2, 2, 5, 8)
    future = torch.ones(5, 5, dtype=torch.bool).triu(1)
    mask = torch.zeros(5, 5).masked_fill(future, -torch.inf)
    expected = torch.nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True)
    torch.testing.assert_close(block.attend(query, key, value, mask), expected)


def test_attention_of_a_few_queries_is_that_of_all() -> None:
    block = Attention(DIM, 1, 2, 24, 0.0).blocks[0].eval()
    query, key, value = numbers(3, 2, 2, 5, 8)
    mask = torch.full((5, 5), -torch.inf).triu(1) + numbers(2, 5, 5, seed=1)
    whole = block.attend(query, key, value, mask)
    few = block.attend(query[:, :, 3:], key, value, mask[:, 3:])
    torch.testing.assert_close(few, whole[:, :, 3:])


def test_an_elapsed_bias_changes_what_attention_gives() -> None:
    part, x, when = Attention(DIM, 1, 2, 24, 0.0).eval(), numbers(1, 5, DIM), moments((5,))
    bias = ElapsedBias(heads=2, layers=1)
    plain = part(x, when, [bias])
    torch.testing.assert_close(plain, part(x, when, []))  # it begins as nothing
    bias.table.data = numbers(*bias.table.shape)
    assert not torch.allclose(part(x, when, [bias]), plain)
