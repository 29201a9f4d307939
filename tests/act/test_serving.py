"""What serves is renewed beside the requests, which what served before answers meanwhile."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from habitus.act.models import ModelFolder
from habitus.act.ready import Ready
from habitus.act.serving import Serving
from habitus.events.store import Store
from habitus.testing.follow_on import FollowOn
from habitus.types import DAY, SECOND, Event, EventType, HabitusError, Item, Role

START = 20_000 * DAY


class Shelf:
    """Models of a store, and how often one was loaded and attached. Loading may be held up."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.models = ModelFolder(store.folder / "models" / store.workspace)
        self.open = threading.Event()
        self.open.set()
        self.loaded: list[str] = []
        self.attached = 0

    def publish(self, name: str) -> None:
        catalogue = self.store.catalogue()
        self.models.publish(FollowOn.fit(self.store.histories(catalogue), catalogue), name)

    def serving(self, at_once: float) -> Serving:
        return Serving(self.store, self.models, self._load, at_once=at_once)

    def spoil(self, name: str) -> None:
        (self.models.folder / name / "pairs.npy").write_bytes(b"spoilt")

    def _load(self, folder: Path) -> FollowOn:
        assert self.open.wait(60)
        self.loaded.append(folder.name)
        found = FollowOn.load(folder)
        shelf = self

        class Counted(FollowOn):
            def attach(self, catalogue: object) -> FollowOn:
                shelf.attached += 1
                return found.attach(catalogue)  # type: ignore[arg-type]

        return Counted(found.item_ids, found.pairs, found.counts)


@pytest.fixture
def shelf(store: Store) -> Shelf:
    made = Shelf(store)
    made.publish("first")
    return made


def free(ready: Ready) -> set[str]:
    """The items that can be had."""
    catalogue = ready.catalogue
    return {catalogue.item_ids[row] for row in ready.available.nonzero()[0]}


def test_another_model_is_loaded_beside_the_requests(shelf: Shelf) -> None:
    serving = shelf.serving(at_once=60)
    assert serving.ready().served.name == "first"
    shelf.open.clear()
    shelf.publish("second")
    for _ in range(5):
        assert serving.ready().served.name == "first"
    shelf.open.set()
    serving.close()
    assert serving.ready().served.name == "second"
    assert shelf.loaded == ["first", "second"]
    assert serving.info().model == "second"
    assert serving.info().content == shelf.models.content("second")


def test_warming_lets_the_old_one_answer_until_the_new_one_is_ready(shelf: Shelf) -> None:
    serving = shelf.serving(at_once=60)
    serving.ready()
    shelf.open.clear()
    shelf.publish("second")
    warming = threading.Thread(target=serving.warm)
    warming.start()
    assert serving.ready().served.name == "first"
    assert serving.info().model == "first"
    shelf.open.set()
    warming.join()
    assert serving.ready().served.name == "second"
    serving.close()
    assert shelf.loaded == ["first", "second"]


def test_what_was_checked_is_not_read_again(shelf: Shelf) -> None:
    serving = shelf.serving(at_once=60)
    serving.ready()
    shelf.publish("second")
    shelf.models.activate("first")
    serving.check("second")
    shelf.models.activate("second")
    assert serving.warm().served.name == "second"
    assert shelf.loaded == ["first", "second"]


