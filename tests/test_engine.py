"""The main job end to end: observe, train, ask, observe again, ask again. Real store, real training."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

import habitus
from habitus import Engine, Event, HabitusError, Item, Slate, User
from habitus.act.asking import Ask, microseconds
from habitus.act.training import recipe
from habitus.evaluate.render import to_text
from habitus.events.datasets import load_dataset
from habitus.model.recipe import Recipe
from habitus.testing.worlds import ordered
from habitus.types import DAY, SECOND

NOW = 30_000 * DAY
TINY: dict[str, object] = {
    "sparse": {},
    "dim": 16,
    "length": 16,
    "items.text_width": 8,
    "mix.width": 32,
    "training.epochs": 8,
    "training.least_steps": 0,
    "training.tokens": 800,
}


def tiny(name: str) -> Recipe:
    from habitus.model.recipe import load_recipe

    return load_recipe(name, TINY if name == "default" else None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which users walk round a ring of items, with a small model trained on it."""
    path = tmp_path_factory.mktemp("engine") / "store"
    world = ordered(users=150, items=30, length=10)
    with habitus.open(path, clock=lambda: NOW) as engine, pytest.MonkeyPatch.context() as patched:
        patched.setattr("habitus.act.learn.recipe", tiny)
        engine.observe(events_of(world.histories.item.reshape(150, 10)))
        engine.put_items(stop(f"i{row:02}", row) for row in range(1, 31))
        engine.train("default", threads=1)
    return path


def stop(item_id: str, row: int, available: bool = True) -> Item:
    return Item(item_id, f"stop {row}", {"zone": f"zone {row % 5}"}, available=available)


def events_of(items: np.ndarray) -> list[Event]:
    return [
        Event(f"u{user:03}", "view", NOW - (20 - place) * DAY + user * SECOND, f"i{row:02}")
        for user, rows in enumerate(items.tolist())
        for place, row in enumerate(rows)
    ]


@pytest.fixture
def engine(folder: Path) -> Iterator[Engine]:
    with habitus.open(folder, clock=lambda: NOW) as opened:
        yield opened


def ids(slate: Slate) -> list[str]:
    return [item.item_id for item in slate.items]


