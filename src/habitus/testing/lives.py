"""Generated lives: users with tastes, routines and changes of taste, and the truth about each.

A life lasts 8–26 weeks. Its events are background (sessions of one to four events, 5–40 events a week,
at the user's own hours of the day) and routines (one event an occasion). What is taken follows the
popularity of items and the user's tastes. A third of the events are rated. Some users have a time zone;
all hours are theirs. What makes it hard is listed in `Difficulty`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from habitus.events.catalogue import Catalogue, attribute_column
from habitus.testing.life import (
    ACTIVITIES,
    TYPES,
    Change,
    Difficulty,
    Life,
    Lives,
    Routine,
    Taste,
)
from habitus.types import DAY, SECOND, Event, Stance

__all__ = ["TYPES", "Change", "Difficulty", "Life", "Lives", "Routine", "lives"]

HOUR = 3_600 * SECOND
MONDAY = 20_094 * DAY  # 2025-01-06
GENRES = (
    "news",
    "jazz",
    "drama",
    "comedy",
    "science",
    "crime",
    "sport",
    "history",
    "travel",
    "food",
)
MAKERS = tuple(f"maker {letter}" for letter in "abcdefgh")
ZONES = (None, "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Sydney")
WEEKDAYS, WEEKEND, EVERY_DAY = frozenset(range(5)), frozenset((5, 6)), frozenset(range(7))
DAY_SETS = (WEEKDAYS, WEEKEND, EVERY_DAY, *(frozenset((day,)) for day in range(7)))


def lives(
    users: int = 50, seed: int = 0, items: int = 400, difficulty: Difficulty | None = None
) -> Lives:
    """`users` generated lives over `items` items with genre (one or two), maker, price and minutes."""
    rng = np.random.default_rng(seed)
    world = _World.made(items, difficulty or Difficulty(), rng)
    return Lives(world.catalogue, tuple(_life(f"u{row:04d}", world, rng) for row in range(users)))


@dataclass(frozen=True, eq=False)
class _World:
    catalogue: Catalogue
    has: Mapping[tuple[str, str], NDArray[np.bool_]]  # (attribute, value) → [N + 1]
    popularity: NDArray[np.float64]  # [N + 1], log weight; padding −inf
    difficulty: Difficulty

    @classmethod
    def made(cls, items: int, difficulty: Difficulty, rng: np.random.Generator) -> _World:
        """Zipf popularity; genres of unequal size; a quarter of the items have two genres."""
        share = rng.dirichlet(np.full(len(GENRES), 8.0))
        genres: list[list[str]] = [[]]
        for _ in range(items):
            count = 2 if rng.random() < 0.25 else 1
            genres.append([str(each) for each in rng.choice(GENRES, count, replace=False, p=share)])
        makers = [[], *([str(each)] for each in rng.choice(MAKERS, items))]
        popularity = np.concatenate(([-np.inf], -0.8 * np.log(rng.permutation(items) + 3.0)))
        catalogue = _catalogue(genres, makers, rng)
        return cls(catalogue, _holders({"genre": genres, "maker": makers}), popularity, difficulty)


@dataclass(frozen=True, eq=False)
class _Likes:
    """log odds of each item before and after the user's change, and the lift of its ratings [N + 1]."""

    before: NDArray[np.float64]
    after: NDArray[np.float64]
    lift: NDArray[np.float64]
    tastes: frozenset[Taste]
    unsure: frozenset[tuple[str, str]]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Moment:
    time: int  # µs of the user's clock
    kind: str
    row: int


def _life(user_id: str, world: _World, rng: np.random.Generator) -> Life:
    hard = world.difficulty
    zone = ZONES[rng.integers(len(ZONES))]
    days = 7 * int(rng.integers(hard.weeks[0], hard.weeks[1] + 1))
    begin = MONDAY + int(rng.integers(40)) * DAY
    end = begin + days * DAY
    likes = _likes(world, begin, days, zone, rng)
    routines = _routines(world, likes, begin, days, zone, rng)
    moments = _background(world, likes, begin, days, zone, rng)
    for each in routines:
        moments += _occasions(each, world, likes, begin, days, zone, rng)
    moments.sort(key=lambda moment: moment.time)
    events = _events(user_id, zone, moments, likes, world, rng)
    own = frozenset(
        (each.attribute, each.value, Stance.FOR) for each in routines if each.attribute == "genre"
    )
    return Life(
        user_id, zone, events, likes.tastes | own, likes.unsure, routines, likes.changes,
        _utc(begin, zone), _utc(end, zone),
    )  # fmt: skip


