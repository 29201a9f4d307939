"""PUT /v1/items and POST /v1/items/availability: what there is to recommend."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Request
from starlette.responses import Response

from habitus.serve.answers import ChangedAnswer
from habitus.serve.bodies import AvailabilityBody, ItemsBody
from habitus.serve.calls import answer, calls, engine_of, service_of
from habitus.serve.visit import Right
from habitus.types import Item

router = APIRouter(route_class=calls(Right.WRITE))


@router.put("/v1/items", response_model=ChangedAnswer, tags=["items"])
async def put_items(request: Request, body: Annotated[ItemsBody, Body()]) -> Response:
    """Add or replace items. New ones can be recommended at once."""
    engine = await engine_of(request)
    items = [
        Item(
            one.item_id,
            one.text,
            {name: _attribute(value) for name, value in one.attributes.items()},
            one.numbers,
            one.available,
        )
        for one in body.items
    ]
    changed = await service_of(request).writes.run(partial(engine.put_items, items))
    return answer({"changed": changed})


@router.post("/v1/items/availability", response_model=ChangedAnswer, tags=["items"])
async def set_available(request: Request, body: Annotated[AvailabilityBody, Body()]) -> Response:
    """Say that items can, or cannot, be had at present: those that cannot are never recommended."""
    engine = await engine_of(request)
    job = partial(engine.set_available, body.item_ids, body.available)
    return answer({"changed": await service_of(request).writes.run(job)})


def _attribute(value: str | list[str]) -> str | tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else value