def test_importing_habitus_loads_no_torch() -> None:
    code = (
        "import sys, habitus; from habitus.engine import Engine;"
        "sys.exit('torch' in sys.modules or 'pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_everything_promised_is_there() -> None:
    assert all(hasattr(habitus, name) for name in habitus.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = habitus.nothing


def test_the_answer_says_which_model_made_it(engine: Engine) -> None:
    slate = engine.recommend("u000", k=5)
    assert slate.model == "default"
    assert len(slate.items) == 5
    assert slate.now == NOW
    assert all(item.text == f"stop {int(item.item_id[1:])}" for item in slate.items)
    (entry,) = engine.models()
    assert (entry.name, entry.current) == ("default", True)


def test_an_event_observed_just_now_counts_and_its_deletion_too(engine: Engine) -> None:
    before = engine.recommend("u001")
    chosen = before.items[0].item_id
    engine.observe(Event("u001", "view", NOW - 1, chosen, event_id="just-now"))
    after = engine.recommend("u001")
    assert chosen not in ids(after)
    assert after != before
    assert engine.delete("just-now")
    again = engine.recommend("u001")
    assert ids(again) == ids(before)
    scores = [[item.score for item in slate.items] for slate in (again, before)]
    np.testing.assert_allclose(*scores, rtol=1e-5, atol=1e-5)


def test_stepping_gives_what_a_fresh_look_gives(engine: Engine, folder: Path) -> None:
    engine.recommend("stepper")
    for place, row in enumerate((3, 9, 12, 14, 21)):
        engine.observe(Event("stepper", "view", NOW - (50 - place) * SECOND, f"i{row:02}"))
        stepped = engine.recommend("stepper", k=30)
        with habitus.open(folder, clock=lambda: NOW) as other:
            fresh = other.recommend("stepper", k=30)
        left, right = ({i.item_id: i.score for i in slate.items} for slate in (stepped, fresh))
        assert left.keys() == right.keys()
        np.testing.assert_allclose(
            [left[one] for one in sorted(left)], [right[one] for one in sorted(left)], atol=2e-4
        )


def test_a_new_user_gets_items_at_once_and_others_from_the_first_event_on(engine: Engine) -> None:
    first = engine.recommend("newcomer", k=10)
    assert len(first.items) == 10
    assert "Nothing is known" in first.note
    engine.observe(Event("newcomer", "view", NOW - 1, "i07"))
    second = engine.recommend("newcomer", k=10)
    assert second.note == ""
    assert "i07" not in ids(second)
    assert ids(second) != ids(first)


def test_an_item_that_came_after_training_can_be_recommended(engine: Engine) -> None:
    engine.put_items([stop("i99", 5)])
    assert "i99" in ids(engine.recommend("u002", k=31, exclude_seen=False))
    score = {i.item_id: i.score for i in engine.rank("u002", ["i99", "i05"]).items}
    assert abs(score["i99"]) < 1e6  # scored by what it is, not put last for want of a score


def test_what_cannot_be_had_never_appears(engine: Engine) -> None:
    top = engine.recommend("u003").items[0]
    engine.put_items([stop(top.item_id, int(top.item_id[1:]), available=False)])
    assert top.item_id not in ids(engine.recommend("u003", k=31))
    engine.put_items([stop(top.item_id, int(top.item_id[1:]))])
    assert engine.recommend("u003").items[0].item_id == top.item_id


def test_unknown_items_models_and_recipes_are_clear_errors(engine: Engine) -> None:
    with pytest.raises(HabitusError, match="no item 'nowhere'"):
        engine.similar("nowhere")
    with pytest.raises(HabitusError, match="no item 'nowhere'"):
        engine.rank("u000", ["nowhere"])
    with pytest.raises(HabitusError, match=r"no model 'defualt'.*There are: default"):
        engine.activate("defualt")
    with pytest.raises(HabitusError, match="defualt"):
        engine.train("defualt")
    with pytest.raises(HabitusError, match="already a model"):
        engine.train("default", name="default")


def test_similar_items_are_others(engine: Engine) -> None:
    slate = engine.similar("i04", k=5)
    assert len(slate.items) == 5
    assert "i04" not in ids(slate)
    assert slate.model == "default"


def test_asks_together_are_answered_as_alone(engine: Engine) -> None:
    asks = [
        Ask("u010", 5),
        Ask("u011", 5, exclude_seen=False),
        Ask("nobody", 5),
        Ask("u012", 30, where={"zone": {"in": ["zone 1", "zone 2"]}}),
        Ask("u012", 5, where={"zne": "zone 1"}),
        Ask("u013", 3, now=NOW - 15 * DAY),
        Ask("u010", 3, only=["i01", "i02", "i03"]),
        Ask("u014", 5, exclude_items=["i01", "i02"]),
    ]
    engine.recommend("u014")
    engine.observe(Event("u014", "view", NOW - 1, "i09"))
    together = engine.recommend_many(asks)
    with habitus.open(engine.store.folder, clock=lambda: NOW) as other:
        for ask, answer in zip(asks, together, strict=True):
            [alone] = other.recommend_many([ask])
            if isinstance(alone, HabitusError):
                assert str(alone) == str(answer)
                continue
            assert isinstance(answer, Slate)
            assert ids(answer) == ids(alone)
            assert (answer.model, answer.now, answer.note) == (alone.model, alone.now, alone.note)
            scores = [[item.score for item in slate.items] for slate in (answer, alone)]
            np.testing.assert_allclose(*scores, rtol=1e-4, atol=1e-4)
    assert [isinstance(each, HabitusError) for each in together].index(True) == 4
    engine.delete(engine.history_page("u014", 1).events[0].event_id or "")


def test_filters_hold_and_pages_go_on(engine: Engine) -> None:
    where = {"zone": "zone 3"}
    slate = engine.recommend("u015", k=30, exclude_seen=False, where=where)
    assert sorted(ids(slate)) == [f"i{row:02}" for row in range(1, 31) if row % 5 == 3]
    alike = engine.similar("i03", k=30, where=where)
    assert set(ids(alike)) == set(ids(slate)) - {"i03"}
    page = engine.page(Ask("u015", 4, exclude_seen=False, where=where))
    assert page.cursor is not None
    rest = engine.next_page(page.cursor)
    assert ids(page.slate) + ids(rest.slate) == ids(slate)
    assert rest.cursor is None


def test_what_was_shown_is_kept_under_its_request_id(engine: Engine) -> None:
    slate = engine.recommend("u016", k=3)
    assert engine.shown(slate)
    engine.store.slates.drain()
    found = engine.store.slates.shown(slate.request_id)
    assert found is not None
    assert ids(found) == ids(slate)
    engine.store.slates.close()
    assert not engine.shown(slate)
    assert engine.counters.unlogged == 1


def test_a_user_can_be_looked_at_exported_and_forgotten(engine: Engine) -> None:
    engine.observe([Event("guest", "view", NOW - n * SECOND, f"i{n:02}") for n in (3, 2, 1)])
    engine.recommend("guest")
    state = engine.user("guest")
    assert (state.known, state.events, state.items, state.last) == (True, 3, 3, NOW - SECOND)
    page = engine.history_page("guest", limit=2)
    assert [event.item_id for event in page.events] == ["i01", "i02"]
    assert [e.item_id for e in engine.history_page("guest", 2, page.cursor).events] == ["i03"]
    assert json.dumps(list(engine.export("guest"))).count("i02") == 1
    assert engine.forget("guest").events == 3
    assert not engine.user("guest").known
    assert "Nothing is known" in engine.recommend("guest").note


def test_availability_is_set_for_many_at_once(engine: Engine) -> None:
    assert engine.set_available(["i01", "i02"], False) == 2
    assert not {"i01", "i02"} & set(ids(engine.recommend("u017", k=40, exclude_seen=False)))
    assert engine.set_available(["i01", "i02"], True) == 2
    assert {"i01", "i02"} <= set(ids(engine.recommend("u017", k=40, exclude_seen=False)))


def test_a_broken_model_is_not_activated(engine: Engine) -> None:
    name = engine.models()[0].name
    folder = engine.store.folder / "models" / engine.store.workspace
    shutil.copytree(folder / name, folder / "copy")
    (folder / "copy" / "weights.safetensors").write_bytes(b"spoilt")
    engine.recommend("u018")
    with pytest.raises(HabitusError, match="not those that were published"):
        engine.activate("copy")
    assert engine.serving().model == name
    engine.warm()
    assert engine.serving().model == name
    assert [entry.name for entry in engine.models() if entry.current] == [name]
    shutil.rmtree(folder / "copy")


def test_everybody_in_a_file(engine: Engine, tmp_path: Path) -> None:
    engine.put_users([User("u000")])
    count = engine.recommend_all(tmp_path / "all.parquet", k=3)
    assert count >= 150


def test_baselines_are_compared_on_the_stores_own_events(engine: Engine) -> None:
    table = engine.evaluate(["popularity", "item-knn"], protocol="temporal")
    assert table.about.protocol == "temporal"
    assert table.items >= 30
    assert len({row.model for group in table.groups for row in group.rows}) == 2


@pytest.mark.realdata
def test_a_table_names_the_data_set_and_its_variant(tmp_path: Path) -> None:
    with habitus.open(tmp_path / "store") as own:
        load_dataset("movielens-100k", own.store, Path(os.environ["HABITUS_DATA"]))
        table = own.evaluate(["popularity"])
    assert (table.about.dataset, table.about.variant) == ("movielens-100k", "atomic")
    assert "movielens-100k (atomic), leave-one-out" in to_text(table)


def test_status_and_history_say_what_is_there(engine: Engine) -> None:
    assert engine.status().users >= 150
    assert engine.status().enough
    assert [event.item_id for event in engine.history("u004", limit=2)] == [
        event.item_id for event in engine.history("u004")[-2:]
    ]


def test_going_on_after_the_log_changed_is_refused(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("habitus.act.learn.recipe", tiny)
    entry = engine.train("default", minutes=1e-6, threads=1)
    assert entry.name == "default-2"
    assert engine.recommend("u005").model == "default-2"
    assert entry.report["budget_limited"]
    engine.observe(Event("u005", "view", NOW - 1, "i01"))
    with pytest.raises(HabitusError, match="changed since"):
        engine.train("default", resume=True)
    assert engine.rollback() == "default"
    assert engine.recommend("u005").model == "default"


def test_a_workspace_has_models_of_its_own(folder: Path) -> None:
    with habitus.open(folder, workspace="other", clock=lambda: NOW) as other:
        assert other.models() == []
        assert other.recommend("u000").items == ()
        assert other.recommend("u000").model == "popularity"


def test_nothing_to_learn_from_is_a_clear_error(tmp_path: Path) -> None:
    with (
        habitus.open(tmp_path / "empty") as empty,
        pytest.raises(HabitusError, match="nothing to learn"),
    ):
        empty.train()


def test_moments_are_numbers_or_datetimes_with_a_zone() -> None:
    assert microseconds(datetime(1970, 1, 2, tzinfo=UTC)) == DAY
    assert microseconds(5) == 5
    with pytest.raises(HabitusError, match="no time zone"):
        microseconds(datetime(2026, 1, 1))
    assert recipe("default").name == "default"
