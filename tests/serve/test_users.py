"""What is known of a user over HTTP, under every kind of id."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from tests.serve.servers import Here, problem

IDS = [
    "a/b", "state", "a/history", "/", "//", "a%2Fb", "%", "a/state", "export", "x/users/y", ".",
    "..", "a?b#c", "ünï", "日本/語", "😀", " ", "a b", "+", "a;b", "&=", "x" * 256, "\u00a0",
]  # fmt: skip


def quoted(user_id: str) -> str:
    """An id in an address; a dot or two alone would be taken for the way up."""
    return quote(user_id, safe="").replace(".", "%2E")


@pytest.mark.parametrize("user_id", IDS)
def test_every_id_works_on_every_route(server: Here, user_id: str) -> None:
    client, path = server.client, f"/v1/users/{quoted(user_id)}"
    event = {"user_id": user_id, "event_type": "view", "item_id": user_id}
    assert client.post("/v1/events", json=event).json()["accepted"] == 1
    assert client.post("/v1/recommend", json={"user_id": user_id}).json()["user_id"] == user_id
    assert client.post("/v1/rank", json={"user_id": user_id, "item_ids": [user_id]}).is_success
    assert client.post("/v1/similar", json={"item_id": user_id}).is_success
    state = client.get(f"{path}/state").json()
    assert (state["user_id"], state["known"], state["events"]) == (user_id, True, 1)
    (found,) = client.get(f"{path}/history").json()["events"]
    assert (found["user_id"], found["item_id"]) == (user_id, user_id)
    lines = client.get(f"{path}/export").text.splitlines()
    assert {"user", "event"} <= {json.loads(line)["kind"] for line in lines}
    assert client.delete(path).json()["events"] == 1
    assert client.get(f"{path}/state").json()["known"] is False


@pytest.mark.parametrize("given", ["", "%00", "a%0Ab", "ann%0A", "%C2%85", "x" * 257])
def test_ids_that_no_user_can_have_are_refused(server: Here, given: str) -> None:
    for rest in ("/state", "/history", "/export"):
        said = problem(server.client.get(f"/v1/users/{given}{rest}"), 422)
        assert said["errors"][0]["field"] in ("user_id", "address")
    problem(server.client.delete(f"/v1/users/{given}"), 422)
    problem(server.client.get("/v1/users/%FF/state"), 400)


def test_history_comes_page_by_page(server: Here) -> None:
    events = [
        {"user_id": "walker", "event_type": "view", "item_id": f"w{n}", "timestamp": 10**15 + n}
        for n in range(7)
    ]
    server.client.post("/v1/events", json={"events": events})
    seen, cursor = [], None
    while True:
        asked = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = server.client.get("/v1/users/walker/history", params=asked).json()
        seen += [one["item_id"] for one in page["events"]]
        if (cursor := page["cursor"]) is None:
            break
    assert seen == [f"w{n}" for n in reversed(range(7))]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "limit=", "cursor=made-up", "curser=x",
              "limit=1&limit=2", "limit=99999999999999999999"],
)  # fmt: skip
def test_bad_parameters_are_refused(server: Here, query: str) -> None:
    assert problem(server.client.get(f"/v1/users/ann/history?{query}"), 422)["errors"]


def test_an_export_of_many_records_is_whole(server: Here) -> None:
    for start in range(0, 1_200, 600):
        events = [
            {"user_id": "busy", "event_type": "view", "item_id": f"b{start + n}"}
            for n in range(600)
        ]
        server.client.post("/v1/events", json={"events": events})
    answer = server.client.get("/v1/users/busy/export")
    assert answer.headers["content-type"] == "application/x-ndjson"
    records = [json.loads(line) for line in answer.text.splitlines()]
    assert sum(one["kind"] == "event" for one in records) == 1_200


def test_the_forgotten_do_not_come_back(server: Here) -> None:
    event = {
        "user_id": "leaver", "event_type": "view", "item_id": "a", "event_id": "once",
        "timestamp": 10**15,
    }  # fmt: skip
    server.client.post("/v1/events", json=event)
    said = server.client.delete("/v1/users/leaver").json()
    assert (said["user_id"], said["events"]) == ("leaver", 1)
    again = server.client.post("/v1/events", json={"events": [event]}).json()
    assert (again["accepted"], again["forgotten"]) == (0, 1)
    assert server.client.get("/v1/users/leaver/history").json()["events"] == []
