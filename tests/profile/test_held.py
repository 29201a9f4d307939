"""What is kept of users between calls is as of their revision, bounded, and gone when it should be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from habitus.events.store import Store
from habitus.profile import held as module
from habitus.profile.held import MODEL, Users
from habitus.profile.voice import claims_text
from habitus.types import Event, EventType, Role

NOW = 1_750_000_000_000_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path, clock=lambda: NOW) as made:
        made.set_event_types([EventType("said", Role.UTTERANCE, 0.0)])
        yield made


def say(store: Store, number: int, text: str, user: str = "u") -> None:
    store.observe(Event(user, "said", NOW + number, text=text, event_id=f"{user}:{number}"))


def test_a_text_is_read_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    claims = module.claims_in
    monkeypatch.setattr(module, "claims_in", lambda text: read.append(text) or claims(text))
    users = Users(store)
    say(store, 1, "I love jazz.")
    first = users.of("u")
    assert users.of("u") is first
    say(store, 2, "I have a dog.")
    second = users.of("u")
    assert read == ["I love jazz.", "I have a dog."]
    assert len(second.claims) == 2
    assert first.claims.keys() == {"u:1"}  # what was given out stays as it was
    store.delete("u:1")
    assert users.of("u").claims.keys() == {"u:2"}


def test_a_memory_goes_on_only_where_all_is_still_in_its_place(store: Store) -> None:
    users = Users(store)
    say(store, 5, "one")
    held = users.of("u")
    held.memory, held.turns = object(), 1  # type: ignore[assignment]
    say(store, 6, "two")
    assert users.of("u").memory is held.memory
    say(store, 1, "before them all")
    assert users.of("u").memory is None


def test_few_users_are_kept_and_a_forgotten_one_is_not(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CAPACITY", 2)
    users = Users(store)
    held = {user: users.of(user) for user in "abc"}
    assert users.of("c") is held["c"]
    assert users.of("b") is held["b"]
    assert users.of("a") is not held["a"]
    users.forget("b")
    assert users.of("b") is not held["b"]


def test_proposals_go_with_their_event(store: Store) -> None:
    say(store, 1, "I love jazz.")
    claims = [each.claim for each in Users(store).of("u").claims["u:1"]]
    store.derived.put(MODEL, {"u:1": claims_text(claims)})
    assert [each.claim for each in Users(store).of("u").proposals["u:1"]] == claims
    store.delete("u:1")
    assert not Users(store).of("u").proposals