def _likes(
    world: _World, begin: int, days: int, zone: str | None, rng: np.random.Generator
) -> _Likes:
    """Two liked and one avoided genre, one liked maker; perhaps a genre that rises or falls."""
    hard = world.difficulty
    genres = [("genre", str(each)) for each in rng.permutation(GENRES)]
    maker = ("maker", str(rng.choice(MAKERS)))
    signs = {genres[0]: 1, genres[1]: 1, maker: 1, genres[2]: -1}
    before = np.zeros(len(world.popularity))
    lift = np.zeros(len(world.popularity))
    for what, sign in signs.items():
        before[world.has[what]] += sign * np.log(rng.uniform(*hard.odds))
        lift[world.has[what]] += sign * rng.uniform(*hard.lift)
    tastes = {(*what, Stance.FOR if sign > 0 else Stance.AGAINST) for what, sign in signs.items()}
    if rng.random() >= hard.changes:
        return _Likes(before, before, lift, frozenset(tastes), frozenset(), ())
    rises = rng.random() < 0.5
    moved = before.copy()
    moved[world.has[genres[3]]] += np.log(rng.uniform(*hard.change_odds))
    time = _utc(begin + int(rng.uniform(0.25, 0.75) * days * DAY), zone)
    change = Change(*genres[3], Stance.FOR if rises else Stance.AGAINST, time)
    if rises:
        tastes.add((*genres[3], Stance.FOR))
    sides = (before, moved) if rises else (moved, before)
    unsure = frozenset(() if rises else (genres[3],))
    return _Likes(*sides, lift, frozenset(tastes), unsure, (change,))


def _routines(
    world: _World, likes: _Likes, begin: int, days: int, zone: str | None, rng: np.random.Generator
) -> tuple[Routine, ...]:
    """Of a liked genre, of an item of one, or an activity; no two share hours on a day."""
    hard = world.difficulty
    made: list[Routine] = []
    stays = [
        each[1] for each in sorted(likes.tastes) if each[0] == "genre" and each[2] == Stance.FOR
    ]
    stays = [each for each in stays if each not in {change.value for change in likes.changes}]
    for _ in range(int(rng.integers(hard.routines[0], hard.routines[1] + 1))):
        kind = rng.choice(("genre", "item", "event_type"), p=(0.5, 0.25, 0.25))
        genre = str(rng.choice(stays))
        rows = np.flatnonzero(world.has["genre", genre])
        item = world.catalogue.item_ids[int(rng.choice(rows))]
        what = {"genre": genre, "item": item, "event_type": str(rng.choice(ACTIVITIES))}[str(kind)]
        start, length = int(rng.integers(6, 22)), int(rng.integers(1, 4))
        stop = min(start + length, 24)
        share = rng.uniform(0.5, 0.75) if rng.random() < hard.stopped else None
        end = None if share is None else _utc(begin + int(share * days) * DAY, zone)
        chosen = DAY_SETS[int(rng.choice(10, p=(0.25, 0.15, 0.15, *(0.45 / 7,) * 7)))]
        new = Routine(str(kind), what, chosen, start, stop, end)
        if not any(_clash(new, each) for each in made):
            made.append(new)
    return tuple(made)


def _clash(one: Routine, other: Routine) -> bool:
    same = (one.attribute, one.value) == (other.attribute, other.value)
    meet = one.start < other.stop + 1 and other.start < one.stop + 1
    return same or (meet and bool(one.days & other.days))


