"""Repetition and novelty: coming back to the same items, and taking new or little-known ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from habitus.profile.log import UserLog
from habitus.profile.traits import Trait, earlier, places
from habitus.profile.typical import Typical, ages, bucket, had_before, usual_age
from habitus.types import Interval, Kind, Origin, Proposition, Stance

LEAST = 8  # events
SURE = 0.7  # less certain is not said
EVIDENCE = 100  # events named for, and as many against


def novelty(log: UserLog, typical: Typical) -> list[Proposition]:
    """REPETITION and NOVELTY (by popularity and by age) where the user differs from others."""
    place = np.flatnonzero(log.acts & (log.item > 0))
    if len(place) < LEAST:
        return []
    item = log.item[place]
    made = [_repetition(log, typical, place, item)]
    known = [typical.items.get(log.catalogue.item_ids[row], (np.nan, -1)) for row in item.tolist()]
    rank = np.array([each[0] for each in known])
    made.append(_little_known(log, typical, place, rank))
    if not log.ordinal:
        time = log.time[place]
        age = ages(time, np.array([each[1] for each in known], np.int64))
        made.append(_young(log, typical, place, age, usual_age(time, typical.calendar)))
    return [each for each in made if each is not None]


def _repetition(
    log: UserLog, typical: Typical, place: NDArray[np.int64], item: NDArray[np.int64]
) -> Proposition | None:
    owner = np.zeros(len(item), np.int64)
    again = typical.ready[0]
    x = had_before(owner, item, again)
    had = earlier(owner, item) > 0
    usual = float(again[bucket(places(owner))].mean())
    return _proposition(
        log, typical.repetition, x, had, place,
        (Kind.REPETITION, "item", "had before"),
        f"{{}} items had before {{}} often than others do ({had.mean():.0%} of {len(had)} events "
        f"against {usual:.0%}).",
        float(had.mean()),
    )  # fmt: skip


def _little_known(
    log: UserLog, typical: Typical, place: NDArray[np.int64], rank: NDArray[np.float64]
) -> Proposition | None:
    there = np.isfinite(rank)
    if there.sum() < LEAST:
        return None
    rank, place = rank[there], place[there]
    return _proposition(
        log, typical.little_known, rank, rank > typical.little_known.mean, place,
        (Kind.NOVELTY, "popularity", "little known"),
        f"{{}} little-known items {{}} often than others do ({(rank > 0.5).mean():.0%} of "
        f"{len(rank)} events outside the items that make up half of all, against 50%).",
        float(rank.mean()),
    )  # fmt: skip


def _young(
    log: UserLog,
    typical: Typical,
    place: NDArray[np.int64],
    age: NDArray[np.float64],
    usual: NDArray[np.float64],
) -> Proposition | None:
    there = np.isfinite(age) & np.isfinite(usual)
    if there.sum() < LEAST:
        return None
    age, usual, place = age[there], usual[there], place[there]
    # A young item is a low age: turn the trait round.
    trait = typical.young
    turned = replace(trait, mean=-trait.mean)
    own, others = 2 ** age.mean() - 1, 2 ** (usual.mean() + trait.mean) - 1
    return _proposition(
        log, turned, usual - age, age < usual + trait.mean, place,
        (Kind.NOVELTY, "age", "new"),
        f"{{}} new items {{}} often than others do (out for {own:.0f} days, the geometric mean "
        f"of {len(age)} events, against {others:.0f}).",
        float(own),
    )  # fmt: skip


def _proposition(
    log: UserLog,
    trait: Trait,
    x: NDArray[np.float64],
    speaks: NDArray[np.bool_],
    place: NDArray[np.int64],
    about: tuple[Kind, str, str],
    sentence: str,
    strength: float,
) -> Proposition | None:
    """What the posterior of the trait says, in either direction; None where it is not sure."""
    for_it, sure = trait.tells(float(x.sum()), len(x))
    events = place[speaks == for_it]
    if sure < SURE or not len(events):
        return None
    kind, attribute, value = about
    return Proposition(
        proposition_id="",
        user_id=log.user_id,
        kind=kind,
        attribute=attribute,
        value=value,
        stance=Stance.FOR if for_it else Stance.AGAINST,
        confidence=sure,
        events_for=log.ids(events[-EVIDENCE:]),
        events_against=log.ids(place[speaks != for_it][-EVIDENCE:]),
        sentence=sentence.format("Takes", "more" if for_it else "less").replace("%", " %"),
        origin=Origin.OBSERVED,
        valid=Interval(start=None if log.ordinal else int(log.time[place[0]])),
        strength=strength,
    )
