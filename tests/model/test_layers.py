import pytest
import torch

from habitus.model.layers import Dropout, FeedForward, LayerNorm, Linear, plus_product


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


def test_a_product_is_added_with_and_without_a_gradient() -> None:
    x, one, other = torch.randn(3, 4, 8)
    torch.testing.assert_close(plus_product(x, one, other), x + one * other)
    with torch.no_grad():
        torch.testing.assert_close(plus_product(x, one, other), x + one * other)


def test_bare_layers_are_those_of_torch() -> None:
    x = torch.randn(3, 8)
    for bare, whole in (
        (Linear(8, 4), torch.nn.Linear(8, 4)),
        (LayerNorm(8), torch.nn.LayerNorm(8)),
    ):
        whole.load_state_dict(bare.state_dict())
        assert torch.equal(bare(x), whole(x))
