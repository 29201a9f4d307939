"""Recommend, rank and similar: tables, JSON, files, refusals."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def test_recommend_leaves_out_what_was_bought_and_names_the_model(run: Run, store: Path) -> None:
    ran = run("recommend", store, "c0", "-k", "5", "--json")
    assert ran.status == 0, ran.err
    answer = json.loads(ran.out)
    assert answer["model"] == "popularity"
    assert {item["item_id"] for item in answer["items"]} == {"t3", "t4"}


def test_include_seen_brings_it_back(run: Run, store: Path) -> None:
    ran = run("recommend", store, "c0", "-k", "5", "--json", "--include-seen")
    assert len(json.loads(ran.out)["items"]) == 5


def test_a_stranger_is_answered_with_a_note(run: Run, store: Path) -> None:
    ran = run("recommend", store, "nobody", "-k", "2")
    assert ran.status == 0
    assert "Next for nobody" in ran.out
    assert ran.err


def test_everybody_to_a_file(run: Run, store: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"
    ran = run("recommend", store, "--all", "--out", out, "-k", "2")
    assert ran.status == 0, ran.err
    assert "10 users" in ran.out
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert sorted(answer["user_id"] for answer in answers) == [f"c{row}" for row in range(10)]


@pytest.mark.parametrize(
    "words", [[], ["c0", "--all", "--out", "x.csv"], ["--all"], ["c0", "--out", "x.csv"]]
)
def test_it_must_be_clear_for_whom(run: Run, store: Path, words: list[str]) -> None:
    ran = run("recommend", store, *words)
    assert ran.status == 1
    assert "whom" in ran.err


def test_rank_orders_what_was_given(run: Run, store: Path) -> None:
    ran = run("rank", store, "c0", "t3", "t4", "--json")
    assert ran.status == 0, ran.err
    assert {item["item_id"] for item in json.loads(ran.out)["items"]} == {"t3", "t4"}


def test_an_unknown_item_is_a_plain_error(run: Run, store: Path) -> None:
    ran = run("rank", store, "c0", "t99")
    assert ran.status == 1
    assert "'t99'" in ran.err


def test_similar_leaves_out_the_item_itself(run: Run, store: Path) -> None:
    ran = run("similar", store, "t1", "-k", "3", "--json")
    assert ran.status == 0, ran.err
    items = [item["item_id"] for item in json.loads(ran.out)["items"]]
    assert len(items) == 3
    assert "t1" not in items
