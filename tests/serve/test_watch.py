"""Another model serves without a request that waits or fails; a broken one is refused."""

from __future__ import annotations

import gc
import threading
import time

import pytest
from tests.serve.servers import Here, Spot, problem, until

from habitus.engine import Engine
from habitus.serve.tenants import Tenants
from habitus.serve.watch import EMPTY, Watch
from habitus.types import HabitusError


def ready(server: Here) -> tuple[int, str]:
    answer = server.client.get("/readyz")
    return answer.status_code, answer.json()["reason"]


def model(server: Here) -> str:
    name: str = server.client.post("/v1/recommend", json={"user_id": "u1"}).json()["model"]
    return name


def test_an_empty_store_is_not_ready_until_the_first_event(spot: Spot) -> None:
    with Here(spot.settings()) as server:
        until(lambda: ready(server) == (503, EMPTY), "the reason is said")
        assert server.client.get("/healthz").status_code == 200
        server.client.post("/v1/events", json={"user_id": "a", "event_type": "v", "item_id": "x"})
        until(lambda: ready(server) == (200, ""), "the server is ready")


@pytest.mark.parametrize("opens", [True, False])
def test_the_collector_runs_after_the_first_look_whatever_it_found(opens: bool) -> None:
    def engine(workspace: str) -> Engine:
        raise HabitusError(f"The store of {workspace} is away.", "Bring it back.")

    watch = Watch(Tenants(engine), "worker", 0.01, dict)
    gc.disable()
    try:
        watch.start(lambda: [] if opens else ["default"])
        until(gc.isenabled, "the collector runs")
    finally:
        watch.close()
        gc.enable()
        gc.unfreeze()


def test_models_are_listed_activated_and_rolled_back(trained: Spot) -> None:
    with Here(trained.settings()) as server:
        server.ready()
        listed = server.client.get("/v1/models").json()["models"]
        assert {one["name"]: one["current"] for one in listed} == {"one": False, "two": True}
        assert model(server) == "two"
        said = server.client.post("/v1/models/one/activate").json()
        assert said == {"model": "one", "serving": [server.service.worker_id], "missing": []}
        assert model(server) == "one"
        assert server.client.post("/v1/models/rollback").json()["model"] == "two"
        assert model(server) == "two"
        problem(server.client.post("/v1/models/three/activate"), 404)


def test_a_worker_that_does_not_follow_is_named(trained: Spot) -> None:
    with Here(trained.settings(swap_seconds=0.3)) as server:
        server.ready()
        with trained.open() as other:
            other.store.workers.beat("stuck", "an-old-model")
            said = server.client.post("/v1/models/one/activate").json()
        assert said["missing"] == ["stuck"]
        assert said["serving"] == [server.service.worker_id]


def test_a_broken_model_is_refused_and_the_old_one_serves_on(trained: Spot) -> None:
    (trained.files / "models" / "default" / "one" / "weights.safetensors").write_bytes(b"broken")
    with Here(trained.settings()) as server:
        server.ready()
        said = problem(server.client.post("/v1/models/one/activate"), 409)
        assert "not those that were published" in said["detail"]
        assert model(server) == "two"
        current = [
            one for one in server.client.get("/v1/models").json()["models"] if one["current"]
        ]
        assert [one["name"] for one in current] == ["two"]


def test_a_swap_under_load_loses_nothing(trained: Spot) -> None:
    with Here(trained.settings()) as server:
        server.ready()
        stop = threading.Event()
        answers: list[tuple[int, str]] = []

        def ask() -> None:
            while not stop.is_set():
                answer = server.client.post("/v1/recommend", json={"user_id": "u1", "k": 3})
                answers.append((answer.status_code, answer.json().get("model", "")))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        until(lambda: answers, "requests go on")
        try:
            with trained.open() as other:  # as `habitus models --use` would
                for name in ("one", "two", "one"):
                    other.activate(name)
                    count = len(answers)
                    until(lambda n=name: answers[-1][1] == n, "the model serves")
                    until(lambda c=count: len(answers) > c + 20, "requests go on")
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    assert {status for status, _ in answers} == {200}
    assert {name for _, name in answers} == {"one", "two"}


def test_the_registry_knows_the_worker_while_it_lives(trained: Spot) -> None:
    with trained.open() as other:
        with Here(trained.settings()) as server:
            server.ready()
            until(lambda: other.store.workers.alive(), "the worker is known")
            (worker,) = other.store.workers.alive()
            assert worker.worker_id == server.service.worker_id
            current = next(one for one in other.models() if one.current)
            assert worker.model == current.content
        assert other.store.workers.alive() == []


def test_the_age_of_the_model_is_measured(trained: Spot) -> None:
    folder = trained.files / "models" / "default" / "two"
    with Here(trained.settings()) as server:
        server.ready()
        text = server.client.get("/metrics").text
    mark = 'habitus_model_age_seconds{workspace="default"}'
    (line,) = (one for one in text.splitlines() if one.startswith(mark))
    assert float(line.split()[1]) == pytest.approx(time.time() - folder.stat().st_mtime, abs=30)
