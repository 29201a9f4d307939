"""The OpenAPI description: problem+json for every error, a key for every call."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from habitus.serve.problems import (
    ABSENT,
    BUSY,
    CONFLICT,
    FORBIDDEN,
    INTERNAL,
    INVALID,
    MALFORMED,
    MEDIA,
    MEDIA_TYPE,
    METHOD,
    SLOW,
    TOO_LARGE,
    UNKNOWN_KEY,
    Kind,
)

ABOUT = (
    "Habitus observes what users do and answers what comes next. Times are microseconds since "
    "1970, UTC, or ISO 8601 with a zone. Every error is a problem (RFC 9457) that names the field "
    "and the mend and repeats no value."
)
ALWAYS = (
    MALFORMED,
    UNKNOWN_KEY,
    FORBIDDEN,
    ABSENT,
    METHOD,
    SLOW,
    TOO_LARGE,
    INVALID,
    INTERNAL,
    BUSY,
)
WITH_BODY = (MEDIA,)
ADMINISTRATION = (CONFLICT,)
EXAMPLE: dict[str, Any] = {
    "type": "urn:habitus:problem:invalid",
    "title": INVALID.title,
    "status": INVALID.status,
    "detail": "user_id: is missing",
    "mend": "Mend the fields named in errors; nothing was stored.",
    "errors": [{"field": "user_id", "problem": "is missing"}],
    "request_id": "0b6f6f5d6c0e4a34a4bb6f0f4b6a1d55",
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status", "detail", "request_id"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "mend": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "problem"],
                "properties": {"field": {"type": "string"}, "problem": {"type": "string"}},
            },
        },
    },
    "examples": [EXAMPLE],
}
REFERENCE = {"$ref": "#/components/schemas/Problem"}
UNUSED = ("HTTPValidationError", "ValidationError")


def described(app: FastAPI) -> dict[str, Any]:
    """The description, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _made(app)
    return app.openapi_schema


def _made(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    parts = found.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name in UNUSED:
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    parts["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "A key: hk_…"}
    }
    for address, methods in found["paths"].items():
        for operation in methods.values():
            _describe(operation, address)
    found["paths"] = {
        address.replace(":path}", "}"): methods for address, methods in found["paths"].items()
    }
    return found


def _describe(operation: dict[str, Any], address: str) -> None:
    kinds: list[Kind] = [*ALWAYS]
    if "requestBody" in operation:
        kinds += WITH_BODY
    if address.startswith("/v1/models"):
        kinds += ADMINISTRATION
    if address not in ("/healthz", "/readyz"):
        operation["security"] = [{"key": []}]
    answers = operation["responses"]
    answers.pop("422", None)
    for kind in kinds:
        content = answers.setdefault(str(kind.status), {"description": kind.title})
        content.setdefault("content", {})[MEDIA_TYPE] = {"schema": REFERENCE}
    for said in answers.values():
        said["headers"] = {
            "X-Request-Id": {"schema": {"type": "string"}, "description": "Ours, for the logs."}
        }
