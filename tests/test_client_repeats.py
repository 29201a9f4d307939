"""The client before a server that is away or too busy, which follows a script."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from habitus import Client, HabitusError, client
from habitus.act.asking import Ask
from habitus.client import ServiceError
from habitus.profile.sensitive import Policy

SLATE = {"request_id": "r", "user_id": "u", "model": "m", "now": 1, "note": "", "items": [],
         "cursor": None}  # fmt: skip
RECEIPT = {"accepted": 1, "duplicates": 0, "conflicted": 0, "forgotten": 0, "conflicts": [],
           "rejected": []}  # fmt: skip
STATE = {"user_id": "u", "known": False, "revision": 0, "events": 0, "items": 0, "attributes": {}}
EVENT = {"user_id": "u", "event_type": "view"}
PROFILE = {"user_id": "u", "now": 1, "propositions": [], "past": [], "constraints": [], "events": 0,
           "note": ""}  # fmt: skip
EXPLANATION = {"user_id": "u", "item_id": "i", "text": "", "rank": 1, "among": 1,
               "propositions": [], "causes": [], "model": "m", "note": ""}  # fmt: skip
HANG_UP = b""


def reply(status: int, body: Any = None, **headers: str) -> bytes:
    """An answer of HTTP/1.1, after which the connection is closed."""
    content = json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} x", "Connection: close", "Content-Type: application/json"]
    lines += [f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


class Script:
    """A server that answers connection after connection as it is told, then not at all."""

    def __init__(self) -> None:
        self.replies: list[bytes] = []
        self.requests: list[tuple[str, Any]] = []  # their first lines, and their bodies
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()

    def _work(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as incoming:
                first = incoming.readline().decode().rpartition(" ")[0]
                length = 0
                while (line := incoming.readline().strip().lower()) != b"":
                    if line.startswith(b"content-length:"):
                        length = int(line.partition(b":")[2])
                body = incoming.read(length)
                self.requests.append((first, json.loads(body) if body else None))
                connection.sendall(self.replies.pop(0) if self.replies else HANG_UP)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    monkeypatch.setattr(client, "FIRST", 0.001)
    made = Script()
    yield made
    made.close()


SAFE: dict[str, tuple[Callable[[Client], Any], Any]] = {
    "recommend": (lambda one: one.recommend("u"), SLATE),
    "page": (lambda one: one.page(Ask("u")), SLATE),
    "next_page": (lambda one: one.next_page("c"), SLATE),
    "rank": (lambda one: one.rank("u", ["i"]), SLATE),
    "similar": (lambda one: one.similar("i"), SLATE),
    "observe": (lambda one: one.observe(EVENT), RECEIPT),
    "observe several": (lambda one: one.observe([EVENT, EVENT]), RECEIPT),
    "user": (lambda one: one.user("u"), STATE),
    "history": (lambda one: one.history_page("u"), {"events": [], "cursor": None}),
    "export": (lambda one: list(one.export("u")), {}),
    "models": (lambda one: one.models(), {"models": []}),
    "profile": (lambda one: one.profile("u"), PROFILE),
    "recall": (lambda one: one.recall("u", "q"), {"found": []}),
    "context": (lambda one: one.context("u", "q"), {"text": "", "lines": []}),
    "explain": (lambda one: one.explain("u", "i"), EXPLANATION),
    "policy": (lambda one: one.policy(), {"unreviewed": []}),
    "unreviewed": (lambda one: one.unreviewed(), {"unreviewed": []}),
}
OTHERS: dict[str, Callable[[Client], Any]] = {
    "put_items": lambda one: one.put_items([{"item_id": "i"}]),
    "set_available": lambda one: one.set_available(["i"], True),
    "forget": lambda one: one.forget("u"),
    "train": lambda one: one.train(),
    "activate": lambda one: one.activate("m"),
    "rollback": lambda one: one.rollback(),
    "pin": lambda one: one.pin("u", "p"),
    "correct": lambda one: one.correct("u", "p", "v"),
    "reject": lambda one: one.reject("u", "p"),
    "drop": lambda one: one.drop("u", "p"),
    "interpret": lambda one: one.interpret("u"),
    "set_policy": lambda one: one.set_policy(Policy()),
}
TROUBLE = {
    "bad gateway": reply(502),
    "busy": reply(503, {}, Retry_After="0"),
    "busy without a time": reply(503, {}),
    "busy until a date": reply(503, {}, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"),
    "gateway timeout": reply(504),
    "hung up": HANG_UP,
    "broken off": b"HTTP/1.1 20",
}


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize("call", SAFE)
def test_what_is_safe_is_done_again(script: Script, call: str, trouble: str) -> None:
    do, answer = SAFE[call]
    script.replies += [TROUBLE[trouble], TROUBLE[trouble], reply(200, answer)]
    with Client(script.url) as made:
        do(made)
    assert len(script.requests) == 3
    assert script.requests[0] == script.requests[1] == script.requests[2]


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize("call", OTHERS)
def test_nothing_else_is_done_again(script: Script, call: str, trouble: str) -> None:
    script.replies += [TROUBLE[trouble], reply(200, {})]
    with Client(script.url) as made, pytest.raises(HabitusError):
        OTHERS[call](made)
    assert len(script.requests) == 1


@pytest.mark.parametrize("call", ["observe", "observe several"])
def test_events_are_repeated_with_the_same_event_ids(script: Script, call: str) -> None:
    do, answer = SAFE[call]
    script.replies += [HANG_UP, reply(200, answer)]
    with Client(script.url) as made:
        do(made)
    (_, first), (_, second) = script.requests
    assert first == second
    assert all(one["event_id"] for one in first.get("events", [first]))


@pytest.mark.parametrize("status", [400, 401, 404, 409, 422, 429, 500])
def test_a_refusal_is_final(script: Script, status: int) -> None:
    script.replies += [reply(status, {"detail": "no"}), reply(200, SLATE)]
    with Client(script.url) as made, pytest.raises(ServiceError) as refused:
        made.recommend("u")
    assert (refused.value.status, len(script.requests)) == (status, 1)


def test_the_number_of_times_is_bounded(script: Script) -> None:
    script.replies += [reply(503, {"detail": "busy"}, Retry_After="0") for _ in range(9)]
    with Client(script.url, retries=2) as made:
        with pytest.raises(ServiceError, match="busy"):
            made.recommend("u")
        assert len(script.requests) == 3
        script.replies[:] = [HANG_UP] * 9
        with pytest.raises(HabitusError, match="cannot be reached"):
            made.recommend("u")
    assert len(script.requests) == 6


def test_the_time_is_bounded(script: Script) -> None:
    script.replies += [reply(503, {"detail": "busy"}, Retry_After="86400"), HANG_UP, HANG_UP]
    with Client(script.url) as made, pytest.raises(ServiceError, match="busy"):
        made.recommend("u")
    with Client(script.url, patience=0.0) as made, pytest.raises(HabitusError, match="reached"):
        made.recommend("u")
    assert len(script.requests) == 2


def test_an_export_that_has_begun_is_not_begun_again(script: Script) -> None:
    whole = reply(200, {"kind": "event"})
    short = whole.replace(b"Content-Length: 17", b"Content-Length: 99")
    assert short != whole
    script.replies += [short, whole]
    with Client(script.url) as made, pytest.raises(HabitusError, match="broke off"):
        list(made.export("u"))
    assert len(script.requests) == 1
