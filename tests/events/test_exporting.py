"""An export holds every record about a user, and none about anybody else."""

import json
from pathlib import Path

import pytest

from habitus.events import exporting
from habitus.events.importing import EventOptions, import_files
from habitus.events.store import Store
from habitus.types import Event, Item, ScoredItem, Slate, User

TIME = 1_700_000_000_000_000


def shown(user: str, request_id: str, *items: str) -> Slate:
    scored = tuple(ScoredItem(item, 0.5) for item in items)
    return Slate(user, scored, "m", TIME, request_id=request_id)


def test_everything_about_one_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "PAGE", 2)
    log = tmp_path / "log.csv"
    log.write_text("user_id,item_id,timestamp\nu,i,never\nv,i,never\nv,i,2023-11-01T00:00:00Z\n")
    with Store.open(tmp_path / "store") as store:
        store.put_items([Item("i"), Item("j")])
        store.put_users([User("u", {"plan": "free"}, "UTC"), User("v")])
        store.observe([Event(user, "view", TIME + at, text=f"said-by-{user}")
                       for user in "uv" for at in range(5)])  # fmt: skip
        for at in range(5):
            store.slates.add(shown("u", f"u{at}", "j", "i"))
            store.slates.add(shown("v", f"v{at}", "i"))
        store.slates.drain()
        store.pages.keep("p", "u", "ranked")
        import_files(store, [log], options=EventOptions())
        records = list(store.export("u"))
        assert json.loads(json.dumps(records, allow_nan=False)) is not None
        kinds = [record["kind"] for record in records]
        assert kinds == ["user", *["event"] * 5, *["slate"] * 5, "page", "rejected"]
        assert records[0]["attributes"] == {"plan": "free"}
        assert [record["timestamp"] for record in records[1:6]] == [
            TIME + at for at in (4, 3, 2, 1, 0)
        ]
        assert [record["request_id"] for record in records[6:11]] == [f"u{at}" for at in range(5)]
        assert [item["item_id"] for item in records[6]["items"]] == ["j", "i"]
        assert "said-by-v" not in json.dumps(records)
        assert list(store.export("nobody")) == []
        store.forget("u")
        assert list(store.export("u")) == []
        assert len(list(store.export("v"))) == 1 + 6 + 5 + 1
