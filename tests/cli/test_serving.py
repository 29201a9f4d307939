"""`habitus serve` refuses what would be open to others, and says the mend."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import habitus
from habitus.serve import supervisor
from habitus.serve.settings import Settings

SECRET = "hk_" + "s" * 43


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The settings of the servers that would have run."""
    found: list[Settings] = []

    class Ran:
        def __init__(self, settings: Settings) -> None:
            found.append(settings)

        def run(self, said: Callable[[str], None]) -> None:
            said("http://127.0.0.1:8080")

    monkeypatch.setattr(supervisor, "Supervisor", Ran)
    monkeypatch.setattr("habitus.serve.logs.configure", lambda: None)
    return found


def test_without_keys_it_serves_this_machine_and_says_so(
    run: Any, tmp_path: Path, served: list[Settings]
) -> None:
    ran = run("serve", tmp_path / "store", "--workers", 3)
    assert ran.status == 0, ran.err
    assert "Habitus listens on http://127.0.0.1:8080" in ran.out
    assert "no keys" in ran.err
    (settings,) = served
    assert (settings.open_workspace, settings.workers) == ("default", 3)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "example.com", "192.168.1.4"])
def test_without_keys_no_other_address(
    run: Any, tmp_path: Path, served: list[Settings], host: str
) -> None:
    ran = run("serve", tmp_path / "store", "--host", host)
    assert ran.status == 1
    assert "habitus keys make" in ran.err
    assert served == []


def test_with_a_key_every_call_needs_one_at_any_address(
    run: Any, tmp_path: Path, served: list[Settings]
) -> None:
    (tmp_path / "key").write_text(SECRET + "\n")
    for _ in range(2):  # the second start finds the key
        ran = run(
            "serve", tmp_path / "store", "--host", "0.0.0.0", "--admin-key-file", tmp_path / "key"
        )
        assert ran.status == 0, ran.err
        assert "no keys" not in ran.err
        assert served.pop().open_workspace is None
    assert SECRET not in ran.out + ran.err
    with habitus.open(tmp_path / "store") as engine:
        (key,) = engine.store.keys.list()
        found = engine.store.keys.find(SECRET)
    assert found == key
    assert (key.workspace, key.scopes) == ("default", {"admin"})
    assert run("serve", tmp_path / "store").status == 0
    assert served.pop().open_workspace is None


@pytest.mark.parametrize("content", ["", "password", "hk_short", "hk_" + "x y" * 20, None])
def test_a_file_without_a_key_is_refused(
    run: Any, tmp_path: Path, served: list[Settings], content: str | None
) -> None:
    if content is not None:
        (tmp_path / "key").write_text(content)
    ran = run("serve", tmp_path / "store", "--admin-key-file", tmp_path / "key")
    assert ran.status == 1
    assert "key" in ran.err
    assert served == []


def test_an_encoder_is_passed_on_where_it_can_be_loaded(
    run: Any, tmp_path: Path, served: list[Settings]
) -> None:
    ran = run("serve", tmp_path / "store", "--encoder", tmp_path)
    if ran.status == 1:  # else sentence-transformers is here, which might know such a name
        assert "habitus[text]" in ran.err
        assert served == []
    (tmp_path / "vocab.txt").write_text("a\n")
    ran = run("serve", tmp_path / "store", "--encoder", tmp_path)
    assert ran.status == 0, ran.err
    assert served[-1].encoder == str(tmp_path)
    assert Settings.from_json(served[-1].to_json()) == served[-1]


def test_a_language_model_that_cannot_be_is_refused_at_once(
    run: Any, tmp_path: Path, served: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HABITUS_LLM_BASE_URL", "token-3 is no address")
    ran = run("serve", tmp_path / "store")
    assert ran.status == 1
    assert "HABITUS_LLM_BASE_URL" in ran.err
    assert "token-3" not in ran.err
    assert served == []
