"""What was said again, taken back, or has come to an end."""

from __future__ import annotations

import math
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habitus.profile.claim import Claim
from habitus.profile.statements import FADED, HALF_LIFE, SURE, Said, canonical, meant, propositions
from habitus.types import DAY, Kind, Origin, Proposition, Stance

NOW = 1_750_000_000_000_000
IDS = count()


def said(
    day: int,
    value: str,
    stance: Stance = Stance.FOR,
    attribute: str = "likes",
    kind: Kind = Kind.PREFERENCE,
    scope: str = "",
    ends: bool = False,
    origin: Origin = Origin.STATED,
) -> Said:
    claim = Claim(kind, attribute, value, stance, scope, 0, len(value), 0.9, ends)
    time = NOW + day * DAY
    return Said(f"e{next(IDS)}", time, time + 5, claim, origin)


def read(*made: Said, day: int = 100) -> tuple[list[Proposition], list[Proposition]]:
    """What holds on a day, and what held."""
    found = propositions("u", made, NOW + day * DAY)
    return [one for one in found if one.valid.end is None], [one for one in found if one.valid.end]


def test_the_same_said_again_is_more_evidence_and_no_second_copy() -> None:
    once, twice = said(0, "hiking"), said(1, "Hiking")
    [alone], _ = read(once, day=1)
    [both], past = read(once, twice, day=1)
    assert not past
    assert both.events_for == (once.event_id, twice.event_id)
    assert alone.confidence < both.confidence <= SURE
    assert both.valid.start == once.time


def test_one_event_that_says_it_twice_counts_once() -> None:
    once = said(0, "tea")
    twice = Said(once.event_id, once.time, once.recorded, once.claim)
    assert read(once)[0][0].confidence == read(once, twice)[0][0].confidence


def test_the_newer_supersedes_and_the_older_stays_readable() -> None:
    old, new = said(0, "horror"), said(10, "horror", Stance.AGAINST)
    [holds], [held] = read(old, new)
    assert (holds.stance, held.stance) == (Stance.AGAINST, Stance.FOR)
    assert (held.valid.start, held.valid.end) == (old.time, new.time)
    assert (held.known.start, held.known.end) == (old.recorded, new.recorded)
    assert held.events_against == (new.event_id,)
    assert holds.events_for == (new.event_id,)


def test_order_of_arrival_makes_no_difference() -> None:
    made = [said(0, "tea"), said(5, "tea", Stance.AGAINST), said(9, "tea")]
    assert propositions("u", made, NOW + 10 * DAY) == propositions("u", made[::-1], NOW + 10 * DAY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (said(0, "coffee"), said(1, "tea", Stance.AGAINST)),
        (said(0, "coffee"), said(1, "coffee", Stance.AGAINST, scope="in the evening")),
        (said(0, "a dog", attribute="has", kind=Kind.POSSESSION), said(1, "dogs")),
    ],
)
def test_contradiction_is_only_of_the_same_matter_and_scope(old: Said, new: Said) -> None:
    holds, held = read(old, new)
    assert len(holds) == 2
    assert not held


def test_likes_and_avoids_speak_of_the_same() -> None:
    holds, held = read(said(0, "gluten"), said(1, "gluten", Stance.AGAINST, "avoids"))
    assert [one.attribute for one in holds] == ["avoids"]
    assert [one.attribute for one in held] == ["likes"]


def test_what_has_one_value_gets_a_new_one() -> None:
    holds, held = read(
        said(0, "in Leeds", attribute="lives", kind=Kind.FACT),
        said(5, "in York", attribute="lives", kind=Kind.FACT),
        said(0, "blue", attribute="colour"),
        said(6, "green", attribute="colour"),
    )
    assert {one.value for one in holds} == {"in York", "green"}
    assert {one.value for one in held} == {"in Leeds", "blue"}


def test_what_is_over_ends_what_was_said_of_it_whatever_the_field() -> None:
    plays = said(0, "tennis", attribute="plays", kind=Kind.HABIT)
    likes = said(0, "playing tennis")
    other = said(0, "golf", attribute="plays", kind=Kind.HABIT)
    over = said(9, "tennis", attribute="does", kind=Kind.HABIT, ends=True)
    holds, held = read(plays, likes, other, over)
    assert {one.value for one in held} == {"tennis", "playing tennis"}
    assert all(one.valid.end == over.time for one in held)
    [gone] = [one for one in holds if over.event_id in one.events_for]
    assert gone.stance is Stance.AGAINST
    assert "golf" in {one.value for one in holds}


