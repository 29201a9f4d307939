"""Vectors are made once, kept beside the events, and go with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from habitus.engine import Engine
from habitus.events.store import Store
from habitus.profile.recall import Utterance
from habitus.profile.vectors import vectors_of
from habitus.types import DAY, Event, EventType, Role


class Letters:
    """A real if simple encoder: how often each letter occurs."""

    name = "letters"

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        self.read += texts
        counts = np.array(
            [
                [text.lower().count(chr(97 + letter)) + 0.01 for letter in range(26)]
                for text in texts
            ]
        )
        found: NDArray[np.float32] = counts / np.linalg.norm(counts, axis=1, keepdims=True)
        return found.astype(np.float32)


def said(number: int, text: str) -> Utterance:
    return Utterance(f"e{number}", text, number, None, "u")


def test_each_text_is_encoded_once(tmp_path: Path) -> None:
    encoder = Letters()
    with Store.open(tmp_path) as store:
        made = [Event("u", "said", 20_000 * DAY + n, text="x", event_id=f"e{n}") for n in (1, 2)]
        store.observe(made).raise_if_rejected()
        first = vectors_of(store, encoder, "u", [said(1, "abba")])
        both = vectors_of(store, encoder, "u", [said(1, "abba"), said(2, "zebra")])
        assert encoder.read == ["abba", "zebra"]
        np.testing.assert_allclose(first["e1"], both["e1"], atol=1e-3)
        np.testing.assert_allclose(both["e2"], Letters().encode(["zebra"])[0], atol=1e-3)
        store.delete("e1")
        assert vectors_of(store, encoder, "u", []).keys() == {"e2"}
        other = Letters()
        other.name = "another"
        assert vectors_of(store, other, "u", []) == {}


def test_the_engine_finds_what_is_meant(tmp_path: Path) -> None:
    """By letters alone: no word of the query is in what is found."""
    with Engine.open(tmp_path, encoder=Letters()) as engine:
        engine.set_event_types([EventType("said", Role.UTTERANCE, 0.0)])
        for number, text in enumerate(["listen", "wxyz quick", "bumble"]):
            engine.observe(
                {"user_id": "u", "event_type": "said", "text": text, "event_id": f"e{number}"}
            )
        assert engine.recall("u", "silent", 1)[0].event_ids == ("e0",)
    with Engine.open(tmp_path) as engine:
        assert not engine.recall("u", "silent", 1)
