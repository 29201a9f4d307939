"""A sentence encoder of BERT's shape, read from a folder of weights: no package but torch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.functional import gelu, layer_norm, linear, normalize, scaled_dot_product_attention

from habitus.language.wordpiece import WordPieces
from habitus.types import HabitusError

BATCH = 32
LONGEST = 256  # word pieces of a text, as sentence-transformers cuts all-MiniLM-L6-v2


class Bert:
    """Mean of the last layer over a text's word pieces, at unit length (Reimers & Gurevych 2019).

    The folder is as sentence-transformers writes it: `config.json` of model_type "bert",
    `model.safetensors` and `vocab.txt`. Sentences of like length share a batch.
    """

    def __init__(self, folder: Path, name: str = "") -> None:
        config = _config(folder)
        self.name = name or folder.name
        self.pieces = WordPieces.read(folder / "vocab.txt", _lower(folder))
        self.weights = {
            key.removeprefix("bert."): value.float()
            for key, value in load_file(folder / "model.safetensors").items()
        }
        self.layers: int = config["num_hidden_layers"]
        self.heads: int = config["num_attention_heads"]
        self.epsilon: float = config.get("layer_norm_eps", 1e-12)
        self.width: int = config["hidden_size"]
        self.longest = min(LONGEST, int(config["max_position_embeddings"]))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32 [n, D]."""
        cut = [self.pieces.encode(text, self.longest) for text in texts]
        order = sorted(range(len(cut)), key=lambda at: len(cut[at]))
        found = np.zeros((len(cut), self.width), np.float32)
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            found[rows] = self._batch([cut[row] for row in rows])
        return found

    @torch.inference_mode()
    def _batch(self, cut: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        length = max(len(each) for each in cut)
        ids = torch.zeros(len(cut), length, dtype=torch.long)
        real = torch.zeros(len(cut), length, dtype=torch.bool)
        for row, each in enumerate(cut):
            ids[row, : len(each)] = torch.tensor(each)
            real[row, : len(each)] = True
        states = self._embedded(ids)
        for number in range(self.layers):
            states = self._layer(states, real, f"encoder.layer.{number}.")
        kept = real.unsqueeze(-1).float()
        mean = (states * kept).sum(1) / kept.sum(1)
        return normalize(mean, dim=-1).numpy()

    def _embedded(self, ids: Tensor) -> Tensor:
        of = "embeddings."
        states = (
            self.weights[of + "word_embeddings.weight"][ids]
            + self.weights[of + "position_embeddings.weight"][: ids.shape[1]]
            + self.weights[of + "token_type_embeddings.weight"][0]
        )
        return self._norm(states, of + "LayerNorm")

    def _layer(self, states: Tensor, real: Tensor, at: str) -> Tensor:
        seen = scaled_dot_product_attention(
            self._heads(states, at + "attention.self.query"),
            self._heads(states, at + "attention.self.key"),
            self._heads(states, at + "attention.self.value"),
            attn_mask=real[:, None, None, :],
        )
        joined = seen.transpose(1, 2).flatten(2)
        joined = self._linear(joined, at + "attention.output.dense")
        states = self._norm(states + joined, at + "attention.output.LayerNorm")
        inner = gelu(self._linear(states, at + "intermediate.dense"))
        return self._norm(
            states + self._linear(inner, at + "output.dense"), at + "output.LayerNorm"
        )

    def _heads(self, states: Tensor, at: str) -> Tensor:
        texts, length, width = states.shape
        apart = self._linear(states, at).view(texts, length, self.heads, width // self.heads)
        return apart.transpose(1, 2)

    def _linear(self, states: Tensor, at: str) -> Tensor:
        return linear(states, self.weights[at + ".weight"], self.weights[at + ".bias"])

    def _norm(self, states: Tensor, at: str) -> Tensor:
        shape = states.shape[-1:]
        weight, bias = self.weights[at + ".weight"], self.weights[at + ".bias"]
        return layer_norm(states, shape, weight, bias, self.epsilon)


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    if not path.is_file():
        raise HabitusError(
            f"{folder} holds no sentence encoder: config.json is missing.",
            "Name a folder as sentence-transformers saves it.",
        )
    config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if config.get("model_type") != "bert" or config.get("hidden_act", "gelu") != "gelu":
        raise HabitusError(
            f"{folder} holds a model of type {config.get('model_type')!r}, which is not read here.",
            "Install sentence-transformers (habitus[text]), which reads it.",
        )
    return config


def _lower(folder: Path) -> bool:
    path = folder / "tokenizer_config.json"
    if not path.is_file():
        return True
    return bool(json.loads(path.read_text(encoding="utf-8")).get("do_lower_case", True))
