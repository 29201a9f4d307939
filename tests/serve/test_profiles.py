"""Profiles, recall, context, explanations and policy over HTTP, on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx
import numpy as np
import pytest
import structlog
from numpy.typing import NDArray
from tests.serve.servers import PATIENCE, Here, Spot, fill, problem, settings_of, until

from habitus.engine import Engine
from habitus.profile.profile import plain
from habitus.profile.profiles import LONGEST
from habitus.profile.proposed import Proposals
from habitus.profile.sensitive import Policy
from habitus.serve import logs, service
from habitus.serve.limits import QUERY_LENGTH
from habitus.testing.scripted_llm import ScriptedLLM, says
from habitus.types import DAY, EventType, Role

CANARIES = {
    "health": "I am allergic to peanuts.",
    "religion": "I am a Buddhist.",
    "sexuality": "I am gay.",
    "place": "I live in Springfield.",
    "union": "I am a member of a trade union.",
    "biometrics": "I like facial recognition.",
}
START = 1_750_000_000_000_000
SCOPES = {
    "reader": ("read",),
    "writer": ("write",),
    "editor": ("read", "write"),
    "admin": ("admin",),
    "trusted": ("read", "write", "sensitive"),
    "trusted admin": ("admin", "sensitive"),
}


class Keyed:
    """A server, and a key of each kind."""

    def __init__(self, here: Here, secrets: dict[str, str]) -> None:
        self.here = here
        self.secrets = secrets

    @property
    def engine(self) -> Engine:
        return self.here.service.tenants.engine("default")

    def call(self, who: str, method: str, address: str, body: Any = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.secrets[who]}"}
        return self.here.client.request(method, address, json=body, headers=headers)

    def said(self, who: str, method: str, address: str, body: Any = None) -> Any:
        found = self.call(who, method, address, body)
        assert found.is_success, found.text
        return found.json()

    def profile(self, user_id: str, who: str = "editor", **asked: Any) -> Any:
        query = f"?{httpx.QueryParams(asked)}" if asked else ""
        return self.said(who, "GET", f"/v1/users/{user_id}/profile{query}")

    def edit(self, user_id: str, proposition_id: str, action: str, **more: Any) -> Any:
        body = {"user_id": user_id, "proposition_id": proposition_id, "action": action, **more}
        return self.said("editor", "POST", "/v1/profile/edit", body)

    def tell(self, user_id: str, *texts: str, start: int = START) -> None:
        """What a user said, a day apart; and a few views, so that they are no stranger."""
        words = [
            {"user_id": user_id, "event_type": "said", "text": text, "timestamp": start + n * DAY,
             "event_id": f"{user_id}-{n}"}
            for n, text in enumerate(texts)
        ]  # fmt: skip
        views = [{"user_id": user_id, "event_type": "view", "item_id": "a"} for _ in range(4)]
        receipt = self.said("writer", "POST", "/v1/events", {"events": words + views})
        assert receipt["accepted"] == len(words) + 4


def prepared(spot: Spot) -> dict[str, str]:
    """Fill a store, allow what is stated of sensitive matters, and make the keys."""
    spot.fill()
    with spot.open() as engine:
        engine.set_event_types([EventType("said", Role.UTTERANCE, 0.0)])
        engine.set_policy(Policy(allow_stated_sensitive=True))
        engine.put_items(
            [
                {"item_id": "jazz", "text": "Jazz night", "attributes": {"style": "jazz"}},
                {"item_id": "nuts", "text": "Roasted peanuts", "attributes": {"style": "snack"}},
            ]
        )
        keys = engine.store.keys
        return {name: keys.make("default", scopes)[1] for name, scopes in SCOPES.items()}


@pytest.fixture(scope="module")
def keyed(home: Spot) -> Iterator[Keyed]:
    secrets = prepared(home)
    with Here(home.settings(open_workspace=None)) as here:
        yield Keyed(here.ready(), secrets)


def sentences(said: Any) -> list[str]:
    """What was said or set; what behaviour says is the engine's matter."""
    return [one["sentence"] for one in said["propositions"] if one["origin"] != "observed"]


