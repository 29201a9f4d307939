"""A made world of users who choose and rate by known tastes, or by none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from habitus.events.catalogue import Catalogue, attribute_column
from habitus.events.histories import PADDING_TYPE, Histories
from habitus.profile.log import UserLog
from habitus.testing.draws import draw_distinct, equal_groups, histories_of, plain_catalogue
from habitus.types import DAY, SECOND, Event, EventType

START = 20_089 * DAY  # 2025-01-01 00:00 UTC
RATING = EventType("rating")
MEAN, NOISE = 3.0, 1.0


@dataclass(frozen=True, eq=False)
class Raters:
    """Histories with values, items with a genre (of which alone tastes are) and a maker, and the truth.

    truth["like"]    [U, genres] what a user adds to the rating of an item of the genre
    truth["share"]   [U, genres] the chance of a genre in the user's first choice
    """

    histories: Histories
    catalogue: Catalogue
    truth: Mapping[str, NDArray[np.float64]]

    def log(self, user: int, types: Mapping[str, EventType] | None = None) -> UserLog:
        """One user's history as a log; event ids are "user:place"."""
        histories = self.histories
        low, high = histories.offsets[user : user + 2].tolist()
        name = str(histories.user_ids[user])
        events = [
            Event(
                name,
                RATING.name,
                timestamp=int(histories.time[at]),
                item_id=self.catalogue.item_ids[histories.item[at]],
                value=float(histories.value[at]),
                event_id=f"{name}:{at - low}",
            )
            for at in range(low, high)
        ]
        return UserLog(name, events, self.catalogue, types or {RATING.name: RATING})


def raters(
    users: int = 400,
    items: int = 600,
    length: int = 100,
    seed: int = 0,
    genres: int = 8,
    strength: float = 1.0,
) -> Raters:
    """Users with tastes of this strength: 0 = everybody chooses and rates by chance alone.

    Rating = 3 + the user's own level + like[genre] + noise (sd 1), unbounded, so that the truth is
    exact; like is N(0, strength), a genre's weight in choosing exp(N(0, strength)). Items are chosen
    once each.
    """
    rng = np.random.default_rng(seed)
    genre = equal_groups(items, genres, rng)
    like = strength * rng.normal(size=(users, genres))
    appeal = strength * rng.normal(size=(users, genres))
    drawn = draw_distinct(appeal[:, genre], length, rng)
    level = rng.normal(0, 0.5, (users, 1))
    everyone = np.arange(users)[:, None]
    value = MEAN + level + like[everyone, genre[drawn]] + rng.normal(0, NOISE, drawn.shape)
    times = START + np.cumsum(rng.integers(60, 86_400, (users, length)) * SECOND, axis=1)
    made = replace(
        histories_of(drawn, times),
        value=value.reshape(-1).astype(np.float32),
        types=(PADDING_TYPE, RATING),
    )
    kinds: list[list[str]] = [[], *([f"genre {each}"] for each in genre[1:])]
    makers: list[list[str]] = [[], *([f"maker {each}"] for each in rng.integers(5, size=items))]
    catalogue = replace(
        plain_catalogue(items),
        attributes={"genre": attribute_column(kinds), "maker": attribute_column(makers)},
    )
    weight = np.exp(appeal)
    truth = {"like": like, "share": weight / weight.sum(axis=1, keepdims=True)}
    return Raters(made, catalogue, truth)
