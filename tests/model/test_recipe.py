from pathlib import Path
from typing import Any

import pytest

from habitus.model.recipe import load_recipe, parse_recipe, recipe_names
from habitus.testing.conformance import RecipeConformance, tiny
from habitus.types import HabitusError


class TestDefault(RecipeConformance):
    def make(self) -> Any:
        return tiny("default", {"mix.width": 32})


class TestSasrec(RecipeConformance):
    def make(self) -> Any:
        return tiny("sasrec", {"mix.width": 32, "training.epochs": 60})


class TestSasrecCe(RecipeConformance):
    def make(self) -> Any:
        return tiny("sasrec-ce", {"mix.width": 32})


class TestGsasrec(RecipeConformance):
    def make(self) -> Any:
        return tiny(
            "gsasrec", {"mix.width": 32, "objective.negatives.count": 16, "training.epochs": 90}
        )


class TestGru4rec(RecipeConformance):
    def make(self) -> Any:
        return tiny("gru4rec", {"objective.negatives.count": 16})


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_is_valid_and_names_its_source(name: str) -> None:
    recipe = load_recipe(name)
    assert recipe.name == name
    assert len(recipe.source) > 20


def test_a_wrong_name_gets_the_nearest_right_one() -> None:
    with pytest.raises(HabitusError, match=r"no recipe 'sasrek'.*Did you mean 'sasrec'"):
        load_recipe("sasrek")


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("mix.dropuot", r"mix\.attention\.dropuot is not a key; did you mean 'dropout'"),
        ("lenght", r"lenght is not a key; did you mean 'length'"),
        ("training.epoch", r"training\.epoch is not a key; did you mean 'epochs'"),
    ],
)
def test_a_wrong_key_is_named_with_the_nearest_right_one(key: str, message: str) -> None:
    with pytest.raises(HabitusError, match=message):
        load_recipe("sasrec", {key: 1})


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("dim", 0, "dim"),
        ("mix.dropout", 1.0, r"mix\.attention\.dropout"),
        ("training.learning_rate", -1, r"training\.learning_rate"),
        ("mix.kind", "lstm", "mix"),
        ("dim", 15, "dim 15 is not divisible by mix.heads 2"),
    ],
)
def test_a_wrong_value_is_refused_and_named(key: str, value: Any, message: str) -> None:
    with pytest.raises(HabitusError, match=message):
        load_recipe("default", {key: value})


def test_time_parts_that_act_on_attention_are_refused_without_it() -> None:
    with pytest.raises(HabitusError, match="'rotary' acts on attention, and mix 'gru' has none"):
        load_recipe("gru4rec", {"time": [{"kind": "gaps"}, {"kind": "rotary"}]})


def test_overrides_reach_into_lists() -> None:
    recipe = load_recipe("default", {"time.0.base": 10.0})
    assert recipe.time[0].model_dump() == {"kind": "rotary", "base": 10.0}


def test_a_file_is_read_and_its_faults_are_named(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    with pytest.raises(HabitusError, match="no recipe file"):
        load_recipe(path)
    path.write_text("name = ", encoding="utf-8")
    with pytest.raises(HabitusError, match=r"own\.toml is not valid TOML"):
        load_recipe(path)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(HabitusError, match=r"Recipe here: .*source: Field required"):
        parse_recipe({"name": "x"}, "here")


def test_what_a_recipe_changes_on_sparse_data() -> None:
    recipe = load_recipe("default", {"sparse": {"dim": 8, "mix.dropout": 0.5}})
    assert recipe.resolved(1000.0).dim == recipe.dim
    sparse = recipe.resolved(1.0)
    assert (sparse.dim, sparse.mix.dropout) == (8, 0.5)
    assert not sparse.sparse  # nothing is left to decide


def test_a_wrong_key_for_sparse_data_is_refused_at_once() -> None:
    with pytest.raises(HabitusError, match=r"dropuot is not a key; did you mean 'dropout'"):
        load_recipe("default", {"sparse": {"mix.dropuot": 0.5}})
