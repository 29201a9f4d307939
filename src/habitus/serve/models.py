"""/v1/models: list, train in the background, activate, roll back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Request
from starlette.responses import Response

from habitus.engine import Engine
from habitus.serve.answers import JobAnswer, ModelsAnswer, ServedAnswer
from habitus.serve.bodies import ModelName, TrainBody
from habitus.serve.calls import answer, calls, engine_of, service_of, visit_of, workspace_of
from habitus.serve.fields import Id
from habitus.serve.jobs import Job
from habitus.serve.problems import ABSENT, CONFLICT, Problem
from habitus.serve.trainer import Order
from habitus.serve.visit import Right
from habitus.types import HabitusError

listing = APIRouter(route_class=calls(Right.READ))
router = APIRouter(route_class=calls(Right.ADMIN))

JobId = Annotated[Id, Path(examples=["1c9d2a"])]
LOADING = 60.0  # seconds that a model may take to load and attach
LOOK = 0.05  # seconds between looks at which workers serve a model


@listing.get("/v1/models", response_model=ModelsAnswer, tags=["models"])
async def models(request: Request) -> Response:
    """The published models; the current one answers."""
    engine = await engine_of(request)
    found = await service_of(request).reads.run(engine.models)
    return answer(
        {
            "models": [
                {
                    "name": one.name,
                    "content": one.content,
                    "current": one.current,
                    "report": dict(one.report),
                }
                for one in found
            ]
        }
    )


@router.post("/v1/models/train", response_model=JobAnswer, status_code=202, tags=["models"])
async def train(request: Request, body: Annotated[TrainBody, Body()]) -> Response:
    """Train in the background. The model serves when it is done, and requests go on meanwhile."""
    service = service_of(request)
    order = Order(workspace_of(request), body.recipe, body.name, body.minutes, body.seed)
    job = await service.reads.run(partial(service.jobs.start, order))
    return answer(_said(job), 202, {"Location": f"/v1/models/train/{job.job}"})


@router.get("/v1/models/train/{job}", response_model=JobAnswer, tags=["models"])
async def training(request: Request, job: JobId) -> Response:
    """How far a training is."""
    service = service_of(request)
    return answer(
        _said(await service.reads.run(partial(service.jobs.find, workspace_of(request), job)))
    )


@router.delete("/v1/models/train/{job}", response_model=JobAnswer, tags=["models"])
async def cancel(request: Request, job: JobId) -> Response:
    """Stop a training; it publishes nothing then."""
    service = service_of(request)
    found = await service.reads.run(partial(service.jobs.cancel, workspace_of(request), job))
    return answer(_said(found))


@router.post("/v1/models/rollback", response_model=ServedAnswer, tags=["models"])
async def rollback(request: Request) -> Response:
    """Let the model serve that served before; answers when every worker serves it."""
    engine = await engine_of(request)
    return await _served(request, engine, engine.rollback)


@router.post("/v1/models/{name}/activate", response_model=ServedAnswer, tags=["models"])
async def activate(
    request: Request, name: Annotated[ModelName, Path(examples=["default"])]
) -> Response:
    """Let a model serve; answers when every worker serves it, or names those that do not."""
    engine = await engine_of(request)
    published = await service_of(request).reads.run(engine.models)
    if name not in {one.name for one in published}:
        raise Problem(ABSENT, "There is no model of this name.", "See GET /v1/models.")

    def change() -> str:
        engine.activate(name)
        return name

    return await _served(request, engine, change)


async def _served(request: Request, engine: Engine, change: Callable[[], str]) -> Response:
    """Change the current model, and wait until the workers of the workspace serve it."""
    service = service_of(request)
    visit_of(request).allow(LOADING + service.settings.swap_seconds)
    try:
        name = await service.reads.run(change)
    except HabitusError as error:
        raise Problem(
            CONFLICT, f"The model before serves on. {error.problem}", error.mend
        ) from error
    wanted = await service.reads.run(partial(_content, engine, name))
    until = time.monotonic() + service.settings.swap_seconds
    while True:
        workers = await service.reads.run(engine.store.workers.alive)
        serving = [one.worker_id for one in workers if one.model == wanted]
        missing = [one.worker_id for one in workers if one.model != wanted]
        if not missing or time.monotonic() >= until:
            return answer({"model": name, "serving": serving, "missing": missing})
        await asyncio.sleep(LOOK)


def _content(engine: Engine, name: str) -> str:
    return next(one.content for one in engine.models() if one.name == name)


def _said(job: Job) -> dict[str, Any]:
    return {name: value for name, value in asdict(job).items() if name != "seen_at"}
