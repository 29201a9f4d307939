"""/v1/users/{user_id}: what is known of a user, and its end.

An id may hold anything but control characters; a `/` in it is written %2F, or as it is.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from functools import partial
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response, StreamingResponse

from habitus.serve.answers import ForgottenAnswer, HistoryAnswer, UserAnswer
from habitus.serve.calls import answer, calls, engine_of, sees_sensitive, service_of
from habitus.serve.fields import Id
from habitus.serve.limits import PAGE
from habitus.serve.pool import Pool
from habitus.serve.visit import Right

router = APIRouter(route_class=calls(Right.READ))
ending = APIRouter(route_class=calls(Right.ADMIN))

UserId = Annotated[Id, Path(examples=["u42"])]
LINES = "application/x-ndjson"
TOGETHER = 500  # records of an export that are read at one time


@router.get("/v1/users/{user_id:path}/state", response_model=UserAnswer, tags=["users"])
async def user(request: Request, user_id: UserId) -> Response:
    """What is known of a user, in numbers; `known` is false for somebody never seen."""
    engine = await engine_of(request)
    found = await service_of(request).reads.run(partial(engine.user, user_id))
    return answer(asdict(found))


@router.get("/v1/users/{user_id:path}/history", response_model=HistoryAnswer, tags=["users"])
async def history(
    request: Request,
    user_id: UserId,
    limit: Annotated[int, Query(ge=1, le=PAGE, examples=[100])] = 100,
    cursor: Annotated[Id | None, Query()] = None,
) -> Response:
    """A user's events, newest first, page by page."""
    engine = await engine_of(request)
    job = partial(engine.history_page, user_id, limit=limit, cursor=cursor)
    page = await service_of(request).reads.run(job)
    events = [_said(asdict(event)) for event in page.events]
    return answer({"user_id": user_id, "events": events, "cursor": page.cursor})


@router.get(
    "/v1/users/{user_id:path}/export",
    response_class=StreamingResponse,
    responses={200: {"content": {LINES: {"example": '{"kind": "event", "event_type": "view"}'}}}},
    tags=["users"],
)
async def export(request: Request, user_id: UserId) -> Response:
    """Everything that is held about a user, one JSON object a line; last the propositions that it
    comes to, those of sensitive matters only for a key with the scope `sensitive`."""
    engine = await engine_of(request)
    reads = service_of(request).reads
    sensitive = sees_sensitive(request)
    records = await reads.run(lambda: iter(engine.export(user_id, sensitive)))
    first = await reads.run(partial(_lines, records))
    return StreamingResponse(_all(reads, records, first), media_type=LINES)


@ending.delete("/v1/users/{user_id:path}", response_model=ForgottenAnswer, tags=["users"])
async def forget(request: Request, user_id: UserId) -> Response:
    """Remove everything held about a user, for good: what is sent again of before is not taken."""
    engine = await engine_of(request)
    found = await service_of(request).writes.run(partial(engine.forget, user_id))
    return answer(asdict(found))


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    """An event without what it does not say."""
    return {name: value for name, value in fields.items() if value is not None}


def _lines(records: Iterator[dict[str, Any]]) -> bytes:
    """The next records as lines; b"" at the end."""
    block = islice(records, TOGETHER)
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in block)


async def _all(
    reads: Pool, records: Iterator[dict[str, Any]], first: bytes
) -> AsyncIterator[bytes]:
    block = first
    while block:
        yield block
        block = await reads.run(partial(_lines, records))
