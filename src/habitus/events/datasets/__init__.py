"""Public data sets by name, from HABITUS_DATA or by download."""

from __future__ import annotations

import difflib
import json
import os
from pathlib import Path
from typing import NamedTuple

from habitus.events.datasets.amazon import AMAZON_BEAUTY, AMAZON_BEAUTY_TITLES
from habitus.events.datasets.dataset import Dataset, Variant, with_note
from habitus.events.datasets.download import download, extract
from habitus.events.datasets.lastfm import LASTFM_LONG
from habitus.events.datasets.movielens import MOVIELENS_1M, MOVIELENS_100K
from habitus.events.datasets.movietweetings import MOVIETWEETINGS_100K
from habitus.events.datasets.news import GLOBO_NEWS
from habitus.events.datasets.taobao import TAOBAO_BEHAVIOUR
from habitus.events.store import Store
from habitus.events.summary import ImportSummary
from habitus.types import HabitusError, Progress, silent

__all__ = ["DATASETS", "Dataset", "Variant", "find_dataset", "load_dataset", "loaded"]

DATA_VARIABLE = "HABITUS_DATA"

DATASETS: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        MOVIELENS_100K,
        MOVIELENS_1M,
        MOVIETWEETINGS_100K,
        AMAZON_BEAUTY,
        AMAZON_BEAUTY_TITLES,
        GLOBO_NEWS,
        TAOBAO_BEHAVIOUR,
        LASTFM_LONG,
    )
}


class Loaded(NamedTuple):
    """Which data set, in which variant, a workspace was loaded with; `note` says what that means."""

    name: str
    variant: str
    note: str


def find_dataset(name: str) -> Dataset:
    """The data set of that name; HabitusError with the nearest name where there is none."""
    if name in DATASETS:
        return DATASETS[name]
    near = difflib.get_close_matches(name, DATASETS, n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    raise HabitusError(f"There is no data set {name!r}.{meant}", f"Known: {', '.join(DATASETS)}.")


def load_dataset(
    name: str, store: Store, data_root: Path | None = None, progress: Progress = silent
) -> ImportSummary:
    """Load a public data set into a workspace: from `data_root` (default: HABITUS_DATA), else by
    download into `<store>/downloads`. Loading it again adds what is missing, so nothing.

    HabitusError where it is in neither place.
    """
    dataset = find_dataset(name)
    variant, folder = _from_root(dataset, data_root) or _from_net(dataset, store, progress)
    summary = variant.load(store, folder, progress)
    _remember(store, Loaded(name, variant.name, variant.note))
    return with_note(summary, f"{name}, variant {variant.name!r}: {variant.note}")


def loaded(store: Store) -> tuple[Loaded, ...]:
    """The public data sets that were loaded into this workspace, so that a table can name them."""
    path = _memory(store)
    if not path.exists():
        return ()
    return tuple(Loaded(*entry) for entry in json.loads(path.read_text(encoding="utf-8")))


def _from_root(dataset: Dataset, data_root: Path | None) -> tuple[Variant, Path] | None:
    root = data_root or (Path(os.environ[DATA_VARIABLE]) if os.environ.get(DATA_VARIABLE) else None)
    return _find(dataset, root / dataset.folder) if root else None


def _from_net(dataset: Dataset, store: Store, progress: Progress) -> tuple[Variant, Path]:
    if not dataset.downloads:
        files = ", ".join(dataset.variants[0].files)
        raise HabitusError(
            f"{dataset.name} is not on this machine, and it cannot simply be downloaded.",
            f"Get it from {dataset.source}, put {files} into a folder {dataset.folder}, and set "
            f"{DATA_VARIABLE} to the folder that holds {dataset.folder}.",
        )
    cache = store.folder / "downloads" / dataset.name
    for url in dataset.downloads:
        file = download(url, cache, progress)
        if file.suffix == ".zip":
            extract(file, cache / file.stem)
    found = _find(dataset, cache) or next(
        (hit for below in sorted(cache.iterdir()) if (hit := _find(dataset, below))), None
    )
    if found is None:
        raise HabitusError(
            f"What was downloaded for {dataset.name} does not hold its files.",
            f"Look into {cache}, or get it from {dataset.source}.",
        )
    return found


def _find(dataset: Dataset, folder: Path) -> tuple[Variant, Path] | None:
    for variant in dataset.variants:
        place = variant.find(folder)
        if place is not None:
            return variant, place
    return None


def _memory(store: Store) -> Path:
    return store.folder / "datasets" / f"{store.workspace}.json"


def _remember(store: Store, entry: Loaded) -> None:
    entries = [*(known for known in loaded(store) if known.name != entry.name), entry]
    path = _memory(store)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(path)
