"""What every part with weights promises, whatever its seam."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar
from unittest import SkipTest

import torch
from safetensors.torch import load, save
from torch import Tensor, nn

from habitus.testing.conformance.material import numbers, same

Part = TypeVar("Part", bound=nn.Module)


class ModuleConformance(ABC, Generic[Part]):
    """`make` builds a fresh part, `output` is all that it computes, as one tensor."""

    @abstractmethod
    def make(self) -> Part:
        """A fresh part, with weights drawn from torch's seed."""

    @abstractmethod
    def output(self, part: Part) -> Tensor:
        """What the part gives for the suite's material."""

    def built(self, seed: int = 0) -> Part:
        """A part for answering: seeded, and without dropout."""
        torch.manual_seed(seed)
        part = self.make()
        part.eval()
        return part

    def test_seeds_repeat(self) -> None:
        first, second = self.built(5).state_dict(), self.built(5).state_dict()
        for name, value in first.items():
            assert torch.equal(value, second[name]), f"{name} differs under one seed"

    def test_seeds_repeat_in_training(self) -> None:
        part = self.built().train()
        found = []
        for _ in range(2):
            torch.manual_seed(7)
            found.append(self.output(part).detach())
        assert torch.equal(*found), "two steps under one seed differ"

    def test_save_and_load_give_the_same(self) -> None:
        part, other = self.built(1), self.built(2)
        kept = {name: value.contiguous() for name, value in part.state_dict().items()}
        if kept:
            other.load_state_dict(load(save(kept)))
        same(self.output(part), self.output(other), "a loaded part answers otherwise")

    def test_gradients_reach_every_parameter(self) -> None:
        part = self.built()
        named = dict(part.named_parameters())
        if not named:
            raise SkipTest("the part has no parameters")
        found = self.output(part)
        (found * numbers(*found.shape, seed=9)).sum().backward()  # type: ignore[no-untyped-call]
        for name, value in named.items():
            assert value.grad is not None, f"no gradient reaches {name}"
            assert torch.isfinite(value.grad).all(), f"the gradient of {name} is not finite"
            assert value.grad.any(), f"the gradient of {name} is zero everywhere"
