"""Trainings over HTTP: accepted at once, followed, stopped; and one real one end to end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from tests.serve.servers import Here, Spot, problem, until

from habitus.serve.trainer import Order, Outcome


class Stub:
    """A trainer whose training ends when it is told to."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.ended = threading.Event()

    def start(self, order: Order) -> Stub:
        self.orders.append(order)
        self.ended.clear()
        return self

    def progress(self) -> str:
        return "Training: 40 %"

    def outcome(self) -> Outcome | None:
        return Outcome("default") if self.ended.is_set() else None

    def wait(self, seconds: float) -> None:
        self.ended.wait(seconds / 10)

    def cancel(self) -> None:
        self.ended.set()


@pytest.fixture(scope="module")
def stub() -> Stub:
    return Stub()


@pytest.fixture(scope="module")
def training(home: Spot, stub: Stub) -> Iterator[Here]:
    home.fill()
    with Here(home.settings(), stub) as made:
        yield made.ready()


def test_a_training_is_followed_to_its_end(training: Here, stub: Stub) -> None:
    body = {"recipe": "default", "name": "mine", "minutes": 1.5, "seed": 4}
    answer = training.client.post("/v1/models/train", json=body)
    assert answer.status_code == 202
    place = answer.headers["location"]
    assert answer.json()["state"] == "running"
    until(lambda: stub.orders, "the training begins")
    assert stub.orders[-1] == Order("default", "default", "mine", 1.5, 4)
    until(lambda: training.client.get(place).json()["progress"], "progress shows")
    problem(training.client.post("/v1/models/train", json=body), 409)
    assert training.client.post("/v1/recommend", json={"user_id": "ann"}).is_success
    stub.ended.set()
    until(lambda: training.client.get(place).json()["state"] == "done", "it is done")
    assert training.client.get(place).json()["model"] == "default"


def test_a_training_is_cancelled(training: Here) -> None:
    place = training.client.post("/v1/models/train", json={}).headers["location"]
    assert training.client.delete(place).status_code == 200
    until(lambda: training.client.get(place).json()["state"] == "cancelled", "it is cancelled")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"recipe": "../recipe.toml"}, "recipe"),
        ({"recipe": "--help"}, "recipe"),
        ({"name": "a/b"}, "name"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": "1"}, "minutes"),
        ({"seed": -1}, "seed"),
        ({"threads": 2}, "threads"),
    ],
)
def test_what_cannot_be_trained_is_refused(
    training: Here, body: dict[str, object], field: str
) -> None:
    said = problem(training.client.post("/v1/models/train", json=body), 422)
    assert said["errors"][0]["field"] == field


def test_trainings_and_models_that_are_not_there(training: Here) -> None:
    for job in ("0" * 32, "x", "a%2Fb", "..%2Fx"):
        problem(training.client.get(f"/v1/models/train/{job}"), 404)
        problem(training.client.delete(f"/v1/models/train/{job}"), 404)
    problem(training.client.post("/v1/models/absent/activate"), 404)
    problem(training.client.post("/v1/models/a%2Fb/activate"), 404)
    problem(training.client.post("/v1/models/ü/activate"), 422)
    problem(training.client.post("/v1/models/rollback"), 409)


def test_a_real_training_ends_with_a_model_that_serves(
    spot: Spot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("habitus.serve.trainer.NICE", 0)  # other work must not hold it up for long
    spot.fill()
    with Here(spot.settings()) as server:
        server.ready()
        body = {"recipe": "default", "minutes": 0.02}
        place = server.client.post("/v1/models/train", json=body).headers["location"]
        until(lambda: server.client.get(place).json()["state"] != "running", "it ends", 200)
        said = server.client.get(place).json()
        assert (said["state"], said["model"]) == ("done", "default"), said
        asked = {"user_id": "ann", "exclude_seen": False}
        until(
            lambda: server.client.post("/v1/recommend", json=asked).json()["model"] == "default",
            "the model serves",
        )
