"""The ASGI application: routes, errors and what describes them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

import habitus
from habitus.serve import (
    asking,
    describing,
    event_types,
    events,
    health,
    items,
    models,
    profiles,
    users,
)
from habitus.serve.calls import Call, visit_of
from habitus.serve.edge import Edge, failure
from habitus.serve.problems import Problem, of_http, of_validation
from habitus.serve.service import Service
from habitus.serve.settings import Settings
from habitus.serve.trainer import ProcessTrainer, Trainer

ROUTERS = (
    asking.router,
    events.router,
    event_types.router,
    items.router,
    users.router,
    users.ending,
    profiles.reading,
    profiles.editing,
    profiles.interpreting,
    profiles.ruling,
    models.listing,
    models.router,
    health.public,
    health.router,
)


class Api(FastAPI):
    """Calls whose address has no parameters are found in a map, and pass none of FastAPI's layers:
    their handlers read and check everything themselves."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._direct = {
            (method, route.path): route
            for router in ROUTERS
            for route in router.routes
            if isinstance(route, Call) and route.is_direct
            for method in route.methods or ()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = scope["type"] == "http" and self._direct.get((scope["method"], scope["path"]))
        if not found:
            await super().__call__(scope, receive, send)
            return
        scope["app"], scope["route"] = self, found
        response = await found.answer(Request(scope, receive, send))
        await response(scope, receive, send)


def create_app(settings: Settings, trainer: Trainer | None = None) -> Edge:
    """The application of one worker; `trainer` begins trainings (None: `habitus train`)."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = app.state.service = Service(settings, trainer or ProcessTrainer(settings))
        service.start()
        try:
            yield
        finally:
            service.close()

    app = api(lifespan)
    return Edge(app, lambda: app.state.service.access, settings)


def api(lifespan: Callable[[FastAPI], Any] | None = None) -> FastAPI:
    """The routes and their description, without what stands around them."""
    app = Api(
        title="Habitus",
        version=habitus.__version__,
        description=describing.ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        exception_handlers={
            Problem: _of_problem,
            RequestValidationError: _of_validation,
            HTTPException: _of_http,
            Exception: _of_failure,
        },
    )
    for router in ROUTERS:
        app.include_router(router)
    app.openapi = lambda: describing.described(app)  # type: ignore[method-assign]
    return app


async def _of_problem(request: Request, error: Any) -> Response:
    problem: Problem = error
    return problem.response(visit_of(request).request_id)


async def _of_validation(request: Request, error: Any) -> Response:
    return of_validation(error).response(visit_of(request).request_id)


async def _of_http(request: Request, error: Any) -> Response:
    return of_http(error).response(visit_of(request).request_id)


async def _of_failure(request: Request, error: Exception) -> Response:
    visit = visit_of(request)
    return failure(error, visit).response(visit.request_id)
