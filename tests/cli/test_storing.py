"""Status, fingerprint and the list of public data sets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_status_says_what_is_there(run: Run, store: Path) -> None:
    ran = run("status", store)
    assert ran.status == 0
    assert "10 users" in ran.out
    assert "30 events" in ran.out


def test_a_fingerprint_is_one_line_and_repeats(run: Run, store: Path) -> None:
    ran = run("fingerprint", store)
    assert ran.status == 0
    assert len(ran.out.splitlines()) == 1
    assert run("fingerprint", store).out == ran.out


def test_workspaces_are_apart(run: Run, store: Path) -> None:
    ran = run("status", store, "--workspace", "other")
    assert "30 events" not in ran.out


def test_public_data_sets_are_listed(run: Run) -> None:
    ran = run("datasets")
    assert ran.status == 0
    for name in ("movielens-1m", "amazon-beauty", "globo-news"):
        assert name in ran.out


def test_an_unknown_data_set_names_the_nearest(run: Run, tmp_path: Path) -> None:
    ran = run("datasets", "load", "movielens-1k", tmp_path / "store")
    assert ran.status == 1
    assert "movielens-1" in ran.err
