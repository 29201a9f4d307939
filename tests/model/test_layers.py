import pytest
import torch

from habitus.model.layers import Dropout, FeedForward


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_dropout_keeps_its_share_and_the_mean(share: float) -> None:
    torch.manual_seed(0)
    out = Dropout(share)(torch.ones(400, 500))
    assert float((out == 0).float().mean()) == pytest.approx(share, abs=0.005)
    assert float(out.mean()) == pytest.approx(1.0, abs=0.02)


def test_dropout_repeats_with_the_seed_and_differs_between_calls() -> None:
    part, x = Dropout(0.5), torch.ones(64, 64)
    torch.manual_seed(3)
    first, second = part(x), part(x)
    torch.manual_seed(3)
    assert torch.equal(part(x), first)
    assert not torch.equal(first, second)


def test_dropout_does_nothing_in_answers() -> None:
    x = torch.randn(8, 8)
    assert torch.equal(Dropout(0.5).eval()(x), x)
    assert torch.equal(Dropout(0.0)(x), x)


def test_dropout_keeps_the_type() -> None:
    assert Dropout(0.5)(torch.ones(4, 4, dtype=torch.bfloat16)).dtype == torch.bfloat16


def test_gradients_pass_where_values_do() -> None:
    x = torch.ones(100, requires_grad=True)
    out = Dropout(0.5)(x)
    out.sum().backward()
    assert x.grad is not None
    assert torch.equal(x.grad, out.detach())


def test_a_position_is_fed_forward_alone() -> None:
    part, x = FeedForward(8, 16, 0.2).eval(), torch.randn(2, 5, 8)
    torch.testing.assert_close(part(x)[:, :2], part(x[:, :2]))
