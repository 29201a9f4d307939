"""How every call of /v1 begins and ends: rights first, then a strict body, then the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from habitus.engine import Engine
from habitus.serve import strict
from habitus.serve.problems import FORBIDDEN, MEDIA, Problem, invalid, of_engine
from habitus.serve.service import Service
from habitus.serve.visit import SCOPE, Right, Visit
from habitus.types import HabitusError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
JSON = "application/json"


def calls(right: Right) -> type[APIRoute]:
    """The class of routes that need a right of their key."""

    class Call(APIRoute):
        needs = right

        def get_route_handler(self) -> Handler:
            handle = super().get_route_handler()
            takes_body = self.body_field is not None
            parameters = frozenset(one.alias for one in self.dependant.query_params)

            async def answer(request: Request) -> Response:
                insist(visit_of(request), right)
                _check_parameters(request, parameters)
                sent: dict[str, Any] = {}
                if takes_body:
                    sent = await _read(request)
                try:
                    return await handle(request)
                except HabitusError as error:
                    fields = {**request.query_params, **request.path_params, **sent}
                    raise of_engine(error, fields) from error

            return answer

    return Call


def visit_of(request: Request) -> Visit:
    """What the outermost layer noted of a request."""
    visit: Visit = request.scope[SCOPE]
    return visit


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    service: Service = request.app.state.service
    return service


def workspace_of(request: Request) -> str:
    """The workspace of the call's key: nothing else in a call can name one."""
    admitted = visit_of(request).admitted
    assert admitted is not None  # only public addresses are reached without
    return admitted.workspace


async def engine_of(request: Request) -> Engine:
    """The engine of the call's workspace."""
    return await service_of(request).engine(workspace_of(request))


def insist(visit: Visit, right: Right) -> None:
    """Problem 403 where the key lacks a right."""
    if visit.admitted is None or right not in visit.admitted.rights:
        raise Problem(
            FORBIDDEN, f"The key has no {right} scope.", "Use another key, or make one with it."
        )


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer of plain values."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(text.encode(), status, headers, JSON)


def _check_parameters(request: Request, known: frozenset[str]) -> None:
    given = request.query_params
    if not given:
        return
    names = [name for name, _ in given.multi_items()]
    if not known.issuperset(names):
        raise invalid("query", "has a parameter that this call does not know", "See /openapi.json.")
    if len(names) != len(set(names)):
        raise invalid("query", "has a parameter twice", "Send each parameter once.")


async def _read(request: Request) -> dict[str, Any]:
    """Read the body strictly, and leave it where FastAPI looks for it."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise Problem(MEDIA, "The body is not declared as JSON.", f"Send Content-Type: {JSON}.")
    value = strict.load(await request.body(), service_of(request).settings.nesting)
    request._json = value
    return value if isinstance(value, dict) else {}
