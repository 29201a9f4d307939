"""Keys, deletions, backups, checks and retention from the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from habitus.events.store import Store

Run = Callable[..., Any]


def test_a_key_is_printed_once_listed_and_revoked(run: Run, store: Path) -> None:
    made = run("keys", "make", store, "--scope", "read", "--scope", "write", "--label", "web")
    assert made.status == 0
    secret = made.out.strip()
    assert secret.startswith("hk_")
    listed = run("keys", "list", store)
    assert secret not in listed.out + listed.err
    assert "read write" in listed.out
    with Store.open(store) as opened:
        key = opened.keys.find(secret)
        assert key is not None
        assert key.label == "web"
    assert "is revoked" in run("keys", "revoke", store, key.key_id).err
    assert "revoked before" in run("keys", "revoke", store, key.key_id).err
    with Store.open(store) as opened:
        assert opened.keys.find(secret) is None


def test_a_key_may_be_made_to_see_sensitive_matters(run: Run, store: Path) -> None:
    made = run("keys", "make", store, "--scope", "read", "--scope", "sensitive")
    with Store.open(store) as opened:
        key = opened.keys.find(made.out.strip())
    assert key is not None
    assert key.scopes == {"read", "sensitive"}


def test_the_first_key_comes_from_a_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("s3cret-" * 6 + "\n")
    for _ in range(2):
        ran = run("keys", "make", tmp_path / "new", "--scope", "admin", "--from", path)
        assert ran.status == 0
        assert ran.out == ""
    with Store.open(tmp_path / "new") as opened:
        assert len(opened.keys.list()) == 1
    missing = run("keys", "make", tmp_path / "new", "--from", tmp_path / "nowhere")
    assert missing.status == 1
    assert "cannot be read" in missing.err


def test_a_user_is_exported_then_forgotten(run: Run, store: Path) -> None:
    records = [json.loads(line) for line in run("export", store, "c3").out.splitlines()]
    kinds = [record["kind"] for record in records]
    assert kinds[:4] == ["user", "event", "event", "event"]
    assert set(kinds[4:]) <= {"proposition"}
    ran = run("forget", store, "c3")
    assert ran.status == 0
    assert "3 events" in ran.out
    assert run("export", store, "c3").out == ""
    [entry] = [json.loads(line) for line in run("forget", store, "--list").out.splitlines()]
    assert entry["workspace"] == "default"
    assert "c3" not in entry.values()


def test_forgetting_needs_a_user_or_the_list(run: Run, store: Path) -> None:
    for words in ((), ("c3", "--list")):
        ran = run("forget", store, *words)
        assert ran.status == 1
        assert "id of a user, or --list" in ran.err


def test_a_backup_is_restored(run: Run, store: Path, tmp_path: Path) -> None:
    assert run("backup", store, tmp_path / "copy").status == 0
    run("forget", store, "c3")
    refused = run("restore", tmp_path / "copy", store)
    assert refused.status == 1
    assert "--replace" in refused.err
    ran = run("restore", tmp_path / "copy", store, "--replace")
    assert ran.status == 0
    assert "1 users were" in ran.out
    assert "9 users" in run("status", store).out
    listed = tmp_path / "list"
    listed.write_text(run("forget", store, "--list").out)
    again = run("restore", tmp_path / "copy", tmp_path / "new", "--forgotten", listed)
    assert "1 users" in again.out


def test_a_whole_store_passes_the_check(run: Run, store: Path) -> None:
    ran = run("check", store)
    assert ran.status == 0
    assert "The store is whole." in ran.out
    assert "Disk" in ran.out


def test_a_broken_one_does_not(run: Run, store: Path) -> None:
    model = store / "models" / "default" / "film"
    model.mkdir(parents=True)
    (model / "HASH").write_text("0" * 64)
    ran = run("check", store)
    assert ran.status == 1
    assert "model film of the workspace default is not as it was published" in ran.err
    assert "not whole" in ran.err


def test_retention_says_what_it_dropped(run: Run, store: Path) -> None:
    ran = run("retain", store, "--slates", 30, "--rejects", 0)
    assert ran.status == 0
    assert "1 files of rejected rows" in ran.out
    assert run("retain", store, "--slates", -1).status == 1
