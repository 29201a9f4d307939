"""Ranked lists are kept ten minutes, for every process, in their own workspace."""

from pathlib import Path

from sqlalchemy import func, select

from habitus.events import schema
from habitus.events.pages import KEPT
from habitus.events.store import Store

NOW = 1_750_000_000_000_000


def test_a_list_is_found_for_ten_minutes_by_any_process(tmp_path: Path) -> None:
    now = NOW
    with (
        Store.open(tmp_path, clock=lambda: now) as store,
        Store.open(tmp_path, clock=lambda: now) as same,
        Store.open(tmp_path, "other", clock=lambda: now) as other,
    ):
        store.pages.keep("p", "u", '["a", "b"]')
        assert same.pages.find("p") == '["a", "b"]'
        assert other.pages.find("p") is None
        assert store.pages.find("q") is None
        now += KEPT
        assert same.pages.find("p") == '["a", "b"]'
        now += 1
        assert same.pages.find("p") is None


def test_a_list_is_replaced_under_its_id(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.pages.keep("p", "u", "1")
        store.pages.keep("p", "u", "2")
        assert store.pages.find("p") == "2"


def test_old_lists_go_when_new_ones_come(tmp_path: Path) -> None:
    now = NOW
    with Store.open(tmp_path, clock=lambda: now) as store:
        for name in "abc":
            store.pages.keep(name, "u", "x")
        now += KEPT + 1
        store.pages.keep("d", "u", "x")
        with store._database.read() as connection:
            assert connection.scalar(select(func.count()).select_from(schema.pages)) == 1
