"""Whose words they are, and in which sentence."""

from __future__ import annotations

import pytest

from habitus.events.catalogue import Catalogue
from habitus.profile.log import UserLog
from habitus.profile.stated import claims
from habitus.profile.voice import (
    claimed,
    claims_text,
    own,
    read_claims,
    said,
    speaker,
    spoken,
    stating,
    utterance,
)
from habitus.types import Event, EventType, HabitusError, Origin, Role

TYPES = {role.value: EventType(role.value, role) for role in Role}


def event(role: Role, text: str | None, who: str | None = None) -> Event:
    context = None if who is None else {"speaker": who}
    return Event(
        "u", role.value, 5, text=text, context=context, event_id=f"{role}-{who}", recorded_at=9
    )


def log(*events: Event) -> UserLog:
    return UserLog("u", events, Catalogue.of_ids([]), TYPES)


def test_the_user_speaks_unless_somebody_else_is_named() -> None:
    assert own(event(Role.UTTERANCE, "hi"))
    assert own(event(Role.UTTERANCE, "hi", "user"))
    assert own(event(Role.UTTERANCE, "hi", "u"))
    assert not own(event(Role.UTTERANCE, "hi", "assistant"))
    assert speaker(event(Role.UTTERANCE, "hi", "assistant")) == "assistant"
    assert utterance(event(Role.UTTERANCE, "hi")).speaker == "u"


def test_reviews_speak_searches_state_nothing_and_shelves_are_silent() -> None:
    events = [event(role, "words") for role in Role]
    assert {one.event_type for one in spoken(log(*events))} == {
        "positive",
        "negative",
        "utterance",
        "search",
    }
    assert {one.event_type for one in stating(log(*events))} == {
        "positive",
        "negative",
        "utterance",
    }
    assert not spoken(log(event(Role.UTTERANCE, None), event(Role.UTTERANCE, "")))
    other = event(Role.UTTERANCE, "words", "assistant")
    assert spoken(log(other))
    assert not stating(log(other))


def test_a_sentence_marks_what_is_claimed_in_it_and_no_other() -> None:
    text = "I have a dog. I am a member of the nurses' union. I love jazz."
    found = {one.claim.value: one.sensitive for one in claimed(text, claims(text))}
    assert found["a dog"] == found["jazz"] == ""
    assert all(category for value, category in found.items() if value not in ("a dog", "jazz"))


def test_claims_come_with_the_times_of_their_events() -> None:
    one = event(Role.UTTERANCE, "I love jazz.")
    made = {one.event_id or "": claimed("I love jazz.", claims("I love jazz."))}
    [found] = said([one, event(Role.UTTERANCE, "no", "x")], made, Origin.INFERRED)
    assert (found.time, found.recorded, found.origin) == (5, 9, Origin.INFERRED)


def test_kept_claims_are_read_as_they_were() -> None:
    found = claims("I used to love jazz but I avoid gluten for breakfast.")
    assert found
    assert read_claims(claims_text(found)) == found


@pytest.mark.parametrize("text", ["", "{}x", "[1]", '[{"kind": "x"}]', '[{"kind": "fact"}]'])
def test_what_is_no_claims_is_an_error(text: str) -> None:
    with pytest.raises(HabitusError, match="cannot be read"):
        read_claims(text)
