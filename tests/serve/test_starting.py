"""The supervisor looks at keys, and loads nothing that answers requests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from habitus.events.store import Store
from habitus.serve import starting
from habitus.serve.settings import Settings
from habitus.serve.starting import has_keys, insist_on_language
from habitus.types import HabitusError

HEAVY = ("torch", "numpy", "scipy", "sklearn", "pyarrow", "duckdb", "fastapi", "uvicorn")
SUPERVISING = f"""
import sys
import habitus.cli
import habitus.serve.starting, habitus.serve.supervisor
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_the_supervisor_loads_nothing_that_answers() -> None:
    found = subprocess.run(
        [sys.executable, "-c", SUPERVISING], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def test_the_key_of_the_file_is_the_stores_from_then_on(tmp_path: Path) -> None:
    settings = Settings(store=str(tmp_path / "store"))
    assert not has_keys(settings, None)
    (tmp_path / "key").write_text("hk_" + "a" * 40 + "\n")
    assert has_keys(settings, tmp_path / "key")
    assert has_keys(settings, None)
    with Store.open(tmp_path / "store", create=False) as store:
        (key,) = store.keys.list()
        assert (key.workspace, key.scopes) == ("default", {"admin"})
        store.keys.revoke(key.key_id)
    assert not has_keys(settings, None)


def test_what_texts_need_is_checked_before_any_worker_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "find_spec", lambda _: None)
    plain = Settings(store="s")
    insist_on_language(plain, {})
    secret = "http://me:token-5@localhost/v1"
    with pytest.raises(HabitusError, match="HABITUS_LLM_BASE_URL") as refused:
        insist_on_language(plain, {"HABITUS_LLM_BASE_URL": secret})
    assert "token-5" not in str(refused.value)
    named = Settings(store="s", encoder=str(tmp_path))
    with pytest.raises(HabitusError, match="not installed"):
        insist_on_language(named, {})
    (tmp_path / "vocab.txt").write_text("a\n")
    insist_on_language(named, {})
    monkeypatch.setattr(starting, "find_spec", lambda _: object())
    insist_on_language(Settings(store="s", encoder="some/name"), {})
