"""Item codes become rows of whichever catalogue is asked about."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from habitus.events.item_rows import ItemRows
from habitus.events.store import Store
from habitus.types import Event, Item


def test_what_is_prepared_is_not_looked_up_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(tmp_path / "store") as store:
        store.put_items([Item("b"), Item("a")])
        catalogue = store.catalogue()
        store.prepare(catalogue)
        store.observe(Event("u", "view", item_id="b"))
        looked_up = []
        further = ItemRows._further
        monkeypatch.setattr(
            ItemRows,
            "_further",
            lambda self, given, first: looked_up.append(first) or further(self, given, first),
        )
        assert store.reading(catalogue, "u").history.item.tolist() == [catalogue.row("b")]
        assert looked_up == []
        store.observe(Event("u", "view", item_id="c"))
        assert store.reading(catalogue, "u").history.item.tolist() == [catalogue.row("b"), 0]
        assert len(looked_up) == 1
        newer = store.catalogue()
        found = store.reading(newer, "u").history.item
        assert np.array(newer.item_ids)[found].tolist() == ["b", "c"]
