"""An encoder of BERT's shape with made-up weights against torch's own layer."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from habitus.language.bert import Bert
from habitus.types import HabitusError

WIDTH, INNER, HEADS, LAYERS = 8, 16, 2, 2
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdef"]


def weights(seed: int = 0) -> dict[str, torch.Tensor]:
    made = torch.Generator().manual_seed(seed)

    def some(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=made)

    found = {
        "embeddings.word_embeddings.weight": some(len(VOCABULARY), WIDTH),
        "embeddings.position_embeddings.weight": some(32, WIDTH),
        "embeddings.token_type_embeddings.weight": some(2, WIDTH),
        "embeddings.LayerNorm.weight": some(WIDTH),
        "embeddings.LayerNorm.bias": some(WIDTH),
    }
    shapes = {
        "attention.self.query": (WIDTH, WIDTH),
        "attention.self.key": (WIDTH, WIDTH),
        "attention.self.value": (WIDTH, WIDTH),
        "attention.output.dense": (WIDTH, WIDTH),
        "intermediate.dense": (INNER, WIDTH),
        "output.dense": (WIDTH, INNER),
    }
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        for name, shape in shapes.items():
            found[f"{at}{name}.weight"], found[f"{at}{name}.bias"] = some(*shape), some(shape[0])
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            found[f"{at}{name}.weight"], found[f"{at}{name}.bias"] = some(WIDTH), some(WIDTH)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = {
        "model_type": "bert",
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "hidden_size": WIDTH,
        "max_position_embeddings": 32,
        "layer_norm_eps": 1e-12,
    }
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (tmp_path / "vocab.txt").write_text("\n".join(VOCABULARY), encoding="utf-8")
    save_file(weights(), tmp_path / "model.safetensors")
    return tmp_path


def by_torch(ids: list[int]) -> np.ndarray:
    """The same weights in torch's own encoder layer."""
    held = weights()
    states = (
        held["embeddings.word_embeddings.weight"][ids]
        + held["embeddings.position_embeddings.weight"][: len(ids)]
        + held["embeddings.token_type_embeddings.weight"][0]
    )
    scale, shift = held["embeddings.LayerNorm.weight"], held["embeddings.LayerNorm.bias"]
    states = torch.nn.functional.layer_norm(states, (WIDTH,), scale, shift, 1e-12)[None]
    for number in range(LAYERS):
        layer = torch.nn.TransformerEncoderLayer(
            WIDTH, HEADS, INNER, 0.0, "gelu", 1e-12, batch_first=True
        ).eval()
        layer.load_state_dict(_renamed(held, f"encoder.layer.{number}."))
        with torch.no_grad():
            states = layer(states)
    mean = states[0].mean(0)
    return (mean / mean.norm()).numpy()


def _renamed(held: dict[str, torch.Tensor], at: str) -> dict[str, torch.Tensor]:
    renamed = {}
    for end in ("weight", "bias"):
        parts = [held[f"{at}attention.self.{each}.{end}"] for each in ("query", "key", "value")]
        renamed[f"self_attn.in_proj_{end}"] = torch.cat(parts)
        renamed[f"self_attn.out_proj.{end}"] = held[f"{at}attention.output.dense.{end}"]
        renamed[f"linear1.{end}"] = held[f"{at}intermediate.dense.{end}"]
        renamed[f"linear2.{end}"] = held[f"{at}output.dense.{end}"]
        renamed[f"norm1.{end}"] = held[f"{at}attention.output.LayerNorm.{end}"]
        renamed[f"norm2.{end}"] = held[f"{at}output.LayerNorm.{end}"]
    return renamed


def test_the_layers_compute_what_torch_computes(folder: Path) -> None:
    ids = [VOCABULARY.index(each) for each in ("[CLS]", "a", "c", "f", "[SEP]")]
    np.testing.assert_allclose(Bert(folder).encode(["a c f"])[0], by_torch(ids), atol=1e-5)


def test_what_shares_a_batch_does_not_change_a_vector(folder: Path) -> None:
    made = Bert(folder)
    texts = ["a", "b c d e f", "", "c c"]
    apart = np.concatenate([made.encode([each]) for each in texts])
    np.testing.assert_allclose(made.encode(texts), apart, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(apart, axis=1), 1, atol=1e-5)


def test_no_texts_are_no_vectors(folder: Path) -> None:
    assert Bert(folder).encode([]).shape == (0, WIDTH)


def test_another_kind_of_model_is_refused(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": "gpt2"}', encoding="utf-8")
    with pytest.raises(HabitusError, match="gpt2"):
        Bert(folder)
    (folder / "config.json").unlink()
    with pytest.raises(HabitusError, match=r"config\.json"):
        Bert(folder)
