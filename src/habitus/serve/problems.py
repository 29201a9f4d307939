"""What a caller gets when a call fails: RFC 9457, with the field and the mend, never with values."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from habitus.events.storage_errors import LATER, failing
from habitus.types import HabitusError

MEDIA_TYPE = "application/problem+json"
MOST_FIELDS = 20  # named in one answer
NAME_LENGTH = 64  # characters of a field's name that are given back
HIDDEN = "…"
TAG = "as:"  # how bodies of several shapes are told apart; no part of a field's place
STORAGE = (OSError, sqlite3.Error, SQLAlchemyError)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its last word in `type`, its HTTP status, its title."""

    slug: str
    status: int
    title: str


MALFORMED = Kind("malformed", 400, "The request cannot be read.")
UNKNOWN_KEY = Kind("unauthorized", 401, "The call needs a valid key.")
FORBIDDEN = Kind("forbidden", 403, "The call is not allowed.")
ABSENT = Kind("not-found", 404, "There is nothing here.")
METHOD = Kind("method-not-allowed", 405, "This address has no such method.")
SLOW = Kind("request-timeout", 408, "The request came too slowly.")
CONFLICT = Kind("conflict", 409, "The call does not fit what is there.")
TOO_LARGE = Kind("too-large", 413, "The request is too large.")
MEDIA = Kind("unsupported-media-type", 415, "The request is not JSON.")
INVALID = Kind("invalid", 422, "The request is not valid.")
INTERNAL = Kind("internal", 500, "The server failed.")
BUSY = Kind("busy", 503, "The server cannot answer at present.")
KINDS = (
    MALFORMED, UNKNOWN_KEY, FORBIDDEN, ABSENT, METHOD, SLOW, CONFLICT, TOO_LARGE, MEDIA, INVALID,
    INTERNAL, BUSY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wrong:
    """One field that is not acceptable: its place, such as `events.3.user_id`, and why."""

    field: str
    problem: str


@dataclass(slots=True)
class Problem(Exception):  # noqa: N818  the word of RFC 9457
    """Raised anywhere in a call, it becomes the call's answer."""

    kind: Kind
    detail: str
    mend: str = ""
    wrong: Sequence[Wrong] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, request_id: str) -> Response:
        said: dict[str, Any] = {
            "type": f"urn:habitus:problem:{self.kind.slug}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
        }
        if self.mend:
            said["mend"] = self.mend
        if self.wrong:
            said["errors"] = [{"field": one.field, "problem": one.problem} for one in self.wrong]
        said["request_id"] = request_id
        return Response(
            json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"),
            self.kind.status,
            dict(self.headers),
            MEDIA_TYPE,
        )


def invalid(place: str, problem: str, mend: str = "") -> Problem:
    """A 422 about one field."""
    return Problem(INVALID, f"{place}: {problem}", mend, [Wrong(place, problem)])


def busy(detail: str, seconds: int = 1) -> Problem:
    """A 503 that says when to try again."""
    return Problem(BUSY, detail, "Try again later.", headers={"Retry-After": str(seconds)})


def of_validation(error: RequestValidationError) -> Problem:
    """What pydantic found, without the values that it found."""
    found = error.errors()
    wrong = [Wrong(_place(one["loc"]), _sentence(one)) for one in found[:MOST_FIELDS]]
    first = wrong[0]
    more = f" ({len(found) - 1} more)" if len(found) > 1 else ""
    return Problem(
        INVALID,
        f"{first.field}: {first.problem}{more}",
        "Mend the fields named in errors; nothing was stored.",
        wrong,
    )


def of_http(error: HTTPException) -> Problem:
    """404 and 405 of the router."""
    kinds = {kind.status: kind for kind in KINDS}
    kind = kinds.get(error.status_code, MALFORMED)
    return Problem(
        kind, kind.title, "See /openapi.json for every call.", headers=dict(error.headers or {})
    )


def of_engine(error: HabitusError, sent: Mapping[str, Any]) -> Problem:
    """What the engine refused. `sent` are the call's own fields: the one whose value the error
    quotes is named, and their values are masked wherever it says them."""
    store = of_store(error)
    if store is not None:
        return store
    place = next((name for name, value in sent.items() if _quoted(error, value)), "request")
    known = sorted({text for text in texts(sent.values()) if text}, key=len, reverse=True)
    problem, mend = masked(error.problem, known), masked(error.mend, known)
    return Problem(INVALID, f"{place}: {problem}", mend, [Wrong(place, problem)])


def _quoted(error: HabitusError, value: Any) -> bool:
    """Whether an error speaks of a value, or of a name in a map."""
    names = value.keys() if isinstance(value, Mapping) else ()
    return any(repr(text) in error.problem for text in (*names, *texts([value])))


def of_store(error: Exception) -> Problem | None:
    """The answer where the disk or the database failed: what is wrong, and when to try again, but
    not where the store lies. None for any other error."""
    found = failing(error)
    if found is not None:
        return _later(found.said, found.mend, found.seconds)
    if isinstance(error, STORAGE) or isinstance(error.__cause__, STORAGE):
        return _later(
            "The store could not be read or written at present.",
            "Look for the reason in the server's log.",
            LATER,
        )
    return None


def _later(detail: str, mend: str, seconds: int) -> Problem:
    return Problem(
        BUSY,
        f"{detail} What was acknowledged before is safe.",
        f"Send the call again later, events with the same event_id. For the operator: {mend}",
        headers={"Retry-After": str(seconds)},
    )


def masked(sentence: str, values: Sequence[str]) -> str:
    """A sentence without the caller's values: longest first, as written, quoted or as JSON."""
    for value in values:
        for form in {repr(value), f"'{value}'", f'"{value}"'}:
            sentence = sentence.replace(form, HIDDEN)
        sentence = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", HIDDEN, sentence)
    return sentence


def texts(values: Iterable[Any]) -> Iterable[str]:
    """Every text and number within some values, names of maps excepted."""
    for value in values:
        if isinstance(value, Mapping):
            yield from texts(value.values())
        elif isinstance(value, list | tuple):
            yield from texts(value)
        elif value is not None and not isinstance(value, bool):
            yield str(value)


def _place(location: Sequence[Any]) -> str:
    """("body", "events", 3, "user_id") → "events.3.user_id"; the body itself is "body"."""
    inner = [_name(part) for part in location[1:] if not str(part).startswith(TAG)]
    return ".".join(inner) or str(location[0])


def _name(part: Any) -> str:
    text = str(part).encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else HIDDEN for c in text[:NAME_LENGTH])


def _sentence(error: Mapping[str, Any]) -> str:
    said = SENTENCES.get(error["type"])
    if said is not None:
        return said
    return str(error["msg"]).removeprefix("Value error, ")


SENTENCES = {
    "extra_forbidden": "is no field of this call; see /openapi.json",
    "missing": "is missing",
    "string_unicode": "contains half characters (surrogates)",
    "string_pattern_mismatch": "has characters that are not allowed here, such as control characters",
    "model_attributes_type": "is not a JSON object",
    "json_invalid": "is not JSON",
}
