"""What a training leaves after each epoch so that it can go on: tensors and JSON, no pickle."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from habitus.model.network import Network
from habitus.model.recipe import Recipe
from habitus.types import HabitusError

if TYPE_CHECKING:
    from habitus.model.train import Run

TENSORS, STATE = "training.safetensors", "training.json"


def save(
    folder: Path,
    recipe: Recipe,
    network: Network,
    optimiser: torch.optim.Optimizer,
    run: Run,
    best: dict[str, Tensor],
    average: nn.Module | None = None,
) -> None:
    """Write the state of a training; a crash while writing leaves the state before."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"now.{name}": value for name, value in network.state_dict().items()}
    tensors |= {f"best.{name}": value for name, value in best.items()}
    if average is not None:
        tensors |= {f"average.{name}": value for name, value in average.state_dict().items()}
    for at, moments in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{at}.{name}": value for name, value in moments.items()}
    state = {"recipe": recipe.model_dump(mode="json"), "run": asdict(run), "epoch": run.epoch}
    fresh = folder / f"{run.epoch}-{TENSORS}"
    save_file({name: value.contiguous() for name, value in tensors.items()}, fresh)
    waiting = folder / f".{STATE}"
    waiting.write_text(json.dumps(state), encoding="utf-8")
    waiting.replace(folder / STATE)
    for old in folder.glob(f"*-{TENSORS}"):
        if old != fresh:
            old.unlink()


def load(
    folder: Path,
    recipe: Recipe,
    network: Network,
    optimiser: torch.optim.Optimizer,
    run: Run,
    average: nn.Module | None = None,
) -> dict[str, Tensor]:
    """Take up a training where it was left; returns the best weights ({} where there is no state).

    HabitusError where the state belongs to another recipe.
    """
    if not (folder / STATE).is_file():
        return {}
    try:
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
        tensors = load_file(folder / f"{state['epoch']}-{TENSORS}")
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise HabitusError(
            f"The half-done training in {folder} cannot be read: {error}.",
            "Train without resuming.",
        ) from error
    if state["recipe"] != recipe.model_dump(mode="json"):
        raise HabitusError(
            f"The half-done training in {folder} belongs to another recipe.",
            "Train without resuming, or with the recipe it was begun with.",
        )
    network.load_state_dict(_under("now.", tensors))
    if average is not None:
        average.load_state_dict(_under("average.", tensors))
    moments: dict[int, dict[str, Tensor]] = {}
    for name, value in _under("optimiser.", tensors).items():
        at, moment = name.split(".", 1)
        moments.setdefault(int(at), {})[moment] = value
    groups = optimiser.state_dict()["param_groups"]
    optimiser.load_state_dict({"state": moments, "param_groups": groups})
    for name, value in state["run"].items():
        setattr(run, name, value)
    run.stopped = ""
    return _under("best.", tensors)


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {
        name[len(prefix) :]: value for name, value in tensors.items() if name.startswith(prefix)
    }
