"""Recommend, rank, similar and pages over HTTP, against a real store."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest
from tests.serve.servers import Here, problem, until


def ids(said: dict[str, Any]) -> list[str]:
    return [one["item_id"] for one in said["items"]]


def test_a_recommendation_and_what_it_is_joined_by(server: Here) -> None:
    answer = server.client.post("/v1/recommend", json={"user_id": "new", "k": 3})
    assert answer.status_code == 200
    said = answer.json()
    assert said["user_id"] == "new"
    assert said["model"] == "popularity"
    assert len(said["items"]) == 3
    assert set(said["items"][0]) == {"item_id", "score", "text", "propensity"}
    request_id = said["request_id"]
    engine = server.service.tenants.engine("default")
    until(lambda: engine.store.slates.shown(request_id), "the slate is in the log")
    logged = engine.store.slates.shown(request_id)
    assert logged is not None
    assert [one.item_id for one in logged.items] == ids(said)
    event = {"user_id": "new", "event_type": "view", "item_id": ids(said)[0]}
    event["request_id"] = request_id
    assert server.client.post("/v1/events", json=event).json()["accepted"] == 1
    assert engine.history("new")[0].request_id == request_id


def test_an_event_counts_from_the_next_request_on(server: Here) -> None:
    body = {"user_id": "dee", "k": 6, "exclude_seen": True}
    first = ids(server.client.post("/v1/recommend", json=body).json())
    event = {"user_id": "dee", "event_type": "view", "item_id": first[0]}
    server.client.post("/v1/events", json=event)
    assert first[0] not in ids(server.client.post("/v1/recommend", json=body).json())


def test_conditions_and_exclusions_are_exact(server: Here) -> None:
    body = {"user_id": "new", "k": 10, "exclude_seen": False}

    def asked(**more: Any) -> set[str]:
        return set(ids(server.client.post("/v1/recommend", json=body | more).json()))

    assert asked() == set("abcdef")
    assert asked(where={"genre": "x"}) == set("ace")
    assert asked(where={"genre": {"not": ["x"]}}) == set("bdf")
    assert asked(where={"genre": {"in": ["x", "y"]}, "year": {"min": 1991, "max": 1993}}) == set(
        "bcd"
    )
    assert asked(exclude_items=["a", "unknown"]) == set("bcdef")
    assert server.client.post(
        "/v1/items/availability", json={"item_ids": ["b"], "available": False}
    ).json() == {"changed": 1}
    assert asked() == set("acdef")
    server.client.post("/v1/items/availability", json={"item_ids": ["b"], "available": True})


def test_pages_never_repeat(server: Here) -> None:
    body = {"user_id": "new", "k": 4, "pages": True, "exclude_seen": False}
    first = server.client.post("/v1/recommend", json=body).json()
    second = server.client.post("/v1/recommend/next", json={"cursor": first["cursor"]}).json()
    assert len(ids(first)) == 4
    assert set(ids(first)) | set(ids(second)) == set("abcdef")
    assert second["cursor"] is None
    assert second["request_id"] != first["request_id"]
    problem(server.client.post("/v1/recommend/next", json={"cursor": "made-up"}), 422)


def test_rank_and_similar(server: Here) -> None:
    ranked = server.client.post("/v1/rank", json={"user_id": "ann", "item_ids": ["f", "a", "d"]})
    assert sorted(ids(ranked.json())) == ["a", "d", "f"]
    alike = server.client.post("/v1/similar", json={"item_id": "a", "where": {"genre": "y"}})
    assert set(ids(alike.json())) <= set("bdf")


@pytest.mark.parametrize(
    ("address", "body", "field"),
    [
        ("/v1/rank", {"user_id": "ann", "item_ids": ["a", "token-9f3"]}, "item_ids"),
        ("/v1/similar", {"item_id": "token-9f3"}, "item_id"),
        ("/v1/recommend", {"user_id": "token-9f3", "where": {"gnre": "token-9f3"}}, "where"),
        ("/v1/recommend", {"user_id": "token-9f3", "where": {"genre": 7}}, "where"),
        ("/v1/recommend", {"user_id": "token-9f3", "where": {"genre": "\0"}}, "where"),
        ("/v1/recommend", {"user_id": "token-9f3", "k": 0}, "k"),
        ("/v1/recommend", {"user_id": "token-9f3", "k": 1_001}, "k"),
        ("/v1/recommend", {"user_id": "token-9f3", "now": "tomorrow token-9f3"}, "now"),
        ("/v1/recommend", {"user_id": ["token-9f3"]}, "user_id"),
    ],
)
def test_problems_name_the_field_and_never_the_value(
    server: Here, address: str, body: dict[str, Any], field: str
) -> None:
    answer = server.client.post(address, json=body)
    said = problem(answer, 422)
    assert said["errors"][0]["field"] == field
    assert said["mend"]
    assert "token-9f3" not in answer.text


def test_who_names_a_new_item_waits_and_nobody_else_does(
    fresh: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = fresh.service.tenants.engine("default")._serving
    monkeypatch.setattr(serving, "_at_once", 0.0)  # every renewal is one that takes long
    ask = fresh.client.post
    assert ask("/v1/recommend", json={"user_id": "ann"}).is_success
    answers: list[httpx.Response] = []

    def named() -> None:
        answers.append(ask("/v1/rank", json={"user_id": "ann", "item_ids": ["new", "a"]}))

    with serving._building:  # as if the catalogue were being worked in
        fresh.client.put("/v1/items", json={"items": [{"item_id": "new"}]})
        waiting = threading.Thread(target=named)
        waiting.start()
        for _ in range(20):
            assert ask("/v1/recommend", json={"user_id": "ann"}).is_success
        unknown = ask("/v1/similar", json={"item_id": "token-none"})
        assert "no item" in problem(unknown, 422)["detail"]
        assert answers == []
    waiting.join()
    assert {one["item_id"] for one in answers[0].json()["items"]} == {"new", "a"}
    explained = ask("/v1/explain", json={"user_id": "ann", "item_id": "new"})
    assert explained.is_success, explained.text
