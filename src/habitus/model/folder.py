"""A model's folder: recipe.toml, weights.safetensors, items.json, content, report.json. No pickle."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import tomli_w
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from scipy import sparse
from torch import Tensor, from_numpy, nn

from habitus.events.daily import DailyCounts
from habitus.model.content import Content
from habitus.model.recipe import ContentItems, Recipe, parse_recipe
from habitus.types import HabitusError

if TYPE_CHECKING:
    from habitus.model.attached import Origin

VERSION = 1
RECIPE, WEIGHTS, ITEMS = "recipe.toml", "weights.safetensors", "items.json"
CONTENT, VECTORS, REPORT = "content.json", "content.safetensors", "report.json"
DAILY = "daily.safetensors"


@dataclass(frozen=True, eq=False)
class Found:
    """What a model folder holds."""

    recipe: Recipe
    weights: dict[str, Tensor]
    item_ids: tuple[str, ...]
    counts: NDArray[np.int64]
    types: tuple[str, ...]
    content: Content | None
    daily: DailyCounts | None
    report: Mapping[str, Any]


def save(
    folder: Path, recipe: Recipe, network: nn.Module, origin: Origin, report: Mapping[str, Any]
) -> None:
    """Write a model into `folder`, which may exist."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / RECIPE).open("wb") as out:
        tomli_w.dump(recipe.model_dump(mode="json", exclude_none=True), out)
    weights = {name: value.cpu().contiguous() for name, value in network.state_dict().items()}
    save_file(weights, folder / WEIGHTS)
    _write(
        folder / ITEMS,
        {"item_ids": origin.item_ids, "counts": origin.counts.tolist(), "types": origin.types},
    )
    if origin.content is not None:
        _save_content(folder, origin.content)
    if origin.daily is not None:
        _save_daily(folder / DAILY, origin.daily)
    _write(folder / REPORT, {**report, "format": VERSION})


def load(folder: Path) -> Found:
    """Read a model folder; HabitusError says which file is missing, broken or too new."""
    report = _read(folder / REPORT)
    if report.get("format") != VERSION:
        raise HabitusError(
            f"The model in {folder} was written in format {report.get('format')}, "
            f"this Habitus reads format {VERSION}.",
            "Train it again with this version.",
        )
    recipe = parse_recipe(_read_toml(folder / RECIPE), str(folder / RECIPE))
    items = _read(folder / ITEMS, "item_ids", "counts", "types")
    has_daily = recipe.trend is not None and not report.get("ordinal", False)
    return Found(
        recipe=recipe,
        weights=_tensors(folder / WEIGHTS),
        item_ids=tuple(items["item_ids"]),
        counts=np.array(items["counts"], np.int64),
        types=tuple(items["types"]),
        content=_load_content(folder) if isinstance(recipe.items, ContentItems) else None,
        daily=_load_daily(folder / DAILY, len(items["item_ids"])) if has_daily else None,
        report={name: value for name, value in report.items() if name != "format"},
    )


def put_weights(network: nn.Module, weights: Mapping[str, Tensor], folder: Path) -> None:
    """Fill a network from a folder's weights; HabitusError where they are another model's."""
    try:
        network.load_state_dict(dict(weights))
    except RuntimeError as error:
        raise _broken(folder / WEIGHTS, "it does not fit the recipe beside it") from error


def _save_content(folder: Path, content: Content) -> None:
    _write(
        folder / CONTENT,
        {
            "attributes": content.attributes,
            "words": content.words,
            "numbers": content.numbers,
        },
    )
    save_file(
        {"idf": from_numpy(content.idf), "axes": from_numpy(content.axes).contiguous()},
        folder / VECTORS,
    )


def _load_content(folder: Path) -> Content:
    raw = _read(folder / CONTENT, "attributes", "words", "numbers")
    vectors = _tensors(folder / VECTORS)
    return Content(
        attributes={name: tuple(values) for name, values in raw["attributes"].items()},
        words=tuple(raw["words"]),
        idf=vectors["idf"].numpy(),
        axes=vectors["axes"].numpy(),
        numbers={name: (scale[0], scale[1]) for name, scale in raw["numbers"].items()},
    )


def _save_daily(path: Path, daily: DailyCounts) -> None:
    counts = daily.counts
    parts = {
        "end": np.array([daily.end]),
        "offsets": counts.indptr.astype(np.int64),
        "item": counts.indices.astype(np.int64),
        "count": counts.data,
    }
    save_file({name: from_numpy(part) for name, part in parts.items()}, path)


def _load_daily(path: Path, rows: int) -> DailyCounts:
    found = {name: part.numpy() for name, part in _tensors(path).items()}
    if found.keys() != {"end", "offsets", "item", "count"}:
        raise _broken(path, "it does not hold the counts of days")
    shape = (len(found["offsets"]) - 1, rows)
    counts = sparse.csr_matrix((found["count"], found["item"], found["offsets"]), shape)
    return DailyCounts(int(found["end"][0]), counts)


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _read(path: Path, *keys: str) -> dict[str, Any]:
    """A JSON object that has these keys."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(path, error) from error
    missing = [key for key in keys if key not in found]
    if missing:
        raise _broken(path, f"it has no {missing[0]!r}")
    return found


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(path, error) from error


def _tensors(path: Path) -> dict[str, Tensor]:
    from safetensors import SafetensorError

    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise _broken(path, error) from error


def _broken(path: Path, error: Exception | str) -> HabitusError:
    return HabitusError(
        f"The model file {path} cannot be read: {error}.", "Train again, or restore the folder."
    )