def id_of(said: Any, sentence: str) -> str:
    (found,) = (one for one in said["propositions"] if one["sentence"] == sentence)
    name: str = found["proposition_id"]
    return name


def test_a_profile_is_the_engines_with_every_field(keyed: Keyed) -> None:
    keyed.tell("p1", "I love jazz music.", "I hate horror films.", "I no longer like jazz music.")
    now = START + 10 * DAY
    said = keyed.profile("p1", as_of=now, past="true")
    found = keyed.engine.profile("p1", now)
    assert said["propositions"] == json.loads(json.dumps([plain(x) for x in found.propositions]))
    assert said["past"] == json.loads(json.dumps([plain(x) for x in found.past]))
    assert (said["user_id"], said["now"], said["note"]) == ("p1", now, found.note)
    assert said["past"]
    assert all(one["events_for"] and one["sentence"] for one in said["propositions"])
    stated = [one for one in said["propositions"] if one["origin"] == "stated"]
    assert {one["strength"] for one in stated} == {None}  # NaN is no JSON
    assert keyed.profile("p1", as_of=now)["past"] == []
    assert keyed.profile("somebody else")["propositions"] == []


def test_a_profile_of_any_moment(keyed: Keyed) -> None:
    keyed.tell("p2", "I love jazz music.", "I hate horror films.")
    later = START + DAY // 2
    stamp = datetime.fromtimestamp(later // 1_000_000, UTC).isoformat()
    for as_of in (later, stamp):
        assert sentences(keyed.profile("p2", as_of=as_of)) == ["Likes jazz music."]
    assert keyed.profile("p2", known_at=START)["propositions"] == []  # nothing was recorded yet
    assert len(sentences(keyed.profile("p2"))) == 2


@pytest.mark.parametrize(
    "query", ["as_of=yesterday", "as_of=2025-05-01T12:00", "known_at=1", "as_of=", "past=perhaps",
              "sensitive=true", "as_of=1e15", "as_of=99999999999999999999999", "past=1&past=0"],
)  # fmt: skip
def test_bad_parameters_are_refused(keyed: Keyed, query: str) -> None:
    assert problem(keyed.call("reader", "GET", f"/v1/users/p/profile?{query}"), 422)["errors"]


def test_edits_answer_with_the_changed_profile(keyed: Keyed) -> None:
    keyed.tell("e1", "I love jazz music.", "I hate horror films.")
    jazz = id_of(keyed.profile("e1"), "Likes jazz music.")
    horror = id_of(keyed.profile("e1"), "Dislikes horror films.")

    for last, pinned in (("pin", True), ("unpin", False), ("pin", True)):
        said = keyed.edit("e1", jazz, last)
        assert [one["pinned"] for one in said["propositions"] if one["proposition_id"] == jazz] == [
            pinned
        ]
    assert said["propositions"][0]["proposition_id"] == jazz
    now = keyed.profile("e1")["propositions"]
    assert [one["proposition_id"] for one in said["propositions"]] == [
        one["proposition_id"] for one in now
    ]

    said = keyed.edit("e1", jazz, "correct", value="folk music")
    assert "Likes folk music." in sentences(said)
    assert "Likes jazz music." not in sentences(said)
    said = keyed.edit("e1", horror, "reject")
    assert sentences(said) == ["Likes folk music."]
    keyed.tell("e6", "I love jazz music.")
    jazz = id_of(keyed.profile("e6"), "Likes jazz music.")
    assert sentences(keyed.edit("e6", jazz, "correct", stance="against")) == [
        "Dislikes jazz music."
    ]
    assert sentences(keyed.edit("e6", jazz, "delete")) == []


def test_an_edit_needs_a_proposition_of_that_user(keyed: Keyed) -> None:
    keyed.tell("e2", "I love jazz music.")
    keyed.tell("e3", "I love jazz music.")
    jazz = id_of(keyed.profile("e2"), "Likes jazz music.")
    for user, name in (("e3", jazz), ("e2", "token-4f1"), ("nobody", jazz)):
        body = {"user_id": user, "proposition_id": name, "action": "reject"}
        answer = keyed.call("editor", "POST", "/v1/profile/edit", body)
        assert problem(answer, 422)["errors"][0]["field"] == "proposition_id"
        assert name not in answer.text
    assert "Likes jazz music." in sentences(keyed.profile("e3"))


@pytest.mark.parametrize(
    ("more", "field"),
    [({"action": "erase"}, "action"), ({"action": "pin", "value": "x"}, "value"),
     ({"action": "reject", "stance": "for"}, "stance"), ({"action": "correct"}, "request"),
     ({"action": "correct", "stance": "maybe"}, "stance"),
     ({"action": "correct", "value": "x" * 257}, "value"), ({"action": "correct", "value": ""}, "value"),
     ({"action": "correct", "value": "a\nb"}, "value")],
)  # fmt: skip
def test_an_edit_that_says_nothing_is_refused(
    keyed: Keyed, more: dict[str, Any], field: str
) -> None:
    if not keyed.profile("e4")["propositions"]:
        keyed.tell("e4", "I love jazz music.")
    jazz = id_of(keyed.profile("e4"), "Likes jazz music.")
    body = {"user_id": "e4", "proposition_id": jazz, **more}
    said = problem(keyed.call("editor", "POST", "/v1/profile/edit", body), 422)
    assert said["errors"][0]["field"] == field
    assert sentences(keyed.profile("e4")) == ["Likes jazz music."]


def test_who_edits_must_be_let_read_too(keyed: Keyed) -> None:
    body = {"user_id": "e5", "proposition_id": "x", "action": "pin"}
    for who in ("reader", "writer"):
        problem(keyed.call(who, "POST", "/v1/profile/edit", body), 403)
    for who in ("editor", "admin"):
        problem(keyed.call(who, "POST", "/v1/profile/edit", body), 422)


def test_an_edit_on_one_worker_is_seen_by_another_at_once(spot: Spot) -> None:
    secrets = prepared(spot)
    settings = spot.settings(open_workspace=None)
    with Here(settings) as one, Here(settings) as two:
        first, second = Keyed(one.ready(), secrets), Keyed(two.ready(), secrets)
        first.tell("w", "I love jazz music.", "I hate horror films.")
        jazz = id_of(second.profile("w"), "Likes jazz music.")
        horror = id_of(second.profile("w"), "Dislikes horror films.")
        body = {"user_id": "w", "query": "music", "budget": 500}
        assert "Likes jazz" in second.said("reader", "POST", "/v1/context", body)["text"]
        first.edit("w", jazz, "correct", value="folk")
        assert sorted(sentences(second.profile("w"))) == ["Dislikes horror films.", "Likes folk."]
        assert "Likes jazz" not in second.said("reader", "POST", "/v1/context", body)["text"]
        second.edit("w", horror, "reject")
        assert sentences(first.profile("w")) == ["Likes folk."]
        policy = {"allow_stated_sensitive": False, "marked": {"style": "none"}}
        first.said("admin", "PUT", "/v1/policy", policy)
        assert second.said("admin", "GET", "/v1/policy")["marked"] == {"style": "none"}


def test_recall_finds_what_was_said(keyed: Keyed) -> None:
    keyed.tell("r1", "I love jazz music.", "The train was late.", "My guitar has a blue strap.")
    body = {"user_id": "r1", "query": "What colour is the strap?", "k": 2, "now": START + 9 * DAY}
    said = keyed.said("reader", "POST", "/v1/recall", body)
    found = keyed.engine.recall("r1", body["query"], 2, body["now"])
    assert ["r1-2"] in [one["event_ids"] for one in said["found"]]
    assert [(one["text"], one["score"], tuple(one["why"])) for one in said["found"]] == [
        (one.text, one.score, one.why) for one in found
    ]
    assert (
        keyed.said("reader", "POST", "/v1/recall", {"user_id": "new", "query": "x"})["found"] == []
    )


def test_recall_leaves_out_what_is_sensitive_and_still_finds_k(keyed: Keyed) -> None:
    texts = [f"I told the doctor of my diabetes on day {n}." for n in range(6)]
    keyed.tell("r2", *texts, *(f"I rode my bicycle on day {n}." for n in range(6)))
    body = {"user_id": "r2", "query": "diabetes doctor day", "k": 4, "now": START + 20 * DAY}
    open_eyed = keyed.said("trusted", "POST", "/v1/recall", body)["found"]
    assert all("diabetes" in one["text"] for one in open_eyed)
    for who in ("reader", "admin"):
        found = keyed.said(who, "POST", "/v1/recall", body)["found"]
        assert len(found) == 4
        assert not any("diabetes" in one["text"] for one in found)


def test_a_context_keeps_its_budget_and_names_its_events(keyed: Keyed) -> None:
    keyed.tell("c1", "I love jazz music.", "I hate horror films.", "Jazz helps me to sleep.")
    for budget in (1, 40, 90, 2_000):
        body = {"user_id": "c1", "query": "jazz at night", "budget": budget, "now": START + 9 * DAY}
        said = keyed.said("reader", "POST", "/v1/context", body)
        assert len(said["text"]) <= budget
        assert said["text"] == "\n".join(one["text"] for one in said["lines"])
        assert all(one["event_ids"] for one in said["lines"])
    assert "Likes jazz music." in said["text"]


@pytest.mark.parametrize("address", ["/v1/recall", "/v1/context"])
@pytest.mark.parametrize(
    ("more", "field"),
    [({"query": ""}, "query"), ({"query": " \n\t"}, "query"), ({"query": "token-8d2\0"}, "query"),
     ({"query": "é" * 2_001}, "query"), ({"query": None}, "query"), ({"now": 5}, "now"),
     ({"k": 0, "budget": 0}, None), ({"k": 1_001, "budget": 100_001}, None)],
)  # fmt: skip
def test_limits_name_the_field_and_not_the_value(
    keyed: Keyed, address: str, more: dict[str, Any], field: str | None
) -> None:
    own = {"/v1/recall": "k", "/v1/context": "budget"}[address]
    body = {"user_id": "u", "query": "token-8d2", **more}
    body = {
        name: value for name, value in body.items() if name not in ("k", "budget") or name == own
    }
    answer = keyed.call("reader", "POST", address, body)
    assert problem(answer, 422)["errors"][0]["field"] == (field or own)
    assert "token-8d2" not in answer.text


def test_the_longest_question_is_answered(keyed: Keyed) -> None:
    assert QUERY_LENGTH == LONGEST
    for address in ("/v1/recall", "/v1/context"):
        body = {"user_id": "c2", "query": "é" * QUERY_LENGTH}
        assert keyed.said("reader", "POST", address, body)


def test_an_explanation_cites_what_is_known(keyed: Keyed) -> None:
    keyed.tell("x1", "I love jazz.")
    said = keyed.said("reader", "POST", "/v1/explain", {"user_id": "x1", "item_id": "jazz"})
    assert [one["sentence"] for one in said["propositions"]] == ["Likes jazz."]
    assert 1 <= said["rank"] <= said["among"]
    assert said["model"] == "popularity"
    answer = keyed.call("reader", "POST", "/v1/explain", {"user_id": "x1", "item_id": "token-9"})
    assert problem(answer, 422)["errors"][0]["field"] == "item_id"
    assert "token-9" not in answer.text


def test_a_recommendation_may_leave_the_profile_aside(keyed: Keyed) -> None:
    keyed.tell("x2", "I love jazz.")
    places = []
    for use in ({}, {"use_profile": True}, {"use_profile": False}):
        body = {"user_id": "x2", "k": 100, "exclude_seen": False, **use}
        items = keyed.said("reader", "POST", "/v1/recommend", body)["items"]
        places.append([one["item_id"] for one in items].index("jazz"))
    assert places[0] == places[1] < places[2]


def test_each_kind_of_work_runs_where_it_holds_up_nobody(
    keyed: Keyed, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyed.tell("t1", "I love jazz music.")
    jazz = id_of(keyed.profile("t1"), "Likes jazz music.")
    ran: list[tuple[str, str]] = []

    def watched(name: str) -> None:
        inner = getattr(keyed.engine, name)

        def call(*given: Any, **more: Any) -> Any:
            ran.append((name, threading.current_thread().name.rpartition("_")[0]
                        or threading.current_thread().name))  # fmt: skip
            return inner(*given, **more)

        monkeypatch.setattr(keyed.engine, name, call)

    asked = {"user_id": "t1", "query": "jazz"}
    calls = {
        "profile": ("GET", "/v1/users/t1/profile", None, "habitus-read"),
        "recall": ("POST", "/v1/recall", asked, "habitus-read"),
        "context": ("POST", "/v1/context", asked, "habitus-read"),
        "explain": ("POST", "/v1/explain", {"user_id": "t1", "item_id": "a"}, "habitus-model"),
        "interpret": ("POST", "/v1/profile/interpret", {"user_id": "t1"}, "habitus-interpret"),
        "pin": ("POST", "/v1/profile/edit",
                {"user_id": "t1", "proposition_id": jazz, "action": "pin"}, "habitus-write"),
    }  # fmt: skip
    for name in calls:
        watched(name)
    for name, (method, address, body, thread) in calls.items():
        ran.clear()
        keyed.said("admin", method, address, body)
        assert (name, thread) in ran
        assert {where for what, where in ran if what == name} == {thread}


def ways_out(user_id: str, proposition_id: str, item_id: str) -> list[tuple[str, str, Any]]:
    """Every call whose answer could hold something of a user's profile."""
    asked = {"user_id": user_id, "query": " ".join(CANARIES.values())}
    return [
        ("GET", f"/v1/users/{user_id}/profile?past=true", None),
        ("GET", f"/v1/users/{user_id}/state", None),
        ("GET", f"/v1/users/{user_id}/export", None),
        ("POST", "/v1/profile/edit",
         {"user_id": user_id, "proposition_id": proposition_id, "action": "pin"}),
        ("POST", "/v1/recall", asked | {"k": 1_000}),
        ("POST", "/v1/context", asked | {"budget": 100_000}),
        ("POST", "/v1/explain", {"user_id": user_id, "item_id": item_id}),
        ("POST", "/v1/recommend", {"user_id": user_id, "k": 1_000, "exclude_seen": False}),
        ("POST", "/v1/rank", {"user_id": user_id, "item_ids": ["a", "jazz"]}),
        ("POST", "/v1/profile/interpret", {"user_id": user_id}),
        ("GET", "/v1/policy", None),
        ("GET", "/v1/models", None),
        ("GET", "/metrics", None),
    ]  # fmt: skip


def remains(answer: httpx.Response) -> str:
    """What an answer says beside the user's own events, which are theirs to have back as they were."""
    if not answer.headers["content-type"].startswith("application/x-ndjson"):
        return answer.text
    records = [json.loads(line) for line in answer.text.splitlines()]
    return json.dumps([one for one in records if one["kind"] != "event"])


def test_nothing_sensitive_leaves_without_its_scope(keyed: Keyed) -> None:
    keyed.tell("canary", "I love jazz.", *CANARIES.values())
    known = keyed.profile("canary", "trusted")
    secret = [one for one in known["propositions"] if one["sensitive"]]
    assert {one["sensitive"] for one in secret} == set(CANARIES)
    assert known["constraints"]
    jazz = id_of(known, "Likes jazz.")
    keyed.tell("canary2", "I love jazz.")
    words = [text for one in secret for text in (one["sentence"], one["proposition_id"])]
    words += [*CANARIES.values(), "peanut", "Buddhist", "Springfield", "facial"]
    for who in ("reader", "writer", "editor", "admin"):
        for method, address, body in ways_out("canary", jazz, "jazz"):
            answer = keyed.call(who, method, address, body)
            assert answer.is_success or answer.status_code == 403, answer.text
            found = [word for word in words if word in remains(answer)]
            # An item may be named so; that it is kept from the user is all that is done with it.
            assert found == [], (who, address)
    for method, address, body in ways_out("canary", jazz, "jazz")[:3:2]:
        assert "Is a Buddhist." in remains(keyed.call("trusted admin", method, address, body))


def test_a_sensitive_proposition_explains_only_with_the_scope(keyed: Keyed) -> None:
    keyed.said("writer", "PUT", "/v1/items", {"items": [
        {"item_id": "lotus", "text": "Lotus", "attributes": {"audience": "a Buddhist"}}
    ]})  # fmt: skip
    keyed.tell("x3", CANARIES["religion"])
    body = {"user_id": "x3", "item_id": "lotus"}
    cited = {
        who: [
            one["sentence"] for one in keyed.said(who, "POST", "/v1/explain", body)["propositions"]
        ]
        for who in ("reader", "admin", "trusted")
    }
    assert cited == {"reader": [], "admin": [], "trusted": ["Is a Buddhist."]}


def test_what_may_not_be_seen_cannot_be_edited(keyed: Keyed) -> None:
    keyed.tell("x4", CANARIES["religion"])
    hidden = id_of(keyed.profile("x4", "trusted"), "Is a Buddhist.")
    body = {"user_id": "x4", "proposition_id": hidden, "action": "reject"}
    for who in ("editor", "admin"):
        problem(keyed.call(who, "POST", "/v1/profile/edit", body), 422)
    assert hidden in {
        one["proposition_id"] for one in keyed.profile("x4", "trusted")["propositions"]
    }
    assert sentences(keyed.said("trusted", "POST", "/v1/profile/edit", body)) == []


def test_the_scope_alone_opens_no_call(keyed: Keyed) -> None:
    secret = keyed.engine.store.keys.make("default", {"sensitive"})[1]
    alone = Keyed(keyed.here, {"alone": secret})
    for method, address, body in ways_out("canary", "x", "a"):
        problem(alone.call("alone", method, address, body), 403)


def test_without_keys_nothing_sensitive_is_shown(fresh: Here) -> None:
    fresh.service.tenants.engine("default").set_policy(Policy(allow_stated_sensitive=True))
    open_here = Keyed(fresh, {})
    event = {"user_id": "o", "event_type": "said", "text": CANARIES["religion"]}
    assert fresh.client.post("/v1/events", json=event).is_success
    assert fresh.client.get("/v1/users/o/profile").json()["propositions"] == []
    exported = fresh.client.get("/v1/users/o/export")
    assert "Is a Buddhist." not in exported.text
    found = fresh.client.post("/v1/context", json={"user_id": "o", "query": "Buddhist"}).json()
    assert found["text"] == ""
    engine = open_here.engine
    assert [one.sentence for one in engine.profile("o", sensitive=True).propositions] == [
        "Is a Buddhist."
    ]


def test_an_export_ends_with_the_propositions(keyed: Keyed) -> None:
    keyed.tell("x5", "I love jazz.", CANARIES["health"])
    for who, extra in (("reader", set()), ("trusted", {"Is allergic to peanuts."})):
        answer = keyed.call(who, "GET", "/v1/users/x5/export")
        records = [json.loads(line) for line in answer.text.splitlines()]
        known = [one["proposition"] for one in records if one["kind"] == "proposition"]
        assert [one["kind"] for one in records[-len(known) :]] == ["proposition"] * len(known)
        assert set(sentences({"propositions": known})) == {"Likes jazz."} | extra
        assert set(known[0]) == set(keyed.profile("x5", who)["propositions"][0])


def test_the_forgotten_leave_no_profile(keyed: Keyed) -> None:
    keyed.tell("gone", "I love jazz music.")
    body = {"user_id": "gone", "query": "jazz"}
    assert keyed.said("reader", "POST", "/v1/recall", body)["found"]
    assert keyed.said("admin", "DELETE", "/v1/users/gone")["events"] == 5
    assert keyed.profile("gone")["propositions"] == []
    assert keyed.said("reader", "POST", "/v1/recall", body)["found"] == []
    assert keyed.said("reader", "POST", "/v1/context", body)["text"] == ""


def test_a_policy_is_read_and_set_whole(fresh: Here) -> None:
    client = fresh.client
    before = client.get("/v1/policy").json()
    assert before == {"allow_stated_sensitive": False, "inferred": {}, "marked": {}, "llm": False,
                      "llm_sensitive": False, "unreviewed": before["unreviewed"]}  # fmt: skip
    item = {"item_id": "z", "attributes": {"token-attribute": "v"}}
    client.put("/v1/items", json={"items": [item]})
    assert "token-attribute" in client.get("/v1/policy").json()["unreviewed"]
    wanted = {
        "allow_stated_sensitive": True,
        "marked": {"token-attribute": "health", "genre=x": "none"},
    }
    said = client.put("/v1/policy", json=wanted).json()
    assert "token-attribute" not in said["unreviewed"]
    assert (
        said
        == client.get("/v1/policy").json()
        == before | wanted | {"unreviewed": said["unreviewed"]}
    )
    assert client.put("/v1/policy", json={}).json()["allow_stated_sensitive"] is False


@pytest.mark.parametrize(
    ("body", "field"),
    [({"marked": {"token-7c": "holy"}}, "marked"), ({"inferred": {"mood": " "}}, "inferred"),
     ({"llm": 1}, "llm"), ({"marked": {"a": ["health"]}}, "marked"), ({"policy": {}}, "policy"),
     ({"marked": {str(n): "none" for n in range(1_001)}}, "marked")],
)  # fmt: skip
def test_a_policy_that_cannot_be_is_refused(keyed: Keyed, body: dict[str, Any], field: str) -> None:
    answer = keyed.call("admin", "PUT", "/v1/policy", body)
    assert problem(answer, 422)["errors"][0]["field"] in (field, "request")
    assert keyed.said("admin", "GET", "/v1/policy")["marked"] == {}


def test_a_language_model_is_asked_where_the_policy_lets_it(
    spot: Spot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    quote = "sailing is the best thing there is"
    good = {"kind": "preference", "attribute": "likes", "value": "sailing", "stance": "for",
            "scope": "", "ends": False, "event_id": "s-0", "quote": quote}  # fmt: skip
    bad = good | {"event_id": "s-9"}
    with ScriptedLLM([says({"proposals": [good, bad]})]) as llm:
        monkeypatch.setenv("HABITUS_LLM_BASE_URL", llm.url)
        monkeypatch.setenv("HABITUS_LLM_MODEL", "small")
        secrets = prepared(spot)
        with Here(spot.settings(open_workspace=None)) as here:
            keyed = Keyed(here.ready(), secrets)
            keyed.tell("s", f"Honestly, {quote}.")
            body = {"user_id": "s"}
            said = keyed.said("writer", "POST", "/v1/profile/interpret", body)
            assert said["accepted"] == 0
            assert "does not allow" in said["fallback"]
            assert llm.asked == []
            keyed.said("admin", "PUT", "/v1/policy", {"llm": True})
            said = keyed.said("writer", "POST", "/v1/profile/interpret", body)
            assert said == {"user_id": "s", "accepted": 1, "fallback": "",
                            "dropped": ["It cites an event that was not given."]}  # fmt: skip
            (found,) = (one for one in keyed.profile("s")["propositions"] if one["words"])
            assert (found["origin"], found["value"]) == ("inferred", "sailing")
            problem(keyed.call("reader", "POST", "/v1/profile/interpret", body), 403)


def test_a_slow_language_model_holds_up_nobody(
    fresh: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = fresh.service.tenants.engine("default")
    answered = threading.Event()

    def slow(user_id: str) -> Proposals:
        assert answered.wait(PATIENCE)
        return Proposals(fallback=user_id)

    monkeypatch.setattr(engine, "interpret", slow)
    most = 2 * fresh.service.settings.interpreters

    def ask(number: int) -> httpx.Response:
        return httpx.post(
            f"{fresh.url}/v1/profile/interpret", json={"user_id": f"u{number}"}, timeout=PATIENCE
        )

    with ThreadPoolExecutor(most) as callers:
        asked = [callers.submit(ask, number) for number in range(most)]
        until(lambda: fresh.service.interprets.pending == most, "all of them wait")
        refused = ask(most)
        problem(refused, 503)
        assert refused.headers["retry-after"]
        for _ in range(fresh.service.settings.readers + 1):
            assert fresh.client.get("/v1/users/ann/profile").is_success
        answered.set()
        answers = [one.result().json()["fallback"] for one in asked]
    assert answers == [f"u{number}" for number in range(most)]


def test_without_a_language_model_the_answer_says_so(keyed: Keyed) -> None:
    said = keyed.said("writer", "POST", "/v1/profile/interpret", {"user_id": "ann"})
    assert (said["accepted"], said["dropped"]) == (0, [])
    assert "no language model is configured" in said["fallback"]


class Meanings:
    """An encoder to which "automobile" and "car" mean the same."""

    name = "meanings"

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        cars = [any(word in text for word in ("automobile", "car ")) for text in texts]
        return np.array([[1, 0] if one else [0, 1] for one in cars], np.float32).reshape(-1, 2)


def test_one_encoder_serves_every_workspace(spot: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def load(name: str) -> Meanings:
        made.append(name)
        return Meanings()

    monkeypatch.setattr(service, "encoder", load)
    spot.fill("other")
    with Here(spot.settings(encoder="meanings", open_workspace="default")) as here:
        for text in ("My car is red.", "It rained."):
            event = {"user_id": "m", "event_type": "said", "text": text}
            assert here.client.post("/v1/events", json=event).is_success
        body = {"user_id": "m", "query": "automobile", "k": 1}
        (found,) = here.client.post("/v1/recall", json=body).json()["found"]
        assert found["text"] == "My car is red."
        here.service.tenants.engine("other")
    assert made == ["meanings"]


@pytest.fixture
def own_logs() -> Iterator[None]:
    """Logging as it was before, afterwards."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    yield
    root.handlers = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("own_logs")
def test_the_log_holds_nothing_that_was_asked_or_known(
    tmp_path: Any, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "store")
    logs.configure()
    with Here(settings_of(tmp_path / "store", tmp_path)) as here:
        client = here.ready().client
        event = {"user_id": "token-u", "event_type": "said", "text": "I love token-jazz."}
        client.post("/v1/events", json=event)
        (found,) = client.get("/v1/users/token-u/profile").json()["propositions"]
        name = found["proposition_id"]
        asked = {"user_id": "token-u", "query": "token-jazz?"}
        calls = {
            "/v1/recall": asked,
            "/v1/context": asked,
            "/v1/explain": {"user_id": "token-u", "item_id": "a"},
            "/v1/profile/interpret": {"user_id": "token-u"},
            "/v1/profile/edit": {"user_id": "token-u", "proposition_id": name, "action": "correct",
                                 "value": "token-folk"},
        }  # fmt: skip
        for address, body in calls.items():
            assert client.post(address, json=body).is_success
            problem(client.post(address, json=body | {"token-field": 1}), 422)
        client.put("/v1/policy", json={"marked": {"token-attribute": "health"}})
        engine = here.service.tenants.engine("default")
        monkeypatch.setattr(engine, "recall", lambda *_: {}["token-jazz"])
        problem(client.post("/v1/recall", json=asked), 500)
    text = capfd.readouterr().err
    assert "token-" not in text
    assert name not in text
    routes = {json.loads(line).get("route") for line in text.splitlines()}
    assert {*calls, "/v1/policy", "/v1/users/{user_id:path}/profile"} <= routes
