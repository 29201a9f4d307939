"""A made film shop for work without data and without a network: films, and months of what users watched.

Every title is a random pair of words, every number comes from the seed: nothing here is anybody's data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from habitus.types import DAY, SECOND, Event, EventType, Item, Role

FIRST_DAY = 20_089  # days since 1970: Wednesday, 2025-01-01
DAYS = 180
SHORTEST, LONGEST = 8, 120
FEWEST, MOST = 200, 1_000  # films: the longest history leaves enough to choose from
SEQUEL_CHANCE = 0.45
PARTS = ("", " II", " III")
# fmt: off
DESCRIPTIVE = (
    "Amber", "Borrowed", "Broken", "Copper", "Crooked", "Distant", "Drowned", "Echoing",
    "Feathered", "Forgotten", "Frozen", "Gilded", "Hollow", "Idle", "Jagged", "Lantern",
    "Marbled", "Moonlit", "Muddy", "Paper", "Patient", "Quiet", "Restless", "Rusted",
    "Salted", "Scarlet", "Silver", "Sleepless", "Stolen", "Thirsty", "Unlit", "Velvet",
    "Wandering", "Woven",
)
THINGS = (
    "Almanac", "Anchor", "Apiary", "Balcony", "Barometer", "Bridge", "Carousel", "Compass",
    "Corridor", "Ferry", "Foundry", "Gardener", "Harbour", "Kettle", "Lighthouse",
    "Locksmith", "Meridian", "Observatory", "Orchard", "Parade", "Pendulum", "Quarry",
    "Railway", "Reservoir", "Sparrow", "Staircase", "Submarine", "Tailor", "Thicket",
    "Turnstile", "Vineyard", "Weathervane", "Whistle", "Windmill",
)
# fmt: on
GENRES: dict[str, tuple[str, ...]] = {
    "comedy": ("a wedding goes sideways", "two rivals share one kitchen"),
    "crime": ("a vault opens by itself", "a clerk counts one coin too many"),
    "documentary": ("a year among beekeepers", "how a river was moved"),
    "drama": ("a letter arrives late", "three sisters divide a house"),
    "family": ("a kitten runs a post office", "the smallest giant finds a friend"),
    "fantasy": ("a map redraws itself", "the last dragon keeps a library"),
    "horror": ("something hums under the floor", "nobody remembers the sixth guest"),
    "music": ("a choir loses its voice", "the drummer plays backwards"),
    "mystery": ("a locked tower, a wet umbrella", "the portrait blinks twice"),
    "romance": ("strangers miss the same train", "a dance lesson in the rain"),
    "science fiction": ("a ship wakes up too early", "the moon answers back"),
    "western": ("a well runs dry at noon", "the sheriff rides a mule"),
}
WEEKEND = ("family", "comedy")
EVENT_TYPES = (
    EventType("watched", Role.POSITIVE, 1.0),
    EventType("stopped", Role.NEGATIVE, 0.0),
)


@dataclass(frozen=True)
class Shop:
    """Films and events of a made shop, ready for `put_items`, `set_event_types` and `observe`.

    `events` are in time order. A `watched` event carries stars (1–5) as its value; `stopped` means
    that the user gave up, more often on films off their taste.
    """

    items: tuple[Item, ...]
    events: tuple[Event, ...]
    event_types: tuple[EventType, ...] = EVENT_TYPES


@dataclass(frozen=True)
class _Films:
    """The films as columns, [N] each; `genre` is [N, G] with rows that sum to 1."""

    items: tuple[Item, ...]
    genre: NDArray[np.float64]
    popularity: NDArray[np.float64]
    release: NDArray[np.int64]  # day of the shop from which the film can be watched; ≤ 0 = always
    sequel: NDArray[np.int64]  # the next part of a series, −1 = none


def shop(users: int = 600, seed: int = 0, films: int = 420) -> Shop:
    """A shop of `films` films (200 to 1,000) and `users` users over 180 days from 2025-01-01.

    Users like a few genres and drift to others, go on with a series, prefer popular and new films, and
    watch family films and comedies at weekends; nobody watches a film twice. About 35 events a user.
    """
    if not FEWEST <= films <= MOST:
        raise ValueError(
            f"a shop has {FEWEST} to {MOST:,} films, not {films}: nobody sees one twice"
        )
    rng = np.random.default_rng(seed)
    stock = _make_films(films, rng)
    times, active = _make_times(users, rng)
    chosen, fit = _choose(stock, times, active, rng)
    return Shop(stock.items, _make_events(stock, times, active, chosen, fit, rng))


def _make_films(count: int, rng: np.random.Generator) -> _Films:
    names = list(GENRES)
    pairs = rng.permutation(len(DESCRIPTIVE) * len(THINGS))
    sequel = np.full(count, -1, np.int64)
    items: list[Item] = []
    genre = np.zeros((count, len(names)))
    while len(items) < count:
        pair = int(pairs[len(items)])
        title = f"The {DESCRIPTIVE[pair // len(THINGS)]} {THINGS[pair % len(THINGS)]}"
        kinds = rng.choice(len(names), size=1 + int(rng.random() < 0.35), replace=False)
        year = int(rng.integers(1950, 2022))
        parts = min(int(rng.choice([1, 2, 3], p=[0.75, 0.15, 0.1])), count - len(items))
        for part in range(parts):
            row = len(items)
            genre[row, kinds] = 1 / len(kinds)
            sequel[row] = row + 1 if part + 1 < parts else -1
            items.append(_item(row, title + PARTS[part], kinds, year, rng))
            year += int(rng.integers(1, 4))
    popularity = (1.0 + rng.permutation(count).astype(np.float64)) ** -0.7
    release = np.where(rng.random(count) < 0.12, rng.integers(1, DAYS - 20, count), 0)
    return _Films(tuple(items), genre, popularity, release, sequel)


def _item(
    row: int, title: str, kinds: NDArray[np.int64], year: int, rng: np.random.Generator
) -> Item:
    names = [list(GENRES)[kind] for kind in kinds]
    plots = [GENRES[name][int(rng.integers(2))] for name in names]
    return Item(
        item_id=f"film-{row + 1:04d}",
        text=f"{title} ({year}): {'; '.join(plots)}",
        attributes={"genre": tuple(names), "decade": f"{year // 10 * 10}s"},
        numbers={"year": float(year)},
    )


def _make_times(
    users: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Moments [U, LONGEST] that rise, and which of them happen (inside the 180 days)."""
    wanted = np.clip(rng.lognormal(3.5, 0.7, users), SHORTEST, LONGEST).astype(np.int64)
    begin = rng.random(users) * DAYS / 3
    same_evening = rng.random((users, LONGEST)) < 0.35
    pace = (DAYS - begin) / wanted / 0.65
    gaps = np.where(
        same_evening,
        rng.uniform(0.06, 0.12, (users, LONGEST)),
        rng.exponential(0.9, (users, LONGEST)) * pace[:, None],
    )
    gaps[:, 0] = 0.0
    days = begin[:, None] + np.cumsum(gaps, axis=1)
    times = (FIRST_DAY * DAY + days * DAY).astype(np.int64) // SECOND * SECOND
    inside = (days < DAYS) & (np.arange(LONGEST) < wanted[:, None])
    return times, inside


