"""Downloads against a server of this test: whole files, clear errors, archives that cannot escape."""

import http.server
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from habitus.events.datasets.download import download, extract
from habitus.types import HabitusError


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path.endswith("short.zip"):  # promises more than it sends
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"only this")
            return
        super().do_GET()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "www").mkdir()
    handler = partial(Quiet, directory=str(tmp_path / "www"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_fetches_once_and_tells_how_far(tmp_path: Path, address: str) -> None:
    (tmp_path / "www" / "a.zip").write_bytes(b"x" * 100_000)
    told: list[tuple[float, float | None]] = []

    def progress(_label: str, done: float, total: float | None, /, detail: str = "") -> None:
        assert not detail
        told.append((done, total))

    target = download(f"{address}/a.zip", tmp_path / "cache", progress)
    assert target.read_bytes() == b"x" * 100_000
    assert told[-1] == (100_000, 100_000)
    (tmp_path / "www" / "a.zip").unlink()
    assert download(f"{address}/a.zip", tmp_path / "cache") == target


@pytest.mark.parametrize("name", ["short.zip", "nowhere.zip"])
def test_what_cannot_be_fetched_whole_is_an_error_and_leaves_nothing(
    tmp_path: Path, address: str, name: str
) -> None:
    with pytest.raises(HabitusError, match="could not be downloaded") as caught:
        download(f"{address}/{name}", tmp_path / "cache")
    assert str(tmp_path / "cache" / name) in caught.value.mend
    assert list((tmp_path / "cache").iterdir()) == []


def test_no_connection_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(HabitusError, match="Check the connection"):
        download("http://127.0.0.1:9/a.zip", tmp_path)


def test_extracts_once(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("inner/u.data", "1")
    folder = extract(archive, tmp_path / "cache" / "a")
    assert (folder / "inner" / "u.data").read_text() == "1"
    archive.unlink()
    assert extract(archive, folder) == folder


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "..\\evil", "C:/evil"])
def test_an_archive_that_reaches_outside_is_refused(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("good", "1")
        packed.writestr(name, "1")
    with pytest.raises(HabitusError, match="outside its folder"):
        extract(archive, tmp_path / "cache" / "a")
    assert list((tmp_path / "cache").iterdir()) == []
    assert not (tmp_path / "evil").exists()


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    with pytest.raises(HabitusError, match="outside its folder"):
        extract(archive, tmp_path / "a")


def test_damage_is_an_error(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(b"PK but no more")
    with pytest.raises(HabitusError, match="not a readable zip"):
        extract(archive, tmp_path / "a")
