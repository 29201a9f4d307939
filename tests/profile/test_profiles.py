"""Profiles of a real store: what users see, correct, reject, delete, and what is left afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import select

from habitus.engine import Engine
from habitus.events import schema
from habitus.profile.identity import Identity
from habitus.profile.profile import _finished as finished
from habitus.profile.sensitive import Policy
from habitus.testing.postgres import Place
from habitus.testing.scripted_llm import ScriptedLLM, says
from habitus.types import (
    DAY,
    EventType,
    HabitusError,
    Interval,
    Item,
    Kind,
    Origin,
    Proposition,
    Role,
    Stance,
)

NOW = 1_750_000_000_000_000
SAID = EventType("said", Role.UTTERANCE, 0.0)
GENRES = ("horror", "comedy", "drama", "western")


class World:
    """A shop whose visitors take what they like; `u` says things, too."""

    def __init__(self, place: Any) -> None:
        self.now = NOW
        self.engine = Engine.open(place, clock=lambda: self.now)
        self.engine.set_event_types([SAID])
        self.engine.put_items(
            Item(f"f{n}", f"Film {n}", {"genre": GENRES[n % 4]}) for n in range(80)
        )
        rng = np.random.default_rng(1)
        events = []
        for user in range(40):
            liked = user % 4
            for at in range(30):
                genre = liked if rng.random() < 0.6 else int(rng.integers(4))
                item = f"f{int(rng.integers(20)) * 4 + genre}"
                time = NOW - (40 - at) * DAY + user
                events.append(("u" if user == 0 else f"v{user}", item, time))
        self.engine.observe(
            {"user_id": user, "event_type": "view", "item_id": item, "timestamp": time}
            for user, item, time in events
        )

    def say(self, text: str, event_id: str, user: str = "u", **more: Any) -> None:
        self.now += DAY
        self.engine.observe(
            {"user_id": user, "event_type": "said", "text": text, "event_id": event_id, **more}
        )

    def sentences(self, **more: Any) -> list[str]:
        return [one.sentence for one in self.engine.profile("u", **more).propositions]

    def id_of(self, words: str) -> str:
        found = self.engine.profile("u", sensitive=True).propositions
        [one] = [one for one in found if words in one.sentence]
        return one.proposition_id


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.engine.close()


def test_behaviour_and_words_come_together(world: World) -> None:
    world.say("I love jazz, and I have a dog.", "e1")
    found = world.engine.profile("u")
    by_origin = {
        origin: [one for one in found.propositions if one.origin is origin] for origin in Origin
    }
    assert any(
        one.value == "horror" and one.stance is Stance.FOR for one in by_origin[Origin.OBSERVED]
    )
    assert {one.sentence for one in by_origin[Origin.STATED]} == {"Likes jazz.", "Has a dog."}
    assert found.events == 31


def test_every_sentence_can_be_traced(world: World) -> None:
    world.say("I love jazz, and I have a dog.", "e1")
    held = {event.event_id: event for event in world.engine.history("u")}
    for one in world.engine.profile("u").propositions:
        assert one.events_for
        assert held.keys() >= {*one.events_for, *one.events_against}
        assert one.known.start is not None


def test_finishing_a_proposition_loses_nothing() -> None:
    one = Proposition(
        "-", "u", Kind.TASTE, "genre", "jazz", Stance.FOR, 0.8, ("e1", "e2"), "Likes jazz.",
        Origin.OBSERVED, "on Fridays", ("e3",), Interval(5, 9), Interval(None, 8), 1.5, "health",
        "jazz!",
    )  # fmt: skip
    identity = Identity(b"secret")
    name = identity.of_proposition(one)
    whole = replace(one, proposition_id=name, known=Interval(4, 8), pinned=True)
    assert all(getattr(whole, each.name) for each in fields(whole))  # nothing is left to a default
    assert finished(one, identity, {"e1": 4}, frozenset({name})) == whole


def test_a_rejected_proposition_does_not_come_back_from_behaviour(world: World) -> None:
    horror = world.id_of("Takes horror more often")
    world.engine.reject("u", horror)
    assert not any("horror more" in one for one in world.sentences())
    world.now += DAY
    world.engine.observe(
        {"user_id": "u", "event_type": "view", "item_id": "f0", "timestamp": world.now - n}
        for n in range(30)
    )
    assert not any("horror more" in one for one in world.sentences())


def test_what_was_said_before_a_rejection_is_not_used_again(world: World) -> None:
    world.say("I love jazz.", "e1")
    world.engine.reject("u", world.id_of("jazz"))
    assert "Likes jazz." not in world.sentences()
    world.say("I love jazz.", "e2")
    [one] = [one for one in world.engine.profile("u").propositions if "jazz" in one.sentence]
    assert one.events_for == ("e2",)


def test_a_dropped_proposition_comes_back_from_later_events_alone(world: World) -> None:
    horror = world.id_of("Takes horror more often")
    world.now += DAY
    world.engine.drop("u", horror)
    assert not any("horror more" in one for one in world.sentences())
    world.now += DAY
    later = [
        {"user_id": "u", "event_type": "view", "item_id": f"f{n % 20 * 4}", "event_id": f"l{n}"}
        for n in range(40)
    ]
    world.engine.observe(later)
    found = [one for one in world.engine.profile("u").propositions if one.proposition_id == horror]
    assert found
    assert {*found[0].events_for} <= {each["event_id"] for each in later}


def test_a_correction_stands_and_changes_the_next_answer(world: World) -> None:
    world.engine.train(minutes=0.05)
    before = world.engine.recommend("u", 10, exclude_seen=False)
    assert sum(one.item_id in {f"f{4 * n}" for n in range(20)} for one in before.items) >= 5
    world.engine.correct("u", world.id_of("Takes horror more often"), stance="against")
    [edited] = [
        one for one in world.engine.profile("u").propositions if one.origin is Origin.EDITED
    ]
    assert (edited.value, edited.stance) == ("horror", Stance.AGAINST)
    assert edited.events_for[0] in {event.event_id for event in world.engine.history("u")}
    after = world.engine.recommend("u", 10, exclude_seen=False)
    assert not any(one.item_id in {f"f{4 * n}" for n in range(20)} for one in after.items)
    same = world.engine.recommend("u", 10, exclude_seen=False, use_profile=False)
    assert [one.item_id for one in same.items] == [one.item_id for one in before.items]


def test_an_edit_is_taken_back_by_deleting_its_event(world: World) -> None:
    world.engine.reject("u", world.id_of("Takes horror more often"))
    [edit] = [one for one in world.engine.history("u") if one.event_type == "profile_edit"]
    assert world.engine.delete(edit.event_id or "")
    assert any("Takes horror more often" in one for one in world.sentences())


def test_pinned_comes_first(world: World) -> None:
    world.say("I have a dog.", "e1")
    world.engine.pin("u", world.id_of("dog"))
    assert world.sentences()[0] == "Has a dog."
    assert world.engine.profile("u").propositions[0].pinned
    world.engine.pin("u", world.id_of("dog"), pinned=False)
    assert not world.engine.profile("u").propositions[0].pinned


def test_deleting_an_event_removes_or_weakens_what_rested_on_it(world: World) -> None:
    world.say("I love jazz.", "e1")
    world.say("I have a dog.", "e2")
    world.say("I really love jazz.", "e3")
    strong = next(one for one in world.engine.profile("u").propositions if "jazz" in one.sentence)
    world.engine.delete("e1")
    world.engine.delete("e2")
    weak = next(one for one in world.engine.profile("u").propositions if "jazz" in one.sentence)
    assert weak.events_for == ("e3",)
    assert weak.confidence < strong.confidence
    assert "Has a dog." not in world.sentences()


def test_any_moment_can_be_asked_about(world: World) -> None:
    world.say("I love jazz.", "e1")
    then = world.now
    world.say("I moved on from jazz.", "e2")
    assert "Likes jazz." in world.sentences(as_of=then)
    assert "Likes jazz." not in world.sentences()
    assert "Likes jazz." not in world.sentences(as_of=then - DAY)
    late = {"timestamp": then - 5 * DAY}
    world.say("I have a parrot.", "e3", **late)  # of then, heard of only now
    assert "Has a parrot." in world.sentences(as_of=then)
    assert "Has a parrot." not in world.sentences(as_of=then, known_at=then)
    past = world.engine.profile("u").past
    assert [one.sentence for one in past] == ["Likes jazz."]


def test_what_others_said_in_the_conversation_is_not_the_users(world: World) -> None:
    world.say("I love chess.", "e1", context={"speaker": "assistant"})
    world.say("I love bridge.", "e2", context={"speaker": "user"})
    assert "Likes bridge." in world.sentences()
    assert "Likes chess." not in world.sentences()
    assert any("chess" in one.text for one in world.engine.recall("u", "chess"))


def test_recall_and_context(world: World) -> None:
    world.say("My sister lives in Quito.", "e1")
    world.say("Keep your answers short, please.", "e2")
    world.say("The blue bicycle has a flat tyre.", "e3")
    assert world.engine.recall("u", "bicycle")[0].event_ids == ("e3",)
    said = world.engine.context("u", "what happened to the bicycle?", 300)
    assert len(said.text) <= 300
    assert "short" in said.lines[0].text
    assert any("bicycle" in line.text and "e3" in line.event_ids for line in said.lines)
    assert world.engine.context("u", "bicycle", 0).text == ""
    world.say("The bicycle is mended.", "e4")  # counts at once
    assert any("mended" in one.text for one in world.engine.recall("u", "bicycle"))


def test_forgetting_leaves_no_token_in_any_file(tmp_path: Path) -> None:
    world = World(tmp_path)
    token = "zquxhbvalkmr"
    world.say(f"I love {token}.", "e1")
    world.engine.correct("u", world.id_of(token), value=f"{token} nights")
    world.engine.recall("u", token)
    assert any(token.encode() in path.read_bytes() for path in files(tmp_path))
    world.engine.forget("u")
    assert not world.engine.profile("u").propositions
    assert not world.engine.recall("u", token)
    world.engine.close()
    assert not any(token.encode() in path.read_bytes() for path in files(tmp_path))


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_export_has_the_propositions(world: World) -> None:
    world.say("I have a dog.", "e1")
    records = [json.loads(json.dumps(one)) for one in world.engine.export("u")]
    found = [one["proposition"] for one in records if one["kind"] == "proposition"]
    assert "Has a dog." in {one["sentence"] for one in found}
    assert not any(one["kind"] == "proposition" for one in world.engine.export("nobody"))


CANARIES = [
    "I have diabetes.",
    "I am a Catholic.",
    "I vote for the Green Party.",
    "I am a lesbian.",
    "I am allergic to peanuts.",
    "I live in Leeds.",
    "I am a member of the nurses' union.",
]
READ = [CANARIES[0], CANARIES[1], *CANARIES[4:]]  # those that the extractor takes for statements


@pytest.mark.parametrize("text", CANARIES)
def test_nothing_sensitive_is_kept_by_default(world: World, text: str) -> None:
    world.say(text, "e1")
    assert not [
        one
        for one in world.engine.profile("u", sensitive=True).propositions
        if one.origin is Origin.STATED
    ]
    assert text not in world.engine.context("u", text, 2_000).text


@pytest.mark.parametrize("text", READ)
def test_what_is_allowed_stays_in_its_scope(world: World, text: str) -> None:
    world.engine.set_policy(Policy(allow_stated_sensitive=True))
    world.say(text, "e1")
    held = [one for one in world.engine.profile("u", sensitive=True).propositions if one.sensitive]
    assert held
    sentence = held[0].sentence
    assert sentence not in world.sentences()
    assert sentence not in world.engine.context("u", text, 2_000).text
    assert text not in world.engine.context("u", text, 2_000).text
    assert text in world.engine.context("u", text, 2_000, sensitive=True).text
    assert sentence not in json.dumps(
        [one for one in world.engine.export("u") if one["kind"] == "proposition"]
    )
    explained = world.engine.explain("u", "f0")
    assert sentence not in [one.sentence for one in explained.propositions]


def test_an_allergy_is_a_hard_constraint_and_nothing_else(world: World) -> None:
    world.engine.put_items(
        [Item("bar", "Peanut bar", {"genre": "horror"}), Item("pie", "Apple pie")]
    )
    world.say("I am allergic to peanuts.", "e1")
    every = [one.item_id for one in world.engine.recommend("u", 200, exclude_seen=False).items]
    assert "bar" in every
    world.engine.set_policy(Policy(allow_stated_sensitive=True))
    after = [one.item_id for one in world.engine.recommend("u", 200, exclude_seen=False).items]
    assert after == [one for one in every if one != "bar"]
    off = world.engine.recommend("u", 200, exclude_seen=False, use_profile=False)
    assert "bar" not in [one.item_id for one in off.items]
    assert "bar" not in [one.item_id for one in world.engine.rank("u", ["bar", "pie"]).items]


def test_nothing_sensitive_is_inferred_from_behaviour(tmp_path: Path) -> None:
    with Engine.open(tmp_path, clock=lambda: NOW) as engine:
        engine.put_items(
            Item(
                f"b{n}",
                f"Book {n}",
                {"religion": "one" if n % 2 else "two", "genre": GENRES[n % 4]},
            )
            for n in range(40)
        )
        engine.observe(
            {"user_id": f"u{user}", "event_type": "view", "item_id": f"b{2 * at + user % 2}"}
            for user in range(20)
            for at in range(20)
        )
        assert engine.unreviewed() == []
        assert not [
            one
            for one in engine.profile("u1", sensitive=True).propositions
            if one.attribute == "religion"
        ]
        engine.set_policy(Policy(inferred={"religion": "a shop of religious books"}))
        [*found] = [
            one
            for one in engine.profile("u1", sensitive=True).propositions
            if one.attribute == "religion"
        ]
        assert found
        assert all(one.sensitive == "religion" for one in found)
        assert not [one for one in engine.profile("u1").propositions if one.attribute == "religion"]


def test_other_workspaces_know_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.say("I love jazz.", "e1")
    name = world.id_of("jazz")
    with Engine.open(tmp_path, "other", clock=lambda: NOW) as other:
        assert not other.profile("u").propositions
        assert not other.recall("u", "jazz")
        with pytest.raises(HabitusError, match="no proposition"):
            other.reject("u", name)
        other.observe(
            {"user_id": "u", "event_type": "said", "text": "I love jazz.", "event_id": "e"}
        )
        ids = {one.proposition_id for one in other.profile("u").propositions}
        assert name not in ids  # ids of two workspaces cannot be joined
    world.engine.close()


def test_ids_are_the_same_for_every_process_and_differ_by_user(place: Place) -> None:
    with Engine.open(place()) as one, Engine.open(place()) as two:
        one.set_event_types([SAID])
        for user in ("u", "v"):
            one.observe({"user_id": user, "event_type": "said", "text": "I love jazz."})
        first = one.profile("u").propositions[0].proposition_id
        assert two.profile("u").propositions[0].proposition_id == first
        assert one.profile("v").propositions[0].proposition_id != first
        two.reject("u", first)
        assert not [each for each in one.profile("u").propositions if each.kind is Kind.PREFERENCE]


def test_a_correction_can_be_corrected_rejected_and_said_otherwise(world: World) -> None:
    world.say("I love jazz.", "e1")
    world.engine.correct("u", world.id_of("jazz"), value="folk")
    world.engine.correct("u", world.id_of("folk"), value="opera")
    assert [one for one in world.sentences() if one.startswith("Likes")] == ["Likes opera."]
    world.now += DAY
    world.say("I hate opera.", "e2")
    assert "Dislikes opera." in world.sentences()
    assert "Likes opera." not in world.sentences()
    world.engine.correct("u", world.id_of("opera"), stance="for")
    assert "Likes opera." in world.sentences()
    world.engine.reject("u", world.id_of("opera"))
    assert not any("opera" in one for one in world.sentences())
    assert not any("jazz" in one or "folk" in one for one in world.sentences())


def test_recall_keeps_to_its_scope_and_still_finds_as_many(world: World) -> None:
    for number in range(6):
        world.say(f"My doctor {number} says the diabetes and the garden are fine.", f"s{number}")
    for number in range(3):
        world.say(f"The garden has {number} roses.", f"g{number}")
    found = world.engine.recall("u", "garden", 3)
    assert {one.event_ids[0] for one in found} == {"g0", "g1", "g2"}
    assert len(world.engine.recall("u", "garden", 9, sensitive=True)) == 9


def test_a_user_with_events_about_nothing_has_a_profile(tmp_path: Path) -> None:
    with Engine.open(tmp_path) as engine:
        engine.observe([{"user_id": "u", "event_type": "ping"} for _ in range(3)])
        engine.observe([{"user_id": "u", "event_type": f"k{n}"} for n in range(5)])
        assert engine.profile("u").events == 8


def test_a_model_reads_only_where_it_may_and_what_it_proposes_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    world = World(tmp_path)
    world.say("Sundays are for long walks with Bruno.", "e1")
    answer = {
        "kind": "habit",
        "attribute": "does",
        "value": "long walks",
        "stance": "for",
        "event_id": "e1",
        "quote": "Sundays are for long walks",
    }
    with ScriptedLLM([says({"proposals": [answer]})]) as server:
        monkeypatch.setenv("HABITUS_LLM_BASE_URL", server.url)
        monkeypatch.setenv("HABITUS_LLM_MODEL", "small")
        assert "does not allow" in world.engine.interpret("u").fallback
        assert not server.asked
        world.engine.set_policy(Policy(llm=True))
        assert len(world.engine.interpret("u").accepted) == 1
    world.engine.close()
    with Engine.open(tmp_path, clock=lambda: NOW + 9 * DAY) as again:
        [kept] = [one for one in again.profile("u").propositions if one.origin is Origin.INFERRED]
        assert (kept.value, kept.events_for) == ("long walks", ("e1",))
        again.set_policy(Policy())
        assert not [one for one in again.profile("u").propositions if one.origin is Origin.INFERRED]
        again.set_policy(Policy(llm=True))
        again.delete("e1")
        assert not [one for one in again.profile("u").propositions if one.origin is Origin.INFERRED]


def test_forgetting_leaves_no_token_in_any_table(place: Place) -> None:
    token = "wqjxnvtrzp"

    def held(engine: Engine) -> list[str]:
        with engine.store._database.read() as connection:
            return [
                table.name
                for table in schema.metadata.sorted_tables
                if any(token in str(row) for row in connection.execute(select(table)))
            ]

    with Engine.open(place(), encoder=Flat()) as engine:
        engine.set_event_types([SAID])
        engine.observe(
            {"user_id": "u", "event_type": "said", "text": f"I love {token}.", "event_id": token}
        )
        engine.recall("u", token)
        [one] = engine.profile("u").propositions
        engine.correct("u", one.proposition_id, value=f"{token} nights")
        assert {"events", "derived"} <= set(held(engine))
        engine.forget("u")
        assert held(engine) == []
        assert not engine.profile("u").propositions
        assert not engine.recall("u", token)


class Flat:
    """An encoder to which all texts are one."""

    name = "flat"

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        return np.ones((len(texts), 1), np.float32)


def test_an_edit_counts_where_the_log_had_the_type_for_something_else(world: World) -> None:
    """Somebody may send events of that type themselves before anybody edited a profile."""
    world.engine.observe({"user_id": "v1", "event_type": "profile_edit"})
    world.say("I hate horror films.", "e1")
    world.engine.reject("u", world.id_of("horror films"))
    assert world.engine.store.event_types()["profile_edit"].role is Role.EDIT
    assert "Dislikes horror films." not in world.sentences()