def _choose(
    stock: _Films,
    times: NDArray[np.int64],
    active: NDArray[np.bool_],
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Which film [U, LONGEST] at each moment and how well it fits the user's taste then (0 … 1)."""
    users, length = times.shape
    genres = stock.genre.shape[1]
    before, after = (rng.dirichlet(np.full(genres, 0.25), users) for _ in range(2))
    weekend = 1.0 + 2.0 * stock.genre[:, [list(GENRES).index(name) for name in WEEKEND]].sum(axis=1)
    seen = np.zeros((users, len(stock.items)), bool)
    chosen = np.zeros((users, length), np.int64)
    fit = np.zeros((users, length))
    for column in range(length):
        who = np.flatnonzero(active[:, column])
        day = times[who, column] / DAY - FIRST_DAY
        drift = np.clip(day / DAYS, 0, 1)[:, None] * 0.8
        taste = ((1 - drift) * before[who] + drift * after[who]) @ stock.genre.T
        age = day[:, None] - stock.release
        fresh = np.where(stock.release > 0, 1 + 4 * np.exp(-np.maximum(age, 0) / 14), 1.0)
        weight = stock.popularity * fresh * (0.02 + taste) ** 1.5 * (age >= 0) * ~seen[who]
        weight *= np.where(_at_weekend(times[who, column])[:, None], weekend, 1.0)
        film = _draw(weight, rng)
        if column:
            film = _go_on(stock, chosen[who, column - 1], film, weight, rng)
        chosen[who, column] = film
        fit[who, column] = taste[np.arange(len(who)), film]
        seen[who, film] = True
    return chosen, fit


def _draw(weight: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """One column a row, by weight."""
    edges = np.cumsum(weight, axis=1)
    at = rng.random(len(weight)) * edges[:, -1]
    drawn: NDArray[np.int64] = np.sum(edges <= at[:, None], axis=1, dtype=np.int64)
    return drawn


def _go_on(
    stock: _Films,
    previous: NDArray[np.int64],
    film: NDArray[np.int64],
    weight: NDArray[np.float64],
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """The next part of a series instead, where there is one that can be watched."""
    next_part = stock.sequel[previous]
    possible = (next_part >= 0) & (weight[np.arange(len(film)), next_part] > 0)
    return np.where(possible & (rng.random(len(film)) < SEQUEL_CHANCE), next_part, film)


def _at_weekend(times: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Saturday or Sunday, UTC. Day 0 (1970-01-01) was a Thursday."""
    return (times // DAY + 3) % 7 >= 5


def _make_events(
    stock: _Films,
    times: NDArray[np.int64],
    active: NDArray[np.bool_],
    chosen: NDArray[np.int64],
    fit: NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[Event, ...]:
    stopped = rng.random(times.shape) < np.where(fit < 0.05, 0.25, 0.03)
    stars = np.clip(np.round(2.4 + 4 * fit + rng.normal(0, 0.8, fit.shape)), 1, 5)
    users, columns = np.nonzero(active)
    order = np.lexsort((columns, users, times[users, columns]))
    return tuple(
        Event(
            user_id=f"visitor-{user + 1:04d}",
            event_type="stopped" if stopped[user, column] else "watched",
            timestamp=int(times[user, column]),
            item_id=stock.items[chosen[user, column]].item_id,
            value=None if stopped[user, column] else float(stars[user, column]),
            sequence=int(column),
            event_id=f"made-{user + 1:04d}-{column:03d}",
        )
        for user, column in zip(users[order].tolist(), columns[order].tolist(), strict=True)
    )
