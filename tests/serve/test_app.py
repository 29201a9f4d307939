"""The description of the API is true: every example works, every error is declared."""

from __future__ import annotations

from typing import Any

import pytest
from tests.serve.servers import Here, problem

from habitus.serve.app import api
from habitus.serve.problems import KINDS, MEDIA_TYPE

DESCRIBED = api().openapi()
CALLS = [
    (method, address, operation)
    for address, methods in DESCRIBED["paths"].items()
    for method, operation in methods.items()
]
NEEDS_MORE = {"/v1/recommend/next", "/v1/models/train", "/v1/models/train/{job}",
              "/v1/models/{name}/activate", "/v1/models/rollback", "/v1/profile/edit"}  # fmt: skip


def named(call: tuple[str, str, Any]) -> str:
    return f"{call[0]} {call[1]}"


def schema(reference: dict[str, Any]) -> dict[str, Any]:
    name = reference["$ref"].rpartition("/")[2]
    found: dict[str, Any] = DESCRIBED["components"]["schemas"][name]
    return found


def bodies(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """The shapes that a call's body may have."""
    if "requestBody" not in operation:
        return []
    said = operation["requestBody"]["content"]["application/json"]["schema"]
    return [schema(one) for one in said.get("oneOf", said.get("anyOf", [said]))]


@pytest.mark.parametrize("call", CALLS, ids=named)
def test_every_call_has_an_example_and_declares_its_errors(call: tuple[str, str, Any]) -> None:
    _, _, operation = call
    for shape in bodies(operation):
        assert shape["examples"]
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            assert parameter["schema"].get("examples") or parameter.get("examples")
    good = next(said for status, said in operation["responses"].items() if status < "300")
    (content,) = good["content"].values()
    assert content.get("example") or schema(content["schema"])["examples"]
    declared = {int(status) for status in operation["responses"] if status >= "400"}
    assert declared >= {400, 401, 403, 404, 405, 408, 413, 422, 500, 503}
    assert declared <= {kind.status for kind in KINDS}
    for status in declared:
        assert MEDIA_TYPE in operation["responses"][str(status)]["content"]
    assert operation["description"]


@pytest.mark.parametrize("call", CALLS, ids=named)
def test_every_example_works(server: Here, call: tuple[str, str, Any]) -> None:
    method, address, operation = call
    if address in NEEDS_MORE:
        pytest.skip("needs a model, a training, a cursor or a proposition: tested with them")
    example = {"items": [{"item_id": name} for name in ("film-7", "film-9")]}
    assert server.client.put("/v1/items", json=example).is_success
    genre = {"items": [{"item_id": "film-7", "attributes": {"genre": "comedy"}}]}
    assert server.client.put("/v1/items", json=genre).is_success
    address = address.replace("{user_id}", "u42")
    sent = [shape["examples"][0] for shape in bodies(operation)] or [None]
    for body in sent:
        answer = server.client.request(method.upper(), address, json=body)
        assert answer.is_success, answer.text


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/v1/users/ann", 405),
        ("GET", "/v1/users/ann/stat", 405),
        ("POST", "/v1/users/ann/state", 405),
        ("PATCH", "/v1/items", 405),
        ("DELETE", "/v1/events", 405),
        ("POST", "/v1/events/", 404),
        ("GET", "/docs", 404),
        ("OPTIONS", "/v1/events", 405),
    ],
)
def test_addresses_and_methods_that_are_not_there(
    server: Here, method: str, address: str, status: int
) -> None:
    answer = server.client.request(method, address)
    problem(answer, status)
    assert ("allow" in answer.headers) == (status == 405)


def test_a_body_is_json_and_says_so(server: Here) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "", "application/xml"):
        answer = server.client.post(
            "/v1/recommend", content=b'{"user_id": "a"}', headers={"content-type": kind}
        )
        problem(answer, 415)
    good = server.client.post(
        "/v1/recommend",
        content=b'{"user_id": "a"}',
        headers={"content-type": "Application/JSON; charset=utf-8"},
    )
    assert good.status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"user_id": NaN}', b'{"user_id": "\\ud800"}', b'{"user_id": "\xff"}',
             b'{"user_id": "a", "k": 1e400}', b'{"user_id": "a", "k": 9223372036854775808}',
             b"[" * 50_000, b'{"user_id": "a", "user_id": "b"}', b'{"user_id": "a", "kk": 1}', b"null"],
)  # fmt: skip
def test_doubtful_json_is_a_clear_refusal(server: Here, body: bytes) -> None:
    answer = server.client.post(
        "/v1/recommend", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code in (400, 422)
    problem(answer, answer.status_code)
