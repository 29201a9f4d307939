"""The words of a taste and the events on either side of it, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from habitus.events.catalogue import Catalogue, attribute_column
from habitus.profile.columns import Columns
from habitus.profile.log import UserLog
from habitus.profile.taste_words import MOST_ELSEWHERE, TasteWords
from habitus.types import Event, EventType, Interval, Kind, Origin, Role, Stance

#                           0   1      2           3      4
GENRES = attribute_column([[], ["a"], ["a", "b"], ["b"], []])
CATALOGUE = replace(Catalogue.of_ids(list("xyzw")), attributes={"genre": GENRES})
TYPES = {"rate": EventType("rate"), "return": EventType("return", Role.NEGATIVE)}


def words(*events: tuple[str, str, float | None], ordinal: bool = False) -> TasteWords:
    made = [
        Event("u", kind, timestamp=100 + at, item_id=item, value=value, event_id=f"e{at}")
        for at, (kind, item, value) in enumerate(events)
    ]
    log = UserLog("u", made, CATALOGUE, TYPES, ordinal=ordinal)
    columns = Columns.of_log(log, 2**62)
    ids = np.array(log.ids(columns.place), dtype=object)
    return TasteWords(log, columns, ids, "genre")


RATED = [("rate", "x", 5.0), ("rate", "z", 3.0), ("rate", "y", 2.0), ("rate", "x", None)]


def test_a_taste_for_a_value_rests_on_what_was_rated_at_or_above_the_mean() -> None:
    made = words(*RATED).taste("a", Stance.FOR, 0.7, 3.5, 3.3333)
    assert made.sentence == "Rates a above their own average (3.5 against 3.3)."
    assert (made.events_for, made.events_against) == (("e0",), ("e2",))
    assert made.strength == pytest.approx(0.1667)
    assert (made.kind, made.origin, made.attribute) == (Kind.TASTE, Origin.OBSERVED, "genre")
    assert made.valid == Interval(start=100)


def test_against_it_on_what_was_rated_below() -> None:
    made = words(*RATED).taste("b", Stance.AGAINST, 0.7, 2.5, 3.3333)
    assert made.sentence == "Rates b below their own average (2.5 against 3.3)."
    assert (made.events_for, made.events_against) == (("e1", "e2"), ())
    assert made.valid == Interval(start=101)


def test_means_that_round_alike_have_a_digit_more() -> None:
    made = words(*RATED).taste("a", Stance.FOR, 0.7, 3.54, 3.51)
    assert made.sentence == "Rates a above their own average (3.54 against 3.51)."


def test_an_interest_rests_on_the_events_and_negative_ones_speak_against() -> None:
    made = words(*RATED, ("return", "y", None)).interest("b", Stance.FOR, 0.7, 0.5, 0.1)
    assert made.sentence == "Takes b more often than others do (50 % of events against 10 %)."
    assert (made.events_for, made.events_against) == (("e1", "e2"), ("e4",))
    assert made.strength == pytest.approx(5.0)


def test_less_interest_rests_on_what_was_taken_instead_oldest_first() -> None:
    made = words(*RATED, ("return", "z", None), ("rate", "w", None), ("rate", "x", 1.0)).interest(
        "b", Stance.AGAINST, 0.7, 0.004, 0.0041
    )
    # e5 is of an item without a genre: its kind was not chosen instead of any
    assert made.events_for == ("e0", "e3", "e4", "e6")
    assert made.events_against == ("e1", "e2")
    assert made.sentence == ("Takes b less often than others do (0.40 % of events against 0.41 %).")


def test_of_what_was_taken_instead_the_latest_are_cited() -> None:
    rows = [("rate", "x", None)] * (MOST_ELSEWHERE + 3) + [("rate", "z", None)] * 5
    made = words(*rows).interest("b", Stance.AGAINST, 0.7, 0.1, 0.5)
    assert made.events_for == tuple(f"e{at}" for at in range(3, MOST_ELSEWHERE + 3))
    assert len(made.events_against) == 5


def test_ordinal_data_has_no_times() -> None:
    made = words(*RATED, ordinal=True).taste("a", Stance.FOR, 0.7, 3.5, 3.3)
    assert made.valid == Interval()


def test_a_value_that_the_catalogue_no_longer_has_rests_on_nothing() -> None:
    assert words(*RATED).interest("gone", Stance.FOR, 0.7, 0.5, 0.1).events_for == ()
