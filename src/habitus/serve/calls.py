"""How every call of /v1 begins and ends: rights first, then a strict body, then the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, cast, get_type_hints

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from habitus.engine import Engine
from habitus.events.group_commit import NotStoredError
from habitus.serve import strict
from habitus.serve.edge import failure
from habitus.serve.problems import (
    FORBIDDEN,
    MEDIA,
    Problem,
    invalid,
    of_engine,
    of_store,
    of_validation,
)
from habitus.serve.service import Service
from habitus.serve.visit import SCOPE, Right, Visit
from habitus.types import HabitusError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
JSON = "application/json"

_written = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


class Call(APIRoute):
    """A route of /v1. Where its address has no parameters, FastAPI only describes it."""

    needs: tuple[Right, ...]
    answer: Handler

    @property
    def is_direct(self) -> bool:
        """Whether `answer` needs nothing of FastAPI."""
        return not (self.dependant.path_params or self.dependant.query_params)

    def get_route_handler(self) -> Handler:
        shape = _shape_of(self.endpoint)
        parameters = frozenset(one.alias for one in self.dependant.query_params)
        handle: Callable[..., Any] = (
            self.endpoint if self.is_direct else super().get_route_handler()
        )
        assert shape is None or self.is_direct, f"{self.path}: a body, or parameters, not both"

        async def answer(request: Request) -> Response:
            for right in self.needs:
                insist(visit_of(request), right)
            _check_parameters(request, parameters)
            sent = None if shape is None else await _read(request)
            try:
                if shape is None:
                    return cast("Response", await handle(request))
                return cast("Response", await handle(request, _shaped(shape, sent)))
            except HabitusError as error:
                if isinstance(error, NotStoredError) or of_store(error) is not None:
                    raise failure(error, visit_of(request)) from error  # no fault of the caller
                fields = {**request.query_params, **request.path_params}
                fields |= sent if isinstance(sent, dict) else {}
                raise of_engine(error, fields) from error

        self.answer = answer
        return answer


def calls(*rights: Right) -> type[Call]:
    """The class of routes that need all these rights of their key."""

    class Needing(Call):
        needs = rights

    return Needing


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


async def aware(request: Request, engine: Engine, item_ids: Sequence[str]) -> None:
    """Wait for items that a call names and that are being worked in, where the wait holds up nobody
    else: the model's thread does not."""
    if engine.lacks(item_ids):
        await service_of(request).reads.run(partial(engine.await_items, item_ids))


async def engine_of(request: Request) -> Engine:
    """The engine of the call's workspace."""
    return await service_of(request).engine(workspace_of(request))


def insist(visit: Visit, right: Right) -> None:
    """Problem 403 where the key lacks a right."""
    if visit.admitted is None or right not in visit.admitted.rights:
        raise Problem(
            FORBIDDEN, f"The key has no {right} scope.", "Use another key, or make one with it."
        )


def sees_sensitive(request: Request) -> bool:
    """Whether the call's key has the scope for sensitive matters."""
    admitted = visit_of(request).admitted
    return admitted is not None and Right.SENSITIVE in admitted.rights


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer of plain values."""
    return Response(_written(value).encode(), status, headers, JSON)


def _check_parameters(request: Request, known: frozenset[str]) -> None:
    if not request.scope["query_string"]:
        return
    names = [name for name, _ in request.query_params.multi_items()]
    if not known.issuperset(names):
        raise invalid("query", "has a parameter that this call does not know", "See /openapi.json.")
    if len(names) != len(set(names)):
        raise invalid("query", "has a parameter twice", "Send each parameter once.")


async def _read(request: Request) -> Any:
    """The body's value, read strictly."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise Problem(MEDIA, "The body is not declared as JSON.", f"Send Content-Type: {JSON}.")
    return strict.load(await request.body(), service_of(request).settings.nesting)


def _shape_of(endpoint: Callable[..., Any]) -> TypeAdapter[Any] | None:
    """What reads the parameter `body` of a call; None where it has none."""
    body = get_type_hints(endpoint, include_extras=True).get("body")
    return None if body is None else TypeAdapter(body)


def _shaped(shape: TypeAdapter[Any], value: Any) -> Any:
    """The body as its shape; Problem 422 where it is another."""
    try:
        return shape.validate_python(value, from_attributes=True)
    except ValidationError as error:
        found = error.errors(include_url=False)
        placed = [{**one, "loc": ("body", *one["loc"])} for one in found]
        raise of_validation(RequestValidationError(placed)) from None
