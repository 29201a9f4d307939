"""`habitus import`: what its options mean, what it says, what it refuses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import habitus
from habitus.cli.importing import event_type_of
from habitus.types import EventType, HabitusError, Role

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("buy=positive:2.5", EventType("buy", Role.POSITIVE, 2.5)),
        ("skip=negative", EventType("skip", Role.NEGATIVE, 1.0)),
        ("a=b=impression", EventType("a=b", Role.IMPRESSION, 1.0)),
    ],
)
def test_a_role(text: str, expected: EventType) -> None:
    assert event_type_of(text) == expected


@pytest.mark.parametrize("text", ["buy", "buy=", "=positive", "buy=liked", "buy=positive:much"])
def test_what_is_no_role_is_refused(text: str) -> None:
    with pytest.raises(HabitusError, match="says no role"):
        event_type_of(text)


def test_events_are_taken_in_with_their_fields(store: Path) -> None:
    with habitus.open(store, create=False) as engine:
        assert engine.store.event_count == 30
        assert engine.store.event_types()["buy"] == EventType("buy", Role.POSITIVE, 2.0)
        first = engine.history("c4")[0]
    assert (first.item_id, first.value) == ("t4", 5.0)
    assert first.timestamp == 1_740_823_440_000_000  # 2025-03-01T10:04:00Z


def test_the_same_import_again_changes_nothing(store: Path, run: Run, log: Path) -> None:
    before = run("fingerprint", store).out
    mapping = ["--map", "user_id=customer", "--map", "item_id=thing", "--map", "timestamp=when"]
    again = run("import", store, log, *mapping, "--map", "value=stars", "--event-type", "buy")
    assert again.status == 0
    assert "1 row left out" in again.out
    assert run("fingerprint", store).out == before


def test_a_missing_column_names_the_flag(run: Run, log: Path, tmp_path: Path) -> None:
    ran = run("import", tmp_path / "new", log)
    assert ran.status == 1
    assert "--map user_id=customer" in ran.err


def test_items_have_a_mapping_of_their_own(run: Run, store: Path, tmp_path: Path) -> None:
    table = tmp_path / "things.csv"
    table.write_text("thing,name,colour\nt1,A red kettle,red|black\n", encoding="utf-8")
    refused = run("import", store, "--items", table)
    assert refused.status == 1
    assert "--map-items item_id=" in refused.err
    taken = run(
        "import", store, "--items", table, "--map-items", "item_id=thing", "--item-text", "name"
    )
    assert taken.status == 0, taken.err
    with habitus.open(store, create=False) as engine:
        item = next(item for item in engine.store.items() if item.item_id == "t1")
    assert item.text == "A red kettle"
    assert dict(item.attributes) == {"colour": ("red", "black")}


def test_no_file_is_refused(run: Run, tmp_path: Path) -> None:
    ran = run("import", tmp_path / "new")
    assert ran.status == 1
    assert "No file" in ran.err
