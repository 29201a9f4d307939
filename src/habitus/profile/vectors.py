"""The vectors of what was said, worked out once and kept beside the events."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from habitus.events.store import Store
from habitus.language.encoder import Encoder
from habitus.profile.recall import Utterance

Vectors = dict[str, NDArray[np.float32]]
TOGETHER = 256  # texts of one call of the encoder


def vectors_of(store: Store, encoder: Encoder, user_id: str, said: Sequence[Utterance]) -> Vectors:
    """The vector of each utterance by event id; those that are missing are made and kept."""
    maker = f"encoder:{encoder.name}"
    found = {name: _read(text) for name, text in store.derived.of(user_id, maker).items()}
    missing = [one for one in said if one.event_id not in found]
    for at in range(0, len(missing), TOGETHER):
        some = missing[at : at + TOGETHER]
        made = encoder.encode([one.text for one in some])
        named = {one.event_id: row for one, row in zip(some, made, strict=True)}
        store.derived.put(maker, _written(named))
        found.update(named)
    return found


def _written(made: Mapping[str, NDArray[np.float32]]) -> dict[str, str]:
    """Half precision is enough for what is compared by rank."""
    return {
        name: base64.b64encode(row.astype("<f2").tobytes()).decode() for name, row in made.items()
    }


def _read(text: str) -> NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(text), "<f2").astype(np.float32)