def _background(
    world: _World, likes: _Likes, begin: int, days: int, zone: str | None, rng: np.random.Generator
) -> list[_Moment]:
    """Sessions at the user's hours: two peaks on weekdays, a later and flatter day at the weekend."""
    weekly = rng.uniform(*world.difficulty.background)
    sessions = rng.poisson(weekly / 2.5 * days / 7)
    day = rng.integers(days, size=sessions)
    early, late = rng.uniform(6, 13), rng.uniform(17, 22)
    free = (begin // DAY + day + 3) % 7 >= 5
    peak = np.where(rng.random(sessions) < 0.35, early + 2 * free, late)
    hour = np.clip(rng.normal(peak, np.where(free, 3.0, 2.0)), 0, 23.7)
    size = rng.integers(1, 5, sessions)
    first = begin + day * DAY + (hour * HOUR).astype(np.int64)
    owner = np.repeat(np.arange(sessions), size)
    steps = rng.integers(2 * 60, 12 * 60, len(owner)) * SECOND
    run = np.cumsum(steps)
    opening = np.repeat(np.concatenate(([0], np.cumsum(size)))[:-1], size)
    times = first[owner] + run - run[opening]
    moved = _local(likes.changes[0].time, zone) if likes.changes else begin
    row = _draw(world, np.where(times >= moved, 1, 0), likes, rng)
    kinds = np.where(rng.random(len(times)) < 0.95, "play", rng.choice(ACTIVITIES, len(times)))
    triples = zip(times.tolist(), kinds.tolist(), row.tolist(), strict=True)
    return [_Moment(time, kind, row if kind == "play" else 0) for time, kind, row in triples]


def _draw(
    world: _World, after: NDArray[np.int64], likes: _Likes, rng: np.random.Generator
) -> NDArray[np.int64]:
    """A row for each event: popularity times the odds that hold then."""
    rows = np.zeros(len(after), np.int64)
    for side, odds in enumerate((likes.before, likes.after)):
        weight = np.exp(world.popularity + odds)
        total = np.cumsum(weight)
        here = after == side
        rows[here] = np.searchsorted(total, rng.random(int(here.sum())) * total[-1], "right")
    return rows


def _occasions(
    routine: Routine,
    world: _World,
    likes: _Likes,
    begin: int,
    days: int,
    zone: str | None,
    rng: np.random.Generator,
) -> list[_Moment]:
    hard = world.difficulty
    day = np.arange(days)
    day = day[np.isin((begin // DAY + day + 3) % 7, sorted(routine.days))]
    day = day[rng.random(len(day)) < rng.uniform(*hard.kept)]
    hour = rng.uniform(routine.start, routine.stop, len(day))
    hour = np.clip(hour + rng.normal(0, hard.jitter / 60, len(day)), 0, 23.99)
    times = begin + day * DAY + (hour * HOUR).astype(np.int64)
    if routine.end is not None:
        times = times[times < _local(routine.end, zone)]
    if routine.attribute == "event_type":
        return [_Moment(time, routine.value, 0) for time in times.tolist()]
    if routine.attribute == "item":
        row = world.catalogue.row(routine.value)
        return [_Moment(time, "play", row) for time in times.tolist()]
    weight = np.where(world.has["genre", routine.value], np.exp(world.popularity + likes.after), 0)
    rows = rng.choice(len(weight), len(times), p=weight / weight.sum())
    return [_Moment(time, "play", row) for time, row in zip(times.tolist(), rows, strict=True)]


def _events(
    user_id: str,
    zone: str | None,
    moments: list[_Moment],
    likes: _Likes,
    world: _World,
    rng: np.random.Generator,
) -> tuple[Event, ...]:
    own = rng.normal(3.3, 0.3)
    stars = own + rng.normal(0, world.difficulty.noise, len(moments))
    rated = rng.random(len(moments)) < world.difficulty.rated
    made = []
    for place, moment in enumerate(moments):
        value = None
        if rated[place] and moment.row:
            value = float(
                np.clip(np.round(2 * (stars[place] + likes.lift[moment.row])) / 2, 0.5, 5)
            )
        made.append(
            Event(
                user_id,
                moment.kind,
                _utc(moment.time, zone),
                world.catalogue.item_ids[moment.row] or None,
                value,
                timezone=zone,
                event_id=f"{user_id}-{place}",
            )
        )
    return tuple(sorted(made, key=lambda event: event.timestamp or 0))


def _catalogue(
    genres: list[list[str]], makers: list[list[str]], rng: np.random.Generator
) -> Catalogue:
    rows = len(genres)
    available = np.ones(rows, bool)
    available[0] = False
    price = np.exp(rng.normal(2.5, 0.6, rows))
    minutes = rng.uniform(5, 120, rows)
    price[0] = minutes[0] = np.nan
    return Catalogue(
        item_ids=("", *(f"i{row:04d}" for row in range(1, rows))),
        text=("",) * rows,
        attributes={"genre": attribute_column(genres), "maker": attribute_column(makers)},
        numbers={"price": price, "minutes": minutes},
        available=available,
    )


def _holders(columns: Mapping[str, list[list[str]]]) -> dict[tuple[str, str], NDArray[np.bool_]]:
    names = {(key, value) for key, rows in columns.items() for row in rows for value in row}
    return {(key, value): np.array([value in row for row in columns[key]]) for key, value in names}


@lru_cache(16)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _utc(local: int, zone: str | None) -> int:
    """µs UTC of a moment of the user's clock."""
    if zone is None:
        return local
    seconds, rest = divmod(local, SECOND)
    naive = datetime.fromtimestamp(seconds, ZoneInfo("UTC")).replace(tzinfo=_zone(zone))
    return int(naive.timestamp()) * SECOND + rest


def _local(time: int, zone: str | None) -> int:
    """A moment on the user's clock, µs."""
    if zone is None:
        return time
    there = datetime.fromtimestamp(time / 1e6, _zone(zone)).utcoffset()
    return time + (int(there.total_seconds()) * SECOND if there else 0)
