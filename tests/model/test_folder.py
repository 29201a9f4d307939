import json
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from habitus.model.train import RunOptions, train
from habitus.model.trained import TrainedModel
from habitus.testing import worlds
from habitus.testing.conformance import tiny
from habitus.types import HabitusError

WORLD = worlds.content_world(20, 24, 6, cold=0.1)
FILES = [
    "content.json",
    "content.safetensors",
    "daily.safetensors",
    "items.json",
    "recipe.toml",
    "report.json",
    "weights.safetensors",
]


@lru_cache(maxsize=1)
def model() -> TrainedModel:
    recipe = tiny("default", {"training.epochs": 1})
    return train(recipe, WORLD.histories, WORLD.catalogue, None, RunOptions(threads=1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    model().save(tmp_path / "model")
    return tmp_path / "model"


def test_a_folder_holds_these_files_and_no_pickle(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == FILES


def test_a_loaded_model_gives_the_same_scores(folder: Path) -> None:
    loaded = TrainedModel.load(folder, WORLD.catalogue)
    np.testing.assert_array_equal(
        loaded.score(WORLD.histories, None), model().score(WORLD.histories, None)
    )
    assert loaded.recipe == model().recipe
    assert loaded.report["seed"] == 0
    assert loaded.report["versions"].keys() == {"python", "torch"}


def test_without_a_catalogue_it_is_attached_to_its_own_items(folder: Path) -> None:
    loaded = TrainedModel.load(folder)
    assert loaded.catalogue.item_ids == WORLD.catalogue.item_ids


def test_a_format_of_another_version_is_refused_with_the_reason(folder: Path) -> None:
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    (folder / "report.json").write_text(json.dumps({**report, "format": 99}), encoding="utf-8")
    with pytest.raises(HabitusError, match=r"written in format 99.*reads format 1.*Train it again"):
        TrainedModel.load(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(HabitusError, match=name.replace(".", r"\.")):
        TrainedModel.load(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_is_named(folder: Path, name: str) -> None:
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(HabitusError, match=name.replace(".", r"\.")):
        TrainedModel.load(folder)


def test_a_file_that_lacks_a_part_is_named(folder: Path) -> None:
    (folder / "items.json").write_text("{}", encoding="utf-8")
    with pytest.raises(HabitusError, match=r"items\.json cannot be read: it has no 'item_ids'"):
        TrainedModel.load(folder)


def test_the_weights_of_another_model_are_refused(folder: Path) -> None:
    weights = load_file(folder / "weights.safetensors")
    weights["items.ids"] = weights["items.ids"][:, :8].contiguous()
    save_file(weights, folder / "weights.safetensors")
    with pytest.raises(HabitusError, match="does not fit the recipe beside it"):
        TrainedModel.load(folder)
