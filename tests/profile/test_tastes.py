"""Tastes of made users whose truth is known, of users without any, and word for word by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habitus.evaluate.calibration import expected_calibration_error
from habitus.events.catalogue import Catalogue, attribute_column
from habitus.profile.calibrated import PROBITS, Known
from habitus.profile.calibration import shipped
from habitus.profile.columns import Columns
from habitus.profile.known import Items, Values
from habitus.profile.log import UserLog
from habitus.profile.outcomes import outcomes
from habitus.profile.population import Population
from habitus.profile.tastes import NOTABLE, READABLE, assessed, tastes
from habitus.testing.raters import Raters, raters
from habitus.types import Event, EventType, Kind, Proposition, Role, Stance

LATEST = 2**62
#                           0   1      2           3      4
GENRES = attribute_column([[], ["a"], ["a", "b"], ["b"], []])
CATALOGUE = replace(
    Catalogue.of_ids(["x", "y", "z", "plain"]), attributes={"genre": GENRES, "secret": GENRES}
)
TYPES = {
    "rate": EventType("rate"),
    "return": EventType("return", Role.NEGATIVE),
    "see": EventType("see", Role.IMPRESSION),
}


def known(share: tuple[float, float]) -> Known:
    values = Values(
        ("a", "b"), np.array(share), np.zeros(2), np.full(2, 0.5), np.full(2, 5.0), np.zeros(2),
        10.0, 0.0,
    )  # fmt: skip
    return Known(values, *(shipped(probit, 2) for probit in PROBITS.values()))


def everybody(*share: float) -> Population:
    items = Items((), np.zeros(1), np.zeros(1), 0.5)
    both = known((share[0], share[1]))
    return Population(100, 1000, items, {"genre": both, "secret": both})


def log(*events: tuple[str, str, float | None]) -> UserLog:
    made = [
        Event("u", kind, timestamp=at, item_id=item, value=value, event_id=f"e{at}")
        for at, (kind, item, value) in enumerate(events)
    ]
    return UserLog("u", made, CATALOGUE, TYPES)


def only(found: list[Proposition], kind: Kind, value: str) -> Proposition:
    (one,) = (each for each in found if each.kind is kind and each.value == value)
    return one


RATINGS = [("rate", "x", 5.0)] * 9 + [("rate", "x", 2.0)] + [("rate", "z", 2.0)] * 10


def test_a_taste_word_for_word() -> None:
    found = tastes(log(*RATINGS), everybody(0.5, 0.5), LATEST, skip=["secret"])
    liked = only(found, Kind.TASTE, "a")
    assert liked.sentence == "Rates a above their own average (4.7 against 3.4)."
    assert (liked.stance, liked.attribute, liked.user_id) == (Stance.FOR, "genre", "u")
    assert liked.events_for == tuple(f"e{at}" for at in range(9))
    assert liked.events_against == ("e9",)
    assert liked.strength == pytest.approx(4.7 - 3.35)
    assert liked.valid.start == 0
    assert 0.7 < liked.confidence <= 0.8 + 1e-9
    disliked = only(found, Kind.TASTE, "b")
    assert disliked.sentence == "Rates b below their own average (2.0 against 3.4)."
    assert disliked.stance is Stance.AGAINST
    assert disliked.events_for == tuple(f"e{at}" for at in range(10, 20))
    assert disliked.events_against == ()


def test_an_interest_word_for_word() -> None:
    rows = [("rate", "x", None)] * 90 + [("rate", "z", None)] * 10 + [("return", "z", None)]
    found = tastes(log(*rows), everybody(0.3, 0.6), LATEST, skip=["secret"])
    more = only(found, Kind.INTEREST, "a")
    assert more.sentence == "Takes a more often than others do (90 % of events against 30 %)."
    assert more.strength == pytest.approx(3.0)
    assert more.events_for == tuple(f"e{at}" for at in range(90))
    assert more.events_against == ()
    less = only(found, Kind.INTEREST, "b")
    assert less.sentence == "Takes b less often than others do (9 % of events against 60 %)."
    assert less.stance is Stance.AGAINST
    assert less.events_against == tuple(f"e{at}" for at in range(90, 100))
    # what was taken instead, the latest of it, and what was given back
    assert less.events_for == (*(f"e{at}" for at in range(40, 90)), "e100")


def test_without_values_there_are_interests_alone() -> None:
    rows = [("rate", "x", None)] * 90 + [("rate", "z", None)] * 10
    found = tastes(log(*rows), everybody(0.3, 0.6), LATEST)
    assert {each.kind for each in found} == {Kind.INTEREST}


def test_attributes_to_skip_are_never_used() -> None:
    population = everybody(0.5, 0.5)
    assert {each.attribute for each in tastes(log(*RATINGS), population, LATEST)} == {
        "genre",
        "secret",
    }
    assert tastes(log(*RATINGS), population, LATEST, skip=["genre", "secret"]) == []


def test_impressions_and_events_without_a_known_item_change_nothing() -> None:
    noise = [("see", "x", 1.0)] * 9 + [("rate", "gone", 1.0)] * 9
    population = everybody(0.5, 0.5)
    plain = tastes(log(*RATINGS), population, LATEST)
    assert tastes(log(*RATINGS, *noise), population, LATEST) == plain


def test_only_the_past_of_now_is_read() -> None:
    population = everybody(0.5, 0.5)
    whole, part = log(*RATINGS), log(*RATINGS[:15])
    assert tastes(whole, population, now=14) == tastes(part, population, LATEST)
    assert tastes(whole, population, now=3) == []


def test_thin_evidence_says_nothing() -> None:
    rows = [("rate", "x", 5.0)] * 4 + [("rate", "z", 1.0)] * 4
    assert tastes(log(*rows), everybody(0.1, 0.1), LATEST) == []


def test_a_user_without_events_has_no_tastes() -> None:
    assert tastes(log(), everybody(0.5, 0.5), LATEST) == []


def test_more_of_the_same_evidence_is_surer() -> None:
    population = everybody(0.5, 0.5)
    few = [("rate", "x", 4.0), ("rate", "x", 3.0), ("rate", "z", 3.0), ("rate", "z", 2.0)]
    chances = []
    for times in (3, 6, 12):
        columns = Columns.of_log(log(*few * times), LATEST)
        chances.append(float(assessed(columns, CATALOGUE, population)["genre"].taste[0]))
    assert chances == sorted(set(chances))


def test_one_log_and_all_histories_give_the_same_numbers() -> None:
    world = raters(users=40, length=60)
    population = Population.fit(world.histories, world.catalogue)
    whole = assessed(Columns.of_histories(world.histories), world.catalogue, population)
    for user in (0, 17):
        one = assessed(Columns.of_log(world.log(user), LATEST), world.catalogue, population)
        for name, found in one.items():
            mine = whole[name].evidence.owner == user
            np.testing.assert_allclose(found.taste, whole[name].taste[mine])
            np.testing.assert_allclose(found.interest, whole[name].interest[mine])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(TYPES)),
            st.sampled_from(["x", "y", "z", "plain", "gone"]),
            st.one_of(st.none(), st.floats(-5, 5, width=16)),
        ),
        max_size=40,
    ),
    st.integers(-1, 45),
)
@settings(max_examples=60, deadline=None)
def test_whatever_the_log_each_proposition_rests_on_events_before_now(
    rows: list[tuple[str, str, float | None]], now: int
) -> None:
    found = tastes(log(*rows), everybody(0.5, 0.25), now)
    past = {f"e{at}" for at in range(min(now + 1, len(rows)))}
    for each in found:
        assert READABLE <= each.confidence < 1
        assert each.events_for
        assert set(each.events_for) | set(each.events_against) <= past
        assert not set(each.events_for) & set(each.events_against)
    confidence = [each.confidence for each in found]
    assert confidence == sorted(confidence, reverse=True)


# Worlds with known truth


@pytest.fixture(scope="module")
def fitted() -> Population:
    world = raters(users=500, length=100)
    return Population.fit(world.histories, world.catalogue)


def sides(world: Raters, user: int, kind: Kind) -> np.ndarray:
    """By how much the truth is for each genre of a user: against the mean of what they choose."""
    like, share = world.truth["like"][user], world.truth["share"][user]
    return like - like @ share if kind is Kind.TASTE else np.log(share * len(share))


def found_and_true(world: Raters, population: Population, kind: Kind) -> tuple[set, set, set]:
    """Said with confidence ≥ .7, clearly true, and true at all, as (user, genre, stance)."""
    said, clear, true = set(), set(), set()
    for user in range(len(world.histories)):
        log = world.log(user)
        codes = world.catalogue.attributes["genre"].codes[log.item - 1]
        often = np.bincount(codes, minlength=8) >= 10
        for each in tastes(log, population, LATEST, skip=["maker"]):
            if each.kind is kind and each.confidence >= 0.7:
                said.add((user, int(each.value.split()[1]), each.stance))
        for genre, ahead in enumerate(sides(world, user, kind)):
            fact = (user, genre, Stance.FOR if ahead > 0 else Stance.AGAINST)
            true.add(fact)
            if abs(ahead) > 0.7 and often[genre]:
                clear.add(fact)
    return said, clear, true


@pytest.mark.parametrize("kind", [Kind.TASTE, Kind.INTEREST])
def test_known_tastes_are_found(kind: Kind, fitted: Population) -> None:
    world = raters(users=120, length=100, seed=1)
    said, clear, true = found_and_true(world, fitted, kind)
    precision = len(said & true) / len(said)
    recall = len(said & clear) / len(clear)
    assert 2 * precision * recall / (precision + recall) >= 0.85


@pytest.mark.parametrize("users", [30, 400])
def test_chance_alone_gives_nothing_confident(users: int) -> None:
    world = raters(users=users, length=100, strength=0.0)
    population = Population.fit(world.histories, world.catalogue)
    other = raters(users=100, length=100, strength=0.0, seed=1)
    said = [each for user in range(100) for each in tastes(other.log(user), population, LATEST)]
    assert max((each.confidence for each in said), default=0.0) < 0.82
    sure = [each for each in said if each.confidence >= 0.7]
    assert len(sure) <= 0.02 * 100 * 13 * 2  # of the users' genres and makers, twice each


def test_what_is_said_of_new_users_holds_as_often_as_it_says(fitted: Population) -> None:
    world = raters(users=500, length=100, seed=2)
    columns = Columns.of_histories(world.histories)
    stop = np.full(500, 80)
    later = columns.between(stop, columns.lengths)
    found = assessed(columns.between(0 * stop, stop), world.catalogue, fitted)["genre"]
    about, genres = found.evidence, world.catalogue.attributes["genre"]
    came = outcomes(later, genres, fitted.attributes["genre"].values, about.owner, about.code)
    rated = came.rated >= 5
    assert expected_calibration_error(found.taste[rated], came.ahead[rated] > 0) < 0.05
    more = came.share > about.population
    assert expected_calibration_error(found.interest, more) < 0.05


def test_a_share_like_the_populations_is_not_worth_a_line(fitted: Population) -> None:
    world = raters(users=50, length=100, seed=3)
    for user in range(50):
        for each in tastes(world.log(user), fitted, LATEST):
            if each.kind is Kind.INTEREST:
                assert not 1 / NOTABLE < each.strength < NOTABLE
