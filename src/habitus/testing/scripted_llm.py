"""A scripted OpenAI-compatible server on this machine: it answers what a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: HTTP status, body and headers; a `late` one comes only when the server closes."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    late: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in."""

    path: str
    headers: Mapping[str, str]
    body: Any

    def messages(self) -> str:
        """All that the model was told."""
        return "\n".join(each["content"] for each in self.body["messages"])


Script = Callable[[Asked], Reply]


def says(content: Any, **more: Any) -> Reply:
    """The answer of a model that writes this: text as it is, anything else as JSON. `more` goes
    into the message ("refusal")."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    message = {"role": "assistant", "content": text, **more}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return Reply(json.dumps({"object": "chat.completion", "choices": [choice]}).encode())


class ScriptedLLM:
    """The server, in a `with`: `url` is its base address, `asked` holds what it was asked.

    A list of replies is given in order, the last one again and again; a function answers each.
    """

    def __init__(self, script: Script | Sequence[Reply]) -> None:
        self.asked: list[Asked] = []
        self._replies = list(script) if not callable(script) else []
        self._script = script if callable(script) else self._next
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _next(self, asked: Asked) -> Reply:
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]

    def answer(self, asked: Asked) -> Reply:
        """The reply to a request, which is kept in `asked`."""
        self.asked.append(asked)
        reply = self._script(asked)
        if reply.late:
            self._closing.wait()
        return reply

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        scripted = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = json.loads(self.rfile.read(length))
                reply = scripted.answer(Asked(self.path, dict(self.headers), body))
                if reply.late:  # whoever asked is gone
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: tests read `asked`."""

        return Handler
