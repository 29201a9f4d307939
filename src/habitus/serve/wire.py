"""HTTP/1.1 as workers read it: llhttp is fast, and what it lets pass is refused or mended here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST = 64 * 1024  # bytes of a head, of trailers or of a chunk's line
VERSIONS = frozenset({"1.0", "1.1"})
REFUSAL = "Invalid HTTP request received."
TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Protocol(HttpToolsProtocol):
    """One connection. What it refuses is answered 400, after the requests before it; a head that does
    not come in time 408."""

    ended: Callable[[], None] | None = None  # called when the connection is gone
    head_seconds = 30.0  # in which a head that has begun must be whole, and the first one begin
    _deadline: asyncio.TimerHandle | None = None
    _unread = 0  # bytes since a head, a piece of a body or a message was whole
    _in_head = False
    _offered = False  # this head offers to speak another protocol

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_waiting()
        if self.ended is not None:
            self.ended()

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        self._unread += len(data)
        try:
            self._feed(memoryview(data))
        except httptools.HttpParserError:
            self._refuse()
        else:
            if self._unread > LONGEST:
                self._refuse()
            elif self._deadline is None and (self._in_head or self._idle()):
                self._await_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:  # trailers are not headers
            super().on_header(name, value.rstrip(b" \t"))

    def on_headers_complete(self) -> None:
        self._in_head, self._unread = False, 0
        self._stop_waiting()
        if not self._acceptable():
            raise ValueError(REFUSAL)
        self._offered = self.parser.should_upgrade()
        if not self._offered:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unread = 0
        if not self._offered:
            super().on_message_complete()

    def _feed(self, data: memoryview) -> None:
        while True:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                # We speak nothing else. llhttp ends a message at such an offer, its body unread:
                # read the head once more without.
                data, head = data[offer.args[0] :], self._head()
                self.parser = _parser(self)
                self.parser.feed_data(head)
            else:
                return

    def _head(self) -> bytes:
        """The request's head without its offer of another protocol."""
        kept = (one for one in self.headers if one[0] != b"upgrade")
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        first = b"%s %s HTTP/%s" % (method, self.url, version)
        return b"\r\n".join([first, *(b"%s: %s" % one for one in kept), b"", b""])

    def _acceptable(self) -> bool:
        """Whether the head is one of HTTP/1.0 or 1.1 that can be read in one way only."""
        version, url = self.parser.get_http_version(), self.url
        hosts = sum(name == b"host" for name, _ in self.headers)
        codings = [value.lower() for name, value in self.headers if name == b"transfer-encoding"]
        return (
            version in VERSIONS
            and self.parser.get_method() != b"CONNECT"
            and (url == b"*" or (url.startswith(b"/") and b"#" not in url))
            and (hosts == 1 or (hosts == 0 and version == "1.0"))
            and codings in ([], [b"chunked"])
        )

    def _idle(self) -> bool:
        """Whether no request is under way."""
        return self.cycle is None or self.cycle.response_complete

    def _await_head(self) -> None:
        """Give the next head its time; who says nothing in between has as long."""
        if not self.transport.is_closing():
            self._deadline = self.loop.call_later(self.head_seconds, self._hang_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _hang_up(self) -> None:
        """End a connection whose head did not come; what it asked before is answered first."""
        self._deadline = None
        if not self._idle():
            self.cycle.keep_alive = False
        elif not self.transport.is_closing():
            if self._in_head:
                self.transport.write(TOO_LATE)
            self.transport.close()

    def _refuse(self) -> None:
        self.logger.warning(REFUSAL)
        now = self.cycle
        if now is not None and not now.response_complete and not now.more_body:
            now.keep_alive = False  # it was whole: it is answered, and then no other
        elif not self.transport.is_closing():
            self.send_400_response(REFUSAL)


def _parser(protocol: Protocol) -> httptools.HttpRequestParser:
    """As uvicorn makes it: what follows the last request of a connection is no error of that one."""
    made = httptools.HttpRequestParser(protocol)
    made.set_dangerous_leniencies(lenient_data_after_close=True)
    return made
