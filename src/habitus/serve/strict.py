"""Reading JSON without the tolerance of `json`: what is doubtful is refused, with its place."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

from habitus.serve.limits import INT64
from habitus.serve.problems import INVALID, MALFORMED, Problem, Wrong

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
DIGITS = 20  # of the longest 64-bit number, its sign included


def load(body: bytes, nesting: int) -> Any:
    """The value that a body holds; `nesting` lists and maps may lie within each other.

    Problem for text that is not UTF-8 or not JSON (400); for NaN, infinities, numbers beyond 64
    bits, a name twice in one map, lone surrogates and deeper nesting (422).
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(MALFORMED, "The body is not UTF-8.", "Send JSON in UTF-8.") from None
    try:
        value = _decoder.decode(text)
    except json.JSONDecodeError as error:
        raise Problem(
            MALFORMED,
            f"The body is not JSON: it breaks at line {error.lineno}, column {error.colno}.",
            "Send one JSON value.",
        ) from None
    except RecursionError:
        raise _too_deep(nesting) from None
    if text.count("[") + text.count("{") > nesting or "\\u" in text:
        _check(value, nesting)
    return value


def check_address(raw_path: bytes, query: bytes) -> None:
    """Problem where an address holds what would be read as another id: bytes that are not UTF-8,
    and control characters (the router takes an id that ends in a line break for one that does not).
    """
    for part in (raw_path, query):
        if b"%" not in part and part.isascii():
            continue
        try:
            text = unquote_to_bytes(part).decode("utf-8")
        except UnicodeDecodeError:
            raise Problem(
                MALFORMED, "The address is not UTF-8.", "Write each byte of an id's UTF-8 as %XX."
            ) from None
        if CONTROL.search(text):
            raise _refused("has control characters", "Ids have none.", "address")


def _whole(digits: str) -> int:
    if len(digits) <= DIGITS:
        number = int(digits)
        if INT64[0] <= number <= INT64[1]:
            return number
    raise _refused("a whole number needs more than 64 bits", "Send it as a text, or smaller.")


def _real(digits: str) -> float:
    number = float(digits)
    if math.isfinite(number):
        return number
    raise _refused("a number is beyond what 64 bits can hold", "Leave out what has no value.")


def _constant(name: str) -> NoReturn:
    raise _refused(f"{name} is no number of JSON", "Leave out what has no value.")


def _map(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _refused("a name stands twice in one map", "Send each name once.")
    return made


_decoder = json.JSONDecoder(
    object_pairs_hook=_map, parse_int=_whole, parse_float=_real, parse_constant=_constant
)


def _check(value: Any, nesting: int) -> None:
    """Refuse deep nesting and lone surrogates, without recursion."""
    level = [("", value)]
    for _ in range(nesting + 1):
        if not level:
            return
        level = [inner for place, one in level for inner in _inside(place, one)]
    if level:
        raise _too_deep(nesting)


def _inside(place: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The parts of a list or map with their places; of anything else none."""
    dot = "." if place else ""
    if isinstance(value, dict):
        for name, inner in value.items():
            _insist_on_characters(place or "body", name)
            yield f"{place}{dot}{name}", inner
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield f"{place}{dot}{index}", inner
    elif isinstance(value, str):
        _insist_on_characters(place or "body", value)


def _insist_on_characters(place: str, text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise _refused(
            "contains half characters (surrogates)", "Send whole characters.", place
        ) from None


def _too_deep(nesting: int) -> Problem:
    return _refused(f"has more than {nesting} lists and maps within each other", "Send it flatter.")


def _refused(problem: str, mend: str, place: str = "body") -> Problem:
    return Problem(INVALID, f"{place}: {problem}", mend, [Wrong(place, problem)])
