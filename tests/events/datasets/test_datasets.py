"""The register of public data sets; made-up files in their formats; the real files where they lie."""

import os
import zipfile
from pathlib import Path
from urllib.error import URLError

import pytest

from habitus.events import datasets
from habitus.events.datasets import DATASETS, find_dataset, load_dataset, loaded
from habitus.events.datasets.dataset import Variant, year_of
from habitus.events.store import Store
from habitus.types import HabitusError

NAMES = {
    "movielens-100k",
    "movielens-1m",
    "movietweetings-100k",
    "amazon-beauty",
    "amazon-beauty-titles",
    "globo-news",
    "taobao-behaviour",
    "lastfm-long",
}


def put(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content.encode("latin-1"))


OFFICIAL_1M = {
    "ratings__dat": "1::10::5::978300019\n1::20::3::978300019\n2::10::4::978300055\n",
    "movies__dat": "10::Amélie (2001)::Comedy|Romance\n20::Nothing::Drama\n",
    "users__dat": "1::F::25::3::00000\n2::M::35::4::11111\n",
}


def test_all_are_there_and_say_what_a_person_needs() -> None:
    assert set(DATASETS) == NAMES
    for name, dataset in DATASETS.items():
        assert dataset.name == name
        assert dataset.description.endswith(".")
        assert dataset.licence
        assert dataset.source.startswith("http")
        assert dataset.event_types
        assert dataset.variants[0].note
        assert all(url.startswith("https://") for url in dataset.downloads)
    assert {name for name, each in DATASETS.items() if each.ordinal} == {
        "amazon-beauty",
        "lastfm-long",
    }
    keep = {name for name, each in DATASETS.items() if each.seen == "keep"}
    assert keep == {"globo-news", "taobao-behaviour", "lastfm-long"}


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(HabitusError, match="Did you mean movielens-1m"):
        find_dataset("movielens1m")


def test_a_set_that_is_nowhere_says_where_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HABITUS_DATA", raising=False)
    with (
        Store.open(tmp_path / "store") as store,
        pytest.raises(HabitusError, match="cannot simply be downloaded") as caught,
    ):
        load_dataset("amazon-beauty", store)
    assert "sequences.txt" in caught.value.mend
    assert "HABITUS_DATA" in caught.value.mend


def test_off_line_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise URLError("no route")

    monkeypatch.delenv("HABITUS_DATA", raising=False)
    monkeypatch.setattr("urllib.request.AbstractHTTPHandler.do_open", refuse)
    with (
        Store.open(tmp_path / "store") as store,
        pytest.raises(HabitusError, match="could not be downloaded"),
    ):
        load_dataset("movielens-100k", store, tmp_path / "no data")


def test_the_official_archive_is_downloaded_and_named_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fake(url: str, folder: Path, *_: object) -> Path:
        folder.mkdir(parents=True)
        target = folder / url.rsplit("/", 1)[1]
        with zipfile.ZipFile(target, "w") as packed:
            for name, content in OFFICIAL_1M.items():
                packed.writestr(f"ml-1m/{name.replace('__', '.')}", content.encode("latin-1"))
        return target

    monkeypatch.setattr(datasets, "download", fake)
    with Store.open(tmp_path / "store") as store:
        summary = load_dataset("movielens-1m", store, tmp_path)
        assert summary.accepted == 3
        assert [event.item_id for event in store.history("1")] == ["10", "20"]
        assert store.history("1")[0].value == 5.0
        film, plain = store.items()
        assert film.text == "Amélie (2001)"
        assert film.attributes == {"genres": ("Comedy", "Romance"), "year": "2001"}
        assert plain.attributes == {"genres": ("Drama",)}
        assert [entry.variant for entry in loaded(store)] == ["official"]
        assert "no sequence_position" in summary.sentences()[-1]


def test_official_100k(tmp_path: Path) -> None:
    flags = "|".join("1" if place in (1, 5) else "0" for place in range(19))
    put(
        tmp_path / "movielens-100k",
        u__data="1\t7\t4\t881250949\n",
        u__item=f"7|Toy (1995)|01-Jan-1995||http://x|{flags}\n",
        u__user="1|24|M|writer|00000\n",
    )
    with Store.open(tmp_path / "store") as store:
        load_dataset("movielens-100k", store, tmp_path)
        assert store.items()[0].attributes == {"genres": ("Action", "Comedy"), "year": "1995"}
        assert store.users()[0].attributes == {"age": "24", "gender": "M", "occupation": "writer"}


def test_loading_again_changes_nothing(tmp_path: Path) -> None:
    put(tmp_path / "movielens-1m", **OFFICIAL_1M)
    with Store.open(tmp_path / "store") as store:
        load_dataset("movielens-1m", store, tmp_path)
        before = store.fingerprint()
        again = load_dataset("movielens-1m", store, tmp_path)
        assert (again.accepted, again.duplicates) == (0, 3)
        assert store.fingerprint() == before
        assert len(loaded(store)) == 1


def test_sequences_are_ordinal_and_keep_their_order(tmp_path: Path) -> None:
    put(
        tmp_path / "amazon-beauty",
        sequences__txt="9 5 3 5\n8 3\n",
        item_attributes__json='{"5": [2, 1], "3": []}',
    )
    with Store.open(tmp_path / "store") as store:
        load_dataset("amazon-beauty", store, tmp_path)
        assert store.ordinal
        assert [event.item_id for event in store.history("9")] == ["5", "3", "5"]
        assert [item.attributes for item in store.items()] == [{}, {"attribute": ("2", "1")}]


def test_a_variant_needs_all_its_files(tmp_path: Path) -> None:
    variant = Variant("x", ("a", "b"), lambda *_: pytest.fail("not called"), "")
    put(tmp_path / "deep", a="")
    assert variant.find(tmp_path) is None
    put(tmp_path / "deep", b="")
    assert variant.find(tmp_path) == tmp_path / "deep"
    assert variant.find(tmp_path / "nowhere") is None


def test_the_year_of_a_title() -> None:
    assert year_of("Toy Story (1995)") == "1995"
    assert year_of("1984") is None


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "users", "items", "count", "rejected"),
    [
        ("movielens-100k", 943, 1_682, 100_000, 0),
        ("movietweetings-100k", 16_554, 10_506, 100_000, 0),
        ("amazon-beauty", 22_363, 12_101, 198_502, 0),
        ("taobao-behaviour", 815, None, 84_440, 35),
    ],
)
def test_real_sets_have_the_documented_counts(
    tmp_path: Path, name: str, users: int, items: int | None, count: int, rejected: int
) -> None:
    with Store.open(tmp_path / "store") as store:
        summary = load_dataset(name, store, Path(os.environ["HABITUS_DATA"]))
        assert (store.user_count, store.event_count) == (users, count)
        assert (summary.accepted, summary.rejected) == (count, rejected)
        assert items is None or len(store.items()) == items
        assert store.ordinal == DATASETS[name].ordinal
