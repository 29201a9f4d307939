"""A restored store is what it was, without those who were forgotten since."""

from pathlib import Path

import pytest

from habitus.events.restoring import restore
from habitus.events.store import Store
from habitus.types import Event, HabitusError, User

TIME = 1_700_000_000_000_000
NOW = 1_750_000_000_000_000


def event(user: str, at: int = 0) -> Event:
    return Event(user, "view", TIME + at, item_id=f"item-of-{user}", event_id=f"{user}-{at}")


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A store with three users, and its backup beside it."""
    with Store.open(tmp_path / "store", clock=lambda: NOW) as store:
        store.observe([event(user, at) for user in ("ann", "bob", "cid") for at in range(3)])
        store.put_users([User("bob", {"plan": "free"})])
        store.pages.keep("p", "ann", "x")
        store.workers.beat("w", None)
        store.backup(tmp_path / "copy")
        store.workers.drop("w")
    return tmp_path / "copy"


def people(folder: Path) -> list[str]:
    with Store.open(folder, create=False) as store:
        assert store.check().problems == ()
        return [user.user_id for user in store.users()]


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_it_is_what_it_was(saved: Path, tmp_path: Path) -> None:
    assert restore(saved, tmp_path / "again") == 0
    with Store.open(tmp_path / "store") as store, Store.open(tmp_path / "again") as again:
        assert again.fingerprint() == store.fingerprint()
        assert again.workers.alive(10**18) == []
        assert again.observe(event("ann")).duplicates == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "copy", "store"]


def test_those_forgotten_since_stay_forgotten(saved: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", clock=lambda: NOW) as store:
        store.forget("bob")
        store.observe(event("new"))
    assert restore(saved, tmp_path / "store", replace=True, clock=lambda: NOW) == 1
    assert people(tmp_path / "store") == ["ann", "cid"]
    assert b"bob" not in bytes_of(tmp_path / "store")
    with Store.open(tmp_path / "store") as store:
        assert store.observe([event("bob")]).forgotten == 1
        assert [item.item_id for item in store.items()] == ["item-of-ann", "item-of-cid"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "store"]


def test_keys_revoked_since_stay_revoked(tmp_path: Path) -> None:
    folder, copy = tmp_path / "store", tmp_path / "copy"
    with Store.open(folder) as store:
        stolen_id, stolen = store.keys.make("default", ["read"], "stolen")
        _, kept = store.keys.make("default", ["read"], "kept")
        store.backup(copy)
        store.keys.revoke(stolen_id)
        revoked_at = store.keys.list()[0].revoked_at
    restore(copy, folder, replace=True)
    with Store.open(folder) as store:
        assert store.keys.find(stolen) is None
        assert store.keys.list()[0].revoked_at == revoked_at
        assert store.keys.find(kept) is not None
    restore(copy, tmp_path / "elsewhere")  # where nothing is replaced, nothing says so
    with Store.open(tmp_path / "elsewhere") as store:
        assert store.keys.find(stolen) is not None


def test_a_list_in_a_file_ends_keys_too(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", clock=lambda: NOW) as store:
        key_id, stolen = store.keys.make("default", ["read"])
        _, kept = store.keys.make("default", ["read"])
        store.backup(tmp_path / "backup")
        store.keys.revoke(key_id)
        (tmp_path / "list").write_text("\n".join(store.forgotten_list()) + "\n")
    assert stolen not in (tmp_path / "list").read_text()
    restore(tmp_path / "backup", tmp_path / "again", listed=tmp_path / "list")
    with Store.open(tmp_path / "again") as again:
        assert again.keys.find(stolen) is None
        assert again.keys.find(kept) is not None
        assert {one.key_id: one.revoked_at for one in again.keys.list()}[key_id] == NOW


def test_a_list_in_a_file_counts_too(saved: Path, tmp_path: Path) -> None:
    with (
        Store.open(tmp_path / "store", clock=lambda: NOW) as store,
        Store.open(tmp_path / "store", "other", clock=lambda: NOW) as other,
    ):
        store.forget("cid")
        other.forget("ann")
        (tmp_path / "list").write_text("\n".join(store.forgotten_list()) + "\n")
    assert restore(saved, tmp_path / "again", listed=tmp_path / "list") == 1
    assert people(tmp_path / "again") == ["ann", "bob"]
    with Store.open(
        tmp_path / "again", "other"
    ) as other:  # also where the backup had no such tenant
        assert other.observe([event("ann")]).forgotten == 1


def test_who_came_back_since_keeps_what_is_later(saved: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", clock=lambda: TIME + 1) as store:
        store.put_users([User("dan")])
        store.observe(event("dan"))
        (tmp_path / "list").write_text("")
        with Store.open(tmp_path / "away", clock=lambda: TIME + 1) as away:
            away.forget("bob")
            listed = away.forgotten_list()
    (tmp_path / "list").write_text("\n".join(listed))
    restore(saved, tmp_path / "again", listed=tmp_path / "list")
    with Store.open(tmp_path / "again") as again:
        assert [each.timestamp for each in again.history("bob")] == [TIME + 2]
        assert again.user_state("bob").attributes == {}
        assert again.check().problems == ()


def test_what_is_there_is_not_replaced_unasked(saved: Path, tmp_path: Path) -> None:
    before = bytes_of(tmp_path / "store")
    with pytest.raises(HabitusError, match=r"not empty.*--replace"):
        restore(saved, tmp_path / "store")
    assert bytes_of(tmp_path / "store") == before
    (tmp_path / "empty").mkdir()
    restore(saved, tmp_path / "empty")


def test_a_store_at_work_is_not_replaced(saved: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", clock=lambda: NOW) as store:
        store.workers.beat("w", None)
    with pytest.raises(HabitusError, match="A server works"):
        restore(saved, tmp_path / "store", replace=True, clock=lambda: NOW + 1_000)
    assert restore(saved, tmp_path / "store", replace=True, clock=lambda: NOW + 10**9) == 0


def test_a_store_whose_list_cannot_be_read_is_not_replaced(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "store" / "events.sqlite").write_bytes(b"not a database, far from it" * 100)
    with pytest.raises(HabitusError, match=r"list of forgotten users.*cannot be read"):
        restore(saved, tmp_path / "store", replace=True)


@pytest.mark.parametrize("name", ["events.sqlite", "forgotten.jsonl"])
def test_a_backup_that_changed_is_refused(saved: Path, tmp_path: Path, name: str) -> None:
    with (saved / name).open("ab") as opened:
        opened.write(b"!")
    with pytest.raises(HabitusError, match=f"{name} of the backup .* not as it was written"):
        restore(saved, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HabitusError, match="is no backup"):
        restore(tmp_path, tmp_path / "again")


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "{}",
        "[]",
        '{"workspace": "w", "key": "zz", "hash": "", "at": 1}',
        '{"key_id": "k"}',
        '{"key_id": "k", "revoked_at": "soon"}',
    ],
)
def test_what_is_no_list_is_refused(saved: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "list").write_text(text)
    with pytest.raises(HabitusError, match="is no list"):
        restore(saved, tmp_path / "again", listed=tmp_path / "list")


def test_a_swap_that_fails_leaves_the_old_store(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def fails(self: Path, target: Path) -> Path:
        if target == tmp_path / "store" and "replaced" not in self.name:
            raise OSError("The disk went away")
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fails)
        with pytest.raises(OSError, match="went away"):
            restore(saved, tmp_path / "store", replace=True)
    assert people(tmp_path / "store") == ["ann", "bob", "cid"]
