"""Limits of size and time, our own request ids, and logs that say nothing of anybody."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from tests.serve.servers import Here, fill, problem, settings_of

from habitus.serve import logs

BODY = {"user_id": "ann"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    """A server with little patience, little room and one thread of each kind."""
    path = tmp_path_factory.mktemp("small")
    fill(path / "store")
    settings = settings_of(
        path / "store", path, body_bytes=2_000, request_seconds=1.0, waiting=2, writers=1, readers=1
    )
    with Here(settings) as made:
        yield made.ready()


def test_a_large_body_is_refused_by_its_length(small: Here) -> None:
    answer = small.client.post("/v1/events", json=BODY | {"text": "x" * 3_000})
    said = problem(answer, 413)
    assert "2000 bytes" in said["detail"]


def test_a_large_body_is_refused_while_it_comes(small: Here) -> None:
    sent = []

    def pieces() -> Iterator[bytes]:
        for n in range(50):
            sent.append(n)
            yield b"x" * 100

    headers = {"content-type": "application/json"}
    problem(small.client.post("/v1/events", content=pieces(), headers=headers), 413)


def test_a_body_that_does_not_come_is_given_up(small: Here) -> None:
    with socket.create_connection(("127.0.0.1", small.socket.getsockname()[1]), 10) as slow:
        slow.sendall(
            b"POST /v1/recommend HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b'Content-Length: 100\r\n\r\n{"user_id"'
        )
        answer = b""
        while part := slow.recv(4_096):
            answer += part
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"application/problem+json" in answer


def test_an_answer_that_takes_too_long_is_a_503(
    small: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    engine = small.service.tenants.engine("default")
    monkeypatch.setattr(engine, "similar", lambda *_, **__: go.wait(20))
    try:
        answer = small.client.post("/v1/similar", json={"item_id": "a"})
    finally:
        go.set()
    assert "too long" in problem(answer, 503)["detail"]
    assert answer.headers["retry-after"]


def test_too_much_at_once_is_refused_and_the_rest_answered(
    small: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    engine = small.service.tenants.engine("default")
    observe = engine.observe_many

    def slowly(take: Any) -> Any:
        go.wait(20)
        return observe(take)

    monkeypatch.setattr(engine, "observe_many", slowly)
    answers: list[int] = []

    def send(n: int) -> None:
        event = {"user_id": f"b{n}", "event_type": "view", "item_id": "a"}
        answers.append(small.client.post("/v1/events", json=event).status_code)

    threads = [threading.Thread(target=send, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 10
    while len(answers) < 4 and time.monotonic() < end:
        time.sleep(0.01)
    assert answers == [503] * 4
    go.set()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 200, 503, 503, 503, 503]


def test_an_error_that_nobody_expected_says_nothing(
    small: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("token-33d in a message")

    engine = small.service.tenants.engine("default")
    monkeypatch.setattr(engine, "similar", broken)
    monkeypatch.setattr(engine, "user", broken)
    monkeypatch.setattr("habitus.events.observing.observed", broken)  # several share its write
    for answer in (
        small.client.post("/v1/similar", json={"item_id": "a"}),
        small.client.get("/v1/users/ann/state"),
        small.client.post("/v1/events", json=BODY | {"event_type": "view"}),
    ):
        problem(answer, 500)
        assert "token-33d" not in answer.text


def test_a_failing_disk_is_a_503(small: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device: token-33d")

    monkeypatch.setattr(small.service.tenants.engine("default"), "observe_many", full)
    event = {"user_id": "ann", "event_type": "view", "item_id": "a"}
    answer = small.client.post("/v1/events", json=event)
    problem(answer, 503)
    assert "token-33d" not in answer.text


def test_the_request_id_is_ours(small: Here) -> None:
    answer = small.client.get("/healthz", headers={"x-request-id": "theirs"})
    again = small.client.get("/healthz", headers={"x-request-id": "theirs"})
    assert answer.headers.get_list("x-request-id") != ["theirs"]
    assert answer.headers["x-request-id"] != again.headers["x-request-id"]
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


@pytest.fixture
def own_logs() -> Iterator[None]:
    """The test may configure logs."""
    root = logging.getLogger()
    before = root.handlers, root.level
    yield
    root.handlers, level = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("own_logs")
def test_logs_are_json_without_anything_that_was_sent(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fill(tmp_path / "store")
    logs.configure()
    secret = "token-71b"
    with Here(settings_of(tmp_path / "store", tmp_path)) as here:
        here.ready()
        event = {"user_id": secret, "event_type": secret, "item_id": secret}
        answer = here.client.post("/v1/events", json=event)
        here.client.get(f"/v1/users/{secret}/state?{secret}={secret}")
        here.client.get(f"/{secret}", headers={"user-agent": secret, "x-request-id": secret})
        here.client.post("/v1/similar", json={"item_id": secret, secret: 1})
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(here.service.tenants.engine("default"), "user", lambda _: {}[secret])
            problem(here.client.get(f"/v1/users/{secret}/state"), 500)
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert secret not in json.dumps(lines)
    (line,) = (one for one in lines if one.get("request_id") == answer.headers["x-request-id"])
    assert (line["route"], line["method"], line["status"]) == ("/v1/events", "POST", 200)
    assert line["ms"] > 0
    assert any(one["event"] == "failed" and one["kind"] == "KeyError" for one in lines)