def test_taken_up_again_it_holds_again() -> None:
    holds, held = read(said(0, "jazz"), said(5, "jazz", ends=True), said(9, "jazz"))
    assert [one.stance for one in holds] == [Stance.FOR]
    assert [one.valid.start for one in holds] == [NOW + 9 * DAY]
    assert len(held) == 2  # liked once, and no more for a while


def test_confidence_fades_slowly_and_never_to_nothing() -> None:
    made = said(0, "opera")
    at = [read(made, day=day)[0][0].confidence for day in (0, HALF_LIFE[Kind.PREFERENCE], 100_000)]
    assert at[0] == pytest.approx(0.9)
    assert at[1] == pytest.approx(0.9 * (FADED + (1 - FADED) / 2))
    assert at[2] == pytest.approx(0.9 * FADED)


def test_a_plan_fades_before_a_taste() -> None:
    [taste], _ = read(said(0, "opera"))
    [plan], _ = read(said(0, "opera", attribute="plans", kind=Kind.PLAN))
    assert plan.confidence < taste.confidence


def test_what_a_model_proposed_is_stated_once_the_user_says_it() -> None:
    inferred = said(0, "opera", origin=Origin.INFERRED)
    assert read(inferred)[0][0].origin is Origin.INFERRED
    assert read(inferred, said(1, "opera"))[0][0].origin is Origin.STATED


@pytest.mark.parametrize(
    ("one", "other"), [("Hiking", "the hike"), ("ＴＥＡ", "tea"), ("my dogs", "dog")]
)
def test_values_are_compared_without_what_makes_no_difference(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


def test_what_items_are_adds_nothing_to_a_value() -> None:
    assert meant("horror films") == canonical("horror")
    assert meant("Films") == canonical("films")  # nothing else would be left


VALUES = st.sampled_from(["tea", "jazz", "in York", "hiking"])
CLAIMS = st.builds(
    said,
    day=st.integers(0, 50),
    value=VALUES,
    stance=st.sampled_from(Stance),
    attribute=st.sampled_from(["likes", "avoids", "lives", "colour"]),
    ends=st.booleans(),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(CLAIMS, max_size=12))
def test_nothing_rests_on_nothing(made: list[Said]) -> None:
    """Every proposition has evidence that was given, a probability, dates in order; and no two that
    hold say the same or the opposite."""
    found = propositions("u", made, NOW + 60 * DAY)
    given_ids = {one.event_id for one in made}
    for one in found:
        assert one.events_for
        assert given_ids.issuperset(one.events_for + one.events_against)
        assert 0 < one.confidence < 1
        assert not math.isnan(one.confidence)
        assert one.valid.start is not None
        assert one.valid.end is None or one.valid.start <= one.valid.end
    holding = [one for one in found if one.valid.end is None]
    family = {"avoids": "likes"}
    keys = [
        (family.get(one.attribute, one.attribute), canonical(one.value), one.scope)
        for one in holding
    ]
    assert len(keys) == len(set(keys))


def test_a_plan_is_over_when_the_time_it_names_is() -> None:
    """NOW is 15 June 2025."""
    july = 1_751_328_000_000_000
    once = said(0, "to sail", attribute="plans", kind=Kind.PLAN, scope="next month")
    [plan] = propositions("u", [once], NOW + DAY)
    assert plan.valid.end == july + 31 * DAY
    assert plan.known.end is None
    [over] = propositions("u", [once], NOW + 90 * DAY)
    assert over.valid == plan.valid
    assert over.confidence == propositions("u", [once], NOW + 900 * DAY)[0].confidence
    again = said(40, "to sail", attribute="plans", kind=Kind.PLAN, scope="next month")
    [longer] = propositions("u", [once, again], NOW + 41 * DAY)
    assert longer.valid.end == july + 62 * DAY
    assert longer.valid.start == once.time


@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        (Kind.PLAN, ""),
        (Kind.PLAN, "with my sister"),
        (Kind.PLAN, "last year"),
        (Kind.HABIT, "this summer"),
    ],
)
def test_what_names_no_coming_time_or_is_no_plan_has_no_end(kind: Kind, scope: str) -> None:
    [known] = propositions("u", [said(0, "to sail", kind=kind, scope=scope)], NOW + DAY)
    assert known.valid.end is None
