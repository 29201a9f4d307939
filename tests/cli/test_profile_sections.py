"""Sections of a profile: which proposition stands where, what is one line, what the summary says."""

from __future__ import annotations

import math

from habitus.cli.profile_sections import (
    CHANGED,
    HABITS,
    LESS,
    LIKES,
    MIXED,
    SAYS,
    lines_of,
    sections,
    summary,
)
from habitus.types import Kind, Origin, Proposition, Stance


def known(
    kind: Kind,
    value: str,
    sentence: str,
    confidence: float = 0.9,
    *,
    stance: Stance = Stance.FOR,
    attribute: str = "genre",
    origin: Origin = Origin.OBSERVED,
    strength: float = math.nan,
    events: int = 1,
    pinned: bool = False,
) -> Proposition:
    return Proposition(
        proposition_id=f"{kind}-{attribute}-{value}",
        user_id="ada",
        kind=kind,
        attribute=attribute,
        value=value,
        stance=stance,
        confidence=confidence,
        events_for=tuple(str(place) for place in range(events)),
        sentence=sentence,
        origin=origin,
        strength=strength,
        pinned=pinned,
    )


def interest(value: str, confidence: float = 0.9, **more: object) -> Proposition:
    sentence = f"Takes {value} more often than others do (9 % of events against 4 %)."
    return known(Kind.INTEREST, value, sentence, confidence, **more)  # type: ignore[arg-type]


TASTE = known(
    Kind.TASTE, "crime", "Rates crime above their own average (4.5 against 3.9).", 0.8, strength=0.6
)
LOW = known(Kind.TASTE, "crime", "Rates crime below their own average.", 0.7, stance=Stance.AGAINST)


def test_a_taste_and_an_interest_of_one_value_are_one_line() -> None:
    (section,) = sections([interest("crime"), TASTE])
    assert section.heading == LIKES
    (line,) = section.lines
    assert line.propositions == (interest("crime"), TASTE)
    assert line.sentence == (
        "Takes crime more often than others do (9 % of events against 4 %); "
        "rates it above their own average (4.5 against 3.9)."
    )


def test_what_is_taken_often_and_rated_low_is_neither_liked_nor_disliked() -> None:
    found = sections([interest("crime"), LOW, interest("drama")])
    assert [(each.heading, len(each.lines)) for each in found] == [(LIKES, 1), (MIXED, 1)]
    assert "crime" not in summary([interest("crime"), LOW, interest("drama")])


def test_each_kind_has_its_section_and_nothing_is_lost() -> None:
    every = [known(kind, kind.value, f"About {kind}.") for kind in Kind]
    found = {each.heading: each.lines for each in sections(every)}
    shown = [one for lines in found.values() for line in lines for one in line.propositions]
    assert sorted(shown, key=str) == sorted(every, key=str)
    kinds = {heading: {line.first.kind for line in lines} for heading, lines in found.items()}
    assert kinds[CHANGED] == {Kind.CHANGE}
    assert {Kind.ROUTINE, Kind.RHYTHM, Kind.RETURN, Kind.RANGE, Kind.LOYALTY} <= kinds[HABITS]
    assert {Kind.PREFERENCE, Kind.PLAN, Kind.STYLE, Kind.FACT} <= kinds[SAYS]
    assert list(found) == [SAYS, LIKES, HABITS, CHANGED]


def test_what_the_user_set_stands_with_what_they_say() -> None:
    one = known(Kind.TASTE, "crime", "Does not want crime.", origin=Origin.EDITED)
    assert [each.heading for each in sections([one, interest("crime")])] == [SAYS, LIKES]


def test_likes_are_in_the_order_of_what_they_tell() -> None:
    small = interest("drama", 0.981, strength=1.1, events=9)
    great = interest("crime", 0.979, strength=8.0, events=7)
    likely = interest("music", 0.7, strength=9.0, events=90)
    pinned = interest("horror", 0.61, strength=1.2, pinned=True)
    (section,) = sections([small, likely, great, pinned])
    assert [line.first.value for line in section.lines] == ["horror", "music", "crime", "drama"]


def test_the_attribute_is_named_where_there_are_several() -> None:
    year = interest("1994", attribute="year")
    assert [line.label for line in lines_of([interest("crime"), interest("drama")])] == ["", ""]
    assert [line.label for line in lines_of([interest("crime"), year])] == ["genre", "year"]
    assert summary([interest("crime"), interest("drama"), year]) == (
        "Goes for crime and drama (genre), 1994 (year)."
    )


def test_the_summary_is_made_of_the_strongest_without_their_figures() -> None:
    against = known(Kind.INTEREST, "horror", "Takes horror less.", stance=Stance.AGAINST)
    change = known(
        Kind.CHANGE, "music", "Since April 2025 takes music more often than before (2 % to 9 %)."
    )
    back = known(Kind.RETURN, "", "Is expected back after 1 May 2025, if at all.", 0.99)
    rhythm = known(Kind.RHYTHM, "", "Usually comes back after 2 days (half of 9 gaps).")
    dog = known(Kind.POSSESSION, "a dog (7)", "Has a dog (7).", origin=Origin.STATED)
    assert summary([back, rhythm, change, against, interest("crime"), dog]) == (
        "Has a dog (7). Goes for crime, less for horror. "
        "Since April 2025 takes music more often than before. Usually comes back after 2 days."
    )
    assert summary([against]) == "Goes less for horror."
    assert summary([]) == ""
    assert sections([]) == []
    assert LESS in {each.heading for each in sections([against])}
