"""HTTP byte by byte: what can be read in two ways, or has no end, is refused; the rest is answered."""

from __future__ import annotations

import socket
import threading

import pytest
from tests.serve.servers import PATIENCE, Here

from habitus.events.userstate import UserState
from habitus.serve.wire import LONGEST, Protocol

HOST = b"Host: localhost\r\n"
JSON = HOST + b"Content-Type: application/json\r\n"
BODY = b'{"user_id":"ann"}'
SIZE = b"Content-Length: %d\r\n" % len(BODY)
CHUNKS = b"%x\r\n%s\r\n0\r\n" % (len(BODY), BODY)
HEALTH = b"GET /healthz HTTP/1.1\r\n"
ASK = b"POST /v1/recommend HTTP/1.1\r\n"
CODED = b"Transfer-Encoding: chunked\r\n\r\n"
CLOSE = b"Connection: close\r\n"
LAST = HEALTH + HOST + CLOSE + b"\r\n"
UPGRADE = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"


def said(server: Here, *parts: bytes) -> bytes:
    """What the server sends until it hangs up."""
    with socket.create_connection(server.socket.getsockname()[:2], PATIENCE) as connection:
        answer = b""
        try:
            for part in parts:
                connection.sendall(part)
            while piece := connection.recv(65_536):
                answer += piece
        except (ConnectionResetError, BrokenPipeError):
            pass  # it hung up before it had read everything
        return answer


def statuses(answer: bytes) -> list[int]:
    """The status of each answer, one after another."""
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


REFUSED = {
    "no host": HEALTH + b"\r\n",
    "two hosts": HEALTH + HOST + HOST + b"\r\n",
    "another place": b"GET http://localhost/healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "a fragment": b"GET /healthz#x HTTP/1.1\r\n" + HOST + b"\r\n",
    "a tunnel": b"CONNECT localhost:80 HTTP/1.1\r\n" + HOST + b"\r\n",
    "bytes beyond ASCII": b"GET /\xff HTTP/1.1\r\n" + HOST + b"\r\n",
    "version 2": b"GET /healthz HTTP/2.0\r\n" + HOST + b"\r\n",
    "an unknown method": b"BREW /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00",
    "two lengths": ASK + JSON + SIZE + b"Content-Length: 1\r\n\r\n" + BODY,
    "a signed length": ASK + JSON + b"Content-Length: +17\r\n\r\n" + BODY,
    "length and chunks": ASK + JSON + SIZE + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS,
    "coded chunks": ASK + JSON + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKS,
    "an odd coding": ASK + JSON + b"Transfer-Encoding: xchunked\r\n\r\n" + CHUNKS,
    "a folded header": HEALTH + HOST + b"A: b\r\n c\r\n\r\n",
    "a space before the colon": HEALTH + b"Host : localhost\r\n\r\n",
    "a zero byte": HEALTH + HOST + b"A: b\x00c\r\n\r\n",
}


@pytest.mark.parametrize("request_", REFUSED)
def test_what_is_doubtful_is_refused(server: Here, request_: str) -> None:
    answer = said(server, REFUSED[request_])
    assert statuses(answer) == [400]
    assert b"\r\nconnection: close\r\n" in answer


ENDLESS = {
    "an endless address": b"GET /" + b"a" * 20 * LONGEST,
    "an endless header": HEALTH + HOST + b"A: " + b"b" * 20 * LONGEST,
    "headers without end": HEALTH + HOST + b"A: b\r\n" * 4 * LONGEST,
    "an endless trailer": ASK + JSON + CODED + CHUNKS + b"A: " + b"b" * 20 * LONGEST,
    "an endless line of a chunk": ASK + JSON + CODED + b"1;" + b"b" * 20 * LONGEST,
}


@pytest.mark.parametrize("request_", ENDLESS)
def test_what_has_no_end_is_cut_off(server: Here, request_: str) -> None:
    """The server hangs up while more comes, and that may take its answer with it."""
    assert statuses(said(server, ENDLESS[request_])) in ([400], [])


