"""A disk or a database that fails: a clear 503, nothing acknowledged is lost, nobody restarts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, event
from structlog.testing import capture_logs
from tests.serve.servers import SERVE, Here, Spot, There, problem, until

from habitus.events import sqlite_database
from habitus.events.driver import driver
from habitus.serve.settings import Settings
from habitus.testing.postgres import Place, Server, programs

FULL = "The disk of the store is full."
LOCKED = "The store is locked by another program."
READ_ONLY = "The store cannot be written to."
AWAY = "The PostgreSQL server of the store does not answer."


@pytest.fixture
def local(tmp_path: Path) -> Spot:
    """A store of a few users and items in a folder."""
    made = Spot(str(tmp_path / "store"), tmp_path)
    made.fill()
    return made


class Caller:
    """Writes events of one user and knows which were acknowledged."""

    def __init__(self, client: httpx.Client, secret: str | None = None) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.acknowledged: list[str] = []

    def call(self, method: str, address: str, body: Any = None) -> httpx.Response:
        return self.client.request(method, address, json=body, headers=self.headers)

    def write(self, event_id: str, text: str = "") -> httpx.Response:
        body = {"user_id": "w", "event_type": "v", "item_id": "a", "event_id": event_id}
        answer = self.call("POST", "/v1/events", body | {"text": text})
        if answer.is_success:
            self.acknowledged.append(event_id)
        return answer

    def stored(self) -> list[str]:
        page = self.call("GET", "/v1/users/w/history?limit=1000").json()
        return sorted(one["event_id"] for one in page["events"])

    def writes(self) -> list[httpx.Response]:
        """One call of each kind that writes."""
        listed = {"items": [{"item_id": "new", "text": "x" * 9_000}]}
        return [
            self.write("refused", "x" * 9_000),
            self.call("PUT", "/v1/items", listed),
            self.call("POST", "/v1/items/availability", {"item_ids": ["a"], "available": False}),
            self.call("DELETE", "/v1/users/ann"),
            self.call("POST", "/v1/recommend", {"user_id": "bob", "pages": True, "k": 1}),
        ]

    def reads(self) -> list[httpx.Response]:
        """Calls that only read."""
        return [
            self.call("POST", "/v1/recommend", {"user_id": "bob", "exclude_seen": False}),
            self.call("POST", "/v1/rank", {"user_id": "bob", "item_ids": ["a", "b"]}),
            self.call("GET", "/v1/users/bob/state"),
            self.call("GET", "/v1/users/bob/history"),
            self.call("GET", "/v1/users/bob/export"),
            self.call("GET", "/v1/models"),
        ]


def refused(answer: httpx.Response, reason: str) -> None:
    """A 503 that says why, what to do and when to come back, and not where the store lies."""
    said = problem(answer, 503)
    assert said["detail"].startswith(reason)
    assert "event_id" in said["mend"]
    assert "For the operator: " in said["mend"]
    assert int(answer.headers["retry-after"]) > 0
    assert "events.sqlite" not in answer.text
    assert "writer.lock" not in answer.text


def goes_on(caller: Caller, before: list[str]) -> None:
    """Everything that was acknowledged is there, and what was refused can be sent again."""
    assert caller.stored() == sorted(caller.acknowledged) == before
    for answer in caller.writes():
        assert answer.is_success, answer.text
    assert caller.stored() == sorted([*before, "refused"])


# A full disk


class Disk:
    """The room that SQLite has on the disk, in pages of the file."""

    def __init__(self, server: Here) -> None:
        self.pages = 1_000_000
        database: Any = server.service.tenants.engine("default").store._database
        event.listen(database._engine, "begin", self._limit)

    def _limit(self, connection: Connection) -> None:
        driver(connection).execute(f"PRAGMA max_page_count={self.pages}")


def test_a_full_disk(local: Spot) -> None:
    with Here(local.settings()) as server:
        caller, disk = Caller(server.ready().client), Disk(server)
        assert caller.write("kept").is_success
        disk.pages = 1  # the file may not grow
        with capture_logs() as logged:
            for n in range(40):  # until the room within the file is used up
                answer = caller.write(f"e{n}", "x" * 9_000)
                if not answer.is_success:
                    break
        refused(answer, FULL)
        (line,) = (one for one in logged if one["event"] == "failed")
        assert "events.sqlite is full" in line["reason"]
        before = sorted(caller.acknowledged)
        assert "kept" in before
        for again in (caller.write("refused", "x" * 9_000), caller.writes()[1]):
            refused(again, FULL)
        for reading in caller.reads():
            assert reading.is_success, reading.text
        disk.pages = 1_000_000
        assert caller.stored() == before
        assert caller.write("refused").is_success
    with local.open() as engine:
        assert engine.store.check().problems == ()


# A locked database


@contextmanager
def locked(store: str, how: str) -> Iterator[None]:
    """Another process that holds SQLite's own lock, as no process of Habitus does."""
    script = f"""
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN {how}")
print("held", flush=True)
sys.stdin.read()
"""
    other = subprocess.Popen(
        [sys.executable, "-c", script, f"{store}/events.sqlite"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with other:  # its end lets go
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes wait for the lock, but not as long as in earnest."""
    monkeypatch.setattr(sqlite_database, "WAIT", 300)
    monkeypatch.setattr(sqlite_database, "BRIEF", 20)


def test_who_waits_for_a_lock_has_an_answer_before_the_time_is_over() -> None:
    assert Settings("store").request_seconds > sqlite_database.WAIT / 1_000


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_locked_database(local: Spot, how: str) -> None:
    with local.open() as engine:
        secret = engine.store.keys.make("default", {"admin"})[1]
    with Here(local.settings(open_workspace=None)) as server:
        caller = Caller(server.ready().client, secret)
        assert caller.write("kept").is_success
        with locked(local.store, how):
            for answer in caller.writes():
                refused(answer, LOCKED)
            with ThreadPoolExecutor(6) as threads:  # each waits its turn, none for too long
                calls = [threads.submit(caller.writes) for _ in range(6)]
            for call in calls:
                for answer in call.result():
                    refused(answer, LOCKED)
            for answer in caller.reads():
                assert answer.is_success, answer.text
            assert server.client.get("/readyz").is_success
        goes_on(caller, ["kept"])
    with local.open() as engine:
        assert engine.store.check().problems == ()


@pytest.mark.usefixtures("impatient")
def test_a_database_that_is_locked_from_the_start(local: Spot) -> None:
    with locked(local.store, "EXCLUSIVE"), Here(local.settings()) as server:
        refused(server.client.get("/v1/users/ann/state"), LOCKED)
        until(lambda: server.client.get("/readyz").json()["reason"] == LOCKED, "the reason is said")
    with ExitStack() as running:
        with locked(local.store, "EXCLUSIVE"):
            server = running.enter_context(Here(local.settings()))
            refused(server.client.post("/v1/recommend", json={"user_id": "ann"}), LOCKED)
        assert server.ready().client.get("/v1/users/ann/state").json()["events"] == 3


# A read-only folder

# root may write whatever the permissions say, unless it gives that right up for good.
OBEDIENT = """
import ctypes, os, sys
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1
if os.geteuid() == 0:
    ctypes.CDLL(None, use_errno=True).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
THROUGH = (sys.executable, "-c", OBEDIENT)


@pytest.fixture
def obedient(tmp_path: Path) -> tuple[str, ...]:
    """The words of a command that runs another as somebody whom permissions bind."""
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux has capabilities to drop")
    closed = tmp_path / "closed"
    closed.write_text("")
    closed.chmod(0o444)
    script = "import sys; open(sys.argv[1], 'a')"
    command = [*THROUGH, sys.executable, "-c", script, str(closed)]
    if subprocess.run(command, check=False, capture_output=True).returncode == 0:
        pytest.skip("this account may write to read-only files, and cannot give that up")
    return THROUGH


@contextmanager
def read_only(store: str) -> Iterator[None]:
    folder = Path(store)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_read_only_folder(local: Spot, obedient: tuple[str, ...]) -> None:
    log = local.folder / "log"
    server = There(Path(local.store), log, through=obedient)
    try:
        caller = Caller(server.ready().client)
        assert caller.write("kept").is_success
        with read_only(local.store):
            for answer in caller.writes():
                refused(answer, READ_ONLY)
            for answer in caller.reads():
                assert answer.is_success, answer.text
        goes_on(caller, ["kept"])
        assert "cannot be written to (Permission denied)" in log.read_text()
        assert server.stop() == 0
    finally:
        server.close()
    with local.open() as engine:
        assert engine.store.check().problems == ()


def test_a_folder_that_is_read_only_from_the_start(local: Spot, obedient: tuple[str, ...]) -> None:
    with read_only(local.store):
        ended = subprocess.run(
            [*obedient, *SERVE, local.store, "--port=0"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert ended.returncode == 1
    assert "cannot be written to (Permission denied)" in ended.stderr
    assert "Give this process the right" in ended.stderr
    assert "Traceback" not in ended.stderr


# A database that is away, or held by somebody else


@pytest.mark.postgres
def test_a_database_that_another_process_keeps_for_too_long(
    postgres: Place, tmp_path: Path
) -> None:
    spot = Spot(f"{postgres()}%20-clock_timeout%3D50ms", tmp_path, str(tmp_path / "files"))
    spot.fill()
    with spot.open() as other, Here(spot.settings()) as server:
        caller = Caller(server.ready().client)
        assert caller.write("kept").is_success
        with other.store._database.write():
            for answer in caller.writes():
                refused(answer, "Another process has been writing to the store for too long.")
                assert answer.headers["retry-after"] == "1"
            for answer in caller.reads():
                assert answer.is_success, answer.text
        goes_on(caller, ["kept"])


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[tuple[Server, Spot]]:
    """A PostgreSQL server that a test may stop."""
    found = programs()
    assert found is not None
    server = Server(found)
    server.start()
    yield server, Spot(server.url(), tmp_path, str(tmp_path / "files"))
    server.remove()


@pytest.mark.postgres
def test_a_database_that_goes_and_comes_back(mortal: tuple[Server, Spot]) -> None:
    database, spot = mortal
    spot.fill()
    with spot.open() as engine:
        secret = engine.store.keys.make("default", {"admin"})[1]
    with Here(spot.settings(open_workspace=None)) as server:
        caller = Caller(server.ready().client, secret)
        assert caller.write("kept").is_success
        database.stop("immediate")
        stranger = Caller(server.client, "hk_" + "x" * 43)  # a key that must be looked up
        with capture_logs() as logged:
            for answer in (stranger.write("never"), *caller.writes(), *caller.reads()[:5]):
                refused(answer, AWAY)
                assert "127.0.0.1" not in answer.text
            until(lambda: any(one["event"] == "watch" for one in logged), "the watch has seen it")
        assert not any(one["event"] == "model refused" for one in logged)  # it is not to blame
        database.start()
        until(lambda: caller.write("back").is_success, "it goes on by itself")
        goes_on(caller, ["back", "kept"])
