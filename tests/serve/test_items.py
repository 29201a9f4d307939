"""Items over HTTP: all of a call or none, and what cannot be had is never recommended."""

from __future__ import annotations

from typing import Any

import pytest
from tests.serve.servers import Here, problem


def test_items_are_put_and_replaced(server: Here) -> None:
    item = {
        "item_id": "n/1", "text": "New", "attributes": {"genre": ["x", "z"], "kind": "film"},
        "numbers": {"year": 2000}, "available": True,
    }  # fmt: skip
    assert server.client.put("/v1/items", json={"items": [item]}).json() == {"changed": 1}
    assert server.client.put("/v1/items", json={"items": [item]}).json() == {"changed": 0}
    found = server.client.post(
        "/v1/recommend", json={"user_id": "new", "where": {"genre": "z"}, "exclude_seen": False}
    ).json()
    assert [one["item_id"] for one in found["items"]] == ["n/1"]
    assert found["items"][0]["text"] == "New"


def test_what_cannot_be_had_is_not_recommended(fresh: Here) -> None:
    body = {"item_ids": ["a", "b"], "available": False}
    assert fresh.client.post("/v1/items/availability", json=body).json() == {"changed": 2}
    said = fresh.client.post("/v1/recommend", json={"user_id": "new", "exclude_seen": False}).json()
    assert {one["item_id"] for one in said["items"]} == set("cdef")
    unknown = {"item_ids": ["token-5ac"], "available": False}
    answer = fresh.client.post("/v1/items/availability", json=unknown)
    assert problem(answer, 422)["errors"][0]["field"] == "item_ids"
    assert "token-5ac" not in answer.text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"item_id": ""}, "items.1.item_id"),
        ({"attributes": {"a": 1}}, "items.1.attributes"),
        ({"attributes": {"a": ["x", 1]}}, "items.1.attributes"),
        ({"numbers": {"a": "1"}}, "items.1.numbers"),
        ({"numbers": {f"n{n}": n for n in range(101)}}, "items.1.numbers"),
        ({"text": "x" * 10_001}, "items.1.text"),
        ({"text": "a\0b"}, "items.1.text"),
        ({"attributes": {"a": "\0"}}, "items.1.attributes"),
        ({"attributes": {"\0": "a"}}, "items.1.attributes"),
        ({"numbers": {"\0": 1}}, "items.1.numbers"),
        ({"available": 1}, "items.1.available"),
        ({"price": 3}, "items.1.price"),
    ],
)
def test_one_bad_item_stores_none(server: Here, change: dict[str, Any], field: str) -> None:
    items = [{"item_id": "good-one"}, {"item_id": "other"} | change]
    said = problem(server.client.put("/v1/items", json={"items": items}), 422)
    assert said["errors"][0]["field"] == field
    known = server.service.tenants.engine("default").store.items()
    assert "good-one" not in {item.item_id for item in known}
