"""Events over HTTP: one or several, stored once, and clear answers for those that are not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.serve.servers import Here, problem

EVENT = {"user_id": "ann", "event_type": "view", "item_id": "a"}


def test_one_or_several_are_stored_once(server: Here) -> None:
    one = EVENT | {"event_id": "e1", "timestamp": "2025-05-01T12:00:00+02:00", "value": 2}
    assert server.client.post("/v1/events", json=one).json()["accepted"] == 1
    said = server.client.post(
        "/v1/events", json={"events": [one, EVENT | {"event_id": "e2"}, one | {"value": 3}]}
    ).json()
    assert (said["accepted"], said["duplicates"], said["conflicted"]) == (1, 1, 1)
    assert said["conflicts"] == [{"event_id": "e1", "fields": ["value"]}]
    stored = {
        each.event_id: each for each in server.service.tenants.engine("default").history("ann")
    }
    assert stored["e1"].timestamp == 1_746_093_600_000_000
    assert stored["e1"].value == 2.0


def test_every_field_arrives(server: Here) -> None:
    event = EVENT | {
        "user_id": "all", "event_id": "full", "timestamp": 10**15, "value": -1.5, "text": "words",
        "session_id": "s", "request_id": "r", "position": 0, "propensity": 0.25,
        "timezone": "Europe/Berlin", "context": {"a": 1, "b": None, "c": True, "d": "x"},
        "sequence": 3,
    }  # fmt: skip
    assert server.client.post("/v1/events", json=event).json()["accepted"] == 1
    (found,) = server.client.get("/v1/users/all/history").json()["events"]
    assert {name: found[name] for name in event} == event


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"user_id": None}, "user_id"),
        ({"user_id": ""}, "user_id"),
        ({"user_id": "x" * 257}, "user_id"),
        ({"user_id": "a\u2028b"}, "user_id"),
        ({"event_type": 5}, "event_type"),
        ({"timestamp": "2025-01-01T00:00:00"}, "timestamp"),
        ({"timestamp": 12}, "timestamp"),
        ({"timestamp": True}, "timestamp"),
        ({"timestamp": 5_000_000_000_000_000}, "timestamp"),
        ({"value": "1"}, "value"),
        ({"position": -1}, "position"),
        ({"propensity": 0}, "propensity"),
        ({"timezone": "not a zone!"}, "timezone"),
        ({"context": {"a": {"b": 1}}}, "context"),
        ({"context": {"": 1}}, "context"),
        ({"context": {"a": "\0"}}, "context"),
        ({"context": {"\0": 1}}, "context"),
        ({"text": "a\0b"}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"sequence": 1.5}, "sequence"),
        ({"recorded_at": 5}, "recorded_at"),
    ],
)
def test_a_bad_field_is_named(server: Here, change: dict[str, Any], field: str) -> None:
    said = problem(server.client.post("/v1/events", json=EVENT | change), 422)
    assert said["errors"][0]["field"] == field
    several = server.client.post("/v1/events", json={"events": [EVENT, EVENT | change]})
    if several.is_success:  # only the store could tell: the others are stored
        assert several.json()["rejected"][0]["field"] == field
        assert several.json()["accepted"] == 1
    else:
        assert problem(several, 422)["errors"][0]["field"] == f"events.1.{field}"


@pytest.mark.parametrize("body", [{"events": []}, {"events": [EVENT] * 1_001}, [EVENT], {}, "x"])
def test_batches_are_bounded(server: Here, body: Any) -> None:
    before = server.service.tenants.engine("default").status().events
    problem(server.client.post("/v1/events", json=body), 422)
    assert server.service.tenants.engine("default").status().events == before
