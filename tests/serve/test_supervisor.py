"""`habitus serve` as an operator runs it: several processes, their end, their beginning."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.serve.servers import PATIENCE, Spot, There, until

import habitus
from habitus.serve.supervisor import address, bound
from habitus.types import HabitusError

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="workers share a socket as on POSIX"
)


@pytest.fixture(scope="module")
def two(home: Spot, trained_once: Path) -> Iterator[There]:
    """A server of two workers."""
    home.copy(trained_once)
    models = [f"--models={home.models}"] if home.models else []
    made = There(home.store, home.folder / "log", "--workers=2", *models)
    try:
        yield all_ready(made, home)
    finally:
        made.close()


def registry(spot: Spot) -> list[str | None]:
    with spot.open() as engine:
        return [worker.model for worker in engine.store.workers.alive()]


def all_ready(server: There, spot: Spot) -> There:
    """Wait until both workers serve a model."""
    server.ready()
    until(lambda: len([model for model in registry(spot) if model]) == 2, "both serve")
    return server


def fresh_call(server: There, method: str, path: str, body: object = None) -> httpx.Response:
    """A call over a connection of its own: any worker may take it."""
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
        return client.request(method, path, json=body)


def test_what_one_worker_was_told_the_other_knows(two: There) -> None:
    for n in range(30):
        event = {"user_id": "anybody", "event_type": "view", "item_id": f"i{n % 20 + 1}"}
        assert fresh_call(two, "POST", "/v1/events", event).is_success
        state = fresh_call(two, "GET", "/v1/users/anybody/state").json()
        assert state["events"] == n + 1
        asked = {"user_id": "anybody", "exclude_seen": True, "k": 20}
        said = fresh_call(two, "POST", "/v1/recommend", asked).json()
        assert event["item_id"] not in {one["item_id"] for one in said["items"]}


def test_metrics_are_summed_over_the_workers(two: There) -> None:
    def counted() -> float:
        text = fresh_call(two, "GET", "/metrics").text
        line = re.search(r'habitus_requests_total\{.*route="/healthz".*\} (\S+)', text)
        return float(line[1]) if line else 0.0

    before = counted()
    for _ in range(20):
        fresh_call(two, "GET", "/healthz")
    assert counted() == before + 20


def test_activating_answers_when_both_serve(two: There) -> None:
    for name in ("one", "two"):
        said = fresh_call(two, "POST", f"/v1/models/{name}/activate").json()
        assert (len(said["serving"]), said["missing"]) == (2, [])
        for _ in range(10):
            body = {"user_id": "u1"}
            assert fresh_call(two, "POST", "/v1/recommend", body).json()["model"] == name


def test_a_worker_that_dies_is_replaced(two: There) -> None:
    victim = two.workers()[0]
    os.kill(victim, signal.SIGKILL)
    until(lambda: len(two.workers()) == 2 and victim not in two.workers(), "another begins")
    for _ in range(10):
        until(two.is_ready, "the server answers")


def test_a_graceful_end_finishes_what_is_under_way(tmp_path: Path, trained_once: Path) -> None:
    subprocess.run(["cp", "-r", str(trained_once), str(tmp_path / "store")], check=True)
    server = There(tmp_path / "store", tmp_path / "log", "--workers=2").ready()
    answers: list[int | str] = []
    acknowledged: list[str] = []
    stop = threading.Event()

    def write(name: int) -> None:
        with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
            n = 0
            while not stop.is_set():
                event_id = f"{name}-{n}"
                n += 1
                event = {"user_id": "w", "event_type": "v", "item_id": "i1", "event_id": event_id}
                try:
                    answer = client.post("/v1/events", json=event)
                except httpx.ConnectError:
                    return  # nobody listens any more
                except httpx.TransportError as error:
                    answers.append(type(error).__name__)
                    return
                answers.append(answer.status_code)
                acknowledged.append(event_id)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    until(lambda: len(answers) > 20, "there is load")
    status = server.stop()
    stop.set()
    for thread in threads:
        thread.join()
    assert status == 0
    # A connection that waits for its next request is closed: the client sees that it was, and its
    # request was not begun. No request that was begun is lost.
    assert {one for one in answers if isinstance(one, int)} == {200}
    with habitus.open(tmp_path / "store") as engine:
        stored = {event.event_id for event in engine.history("w")}
        assert engine.store.workers.alive() == []
    assert stored >= set(acknowledged)


def test_workers_end_with_a_supervisor_that_was_killed(tmp_path: Path, trained_once: Path) -> None:
    subprocess.run(["cp", "-r", str(trained_once), str(tmp_path / "store")], check=True)
    server = There(tmp_path / "store", tmp_path / "log").ready()
    (worker,) = server.workers()
    server.process.kill()
    server.process.wait()

    def gone() -> bool:
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return True
        return Path(f"/proc/{worker}/stat").read_text().split()[2] == "Z"

    until(gone, "the worker ends")
    server.close()


def test_an_address_that_is_taken_is_a_clear_error() -> None:
    with bound("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert address(taken) == f"http://127.0.0.1:{port}"
        with pytest.raises(HabitusError, match="cannot be had"):
            bound("127.0.0.1", port)
    with pytest.raises(HabitusError, match="cannot be had"):
        bound("no.such.host.invalid", 0)