def test_a_broken_model_is_refused_and_the_old_one_serves_on(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    serving = shelf.serving(at_once=60)
    serving.ready()
    shelf.publish("second")
    shelf.spoil("second")
    for _ in range(2):
        with pytest.raises(HabitusError, match=r"not those that were published.*'first' serves on"):
            serving.warm()
    assert serving.ready().served.name == "first"
    assert "not those that were published" in serving.info().refused
    assert serving.info().model == "first"
    assert "refused" in caplog.text
    with pytest.raises(HabitusError, match="not those that were published"):
        serving.check("second")
    shelf.models.activate("first")
    assert serving.warm().served.name == "first"
    assert serving.info().refused == ""


def test_a_refused_model_does_not_keep_new_items_out(shelf: Shelf) -> None:
    serving = shelf.serving(at_once=60)
    serving.ready()
    shelf.publish("second")
    shelf.spoil("second")
    with pytest.raises(HabitusError):
        serving.warm()
    shelf.store.put_items([Item("new")])
    assert "new" in free(serving.ready())
    assert serving.ready().served.name == "first"


def test_a_model_that_was_mended_is_taken_by_warming(shelf: Shelf) -> None:
    serving = shelf.serving(at_once=60)
    serving.ready()
    shelf.publish("second")
    good = (shelf.models.folder / "second" / "pairs.npy").read_bytes()
    shelf.spoil("second")
    with pytest.raises(HabitusError):
        serving.warm()
    (shelf.models.folder / "second" / "pairs.npy").write_bytes(good)
    assert serving.ready().served.name == "first"  # a request does not read it again
    assert serving.warm().served.name == "second"


@pytest.mark.parametrize("file", ["pairs.npy", "report.json", "serving.json"])
def test_a_folder_without_a_file_is_refused(shelf: Shelf, file: str) -> None:
    (shelf.models.folder / "first" / file).unlink()
    with pytest.raises(HabitusError, match="published"):
        shelf.serving(at_once=60).ready()


def test_unreadable_files_are_a_clear_error_too(shelf: Shelf) -> None:
    (shelf.models.folder / "first" / "report.json").write_text("{")
    with pytest.raises(HabitusError, match="'first' cannot be read"):
        shelf.serving(at_once=60).ready()


def test_what_can_be_had_changes_at_once_and_attaches_nothing(shelf: Shelf) -> None:
    serving = shelf.serving(at_once=60)
    before = serving.ready()
    shelf.store.set_available(["b"], False)
    after = serving.ready()
    assert free(before) - free(after) == {"b"}
    assert after.served is before.served
    assert after.catalogue_revision == before.catalogue_revision
    assert after.catalogue is before.catalogue
    shelf.store.set_available(["b"], True)
    assert free(serving.ready()) == free(before)
    assert shelf.attached == 1
    assert serving.ready().catalogue is before.catalogue  # nor are the items read again
    shelf.store.set_available(["b"], False)
    assert free(before) - free(serving.warm()) == {"b"}


def test_another_model_knows_what_can_be_had(shelf: Shelf) -> None:
    serving = shelf.serving(at_once=60)
    before = serving.ready()
    shelf.store.set_available(["b"], False)
    shelf.publish("second")
    after = serving.warm()
    assert after.served.name == "second"
    assert free(before) - free(after) == {"b"}


def test_new_items_and_roles_make_states_anew(shelf: Shelf) -> None:
    serving = shelf.serving(at_once=60)
    revisions = [serving.ready().catalogue_revision]
    shelf.store.put_items([Item("b", text="other")])
    revisions.append(serving.ready().catalogue_revision)
    shelf.store.set_event_types([EventType("view", Role.NEGATIVE)])
    revisions.append(serving.ready().catalogue_revision)
    shelf.store.put_items([Item("b", text="other", attributes={"kind": "x"})])
    revisions.append(serving.ready().catalogue_revision)
    shelf.store.put_items([Item("b", text="other", attributes={"kind": "x"}, numbers={"n": 1})])
    revisions.append(serving.ready().catalogue_revision)
    assert sorted(set(revisions)) == revisions
    assert shelf.attached == 5
    assert shelf.loaded == ["first"]


def test_where_attaching_takes_long_new_items_come_beside_the_requests(shelf: Shelf) -> None:
    serving = shelf.serving(at_once=0)
    before = serving.ready()
    shelf.store.put_items([Item("new"), Item("b", available=False)])
    during = serving.ready()
    assert during.catalogue is before.catalogue  # either resting, or at work beside
    assert free(before) - free(during) == {"b"}  # which did not wait
    serving.warm()
    assert free(serving.ready()) == (free(before) | {"new"}) - {"b"}
    serving.close()
    assert shelf.attached == 2


def test_a_new_item_that_is_named_is_waited_for(shelf: Shelf) -> None:
    serving = shelf.serving(at_once=0)
    serving.ready()
    shelf.store.put_items([Item("new")])
    assert "new" in serving.ready(["a", "new"]).catalogue.rows
    assert shelf.attached == 2
    assert not serving.lacks(["a", "new"])
    assert serving.lacks(["a", "newer"])
    shelf.store.put_items([Item("newer")])
    assert "newer" not in serving.ready(["unheard-of"]).catalogue.rows  # for that nobody waits
    serving.close()


def test_who_names_what_takes_too_long_to_work_in_is_told_so(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("habitus.act.serving.PATIENCE", 0.01)
    serving = shelf.serving(at_once=60)
    serving.ready()
    shelf.open.clear()
    shelf.publish("second")
    shelf.store.put_items([Item("new")])
    serving.ready()  # begins to load the other model, which does not end
    with pytest.raises(HabitusError, match=r"'new' is new.*Ask again"):
        serving.ready(["new"])
    shelf.open.set()
    serving.close()
    assert "new" in serving.ready(["new"]).catalogue.rows


def test_requests_at_the_same_time_make_one_picture(shelf: Shelf) -> None:
    serving = shelf.serving(at_once=60)
    serving.ready()
    shelf.store.put_items([Item("new")])
    together = threading.Barrier(8)
    found: list[Ready] = []

    def ask() -> None:
        together.wait()
        found.append(serving.ready())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all("new" in free(ready) for ready in found)
    assert shelf.attached == 2


def test_without_a_model_popularity_is_counted_beside_the_requests(store: Store) -> None:
    shelf = Shelf(store)
    serving = shelf.serving(at_once=0)
    assert serving.ready().served.name == "popularity"
    assert serving.info().model is None
    store.observe([Event("u", "view", START + (90 + n) * SECOND, item_id="e") for n in range(9)])
    assert serving.warm().popular.argmax() == store.catalogue().row("e")
    store.set_available(["e"], False)
    assert "e" not in free(serving.ready())
    serving.close()


def test_nothing_is_said_before_the_first_question(shelf: Shelf) -> None:
    serving = shelf.serving(at_once=60)
    assert serving.now() is None
    assert serving.info().model is None
    assert serving.warm() is serving.now()
    assert serving.info().model == "first"
    assert serving.info().catalogue_revision == shelf.store.catalogue_revision()
