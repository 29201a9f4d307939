"""POST /v1/recommend, /v1/recommend/next, /v1/rank and /v1/similar: what comes next."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from starlette.responses import Response

from habitus.act.asking import Ask
from habitus.engine import Engine
from habitus.serve.answers import SlateAnswer
from habitus.serve.bodies import NextPageBody, RankBody, RecommendBody, SimilarBody
from habitus.serve.calls import answer, aware, calls, engine_of, service_of
from habitus.serve.visit import Right
from habitus.types import Slate

router = APIRouter(route_class=calls(Right.READ))


@router.post("/v1/recommend", response_model=SlateAnswer, tags=["ask"])
async def recommend(request: Request, body: Annotated[RecommendBody, Body()]) -> Response:
    """The k items that a user is likeliest to want next. With `pages` the answer has a `cursor`
    that leads to the page after it."""
    engine = await engine_of(request)
    batcher = service_of(request).batcher
    ask = Ask(
        body.user_id,
        k=body.k,
        now=body.now,
        exclude_seen=body.exclude_seen,
        where=body.where,
        exclude_items=body.exclude_items,
        use_profile=body.use_profile,
    )
    if not body.pages:
        return shown(engine, await batcher.ask(engine, ask))
    ranking = await batcher.ask(engine, engine.ranking(ask))
    page = await service_of(request).writes.run(partial(engine.first_page, ask, ranking))
    return shown(engine, page.slate, page.cursor)


@router.post("/v1/recommend/next", response_model=SlateAnswer, tags=["ask"])
async def next_page(request: Request, body: Annotated[NextPageBody, Body()]) -> Response:
    """The page after the one that gave the cursor: nothing comes twice."""
    engine = await engine_of(request)
    page = await service_of(request).reads.run(partial(engine.next_page, body.cursor))
    return shown(engine, page.slate, page.cursor)


@router.post("/v1/rank", response_model=SlateAnswer, tags=["ask"])
async def rank(request: Request, body: Annotated[RankBody, Body()]) -> Response:
    """The given items in order, likeliest first."""
    engine = await engine_of(request)
    await aware(request, engine, body.item_ids)
    ask = Ask(body.user_id, len(body.item_ids), body.now, only=body.item_ids)
    return shown(engine, await service_of(request).batcher.ask(engine, ask))


@router.post("/v1/similar", response_model=SlateAnswer, tags=["ask"])
async def similar(request: Request, body: Annotated[SimilarBody, Body()]) -> Response:
    """The k items most like one."""
    engine = await engine_of(request)
    await aware(request, engine, (body.item_id,))
    job = partial(engine.similar, body.item_id, body.k, where=body.where)
    return answer(as_json(await service_of(request).batcher.run(job)))


def shown(engine: Engine, slate: Slate, cursor: str | None = None) -> Response:
    """Answer with a slate, and queue it for the log of what was shown; that never waits."""
    engine.shown(slate)
    return answer(as_json(slate, cursor))


def as_json(slate: Slate, cursor: str | None = None) -> dict[str, Any]:
    """A slate as plain values."""
    return {
        "request_id": slate.request_id,
        "user_id": slate.user_id,
        "model": slate.model,
        "now": slate.now,
        "note": slate.note,
        "items": [
            {
                "item_id": one.item_id,
                "score": one.score,
                "text": one.text,
                "propensity": one.propensity,
            }
            for one in slate.items
        ],
        "cursor": cursor,
    }
