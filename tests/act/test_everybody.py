"""Everybody's recommendations in a file are those that each would get alone."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from habitus.act.asking import Ask, Moment
from habitus.act.cache import StateCache
from habitus.act.everybody import recommend_everybody
from habitus.act.models import ModelFolder
from habitus.act.recommend import Recommender
from habitus.act.serving import Serving
from habitus.events.store import Store
from habitus.testing.follow_on import FollowOn
from habitus.testing.leanings import leanings
from habitus.types import DAY, SECOND, HabitusError, Slate, User

START = 20_000 * DAY
PRESENT = Moment(START + 2_000 * SECOND, replay=False)


@pytest.fixture
def serving(store: Store) -> Serving:
    models = ModelFolder(store.folder / "models" / store.workspace)
    catalogue = store.catalogue()
    models.publish(FollowOn.fit(store.histories(catalogue), catalogue), "follow-on")
    store.put_users([User("dee")])
    return Serving(store, models, FollowOn.load)


@pytest.fixture
def alone(store: Store, serving: Serving) -> dict[str, Slate]:
    recommender = Recommender(store, serving, StateCache(), leanings(store))
    return {user: recommender.answer(Ask(user, 3), PRESENT) for user in ("ann", "bob", "cy", "dee")}


def test_json_lines_hold_one_slate_a_line(
    store: Store, serving: Serving, alone: dict[str, Slate], tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl"
    assert recommend_everybody(store, serving.ready(), leanings(store), path, 3, PRESENT) == 4
    found = [json.loads(line) for line in path.read_text().splitlines()]
    assert [one["user_id"] for one in found] == list(alone)
    for one in found:
        slate = alone[one["user_id"]]
        assert one["items"] == [{"item_id": i.item_id, "score": i.score} for i in slate.items]
        assert (one["model"], one["now"], one["note"]) == (slate.model, slate.now, slate.note)
    assert [one["model"] for one in found] == [*["follow-on"] * 3, "popularity"]


def rows(slates: dict[str, Slate]) -> list[tuple[str, int, str]]:
    return [
        (user, place, item.item_id)
        for user, slate in slates.items()
        for place, item in enumerate(slate.items, 1)
    ]


def test_tables_hold_one_item_a_row(
    store: Store, serving: Serving, alone: dict[str, Slate], tmp_path: Path
) -> None:
    recommend_everybody(store, serving.ready(), leanings(store), tmp_path / "out.csv", 3, PRESENT)
    recommend_everybody(
        store, serving.ready(), leanings(store), tmp_path / "out.parquet", 3, PRESENT
    )
    with (tmp_path / "out.csv").open(newline="") as opened:
        found = [(r["user_id"], int(r["position"]), r["item_id"]) for r in csv.DictReader(opened)]
    assert found == rows(alone)
    table = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [(r["user_id"], r["position"], r["item_id"]) for r in table] == rows(alone)


def test_a_replay_of_everybody_sees_nothing_later(
    store: Store, serving: Serving, tmp_path: Path
) -> None:
    path, moment = tmp_path / "out.jsonl", Moment(START + 2 * SECOND, replay=True)
    recommend_everybody(store, serving.ready(), leanings(store), path, 1, moment)
    recommender = Recommender(store, serving, StateCache(), leanings(store))
    for line in path.read_text().splitlines():
        one = json.loads(line)
        slate = recommender.answer(Ask(one["user_id"], 1), moment)
        assert one["items"][0]["item_id"] == slate.items[0].item_id


def test_a_failure_leaves_the_old_file(
    store: Store, serving: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise RuntimeError("the model broke")

    monkeypatch.setattr(FollowOn, "score", fail)
    with pytest.raises(RuntimeError, match="broke"):
        recommend_everybody(store, serving.ready(), leanings(store), path, 3, PRESENT)
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir() if "out" in found.name] == ["out.jsonl"]


def test_an_unknown_form_or_folder_is_an_error(
    store: Store, serving: Serving, tmp_path: Path
) -> None:
    with pytest.raises(HabitusError, match="in which form"):
        recommend_everybody(
            store, serving.ready(), leanings(store), tmp_path / "out.xlsx", 3, PRESENT
        )
    with pytest.raises(HabitusError, match="no folder"):
        recommend_everybody(
            store, serving.ready(), leanings(store), tmp_path / "no" / "out.csv", 3, PRESENT
        )
