from pathlib import Path

import pytest
import torch
from torch import Tensor

from habitus.model import checkpoint
from habitus.model.build import build_network
from habitus.model.network import Network
from habitus.model.train import Run
from habitus.testing.conformance import tiny
from habitus.types import HabitusError

RECIPE = tiny("sasrec")


def begun(seed: int, steps: int = 2) -> tuple[Network, torch.optim.Optimizer]:
    """A network some steps into its training."""
    torch.manual_seed(seed)
    network = build_network(RECIPE, 7, 2, torch.ones(2, 2), None)
    optimiser = torch.optim.AdamW(network.parameters(), lr=0.01, fused=True)
    for _ in range(steps):
        network.items().square().sum().backward()
        optimiser.step()
    return network, optimiser


def save(folder: Path, seed: int, epoch: int) -> tuple[Network, torch.optim.Optimizer]:
    network, optimiser = begun(seed)
    best: dict[str, Tensor] = {"items.ids": torch.full((7, 16), float(epoch))}
    run = Run(epoch=epoch, best=0.25, stopped="time is up", curve=[{"epoch": 1.0}])
    checkpoint.save(folder, RECIPE, network, optimiser, run, best)
    return network, optimiser


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    network, optimiser = save(tmp_path, 1, 3)
    other, empty = begun(2, steps=0)
    run = Run()
    best = checkpoint.load(tmp_path, RECIPE, other, empty, run)
    for name, value in network.state_dict().items():
        assert torch.equal(other.state_dict()[name], value)
    moments = empty.state_dict()["state"]
    for at, values in optimiser.state_dict()["state"].items():
        for name, value in values.items():
            assert torch.equal(moments[at][name], value)
    assert run == Run(epoch=3, best=0.25, curve=[{"epoch": 1.0}])  # not stopped any more
    assert float(best["items.ids"][0, 0]) == 3.0


def test_the_last_save_counts_and_leaves_no_rubbish(tmp_path: Path) -> None:
    save(tmp_path, 1, 3)
    save(tmp_path, 1, 4)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "4-training.safetensors",
        "training.json",
    ]


def test_a_crash_while_writing_leaves_the_state_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, 1, 3)
    with monkeypatch.context() as crash:
        crash.setattr(Path, "replace", lambda *given: (_ for _ in ()).throw(OSError("no power")))
        with pytest.raises(OSError, match="no power"):
            save(tmp_path, 2, 4)
    run = Run()
    best = checkpoint.load(tmp_path, RECIPE, *begun(5, steps=0), run)
    assert run.epoch == 3
    assert float(best["items.ids"][0, 0]) == 3.0


def test_a_folder_without_a_state_changes_nothing(tmp_path: Path) -> None:
    run = Run()
    assert checkpoint.load(tmp_path, RECIPE, *begun(1), run) == {}
    assert run == Run()


def test_the_state_of_another_recipe_is_refused(tmp_path: Path) -> None:
    save(tmp_path, 1, 3)
    with pytest.raises(HabitusError, match="belongs to another recipe"):
        checkpoint.load(tmp_path, tiny("default"), *begun(1), Run())


@pytest.mark.parametrize("name", ["training.json", "3-training.safetensors"])
def test_a_broken_state_is_refused(tmp_path: Path, name: str) -> None:
    save(tmp_path, 1, 3)
    (tmp_path / name).write_bytes(b"{")
    with pytest.raises(HabitusError, match="cannot be read"):
        checkpoint.load(tmp_path, RECIPE, *begun(1), Run())
