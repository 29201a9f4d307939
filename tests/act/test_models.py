"""Models appear whole or not at all, are found by name, and serve one at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from habitus.act.models import Facts, ModelFolder, content_hash
from habitus.types import HabitusError


class Kept:
    """The part of a model that a folder sees."""

    def __init__(self, weights: str) -> None:
        self.weights = weights
        self.report: dict[str, Any] = {"weights": weights}

    def save(self, folder: Path) -> None:
        (folder / "weights").write_text(self.weights)
        (folder / "report.json").write_text(json.dumps(self.report))

    @classmethod
    def load(cls, folder: Path) -> Kept:
        return cls((folder / "weights").read_text())


class Failing(Kept):
    def save(self, folder: Path) -> None:
        super().save(folder)
        raise OSError("the disk is full")


@pytest.fixture
def models(tmp_path: Path) -> ModelFolder:
    return ModelFolder(tmp_path / "models" / "default")


def test_a_published_model_serves_and_loads(models: ModelFolder) -> None:
    assert models.current() is None
    entry = models.publish(Kept("a"), "first", Facts("keep", {"ü": 2.0}, "log"))
    assert (entry.name, entry.current) == ("first", True)
    assert models.facts("first") == Facts("keep", {"ü": 2.0}, "log")
    assert entry.report == {"weights": "a"}
    assert models.load("first", Kept.load).weights == "a"
    assert entry.content == content_hash(models.folder / "first")


def test_activate_and_roll_back(models: ModelFolder) -> None:
    models.publish(Kept("a"), "first")
    stamp = models.stamp()
    models.publish(Kept("b"), "second")
    assert models.current() == "second"
    assert models.stamp() != stamp
    assert models.rollback() == "first"
    assert models.current() == "first"
    models.activate("second")
    assert [(entry.name, entry.current) for entry in models.entries()] == [
        ("first", False),
        ("second", True),
    ]


def test_nothing_to_roll_back_to(models: ModelFolder) -> None:
    models.publish(Kept("a"), "first")
    with pytest.raises(HabitusError, match="No model served before"):
        models.rollback()


def test_an_unknown_name_says_which_there_are(models: ModelFolder) -> None:
    with pytest.raises(HabitusError, match="None was trained here yet"):
        models.activate("first")
    models.publish(Kept("a"), "first")
    with pytest.raises(HabitusError, match=r"no model 'frist'.*mean 'first'.*There are: first"):
        models.load("frist", Kept.load)


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "a b", "x" * 65, "CURRENT"])
def test_names_stay_inside_the_folder(models: ModelFolder, name: str) -> None:
    with pytest.raises(HabitusError, match="cannot name a model"):
        models.publish(Kept("a"), name)
    with pytest.raises(HabitusError, match="no model"):
        models.activate(name)


def test_a_name_is_never_used_twice(models: ModelFolder) -> None:
    models.publish(Kept("a"), "default")
    with pytest.raises(HabitusError, match="already a model"):
        models.publish(Kept("b"), "default")
    assert models.load("default", Kept.load).weights == "a"
    assert models.free_name("default") == "default-2"
    assert models.free_name("sasrec") == "sasrec"


def test_a_failure_while_saving_leaves_nothing(models: ModelFolder) -> None:
    models.publish(Kept("a"), "first")
    with pytest.raises(OSError, match="disk is full"):
        models.publish(Failing("b"), "second")
    assert models.names() == ["first"]
    assert models.current() == "first"
    assert sorted(found.name for found in models.folder.iterdir()) == ["CURRENT", "first"]


def test_changed_files_are_refused(models: ModelFolder) -> None:
    models.publish(Kept("a"), "first")
    (models.folder / "first" / "weights").write_text("other")
    with pytest.raises(HabitusError, match="not those that were published"):
        models.load("first", Kept.load)


def test_half_done_training_is_kept_for_going_on_with_the_same_data(models: ModelFolder) -> None:
    folder = models.half_done("default", "log 1", resume=False)
    (folder / "state").write_text("half")
    assert (models.half_done("default", "log 1", resume=True) / "state").read_text() == "half"
    with pytest.raises(HabitusError, match="changed since"):
        models.half_done("default", "log 2", resume=True)
    assert not (models.half_done("default", "log 2", resume=False) / "state").exists()
    assert models.names() == []
