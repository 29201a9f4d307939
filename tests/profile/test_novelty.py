from dataclasses import replace

import numpy as np
import pytest

from habitus.events.histories import Histories
from habitus.profile.log import UserLog
from habitus.profile.novelty import novelty
from habitus.profile.typical import Typical
from habitus.testing.draws import histories_of, plain_catalogue
from habitus.types import DAY, Event, EventType, Kind, Proposition, Stance

ITEMS, LENGTH = 200, 40
CATALOGUE = plain_catalogue(ITEMS)
TYPES = {"event": EventType("event")}
START = 20_000 * DAY


def population(seed: int = 0) -> Histories:
    """Half of the users take the 40 popular items again and again, half take any item; everybody's
    items of a time come into being as time goes on."""
    rng = np.random.default_rng(seed)
    users = 200
    usual = rng.random((users, 1)) < 0.5
    known = np.linspace(100, ITEMS, LENGTH).astype(np.int64)
    rows = np.where(
        usual, rng.integers(1, 41, (users, LENGTH)), 1 + rng.integers(known, size=(users, LENGTH))
    )
    times = START + np.arange(LENGTH) * 3 * DAY + rng.integers(0, DAY, (users, 1))
    return histories_of(rows, times)


TYPICAL = Typical.fit(population(), CATALOGUE)


def told(rows: list[int], ordinal: bool = False) -> dict[tuple[Kind, str], Proposition]:
    events = [
        Event("u", "event", START + n * 3 * DAY, CATALOGUE.item_ids[row], event_id=f"e{n}")
        for n, row in enumerate(rows)
    ]
    log = UserLog("u", events, CATALOGUE, TYPES, ordinal=ordinal)
    return {(each.kind, each.attribute): each for each in novelty(log, TYPICAL)}


def test_who_comes_back_to_few_items() -> None:
    found = told([3, 5, 3, 5, 7] * 8)
    again = found[Kind.REPETITION, "item"]
    assert again.stance is Stance.FOR
    assert again.confidence > 0.8
    assert again.strength == pytest.approx(37 / 40)
    assert again.sentence.startswith("Takes items had before more often than others do (92 % of 40")
    assert set(again.events_against) == {"e0", "e1", "e4"}


def test_who_takes_what_others_do_not() -> None:
    found = told(list(range(100, 140)))
    assert found[Kind.REPETITION, "item"].stance is Stance.AGAINST
    little = found[Kind.NOVELTY, "popularity"]
    assert little.stance is Stance.FOR
    assert little.confidence > 0.8
    assert len(little.events_for) > 30


def test_ordinal_data_says_nothing_of_age() -> None:
    assert (Kind.NOVELTY, "age") not in told([3, 5, 3, 5, 7] * 8, ordinal=True)


def test_thin_evidence_and_unknown_items_give_nothing() -> None:
    assert told([1] * 5) == {}
    strange = plain_catalogue(3)
    events = [Event("u", "event", START + n * DAY, "i00001", event_id=f"e{n}") for n in range(20)]
    log = UserLog("u", events, strange, TYPES)
    empty = replace(TYPICAL, items={})
    assert all(each.kind is Kind.REPETITION for each in novelty(log, empty))


def test_confidence_is_what_later_events_say() -> None:
    """Of users the fit has not seen, judged by 32 events each, about as many keep to it in the next
    eight as is said, and more than a coin would have."""
    others = population(seed=1)
    rank = np.array([TYPICAL.items.get(each, (np.nan, 0))[0] for each in CATALOGUE.item_ids])
    sure, right = [], []
    for user in range(len(others)):
        rows = others.item[others.offsets[user] : others.offsets[user + 1]].tolist()
        only = told(rows[:32]).get((Kind.NOVELTY, "popularity"))
        if only is not None:
            above = np.nanmean(rank[rows[32:]]) > TYPICAL.little_known.mean
            sure.append(only.confidence)
            right.append(above == (only.stance is Stance.FOR))
    assert len(sure) > 100
    assert np.mean(right) == pytest.approx(np.mean(sure), abs=0.08)
