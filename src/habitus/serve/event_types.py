"""PUT /v1/event_types: what kinds of events mean."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Request
from starlette.responses import Response

from habitus.serve.answers import EventTypesAnswer
from habitus.serve.bodies import EventTypesBody
from habitus.serve.calls import answer, calls, engine_of, service_of
from habitus.serve.visit import Right
from habitus.types import EventType, Role

router = APIRouter(route_class=calls(Right.ADMIN))


@router.put("/v1/event_types", response_model=EventTypesAnswer, tags=["events"])
async def set_event_types(request: Request, body: Annotated[EventTypesBody, Body()]) -> Response:
    """Say what kinds of events mean, before or after the first of them: what users wrote has the
    role `utterance`. Types that are not named stay as they are."""
    engine = await engine_of(request)
    types = [EventType(one.name, Role(one.role), one.weight) for one in body.event_types]
    await service_of(request).writes.run(partial(engine.set_event_types, types))
    return answer({"event_types": len(types)})
