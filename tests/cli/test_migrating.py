"""`habitus migrate`, and every other command on a store in PostgreSQL."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from habitus.testing.postgres import Place

Run = Callable[..., Any]


def test_a_store_moves_to_another_folder(run: Run, store: Path, tmp_path: Path) -> None:
    ran = run("migrate", store, tmp_path / "new")
    assert ran.status == 0, ran.err
    assert "30 of them events" in ran.out
    before, after = run("fingerprint", store), run("fingerprint", tmp_path / "new")
    assert before.out == after.out
    assert before.out.strip() in ran.out
    again = run("migrate", store, tmp_path / "new")
    assert again.status == 1
    assert "already" in again.err


@pytest.mark.postgres
def test_a_store_moves_to_postgres_and_back(
    run: Run, store: Path, tmp_path: Path, postgres: Place
) -> None:
    url = postgres()
    assert run("migrate", store, url, "--models", tmp_path / "files").status == 0
    for command in (("status", url), ("recommend", url, "c1"), ("fingerprint", url)):
        ran = run(*command)
        assert ran.status == 0, ran.err
        assert "p%40ss" not in ran.out + ran.err
    back = run("migrate", url, tmp_path / "back")
    assert back.status == 0, back.err
    assert run("fingerprint", tmp_path / "back").out == run("fingerprint", store).out


@pytest.mark.postgres
def test_a_store_in_postgres_is_imported_into(run: Run, log: Path, postgres: Place) -> None:
    fields = ("user_id=customer", "item_id=thing", "timestamp=when", "value=stars")
    options = [word for pair in fields for word in ("--map", pair)]
    ran = run("import", postgres(), log, *options, "--event-type", "buy")
    assert ran.status == 0, ran.err
    assert "30 rows of 31 taken in" in ran.out
    assert "habitus status postgresql://habitus@" in ran.out + ran.err
    assert "p%40ss" not in ran.out + ran.err


def test_an_address_that_is_none_is_refused(run: Run) -> None:
    ran = run("status", "mysql://user:secret@host/database")
    assert ran.status == 1
    assert "neither a folder nor the URL" in ran.err
    assert "secret" not in ran.err
