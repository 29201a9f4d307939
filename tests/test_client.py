"""The client against a real server: its methods are the engine's, and so are its answers."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.serve.servers import Here, fill, settings_of

import habitus
from habitus import Client, Engine, Event, HabitusError, Item
from habitus.act.asking import Ask
from habitus.client import ServiceError
from habitus.profile.sensitive import Policy
from habitus.types import EventType, Proposition, Role, Stance

SHARED = (
    "observe", "put_items", "set_available", "recommend", "page", "next_page", "rank", "similar",
    "user", "history_page", "export", "forget", "models", "train", "activate", "rollback", "close",
    "profile", "pin", "correct", "reject", "drop", "recall", "context", "explain", "interpret",
    "policy", "set_policy", "unreviewed", "set_event_types",
)  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    path = tmp_path_factory.mktemp("client")
    fill(path / "store")
    with Here(settings_of(path / "store", path)) as made:
        yield made.ready()


@pytest.fixture
def client(server: Here) -> Iterator[Client]:
    with habitus.Client(server.url) as made:
        yield made


@pytest.fixture
def engine(server: Here) -> Engine:
    return server.service.tenants.engine("default")


@pytest.mark.parametrize("name", SHARED)
def test_its_methods_are_the_engines(name: str) -> None:
    mine = inspect.signature(getattr(Client, name)).parameters
    theirs = inspect.signature(getattr(Engine, name)).parameters
    assert set(mine) <= set(theirs)
    assert all(mine[one].default == theirs[one].default for one in mine if one != "self")


def test_what_is_observed_is_what_the_engine_has(client: Client, engine: Engine) -> None:
    moment = datetime(2025, 5, 1, 12, tzinfo=UTC)
    assert client.observe(Event("c1", "view", 10**15, "a", context={"x": 1})).accepted == 1
    receipt = client.observe(
        {"user_id": "c1", "event_type": "view", "item_id": "b", "timestamp": moment}
        for _ in range(1_001)
    )
    assert receipt.accepted == 1_001
    assert client.user("c1") == engine.user("c1")
    page = client.history_page("c1", 500)
    assert page == engine.history_page("c1", 500)
    assert client.history_page("c1", 1_000, page.cursor).cursor is None
    assert [one["kind"] for one in client.export("c1")] == [
        one["kind"] for one in engine.export("c1")
    ]


def test_rejected_events_are_numbered_as_they_were_given(client: Client) -> None:
    good = {"user_id": "c2", "event_type": "view", "item_id": "a"}
    events = [good] * 1_000 + [good | {"timestamp": 5 * 10**15}]
    assert [one.index for one in client.observe(events).rejected] == [1_000]
    with pytest.raises(ServiceError) as refused:
        client.observe(good | {"timestamp": 5 * 10**15})
    assert (refused.value.status, refused.value.fields) == (422, ("timestamp",))
    assert refused.value.mend
    assert refused.value.request_id


def test_answers_are_the_engines(client: Client, engine: Engine) -> None:
    now = 10**15 + 5
    asked = {"k": 3, "now": now, "exclude_seen": False, "where": {"genre": "x"}}
    mine, theirs = client.recommend("ann", **asked), engine.recommend("ann", **asked)
    assert mine.request_id != theirs.request_id
    assert (mine.items, mine.model, mine.now, mine.note) == (
        theirs.items, theirs.model, theirs.now, theirs.note,
    )  # fmt: skip
    assert client.rank("ann", ["a", "b"], now).items == engine.rank("ann", ["a", "b"], now).items
    assert client.similar("a", 2).items == engine.similar("a", 2).items
    first = client.page(Ask("ann", 2, exclude_seen=False))
    assert first.cursor is not None
    second = client.next_page(first.cursor)
    assert not {one.item_id for one in first.slate.items} & {
        one.item_id for one in second.slate.items
    }


def test_items_and_their_availability(client: Client, engine: Engine) -> None:
    item = Item("c-item", "text", {"genre": ("x", "z")}, {"year": 2001.0})
    assert client.put_items([item, {"item_id": "c-other"}]) == 2
    assert item in engine.store.items()
    assert client.set_available(["c-item"], False) == 1
    assert client.set_available(["c-item"], False) == 0


@pytest.mark.parametrize("user_id", ["a/b", ".", "..", "state", "ü?#%"])
def test_any_id_can_be_asked_for_and_forgotten(client: Client, user_id: str) -> None:
    client.observe({"user_id": user_id, "event_type": "view", "item_id": "a"})
    assert client.user(user_id).events == 1
    assert client.forget(user_id).events == 1
    assert not client.user(user_id).known


def test_what_is_known_is_the_engines(client: Client, engine: Engine) -> None:
    client.set_policy(Policy(marked={"genre": "none"}))
    assert client.policy() == engine.policy() == Policy(marked={"genre": "none"})
    assert client.unreviewed() == engine.unreviewed()
    moment = datetime(2025, 5, 1, 12, tzinfo=UTC)
    for day, text in enumerate(("I love jazz.", "I hate horror films.", "I no longer like jazz.")):
        client.observe({"user_id": "p", "event_type": "said", "text": text,
                        "timestamp": moment.replace(day=1 + day)})  # fmt: skip
    for asked in ({"as_of": moment.replace(day=2)}, {"as_of": moment.replace(day=9)},
                  {"as_of": moment, "known_at": moment}):  # fmt: skip
        mine, theirs = client.profile("p", **asked), engine.profile("p", **asked)
        assert [without_nan(one) for one in mine.propositions] == [
            without_nan(one) for one in theirs.propositions
        ]
        assert [without_nan(one) for one in mine.past] == [without_nan(one) for one in theirs.past]
        assert (mine.user_id, mine.now, mine.constraints, mine.events, mine.note) == (
            theirs.user_id, theirs.now, theirs.constraints, theirs.events, theirs.note,
        )  # fmt: skip
    now = moment.replace(day=9)
    assert client.recall("p", "horror", 3, now) == engine.recall("p", "horror", 3, now)
    assert client.context("p", "horror", 200, now) == engine.context("p", "horror", 200, now)
    told, known = client.explain("p", "a", now), engine.explain("p", "a", now)
    assert (told.rank, told.among, told.causes, told.model) == (
        known.rank, known.among, known.causes, known.model,
    )  # fmt: skip
    assert "no language model" in client.interpret("p").fallback


def without_nan(one: Proposition) -> Proposition:
    """With a strength that equals itself."""
    assert one.strength != one.strength
    return replace(one, strength=0.0)


def test_a_profile_is_edited_as_the_engines_is(client: Client, engine: Engine) -> None:
    client.observe({"user_id": "q", "event_type": "said", "text": "I love jazz. I hate horror."})
    horror, jazz = sorted(client.profile("q").propositions, key=lambda one: one.sentence)
    client.pin("q", jazz.proposition_id)
    assert engine.profile("q").propositions[0].pinned
    client.pin("q", jazz.proposition_id, pinned=False)
    assert not any(one.pinned for one in engine.profile("q").propositions)
    client.correct("q", jazz.proposition_id, stance=Stance.AGAINST)
    assert "Dislikes jazz." in {one.sentence for one in engine.profile("q").propositions}
    client.reject("q", horror.proposition_id)
    client.drop("q", next(iter(engine.profile("q").propositions)).proposition_id)
    assert engine.profile("q").propositions == ()
    with pytest.raises(ServiceError) as refused:
        client.pin("q", "made up")
    assert (refused.value.status, refused.value.fields) == (422, ("proposition_id",))


def test_event_types_are_set(client: Client, engine: Engine) -> None:
    client.set_event_types(
        [EventType("chat", Role.UTTERANCE, 0.0), EventType("skip", Role.NEGATIVE)]
    )
    found = engine.store.event_types()
    assert (found["chat"].role, found["chat"].weight) == (Role.UTTERANCE, 0.0)
    assert (found["skip"].role, found["skip"].weight) == (Role.NEGATIVE, 1.0)
    with pytest.raises(ServiceError) as refused:
        client.set_event_types([EventType("chat", Role.UTTERANCE, -1.0)])
    assert refused.value.status == 422


def test_a_server_that_is_not_there_is_a_clear_error() -> None:
    with (
        Client("http://127.0.0.1:9", retries=0) as made,
        pytest.raises(HabitusError, match="cannot be reached"),
    ):
        made.models()


def test_a_key_goes_with_every_call() -> None:
    with Client("http://127.0.0.1:9", "hk_x") as made:
        assert made._http.headers["authorization"] == "Bearer hk_x"
