"""Small generated worlds with known truth: seeded, no loop over users or events.

Each world comes with its `oracle`, a scorer that knows how the world was made, so that a test can say
how near a model came to the best possible instead of naming a number that nobody can check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from habitus.events.catalogue import Catalogue, attribute_column
from habitus.events.histories import Histories
from habitus.testing.draws import (
    draw_distinct,
    draw_in_group,
    equal_groups,
    histories_of,
    last_items,
    last_times,
    plain_catalogue,
)
from habitus.testing.shop import Shop, shop
from habitus.types import DAY, SECOND

__all__ = [
    "Oracle",
    "Shop",
    "World",
    "content_world",
    "hourly",
    "ordered",
    "repeat_world",
    "shop",
    "shuffled",
    "timed",
    "trending",
]

HOUR = 3_600 * SECOND
START = 20_089 * DAY  # 2025-01-01 00:00 UTC
FAVOURITE, SECOND_BEST = 12.0, 4.0  # how much likelier than an item of any other genre
THEMES = (
    "harbour gull lantern",
    "orchard cider ladder",
    "glacier sledge beacon",
    "copper valve piston",
    "velvet waltz mirror",
    "desert caravan well",
    "meadow kite thistle",
    "marsh heron reed",
)

Score = Callable[[Histories, NDArray[np.int64] | None], NDArray[np.float64]]


@dataclass(frozen=True)
class Oracle:
    """The scorer of a world's own rule: no model can expect to do better.

    Items that the rule holds equally likely are ordered by row, for ties count against a scorer.
    """

    rule: Score
    name: str = "truth"

    def score(self, histories: Histories, now: NDArray[np.int64] | None) -> NDArray[np.float32]:
        """float32 [U, N + 1], higher = likelier next, column 0 = 0."""
        scores = self.rule(histories, now)
        hair = 1e-4 * np.abs(scores).max(initial=1e-9)
        ranked: NDArray[np.float32] = (scores - np.linspace(0, hair, scores.shape[1])).astype(
            np.float32
        )
        ranked[:, 0] = 0.0
        return ranked


@dataclass(frozen=True, eq=False)
class World:
    """Histories and catalogue of a made world, the scorer that knows it, and the numbers it was made of."""

    histories: Histories
    catalogue: Catalogue
    oracle: Oracle
    truth: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)


def ordered(users: int = 300, items: int = 100, length: int = 20, seed: int = 0) -> World:
    """Users go round one hidden ring of all items, skipping most: only the order can be learned.

    Each user's set of items is a uniform draw (so popularity and co-occurrence say nothing, and
    `shuffled` leaves nothing to learn), visited in ring order from a random place. The next item is
    one of the few that follow the last on the ring: HR@10 of the truth is about
    1 − (1 − length/items)¹⁰. `truth["place"]` [N + 1] is each item's place on the ring.
    """
    rng = np.random.default_rng(seed)
    row_at = rng.permutation(items) + 1
    places = np.argpartition(rng.random((users, items)), length - 1, axis=1)[:, :length]
    begin = rng.integers(items, size=(users, 1))
    places = (np.sort((places - begin) % items, axis=1) + begin) % items
    place = np.zeros(items + 1, np.int64)
    place[row_at] = np.arange(items)

    def rule(histories: Histories, now: NDArray[np.int64] | None) -> NDArray[np.float64]:
        del now
        last = last_items(histories)
        ahead = (place[None, :] - place[last][:, None]) % items
        return np.where(last[:, None] > 0, -ahead, 0.0)

    return World(
        histories_of(row_at[places]), plain_catalogue(items), Oracle(rule), {"place": place}
    )


def shuffled(histories: Histories, seed: int = 0) -> Histories:
    """The same events of each user in random order; the times stay in their places."""
    rng = np.random.default_rng(seed)
    index = np.lexsort((rng.random(histories.events), histories.owners()))
    return replace(
        histories,
        item=histories.item[index],
        type=histories.type[index],
        value=histories.value[index],
        session=histories.session[index],
    )


def timed(
    users: int = 300, items: int = 80, length: int = 20, seed: int = 0, groups: int = 8
) -> World:
    """The time gap decides: within minutes users stay in a group of items, after days they go on to the next.

    Gaps are 1–10 minutes or 2–4 days, a coin toss each; the item is any of its group. So a model that
    knows `now` finds the one right group, a time-blind one has to spread over two. Items come back:
    evaluate it with seen = "keep".
    `truth["group"]` [N + 1] is each item's group (−1 for padding).
    """
    rng = np.random.default_rng(seed)
    group = equal_groups(items, groups, rng)
    long = rng.random((users, length)) < 0.5
    minutes = rng.integers(60, 600, (users, length)) * SECOND
    days = rng.integers(2 * 86_400, 4 * 86_400, (users, length)) * SECOND
    times = START + np.cumsum(np.where(long, days, minutes), axis=1)
    first = rng.integers(groups, size=(users, 1))
    wanted = (first + np.cumsum(long, axis=1)) % groups

    def rule(histories: Histories, now: NDArray[np.int64] | None) -> NDArray[np.float64]:
        last = last_items(histories)
        stay = group[None, :] == group[last][:, None]
        move = group[None, :] == ((group[last] + 1) % groups)[:, None]
        if now is None:
            scores = (stay | move).astype(np.float64)
        else:
            moved = (now - last_times(histories)) > DAY
            scores = np.where(moved[:, None], move, stay).astype(np.float64)
        return np.where(last[:, None] > 0, scores, 0.0)

    drawn = draw_in_group(group, wanted, rng)
    return World(histories_of(drawn, times), plain_catalogue(items), Oracle(rule), {"group": group})


def hourly(
    users: int = 300, items: int = 40, length: int = 20, seed: int = 0, parts: int = 4
) -> World:
    """The hour of the day (UTC) decides: each part of the day has its own group of items.

    Events come at random moments, so that without `now` nothing is known of the next one. Items come
    back: evaluate it with seen = "keep".
    `truth["group"]` [N + 1] is the part of the day (0 … parts − 1) that an item belongs to.
    """
    rng = np.random.default_rng(seed)
    group = equal_groups(items, parts, rng)
    gaps = rng.integers(1_800, 3 * 86_400, (users, length)) * SECOND
    times = START + np.cumsum(gaps, axis=1)

    def part_of(moment: NDArray[np.int64]) -> NDArray[np.int64]:
        return (moment % DAY) * parts // DAY

    def rule(histories: Histories, now: NDArray[np.int64] | None) -> NDArray[np.float64]:
        if now is None:
            return np.zeros((len(histories), items + 1))
        scores: NDArray[np.float64] = (group[None, :] == part_of(now)[:, None]).astype(np.float64)
        return scores

    drawn = draw_in_group(group, part_of(times), rng)
    return World(histories_of(drawn, times), plain_catalogue(items), Oracle(rule), {"group": group})


def trending(
    users: int = 600, items: int = 160, length: int = 2, seed: int = 0, groups: int = 8
) -> World:
    """Fashion decides: who comes back takes what is in fashion, which nobody's own past tells.

    Half of the items are evergreen: everybody begins with any of them, and takes one after each item in
    fashion. The others are in `groups`, each in fashion for ten days and never again. Gaps are 2–6 days.
    Items come back: evaluate it with seen = "keep".
    `truth["group"]` [N + 1] is the fashion (0 … groups − 1) of an item; −1 = evergreen, or padding.
    """
    rng = np.random.default_rng(seed)
    half = items // 2
    group = np.concatenate((equal_groups(half, groups, rng), np.full(items - half, -1)))
    gaps = rng.integers(2 * 86_400, 6 * 86_400, (users, length)) * SECOND
    times = START + rng.integers(10 * groups * 86_400, size=(users, 1)) * SECOND
    times = times + np.cumsum(gaps, axis=1)

    def fashion(moment: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.minimum((moment - START) // (10 * DAY), groups - 1)

    def rule(histories: Histories, now: NDArray[np.int64] | None) -> NDArray[np.float64]:
        if now is None:
            return np.zeros((len(histories), items + 1))
        returns = group[last_items(histories)] < 0
        wanted = np.where(returns, fashion(now), -1)
        scores: NDArray[np.float64] = (group == wanted[:, None]).astype(np.float64)
        return scores

    evergreen = rng.integers(half + 1, items + 1, (users, length))
    drawn = draw_in_group(group, fashion(times), rng)
    drawn[:, ::2] = evergreen[:, ::2]
    return World(histories_of(drawn, times), plain_catalogue(items), Oracle(rule), {"group": group})


def content_world(
    users: int = 400,
    items: int = 160,
    length: int = 16,
    seed: int = 0,
    cold: float = 0.2,
    genres: int = 8,
) -> World:
    """Taste follows what items are: attributes and words, also for items that training never sees.

    Every item has a `genre`, a `maker` that means nothing, and a text with words of its genre. Each user
    likes one genre (12 times the weight of another) and a second one (4 times). `cold` of the items occur
    only as the last event of a third of the users: under leave-one-out they are test targets and in
    no training history. `truth["cold"]` bool [N + 1]; `truth["genre"]` [N + 1]; `truth["taste"]` [U, genres].
    """
    rng = np.random.default_rng(seed)
    genre = equal_groups(items, genres, rng)
    is_cold = np.zeros(items + 1, bool)
    is_cold[1 + rng.choice(items, round(cold * items), replace=False)] = True
    taste = _tastes(users, genres, rng)
    log_weight = np.log(taste)[:, genre]
    drawn = draw_distinct(np.where(is_cold, -np.inf, log_weight), length, rng)
    if is_cold.any():
        fresh = draw_distinct(np.where(is_cold, log_weight, -np.inf), 1, rng)[:, 0]
        drawn[:, -1] = np.where(rng.random(users) < 1 / 3, fresh, drawn[:, -1])
    times = START + np.cumsum(rng.integers(3_600, 5 * 86_400, (users, length)) * SECOND, axis=1)

    def rule(histories: Histories, now: NDArray[np.int64] | None) -> NDArray[np.float64]:
        del now
        return _expected_taste(histories, genre, genres)[:, genre]

    truth = {"cold": is_cold, "genre": genre, "taste": taste}
    return World(histories_of(drawn, times), _described_catalogue(genre, rng), Oracle(rule), truth)


def repeat_world(
    users: int = 300, items: int = 100, length: int = 30, seed: int = 0, again: float = 0.8
) -> World:
    """Users come back to what they just had: with chance `again` the next item is one of the last three.

    The last one with chance .5, the one before with .3, the third with .2; else any item. Evaluate it
    with seen = "keep". `truth["back"]` holds the three chances.
    """
    rng = np.random.default_rng(seed)
    back = np.array([0.5, 0.3, 0.2])
    drawn = rng.integers(1, items + 1, (users, length))
    repeats = rng.random((users, length)) < again
    repeats[:, : len(back)] = False
    steps = rng.choice(len(back), size=(users, length), p=back) + 1
    everyone = np.arange(users)
    for column in range(len(back), length):
        earlier = drawn[everyone, column - steps[:, column]]
        drawn[:, column] = np.where(repeats[:, column], earlier, drawn[:, column])
    times = START + np.cumsum(rng.integers(60, 2 * 86_400, (users, length)) * SECOND, axis=1)

    def rule(histories: Histories, now: NDArray[np.int64] | None) -> NDArray[np.float64]:
        del now
        scores = np.zeros((len(histories), items + 1))
        rows = np.arange(len(histories))
        for step, chance in enumerate(back, start=1):
            has = histories.lengths >= step
            at = np.maximum(histories.offsets[1:] - step, 0)
            scores[rows[has], histories.item[at[has]]] += chance
        return scores

    return World(histories_of(drawn, times), plain_catalogue(items), Oracle(rule), {"back": back})


def _tastes(users: int, genres: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Weights [U, genres]: one genre 12, another 4, the rest 1."""
    order = np.argsort(rng.random((users, genres)), axis=1)
    taste = np.ones((users, genres))
    everyone = np.arange(users)
    taste[everyone, order[:, 0]] = FAVOURITE
    taste[everyone, order[:, 1]] = SECOND_BEST
    return taste


