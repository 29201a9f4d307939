"""The end of a server: nothing is accepted any more that nobody would answer."""

from __future__ import annotations

import json
import signal
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.serve.servers import PATIENCE, There, fill, until

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="workers share a socket as on POSIX"
)


def test_a_server_that_ends_refuses_connections_and_finishes_requests(tmp_path: Path) -> None:
    fill(tmp_path / "store")
    server = There(tmp_path / "store", tmp_path / "log", "--workers=2").ready()
    where = ("127.0.0.1", urlsplit(server.url).port or 0)
    body = json.dumps({"user_id": "w", "event_type": "view", "item_id": "a"}).encode()
    with socket.create_connection(where, PATIENCE) as begun:
        begun.sendall(
            b"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body)
        )
        assert begun.recv(100).startswith(b"HTTP/1.1 100")  # a worker waits for the body
        server.process.send_signal(signal.SIGTERM)

        def refuses() -> bool:
            try:
                socket.create_connection(where, PATIENCE).close()
            except ConnectionRefusedError:
                return True
            return False

        until(refuses, "connections are refused")
        assert server.process.poll() is None
        begun.sendall(body)
        answer = b""
        while part := begun.recv(4_096):
            answer += part
    assert answer.startswith(b"HTTP/1.1 200")
    assert b'"accepted":1' in answer
    assert server.process.wait(PATIENCE) == 0
    server.close()
