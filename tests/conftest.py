"""What all tests share: tests of what a machine may lack skip, with the reason, where it does."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from habitus.testing.postgres import Place, Server, programs, reason_to_skip

COUNT = itertools.count()


def data_root() -> Path | None:
    """The folder with the public data sets, or None."""
    named = os.environ.get("HABITUS_DATA")
    return Path(named) if named and Path(named).is_dir() else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    named = os.environ.get("HABITUS_DATA")
    reason = f"HABITUS_DATA={named} is no folder" if named else "HABITUS_DATA is not set"
    absent = f"{reason}: it names the folder with the public data sets" if not data_root() else None
    for keyword, lacking in (("realdata", absent), ("postgres", reason_to_skip())):
        for item in items:
            if lacking and keyword in item.keywords:
                item.add_marker(pytest.mark.skip(reason=lacking))


@pytest.fixture(scope="session", autouse=True)
def unhurried() -> Iterator[None]:
    """A slow moment of the machine does not decide whether a request sees what was just put; the
    tests of renewals beside the requests say for themselves what takes long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("habitus.act.serving.AT_ONCE", 60)
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One real server for all tests that are marked `postgres`."""
    found = programs()
    assert found is not None
    server = Server(found)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def postgres(postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Makes the URL of an empty place on the server, the same for the same name."""
    monkeypatch.setenv("HABITUS_MODELS", str(tmp_path / "files"))
    schemas: dict[str, str] = {}

    def place(name: str = "store") -> str:
        if name not in schemas:
            schemas[name] = f"t{next(COUNT)}"
            postgres_server.execute(f"CREATE SCHEMA {schemas[name]}")
        return postgres_server.url(schemas[name])

    return place


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where a test may make a store (one for each name): a test that uses it runs on both."""
    if request.param == "postgres":
        made: Place = request.getfixturevalue("postgres")
        return made
    return lambda name="store": tmp_path / name