def _expected_taste(
    histories: Histories, genre: NDArray[np.int64], genres: int
) -> NDArray[np.float64]:
    """What Bayes' rule makes of a history: the chance of one item of each genre, [U, genres]."""
    first, second = np.nonzero(~np.eye(genres, dtype=bool))
    tastes = np.ones((len(first), genres))
    tastes[np.arange(len(first)), first] = FAVOURITE
    tastes[np.arange(len(first)), second] = SECOND_BEST
    tastes /= tastes @ np.bincount(genre[1:], minlength=genres)[:, None]
    counts = np.zeros((len(histories), genres))
    named = histories.item > 0
    np.add.at(counts, (histories.owners()[named], genre[histories.item[named]]), 1.0)
    likelihood = counts @ np.log(tastes).T
    posterior = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    expected: NDArray[np.float64] = posterior / posterior.sum(axis=1, keepdims=True) @ tastes
    return expected


def _described_catalogue(genre: NDArray[np.int64], rng: np.random.Generator) -> Catalogue:
    """Ids, a text of two words of the genre's theme and one of any, genre and maker."""
    words = [theme.split() for theme in THEMES]
    texts: list[str] = [""]
    genre_values: list[list[str]] = [[]]
    makers: list[list[str]] = [[]]
    for kind in genre[1:]:
        own = rng.permutation(words[kind % len(words)])[:2]
        other = rng.choice(words[rng.integers(len(words))])
        texts.append(f"The {own[0]} and the {own[1]} of the {other}")
        genre_values.append([f"genre {kind}"])
        makers.append([f"maker {rng.integers(5)}"])
    plain = plain_catalogue(len(genre) - 1)
    return replace(
        plain,
        text=tuple(texts),
        attributes={"genre": attribute_column(genre_values), "maker": attribute_column(makers)},
    )
