"""The list of what has ended, as it is written and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from habitus.events.ended import Ended
from habitus.events.forgotten import Entry
from habitus.events.store import Store
from habitus.types import HabitusError

NOW = 1_750_000_000_000_000
ENTRY = Entry("default", "00ff", "ab", 7)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    ended = Ended((ENTRY, Entry("other", "01", "cd", 8)), {"k2": 9, "k1": 3})
    (tmp_path / "list").write_text("\n".join(ended.lines()))
    assert Ended.read(tmp_path / "list") == ended
    assert list(Ended().lines()) == []


def test_two_lists_are_joined() -> None:
    other = Ended((Entry("other", "01", "cd", 8),), {"k1": 3})
    assert Ended((ENTRY,), {"k2": 9}).joined(other) == Ended(
        (ENTRY, *other.forgotten), {"k1": 3, "k2": 9}
    )


def test_the_list_of_a_store_names_nobody(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", clock=lambda: NOW) as store:
        key_id, secret = store.keys.make("default", ["read"])
        store.keys.revoke(key_id)
        store.observe(
            {"user_id": "token-7a", "event_type": "view", "item_id": "a", "timestamp": NOW - 1}
        )
        store.forget("token-7a")
        lines = store.forgotten_list()
    (tmp_path / "list").write_text("\n".join(lines))
    found = Ended.read(tmp_path / "list")
    assert [each.at for each in found.forgotten] == [NOW]
    assert found.revoked == {key_id: NOW}
    assert "token-7a" not in "".join(lines)
    assert secret not in "".join(lines)


def test_a_file_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(HabitusError, match="is no list"):
        Ended.read(tmp_path / "none")
