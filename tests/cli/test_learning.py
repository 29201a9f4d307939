"""Train, models, recipes and evaluate on a log of a few users."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from habitus.cli.learning import trained_how

Run = Callable[..., Any]


def test_recipes_have_a_source(run: Run) -> None:
    ran = run("recipes")
    assert ran.status == 0
    assert "sasrec" in ran.out
    assert "default" in ran.out


def test_no_model_is_said_so(run: Run, store: Path) -> None:
    ran = run("models", store)
    assert ran.status == 0
    assert "No model" in ran.out


def test_a_trained_model_answers_and_another_can_take_over(run: Run, store: Path) -> None:
    for name in ("first", "second"):
        options = ("--minutes", "0.01", "--threads", "1")
        trained = run("train", store, "--name", name, *options)
        assert trained.status == 0, trained.err
        assert f"Model {name} " in trained.out
    assert json.loads(run("recommend", store, "c0", "--json").out)["model"] == "second"
    listed = run("models", store, "--use", "first")
    assert "*   first" in listed.out
    assert json.loads(run("recommend", store, "c0", "--json").out)["model"] == "first"


def test_an_unknown_recipe_is_refused_with_the_nearest(run: Run, store: Path) -> None:
    ran = run("train", store, "--recipe", "sasrek")
    assert ran.status == 1
    assert "sasrec" in ran.err


def test_evaluate_prints_a_table(run: Run, store: Path) -> None:
    ran = run("evaluate", store, "--recipes", "popularity,item-knn")
    assert ran.status == 0, ran.err
    assert "popularity" in ran.out
    assert "NDCG@10" in ran.out
    assert max(len(line) for line in ran.out.splitlines()) <= 100


def test_evaluate_prints_json_alone(run: Run, store: Path) -> None:
    ran = run("evaluate", store, "--recipes", "popularity, last-items", "--seen", "keep", "--json")
    assert ran.status == 0, ran.err
    found = json.loads(ran.out)
    assert found["seen"] == "keep"
    assert {row["model"] for row in found["groups"][0]["rows"]} == {
        "popularity",
        "last items again",
    }


def test_how_a_model_was_trained_in_words() -> None:
    report = {"recipe": "default", "train_seconds": 65.2, "stopped": "time is up"}
    said = trained_how({**report, "validation_ndcg@10": 0.1234})
    assert said == "recipe default, 1 min 5 s of training, time is up, validation NDCG@10 0.123"
    assert trained_how({"recipe": "default", "validation_ndcg@10": None}) == "recipe default"
