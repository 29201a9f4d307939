"""What is kept for a time goes after it, and nothing else."""

import os
from pathlib import Path

import pytest

from habitus.events import retention
from habitus.events.pages import KEPT
from habitus.events.store import Store
from habitus.types import DAY, HabitusError, Item, ScoredItem, Slate

NOW = 1_750_000_000_000_000


@pytest.mark.parametrize("together", [1, 7, 5_000])
def test_old_slates_go_in_short_transactions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr(retention, "TOGETHER", together)
    now = NOW
    with (
        Store.open(tmp_path, clock=lambda: now) as store,
        Store.open(tmp_path, "other", clock=lambda: now) as other,
    ):
        for each in (store, other):
            each.put_items([Item("a"), Item("b")])
        for day in range(10):
            now = NOW + day * DAY
            for each in (store, other):
                items = (ScoredItem("a", 1.0), ScoredItem("b", 0.5))
                each.slates.add(Slate("u", items, "m", now, request_id=f"r{day}"))
                each.slates.drain()
        done = store.retain(slate_days=3)
        assert (done.slates, done.clean) == (2 * 6, True)
        assert [store.slates.shown(f"r{day}") is not None for day in (0, 5, 6, 9)] == [
            *(False, False, True, True)
        ]
        assert other.slates.shown("r0") is not None
        assert store.retain(slate_days=3).slates == 0


def test_ranked_lists_past_their_time_go(tmp_path: Path) -> None:
    now = NOW
    with Store.open(tmp_path, clock=lambda: now) as store:
        store.pages.keep("p", "u", "x")
        assert store.retain().pages == 0
        now += KEPT + 1
        assert store.retain().pages == 1


def test_old_files_of_rejects_go(tmp_path: Path) -> None:
    with Store.open(tmp_path, clock=lambda: NOW) as store:
        folder = tmp_path / "rejects" / "default"
        folder.mkdir(parents=True)
        for name, age in (("old", 9 * DAY), ("new", DAY)):
            (folder / f"{name}.jsonl").write_text("{}\n")
            at = (NOW - age) / 1e6
            os.utime(folder / f"{name}.jsonl", (at, at))
        assert store.retain(reject_days=5).rejects == 1
        assert [path.name for path in folder.iterdir()] == ["new.jsonl"]


@pytest.mark.parametrize("days", [-1.0, float("nan")])
def test_days_are_a_number_from_0(tmp_path: Path, days: float) -> None:
    with Store.open(tmp_path) as store, pytest.raises(HabitusError, match="cannot be kept"):
        store.retain(slate_days=days)
