"""A backup taken under load is whole, and holds everything acknowledged before it began."""

import itertools
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from habitus.events import backup as module
from habitus.events import schema
from habitus.events.backup import backup, verified
from habitus.events.restoring import restore
from habitus.events.store import Store
from habitus.types import Event, HabitusError

TIME = 1_700_000_000_000_000


def observe(store: Store, *numbers: int) -> None:
    store.observe(
        [Event(f"u{n % 7}", "view", TIME + n, item_id=f"i{n % 5}", text="x" * 500, event_id=f"e{n}")
         for n in numbers]
    )  # fmt: skip


def test_under_load_it_ends_and_holds_what_came_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STEP", 5)
    steps: list[tuple[float, float | None]] = []
    written, stop = itertools.count(2_000), threading.Event()
    with Store.open(tmp_path / "store") as store:
        observe(store, *range(2_000))
        acknowledged: list[int] = []

        def load() -> None:
            with Store.open(tmp_path / "store") as other:
                while not stop.is_set():
                    number = next(written)
                    observe(other, number)
                    acknowledged.append(number)

        def tell(label: str, done: float, total: float | None, *_: object) -> None:
            if label == "Copying the log":
                steps.append((done, total))
                before = len(acknowledged)
                while len(steps) < 5 and len(acknowledged) == before:  # somebody wrote meanwhile
                    threading.Event().wait(0.001)

        writer = threading.Thread(target=load)
        writer.start()
        try:
            store.backup(tmp_path / "copy", tell)
        finally:
            stop.set()
            writer.join()
        assert len(steps) > 10
        assert steps[-1][0] == steps[-1][1]
    restore(tmp_path / "copy", tmp_path / "again")
    with Store.open(tmp_path / "again", create=False) as again:
        assert again.check().problems == ()
        assert 2_000 <= again.event_count < 2_000 + len(acknowledged)
        assert {f"e{n}" for n in range(2_000)} <= {
            event.event_id for user in range(7) for event in again.history(f"u{user}")
        }


def models(folder: Path) -> None:
    model = folder / "models" / "default" / "default"
    model.mkdir(parents=True)
    (model / "weights").write_bytes(b"w")
    (folder / "models" / "default" / "CURRENT").write_text("default")
    (folder / "models" / "default" / ".training-default").mkdir()
    (folder / "models" / "default" / ".training-default" / "half").write_bytes(b"h")


def test_it_holds_the_models_and_the_list_and_says_what_it_is(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", clock=lambda: TIME) as store:
        observe(store, 1)
        models(store.folder)
        store.forget("u1")
        store.backup(tmp_path / "copy")
    names = sorted(
        path.relative_to(tmp_path / "copy").as_posix()
        for path in (tmp_path / "copy").rglob("*")
        if path.is_file()
    )
    assert names == [
        "backup.json",
        "events.sqlite",
        "forgotten.jsonl",
        "models/default/CURRENT",
        "models/default/default/weights",
    ]
    facts = verified(tmp_path / "copy")
    assert (facts["version"], facts["made_at"]) == (schema.VERSION, TIME)
    [line] = (tmp_path / "copy" / "forgotten.jsonl").read_text().splitlines()
    entry = json.loads(line)
    assert (entry["workspace"], entry["at"]) == ("default", TIME + 1)  # the event was later
    assert "u1" not in (entry["key"], entry["hash"])
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_nothing_is_left_of_one_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(module, "sync_tree", full)
    with (
        Store.open(tmp_path / "store") as store,
        pytest.raises(HabitusError, match=r"could not be written .No space"),
    ):
        store.backup(tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_copy_that_is_not_whole_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Torn:
        def __init__(self, raw: Any) -> None:
            self._raw = raw

        def execute(self, sql: str) -> Any:
            return self._raw.execute(sql)

        def backup(self, copy: Any, **options: Any) -> None:
            self._raw.backup(copy)
            copy.execute("PRAGMA writable_schema=ON")
            copy.execute("UPDATE sqlite_master SET rootpage = 3 WHERE name = 'users_by_user_id'")
            copy.commit()
            copy.execute("PRAGMA writable_schema=RESET")

    driver = module.driver
    monkeypatch.setattr(module, "driver", lambda connection: Torn(driver(connection)))
    with Store.open(tmp_path / "store") as store:
        observe(store, *range(10))
        with pytest.raises(HabitusError, match="did not pass the integrity check"):
            store.backup(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_it_replaces_nothing(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    with Store.open(tmp_path / "store") as store:
        with pytest.raises(HabitusError, match="exists already"):
            store.backup(tmp_path / "copy")
        with pytest.raises(HabitusError, match="no folder"):
            store.backup(tmp_path / "nowhere" / "copy")


def test_a_server_is_backed_up_by_its_own_tools(tmp_path: Path) -> None:
    class Server:
        pass

    with pytest.raises(HabitusError, match="pg_dump"):
        backup(Server(), tmp_path, tmp_path / "copy", TIME)  # type: ignore[arg-type]