ANSWERED = {
    "version 1.0": HEALTH.replace(b"1.1", b"1.0") + b"\r\n",
    "spaces around a value": ASK + b"Host:  localhost \t\r\nContent-Type: application/json \r\n"
    + CLOSE + b"Content-Length: 17 \r\n\r\n" + BODY,
    "chunks": ASK + JSON + CLOSE + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS + b"\r\n",
    "trailers, which are no headers": ASK + JSON + CLOSE + b"Transfer-Encoding: chunked\r\n\r\n"
    + CHUNKS + b"X-Forwarded-For: 1.2.3.4\r\nHost: elsewhere\r\n\r\n",
    "an offer of HTTP/2": ASK + JSON + UPGRADE + SIZE + b"\r\n" + BODY + LAST,
    "an offer without a body": HEALTH + HOST + UPGRADE + b"\r\n" + LAST,
    "an offer of a socket": HEALTH + HOST + b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n" + LAST,
}  # fmt: skip


@pytest.mark.parametrize("request_", ANSWERED)
def test_what_is_plain_is_answered(server: Here, request_: str) -> None:
    found = statuses(said(server, ANSWERED[request_]))
    assert found == [200] * len(found)
    assert len(found) == 1 + request_.startswith("an offer")


def test_a_head_may_come_in_pieces(server: Here) -> None:
    whole = ASK + JSON + UPGRADE + SIZE + b"\r\n" + BODY + LAST
    assert statuses(said(server, *(whole[at : at + 1] for at in range(len(whole))))) == [200, 200]


def test_many_offers_at_once_are_each_answered(server: Here) -> None:
    one = ASK + JSON + UPGRADE + SIZE + b"\r\n" + BODY
    assert statuses(said(server, one * 50 + LAST)) == [200] * 51


def test_what_came_whole_is_answered_before_the_connection_ends(server: Here) -> None:
    answer = said(server, HEALTH + HOST + b"\r\n" + b"bla bla\r\n\r\n")
    assert statuses(answer) == [200]


def test_requests_that_wait_on_one_connection_are_answered_in_order(server: Here) -> None:
    health, ask = HEALTH + HOST + b"\r\n", ASK + JSON + SIZE + b"\r\n" + BODY
    answer = said(server, (health + ask) * 20 + LAST)
    assert statuses(answer) == [200] * 41
    assert answer.count(b'"ready":true') == 21


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heads have a tenth of a second."""
    monkeypatch.setattr(Protocol, "head_seconds", 0.1)


@pytest.mark.usefixtures("hasty")
def test_a_head_that_does_not_come_is_given_up(server: Here) -> None:
    assert said(server) == b""  # nothing was said, and nothing is answered
    assert statuses(said(server, HEALTH + HOST)) == [408]
    assert statuses(said(server, HEALTH + HOST + b"\r\n" + HEALTH)) == [200, 408]


@pytest.mark.usefixtures("hasty")
def test_an_empty_line_is_no_head(server: Here) -> None:
    """It ends the rest that a connection has between two requests, and begins none."""
    with socket.create_connection(server.socket.getsockname()[:2], PATIENCE) as connection:
        connection.sendall(HEALTH + HOST + b"\r\n")
        assert statuses(connection.recv(65_536)) == [200]
        connection.sendall(b"\r\n")
        assert connection.recv(65_536) == b""


@pytest.mark.usefixtures("hasty")
def test_a_head_that_trickles_in_is_given_up(server: Here) -> None:
    with socket.create_connection(server.socket.getsockname()[:2], PATIENCE) as connection:
        connection.settimeout(0.02)
        connection.sendall(HEALTH)
        answer, pieces = b"", 0
        while not answer and pieces < 1_000:
            pieces += 1
            try:
                connection.sendall(b"a: b\r\n")
                answer = connection.recv(65_536)
            except TimeoutError:
                continue
            except (ConnectionResetError, BrokenPipeError):
                break
        assert pieces < 1_000


@pytest.mark.usefixtures("hasty")
def test_who_is_being_answered_is_not_hung_up_on(
    server: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer takes longer than a head may, and another head is begun meanwhile."""
    go = threading.Event()
    engine = server.service.tenants.engine("default")
    user = engine.user

    def slowly(user_id: str) -> UserState:
        assert go.wait(PATIENCE)
        return user(user_id)

    monkeypatch.setattr(engine, "user", slowly)
    threading.Timer(0.5, go.set).start()
    asked = b"GET /v1/users/ann/state HTTP/1.1\r\n" + HOST + b"\r\n"
    assert statuses(said(server, asked + HEALTH)) == [200]


@pytest.mark.usefixtures("hasty")
def test_a_whole_head_in_pieces_is_answered(server: Here) -> None:
    assert statuses(said(server, HEALTH, HOST, b"\r\n", LAST)) == [200, 200]
