"""The outermost layer: request ids, the log line, metrics, the time limit, access, body size."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.requests import ClientDisconnect

from habitus.events.storage_errors import failing
from habitus.serve import metrics, strict
from habitus.serve.access import Access
from habitus.serve.logs import log, where
from habitus.serve.problems import (
    INTERNAL,
    SLOW,
    TOO_LARGE,
    Problem,
    busy,
    of_store,
)
from habitus.serve.settings import Settings
from habitus.serve.visit import SCOPE, Visit, new_visit

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PUBLIC = frozenset({"/healthz", "/readyz", "/openapi.json"})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BEGINS, ENDS = "http.response.start", "http.response.body"
GONE = 499  # in logs and metrics: the caller hung up before there was an answer


class Edge:
    """An ASGI application around the one that answers."""

    def __init__(self, app: App, access: Callable[[], Access], settings: Settings) -> None:
        self.inner = app
        self._access = access
        self._settings = settings
        self._log = log().bind()  # once: it takes as long as a line

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        visit = scope[SCOPE] = new_visit()
        began = time.perf_counter()
        answer = _Answer(visit, send)
        try:
            await self._answer(scope, receive, answer)
        except Problem as problem:
            await answer.give(problem, scope, receive)
        except ClientDisconnect:
            visit.status = GONE
        finally:
            self._note(scope, visit, time.perf_counter() - began)

    async def _answer(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        try:
            async with asyncio.timeout(self._settings.request_seconds) as clock:
                answer.visit.clock = clock
                await self._admitted(scope, receive, answer)
        except TimeoutError:
            raise self._too_slow(answer.visit) from None
        except (Problem, ClientDisconnect):
            raise
        except Exception as error:  # noqa: BLE001  logged, and answered as a problem
            if not answer.complete:
                raise failure(error, answer.visit) from None

    async def _admitted(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        strict.check_address(scope.get("raw_path") or b"", scope["query_string"])
        access = self._access()
        if scope["path"] not in PUBLIC:
            answer.visit.admitted = await access.admit(scope["headers"])
        limited = _Limited(receive, answer.visit, self._settings.body_bytes)
        limited.check(scope["headers"])
        await self.inner(scope, limited, answer)

    def _too_slow(self, visit: Visit) -> Problem:
        if visit.reading:
            return Problem(SLOW, "The body did not come in time.", "Send it faster, or less of it.")
        return busy(
            "The answer took too long. What was to be stored may have been: send events again "
            "with the same event_id."
        )

    def _note(self, scope: Scope, visit: Visit, took: float) -> None:
        route = getattr(scope.get("route"), "path", metrics.UNMATCHED)
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        metrics.answered(route, method, visit.status, took)
        self._log.info(
            "request",
            request_id=visit.request_id,
            method=method,
            route=route,
            status=visit.status,
            ms=round(took * 1000, 2),
        )


def failure(error: Exception, visit: Visit) -> Problem:
    """What the caller is told of an error that is not theirs; the log is told where it was, and of
    a failing store also what its disk or database said."""
    kind = type(error).__name__
    store = failing(error)
    reason = {} if store is None else {"reason": str(store)}
    log().error("failed", request_id=visit.request_id, kind=kind, at=where(error), **reason)
    return of_store(error) or Problem(
        INTERNAL, "The server failed at this call.", "Report it with its request_id."
    )


class _Answer:
    """Sends, adding our request id, and ends the time limit when the answer begins."""

    def __init__(self, visit: Visit, send: Send) -> None:
        self.visit = visit
        self._send = send
        self.complete = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == BEGINS:
            self.visit.status = message["status"]
            message["headers"] = [
                *message.get("headers", ()),
                (b"x-request-id", self.visit.request_id.encode()),
                (b"cache-control", b"no-store"),
            ]
            self.visit.answered()
        await self._send(message)
        if message["type"] == ENDS and not message.get("more_body", False):
            self.complete = True

    async def give(self, problem: Problem, scope: Scope, receive: Receive) -> None:
        """Answer with a problem; an answer that has begun can only be broken off."""
        self.visit.clock = None
        if self.complete:
            return
        if self.visit.status:
            raise ConnectionAbortedError("the answer broke off") from problem
        response = problem.response(self.visit.request_id)
        if problem.kind in (TOO_LARGE, SLOW):
            response.headers["Connection"] = "close"  # the rest of the body is not read
        await response(scope, receive, self)


class _Limited:
    """Receives at most so many bytes of a body."""

    def __init__(self, receive: Receive, visit: Visit, most: int) -> None:
        self._receive = receive
        self._visit = visit
        self._most = most
        self._bytes = 0

    def check(self, headers: list[tuple[bytes, bytes]]) -> None:
        """Refuse at once what says itself that it is too large."""
        for name, value in headers:
            if name == b"content-length" and value.isdigit() and int(value[:20]) > self._most:
                raise self._too_large()

    async def __call__(self) -> Message:
        self._visit.reading = True
        message = await self._receive()
        self._visit.reading = bool(message.get("more_body", False))
        self._bytes += len(message.get("body", b""))
        if self._bytes > self._most:
            raise self._too_large()
        return message

    def _too_large(self) -> Problem:
        return Problem(
            TOO_LARGE,
            f"The body has more than {self._most} bytes.",
            "Send it in several calls.",
        )
