"""The judge's own arithmetic, on a life whose truth is known to be told or missed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import profile_worlds
from habitus.profile.log import UserLog
from habitus.profile.routines import Routine
from habitus.profile.weekly import Window
from habitus.testing import lives as generated
from habitus.types import Kind, Origin, Proposition, Stance

LIFE = replace(
    generated.lives(1, seed=0).people[0],
    tastes=frozenset({("genre", "jazz", Stance.FOR), ("genre", "news", Stance.AGAINST)}),
    unsure=frozenset({("genre", "crime")}),
    routines=(generated.Routine("genre", "jazz", frozenset((4,)), 20, 22),),
)


def said(
    kind: Kind, value: str, stance: Stance, strength: float, sure: float = 0.9, events: int = 16
) -> Proposition:
    ids = ("e",) * events
    return Proposition(
        "", "u", kind, "genre", value, stance, sure, ids, ".", Origin.OBSERVED, strength=strength
    )


def found(start: int, stop: int, days: tuple[int, ...] = (4,), value: str = "jazz") -> Routine:
    window = Window(frozenset(days), start, stop)
    return Routine("genre", value, window, 8, 10, 0.0, np.zeros(0, np.int64), 0, None)


def test_tastes_count_by_strength() -> None:
    tally: Counter[str] = Counter()
    told = [
        said(Kind.INTEREST, "jazz", Stance.FOR, 1.3),  # log 1.3 = .26, not enough alone
        said(Kind.TASTE, "jazz", Stance.FOR, 0.5),  # + .5 · .5 · 16/32
        said(Kind.INTEREST, "news", Stance.AGAINST, 0.5),  # −.69: not enough
        said(Kind.INTEREST, "film", Stance.FOR, 1.3),
        said(Kind.TASTE, "film", Stance.FOR, 0.5, events=3),  # too few ratings to add enough
        said(Kind.INTEREST, "food", Stance.FOR, 2.0),  # wrong
        said(Kind.INTEREST, "sport", Stance.FOR, 2.0, sure=0.55),  # not sure enough
        said(Kind.INTEREST, "crime", Stance.FOR, 2.0),  # neither true nor false
    ]
    profile_worlds.judge_tastes(LIFE, told, tally)
    assert (tally["tastes right"], tally["tastes found"], tally["tastes true"]) == (1, 2, 2)
    assert (tally["plain right"], tally["plain found"]) == (2, 4)


@pytest.mark.parametrize(
    ("told", "exact", "strict", "what"),
    [
        ([found(20, 22)], 1, 1, 1),
        ([found(19, 23)], 1, 0, 1),
        ([found(18, 22)], 0, 0, 1),
        ([found(20, 22, (5,))], 0, 0, 1),
        ([found(20, 22, value="news")], 0, 0, 0),
        ([found(20, 21), found(20, 22)], 1, 1, 1),
        ([], 0, 0, 0),
    ],
)
def test_routines_are_exact_within_an_hour(
    told: list[Routine], exact: int, strict: int, what: int
) -> None:
    tally: Counter[str] = Counter()
    profile_worlds.judge_routines(LIFE, told, tally)
    assert tally["routines found"] == len(told)
    assert (tally["routines exact"], tally["routines strict"], tally["routines what"]) == (
        exact, strict, what
    )  # fmt: skip


def test_f1() -> None:
    assert profile_worlds.f1(3, 4, 6) == 0.6
    assert np.isnan(profile_worlds.f1(0, 0, 0))


def test_shuffling_keeps_the_times() -> None:
    other = profile_worlds.shuffled(LIFE, np.random.default_rng(0))
    assert [e.timestamp for e in other.events] == [e.timestamp for e in LIFE.events]
    assert sorted(e.item_id or "" for e in other.events) == sorted(
        e.item_id or "" for e in LIFE.events
    )
    assert [e.item_id for e in other.events] != [e.item_id for e in LIFE.events]


def test_blocks_stay_whole() -> None:
    order = profile_worlds.in_blocks(10, 4, np.random.default_rng(3)).tolist()
    assert sorted(order) == list(range(10))
    for block in ([0, 1, 2, 3], [4, 5, 6, 7], [8, 9]):
        start = order.index(block[0])
        assert order[start : start + len(block)] == block


def test_the_likeliest_moment_of_a_change() -> None:
    made = generated.lives(30, seed=1)
    life = next(each for each in made.people if each.changes)
    log = UserLog(life.user_id, life.events, made.catalogue, made.types)
    change = life.changes[0]
    late = abs(
        int(log.time[profile_worlds.likeliest(log, change.attribute, change.value)]) - change.time
    )
    assert late <= 0.1 * (life.end - life.start)


def test_a_small_world_runs_to_figures() -> None:
    tally, taken = profile_worlds.world(seed=5, users=12, known=12)
    found = profile_worlds.figures(tally)
    assert tally["users"] == len(taken) == 12
    assert found["routines_exact"]["f1"] > 0.5
    assert 0 <= found["changes_in_time"] <= found["changes_in_time_told_which"] <= 1
