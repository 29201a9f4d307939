"""Who may call, and that no key reaches another workspace."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.serve.servers import Here, Spot, problem

from habitus.profile.sensitive import Policy
from habitus.serve.access import REMEMBERED, host_name, is_loopback
from habitus.serve.app import api

TOKEN = "token-of-the-other-workspace"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "example.com"},
        {"host": "127.0.0.1.example.com"},
        {"host": "10.0.0.1:8080"},
        {"host": ""},
        {"x-forwarded-for": "1.2.3.4"},
        {"x-forwarded-host": "x"},
        {"forwarded": "for=1.2.3.4"},
        {"via": "1.1 proxy"},
        {"x-real-ip": "1.2.3.4"},
        {"origin": "http://example.com"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
    ],
)
def test_without_keys_only_this_machine_may_call(server: Here, headers: dict[str, str]) -> None:
    for method, address in (
        ("GET", "/v1/models"),
        ("DELETE", "/v1/users/ann"),
        ("GET", "/metrics"),
    ):
        problem(server.client.request(method, address, headers=headers), 403)


def test_without_keys_its_own_origin_may_call(server: Here) -> None:
    for name in ("localhost", "127.0.0.1", "[::1]", "LOCALHOST"):
        headers = {"host": f"{name}:80", "origin": f"http://{name.lower()}:80"}
        assert server.client.get("/v1/models", headers=headers).is_success
    assert server.client.get("/healthz", headers={"host": "example.com"}).is_success


@pytest.mark.parametrize(
    ("host", "here"),
    [("localhost:80", True), ("127.1.2.3", True), ("[::1]:8080", True), ("0.0.0.0", False),
     ("localhost.example.com", False), ("[::2]", False), ("127.0.0.1@example.com", False)],
)  # fmt: skip
def test_what_is_this_machine(host: str, here: bool) -> None:
    assert is_loopback(host_name(host)) is here


class Keyed:
    """A server with two workspaces, and a key of each kind."""

    def __init__(self, here: Here, secrets: dict[str, str]) -> None:
        self.here = here
        self.secrets = secrets

    def call(self, secret: str, method: str, address: str, body: Any = None) -> httpx.Response:
        headers = {b"Authorization": f"Bearer {self.secrets.get(secret, secret)}".encode()}
        return self.here.client.request(method, address, json=body, headers=headers)


@pytest.fixture(scope="module")
def keyed(home: Spot) -> Iterator[Keyed]:
    home.fill("mine")
    with home.open("theirs") as theirs:
        theirs.put_items([{"item_id": TOKEN, "text": TOKEN, "attributes": {TOKEN: TOKEN}}])
        theirs.observe({"user_id": TOKEN, "event_type": TOKEN, "item_id": TOKEN, "event_id": TOKEN})
        theirs.observe({"user_id": TOKEN, "event_type": "said", "text": f"I love {TOKEN}."})
        theirs.set_policy(Policy(allow_stated_sensitive=True, marked={TOKEN: "health"}))
        keys = theirs.store.keys
        secrets = {scope: keys.make("mine", {scope})[1] for scope in ("read", "write", "admin")}
        secrets["admin"] = keys.make("mine", {"admin", "sensitive"})[1]
        secrets["theirs"] = keys.make("theirs", {"read", "write", "admin"})[1]
        key_id, secrets["revoked"] = keys.make("mine", {"admin"})
        keys.revoke(key_id)
    with Here(home.settings(open_workspace=None)) as here:
        yield Keyed(here.ready(), secrets)


def calls() -> list[tuple[str, str]]:
    return [
        (method.upper(), address)
        for address, methods in api().openapi()["paths"].items()
        for method in methods
        if address not in ("/healthz", "/readyz")
    ]


@pytest.mark.parametrize("call", calls(), ids=" ".join)
def test_every_call_needs_a_key_and_its_scope(keyed: Keyed, call: tuple[str, str]) -> None:
    method, address = call
    bare = keyed.here.client.request(method, address)
    assert problem(bare, 401)
    assert bare.headers["www-authenticate"].startswith("Bearer")
    for secret in ("revoked", "hk_" + "x" * 43, "nothing", "hk_ü"):
        problem(keyed.call(secret, method, address), 401)
    allowed = {
        scope for scope in ("read", "write", "admin")
        if keyed.call(scope, method, address).status_code != 403
    }  # fmt: skip
    assert allowed in ({"read", "admin"}, {"write", "admin"}, {"admin"})
    writes = address in (
        "/v1/events", "/v1/items", "/v1/items/availability", "/v1/profile/interpret"
    )  # fmt: skip
    administers = method == "DELETE" or address == "/metrics" or "train" in address
    administers = administers or "activate" in address or "rollback" in address
    administers = administers or address in ("/v1/policy", "/v1/event_types")
    administers = administers or address == "/v1/profile/edit"  # which takes read and write
    assert allowed == ({"admin"} if administers else {"write" if writes else "read", "admin"})


def test_nothing_crosses(keyed: Keyed) -> None:
    """Every route is tried with the other workspace's ids, texts, cursors and jobs."""

    def mine(method: str, address: str, body: Any = None) -> Any:
        answer = keyed.call("admin", method, address, body)
        if answer.status_code not in (404, 422):
            assert answer.is_success, answer.text
        return answer

    page = keyed.call(
        "theirs", "POST", "/v1/recommend", {"user_id": "p", "k": 1, "pages": True}
    ).json()

    def exported() -> list[Any]:
        """What is held there; how sure it is fades as time goes by."""
        lines = keyed.call("theirs", "GET", f"/v1/users/{TOKEN}/export").text.splitlines()
        records = [json.loads(line) for line in lines]
        for one in records:
            one.get("proposition", {}).pop("confidence", None)
        return records

    before = exported()
    (known,) = (one["proposition"] for one in before if one["kind"] == "proposition")
    ruled = keyed.call("theirs", "GET", "/v1/policy").json()

    state = mine("GET", f"/v1/users/{TOKEN}/state").json()
    assert (state["known"], state["events"]) == (False, 0)
    assert mine("GET", f"/v1/users/{TOKEN}/history").json()["events"] == []
    assert mine("GET", f"/v1/users/{TOKEN}/export").text == ""
    profile = mine("GET", f"/v1/users/{TOKEN}/profile?past=true").json()
    assert (profile["propositions"], profile["past"], profile["events"]) == ([], [], 0)
    asked = {"user_id": TOKEN, "query": f"{TOKEN} love"}
    assert mine("POST", "/v1/recall", asked).json() == {"user_id": TOKEN, "found": []}
    assert mine("POST", "/v1/context", asked).json() == {"user_id": TOKEN, "text": "", "lines": []}
    assert mine("POST", "/v1/profile/interpret", {"user_id": TOKEN}).json()["accepted"] == 0
    assert TOKEN not in mine("GET", "/v1/policy").text
    assert mine("PUT", "/v1/policy", {"marked": {TOKEN: "none"}}).is_success
    assert keyed.call("theirs", "GET", "/v1/policy").json() == ruled
    for body in (
        {"user_id": TOKEN, "k": 1_000, "exclude_seen": False},
        {"user_id": "ann", "k": 1_000, "exclude_seen": False},
        {"user_id": "ann", "k": 1_000, "pages": True},
    ):
        said = mine("POST", "/v1/recommend", body).json()
        assert TOKEN not in {one["item_id"] for one in said["items"]}
    for address, body in (
        ("/v1/rank", {"user_id": TOKEN, "item_ids": [TOKEN]}),
        ("/v1/similar", {"item_id": TOKEN}),
        ("/v1/explain", {"user_id": TOKEN, "item_id": TOKEN}),
        (
            "/v1/profile/edit",
            {"user_id": TOKEN, "proposition_id": known["proposition_id"], "action": "reject"},
        ),
        ("/v1/recommend", {"user_id": "ann", "where": {TOKEN: "x"}}),
        ("/v1/items/availability", {"item_ids": [TOKEN], "available": False}),
        ("/v1/recommend/next", {"cursor": page["cursor"] or "0" * 32 + ".1"}),
    ):
        problem(mine("POST", address, body), 422)
    assert mine("GET", "/v1/models").json() == {"models": []}
    problem(mine("POST", f"/v1/models/{TOKEN}/activate"), 404)
    for method in ("GET", "DELETE"):
        problem(mine(method, f"/v1/models/train/{TOKEN}"), 404)
        problem(mine(method, "/v1/models/train/..%2Ftheirs%2Fx"), 404)

    # The same ids here are other things, and what happens to them stays here.
    event = {"user_id": TOKEN, "event_type": "view", "item_id": "a", "event_id": TOKEN}
    assert mine("POST", "/v1/events", event).json()["accepted"] == 1
    assert mine("PUT", "/v1/items", {"items": [{"item_id": TOKEN}]}).json() == {"changed": 1}
    assert mine("DELETE", f"/v1/users/{TOKEN}").json()["events"] == 1
    assert exported() == before
    assert before[0]["known"]
    assert TOKEN not in mine("GET", "/metrics").text


def test_a_workspace_in_a_call_is_no_field(keyed: Keyed) -> None:
    body = {"user_id": TOKEN, "workspace": "theirs"}
    problem(keyed.call("admin", "POST", "/v1/recommend", body), 422)
    for place in (f"/v1/users/{TOKEN}/history?workspace=theirs",):
        problem(keyed.call("admin", "GET", place), 422)


def test_a_revoked_key_works_a_second_at_most(spot: Spot) -> None:
    spot.fill()
    with spot.open() as engine:
        key_id, secret = engine.store.keys.make("default", {"read"})
        settings = spot.settings(open_workspace=None)
        with Here(settings) as here, pytest.MonkeyPatch.context() as patched:
            keyed = Keyed(here.ready(), {})
            assert keyed.call(secret, "GET", "/v1/models").is_success
            assert engine.store.keys.revoke(key_id)
            late = time.monotonic() + REMEMBERED + 0.01
            patched.setattr("habitus.serve.access.monotonic", lambda: late)
            problem(keyed.call(secret, "GET", "/v1/models"), 401)
