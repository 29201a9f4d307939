"""What is typical of users: the statistics that a user's habits are held against."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.profile.gaps import Gaps
from habitus.profile.keeping import keeping
from habitus.profile.returns import fit_returns
from habitus.profile.traits import KNOTS, NOBODY, Trait, earlier, fit, places
from habitus.types import DAY, HabitusError, Role

VERSION = 1
AGES = 14  # an item is old 2¹³ days after it was first seen
BUCKETS = 16  # of the place in a history: 1, 2–3, 4–7, …
PERCENTILES = 101
MOST_ITEMS = 200_000  # of which popularity is kept: those with the most events
MOST_NAMES = 200  # attributes and numbers
SEASONS = 24
LATER = 30 * DAY  # after the last event of the fit, from when on nothing is known of usual ages
EARLY = 4  # events before which sameness says nothing
KEPT = (Role.POSITIVE, Role.NEGATIVE)


@dataclass(frozen=True)
class Typical:
    """Population statistics, fitted once from histories, at most a few MB as JSON.

    gaps         between sessions
    keeping      share of routines that were kept later on
    again        share of events on items had before, by place in the history [BUCKETS]
    repetition   of (had before) − `again`
    little_known of the rank of an item by popularity among events: 0 = the most popular, 1 = the least
    calendar     (µs until which, mean age of the items taken then), `SEASONS` of equal weight
    young        of log2 of days since the item was first seen by anyone (+ 1), less that mean age
    loyalty      by attribute: of the share of the user's earlier events with the same value
    numbers      by name: the percentiles 0, 1, … 100 of the number among events
    items        item_id → (rank, first seen µs)
    """

    gaps: Gaps = field(default_factory=Gaps)
    keeping: float = 0.8
    again: tuple[float, ...] = (0.0,) * BUCKETS
    repetition: Trait = NOBODY
    little_known: Trait = NOBODY
    calendar: tuple[tuple[int, float], ...] = ()
    young: Trait = NOBODY
    loyalty: Mapping[str, Trait] = field(default_factory=dict)
    numbers: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    items: Mapping[str, tuple[float, int]] = field(default_factory=dict)

    @classmethod
    def fit(cls, histories: Histories, catalogue: Catalogue) -> Typical:
        """From users' histories; events that name no item count for the gaps only."""
        taken = histories.with_role(*KEPT)
        owner, item = taken.owners(), taken.item.astype(np.int64)
        rank, first = _ranks(taken, len(catalogue)), _first_seen(taken, len(catalogue))
        again, had = _again(owner, item)
        age = ages(taken.time, first[item])
        calendar = () if taken.ordinal else _calendar(taken.time, age)
        return cls(
            gaps=fit_returns(histories),
            keeping=keeping(histories, catalogue),
            again=again,
            repetition=fit(owner, had),
            little_known=fit(owner, rank[item]),
            calendar=calendar,
            young=fit(owner, age - usual_age(taken.time, calendar)),
            loyalty={
                name: fit(*sameness(owner, *catalogue.attributes[name].pairs(item)))
                for name in list(catalogue.attributes)[:MOST_NAMES]
            },
            numbers=_percentiles(catalogue, item),
            items=_kept(catalogue, rank, first),
        )

    @cached_property
    def ready(self) -> tuple[NDArray[np.float64], Mapping[str, NDArray[np.float64]]]:
        """`again` and `numbers` as arrays."""
        numbers = {name: np.array(values) for name, values in self.numbers.items()}
        return np.array(self.again), numbers

    def to_json(self) -> str:
        """Plain JSON; `from_json` gives an equal value."""
        fields = {
            "gaps": self.gaps.as_dict(),
            "keeping": self.keeping,
            "again": self.again,
            "repetition": asdict(self.repetition),
            "little_known": asdict(self.little_known),
            "calendar": self.calendar,
            "young": asdict(self.young),
            "loyalty": {name: asdict(trait) for name, trait in self.loyalty.items()},
            "numbers": self.numbers,
            "items": self.items,
        }
        return json.dumps({"version": VERSION, **fields}, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Typical:
        """HabitusError where the text is not what `to_json` writes."""
        try:
            read = json.loads(text)
            if read["version"] != VERSION:
                raise ValueError(f"version {read['version']}")
            return cls(
                gaps=Gaps.of_dict(read["gaps"]),
                keeping=_share(read["keeping"]),
                again=_floats(read["again"], BUCKETS),
                repetition=_trait(read["repetition"]),
                little_known=_trait(read["little_known"]),
                calendar=tuple(
                    (int(until), _floats([age], 1)[0]) for until, age in read["calendar"][:SEASONS]
                ),
                young=_trait(read["young"]),
                loyalty={str(k): _trait(v) for k, v in _few(read["loyalty"], MOST_NAMES)},
                numbers={
                    str(k): _floats(v, PERCENTILES) for k, v in _few(read["numbers"], MOST_NAMES)
                },
                items={
                    str(k): (_floats(v[:1], 1)[0], int(v[1]))
                    for k, v in _few(read["items"], MOST_ITEMS)
                },
            )
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise HabitusError(
                f"These are no statistics of typical users: {error}.", "Fit them again."
            ) from error


def ages(time: NDArray[np.int64], first: NDArray[np.int64]) -> NDArray[np.float64]:
    """log2(1 + days since first seen), at most `AGES` − 1; NaN for items never seen (first < 0)."""
    days = np.maximum(time - first, 0) / DAY
    return np.where(first >= 0, np.minimum(np.log2(1 + days), AGES - 1.0), np.nan)


def usual_age(
    time: NDArray[np.int64], calendar: tuple[tuple[int, float], ...]
) -> NDArray[np.float64]:
    """The mean age of what users took at such moments, [E]; NaN where nothing is known."""
    if not calendar:
        return np.full(len(time), np.nan)
    until = np.array([each[0] for each in calendar])
    mean = np.array([each[1] for each in calendar])
    season = np.minimum(np.searchsorted(until, time), len(until) - 1)
    return np.where(time <= until[-1] + LATER, mean[season], np.nan)


def had_before(
    owner: NDArray[np.int64], item: NDArray[np.int64], again: NDArray[np.float64]
) -> NDArray[np.float64]:
    """1 where the user had the item before, else 0, less what is typical at that place, [E]."""
    return (earlier(owner, item) > 0) - again[bucket(places(owner))]


def bucket(place: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 for the first event, 1 for the next two, 2 for the next four, …"""
    found: NDArray[np.int64] = np.log2(place + 1.0).astype(np.int64)
    return np.minimum(found, BUCKETS - 1)


def sameness(
    owner: NDArray[np.int64], event: NDArray[np.int64], code: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Share of a user's earlier events (with any value) that had the same value, a pair (event, code).

    `owner` [E] is that of each event, `event` [P] ascends. (owner of each pair, share [P], NaN for the
    first `EARLY` events). Its mean is Simpson's index of concentration.
    """
    opens = np.concatenate(([True], event[1:] != event[:-1])) if len(event) else event.astype(bool)
    mine = owner[event]
    before = places(mine[opens])[np.cumsum(opens) - 1] if len(event) else event
    share = earlier(mine, code) / np.maximum(before, 1)
    return mine, np.where(before >= EARLY, np.minimum(share, 1.0), np.nan)


def _again(
    owner: NDArray[np.int64], item: NDArray[np.int64]
) -> tuple[tuple[float, ...], NDArray[np.float64]]:
    had, at = earlier(owner, item) > 0, bucket(places(owner))
    count = np.bincount(at, minlength=BUCKETS)
    rate = np.bincount(at, weights=had, minlength=BUCKETS) / np.maximum(count, 1)
    return tuple(rate.tolist()), had - rate[at]


def _ranks(taken: Histories, rows: int) -> NDArray[np.float64]:
    """Middle of each item's stretch when events are ordered by their items' popularity, [N + 1]."""
    count = taken.counts(rows)
    order = np.argsort(-count, kind="stable")
    total = np.cumsum(count[order])
    rank = np.full(rows, np.nan)
    rank[order] = (total - count[order] / 2) / max(int(total[-1]), 1)
    rank[count == 0] = np.nan
    return rank


def _first_seen(taken: Histories, rows: int) -> NDArray[np.int64]:
    """µs, [N + 1]; −1 = never."""
    first = np.full(rows, np.iinfo(np.int64).max)
    np.minimum.at(first, taken.item, taken.time)
    return np.where(first == np.iinfo(np.int64).max, -1, first)


def _calendar(time: NDArray[np.int64], age: NDArray[np.float64]) -> tuple[tuple[int, float], ...]:
    if not len(time):
        return ()
    until = np.unique(np.quantile(time, np.arange(1, SEASONS + 1) / SEASONS).astype(np.int64))
    until[-1] = time.max()
    season = np.searchsorted(until, time)
    count = np.bincount(season, minlength=len(until))
    mean = np.bincount(season, weights=age, minlength=len(until)) / np.maximum(count, 1)
    return tuple(zip(until.tolist(), mean.tolist(), strict=True))


def _percentiles(catalogue: Catalogue, item: NDArray[np.int64]) -> dict[str, tuple[float, ...]]:
    made = {}
    for name, column in list(catalogue.numbers.items())[:MOST_NAMES]:
        there = column[item]
        there = there[np.isfinite(there)]
        if len(there) >= PERCENTILES:
            made[name] = tuple(np.percentile(there, np.arange(PERCENTILES)).tolist())
    return made


def _kept(
    catalogue: Catalogue, rank: NDArray[np.float64], first: NDArray[np.int64]
) -> dict[str, tuple[float, int]]:
    seen = np.flatnonzero(np.isfinite(rank))
    seen = seen[np.argsort(rank[seen], kind="stable")][:MOST_ITEMS]
    return {catalogue.item_ids[row]: (float(rank[row]), int(first[row])) for row in seen.tolist()}


def _trait(read: Mapping[str, Any]) -> Trait:
    mean, between, within = _floats([read["mean"], read["between"], read["within"]], 3)
    knots = tuple(_floats(each, 2) for each in read["right"][:KNOTS])
    if between < 0 or within <= 0 or not all(0 <= share <= 1 for _, share in knots):
        raise ValueError("a variance or a share lies outside its bounds")
    return Trait(mean, between, within, tuple((z, share) for z, share in knots))


def _share(read: Any) -> float:
    (share,) = _floats([read], 1)
    if not 0 <= share <= 1:
        raise ValueError("a share lies outside its bounds")
    return share


def _floats(read: Any, count: int) -> tuple[float, ...]:
    made = tuple(float(each) for each in read)
    if len(made) != count or not all(map(math.isfinite, made)):
        raise ValueError(f"{count} finite numbers are wanted")
    return made


def _few(read: Mapping[str, Any], most: int) -> list[tuple[str, Any]]:
    if len(read) > most:
        raise ValueError(f"more than {most} entries")
    return list(read.items())
