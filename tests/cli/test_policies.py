"""The policy of a workspace on the command line: shown, switched, taken from a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import habitus

Run = Callable[..., Any]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A store whose items have a sensitive attribute, a harmless one and one nobody knows."""
    folder = tmp_path / "shelf"
    attributes = {"religion": "any", "genre": "crime", "zorp": "a"}
    with habitus.open(folder) as engine:
        engine.put_items([{"item_id": "one", "text": "One", "attributes": attributes}])
    return folder


def policy(run: Run, store: Path, *words: object) -> dict[str, Any]:
    ran = run("policy", store, "--json", *words)
    assert ran.status == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_nothing_is_allowed_at_first_and_the_unknown_waits(run: Run, shelf: Path) -> None:
    found = policy(run, shelf)
    assert found["policy"] == {
        "allow_stated_sensitive": False,
        "inferred": {},
        "llm": False,
        "llm_sensitive": False,
        "marked": {},
    }
    assert found["unreviewed"] == ["zorp"]
    ran = run("policy", shelf)
    rows = [line.split() for line in ran.out.splitlines()]
    assert [row[-1] for row in rows if row[:1] in (["keep"], ["send"])] == ["no"] * 3
    assert ran.out.split("Not judged yet")[1].split()[1] == "zorp"
    assert "--mark zorp=CATEGORY" in ran.err


def test_switches_stay_as_they_were_set(run: Run, shelf: Path) -> None:
    policy(run, shelf, "--llm", "--allow-stated-sensitive")
    policy(run, shelf, "--no-llm", "--llm-sensitive")
    kept = policy(run, shelf)["policy"]
    assert (kept["llm"], kept["llm_sensitive"], kept["allow_stated_sensitive"]) == (
        False,
        True,
        True,
    )


def test_a_judged_attribute_waits_no_longer(run: Run, shelf: Path) -> None:
    found = policy(run, shelf, "--mark", "zorp=none", "--mark", "genre=crime=crime")
    assert found["unreviewed"] == []
    assert found["policy"]["marked"] == {"zorp": "none", "genre=crime": "crime"}
    ran = run("policy", shelf)
    assert "Judged" in ran.out
    assert "Every attribute of the items is judged." in ran.out


@pytest.mark.parametrize(
    ("mark", "said"), [("zorp", "ATTRIBUTE=CATEGORY"), ("zorp=secret", "no sensitive category")]
)
def test_a_mark_that_is_none_changes_nothing(run: Run, shelf: Path, mark: str, said: str) -> None:
    ran = run("policy", shelf, "--llm", "--mark", mark)
    assert ran.status == 1
    assert said in ran.err
    assert policy(run, shelf)["policy"]["llm"] is False


def test_a_file_is_the_whole_policy(run: Run, shelf: Path, tmp_path: Path) -> None:
    policy(run, shelf, "--llm")
    path = tmp_path / "policy.json"
    path.write_text('{"inferred": {"religion": "a shop of devotional books"}}', encoding="utf-8")
    kept = policy(run, shelf, "--set", path)["policy"]
    assert kept["inferred"] == {"religion": "a shop of devotional books"}
    assert kept["llm"] is False
    assert "a shop of devotional books" in run("policy", shelf).out


@pytest.mark.parametrize("content", [None, "{", "[]", '{"llm": 1}', '{"all": true}'])
def test_a_file_that_is_no_policy_is_refused(
    run: Run, shelf: Path, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "policy.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    ran = run("policy", shelf, "--set", path)
    assert ran.status == 1
    assert "Traceback" not in ran.err
    assert ran.err
