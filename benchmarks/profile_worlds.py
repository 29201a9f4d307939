"""Tastes, routines and changes read from generated lives, against the truth they were made of.

A world's population statistics are fitted on `--known` of its users; others are judged. Thresholds were
chosen on seeds 0–4; the seeds reported (300 and on) had no part in that. (With stars that did not
shrink, tastes came to F1 .847 on seeds 200–204.)

tastes     F1 of (attribute, value, stance) against what was planted. A taste counts as read where
           log(share / everybody's share) + .5 × n / (n + 16) × (stars above the own mean of n events),
           each from propositions with confidence ≥ .6, is ≥ .35 (for) or ≤ −1.2 (against: what is not liked is taken less too, by
           those who like something else). `tastes_by_confidence`: every proposition of confidence
           ≥ .7, whatever its strength; here a true but slight difference counts as wrong.
routines   exact F1: the same what, the same weekdays, hours the same or off by at most one at each end;
           `strict` allows no hour; `what` asks for the what alone.
changes    in time: within 10 % of the life's length, of all changes and of those found; false changes a
           user (of values that did not change; the end of a routine of that value is no false change),
           and changes found in the same lives with their events shuffled. `told_which` is a bound: the
           share in time where somebody tells which value changed, and only the likeliest moment is asked.
real       the share of MovieLens-1M's users, active on eight days or more, with any change: as they are,
           and with their events shuffled one by one and in blocks, which leaves runs and no change.
           Where the data folder is known.
returns    share of next sessions in the 80 % interval, asked at one moment of each life.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from benchmarks.report import emit
from benchmarks.stores import open_store, parser
from habitus.profile import changes, routines
from habitus.profile.log import UserLog
from habitus.profile.observed import habits, until
from habitus.profile.population import Population
from habitus.profile.returns import expected_return
from habitus.profile.rhythm import gaps, rhythm, sessions
from habitus.profile.tastes import tastes
from habitus.profile.typical import Typical
from habitus.testing.lives import Life, Lives, lives
from habitus.types import DAY, Event, Kind, Proposition, Stance

READ, SURE = 0.6, 0.7
STARS, FEW = 0.5, 16
FOR, AGAINST = 0.35, -1.2
NEAR = 0.1  # of a life's length
FIRST_SEED = 300
REAL, ACTIVE = "movielens-1m", 8  # days
BLOCKS = (1, 16, 32)  # events


def f1(right: float, found: float, true: float) -> float:
    """2 · right / (found + true); NaN where there is nothing."""
    return 2 * right / (found + true) if found + true else math.nan


def judge_tastes(life: Life, propositions: Sequence[Proposition], tally: Counter[str]) -> None:
    """Count tastes read by strength and by confidence alone."""
    score: Counter[tuple[str, str]] = Counter()
    plain = set()
    for each in propositions:
        what = each.attribute, each.value
        if each.confidence < READ or what in life.unsure:
            continue
        if each.confidence >= SURE:
            plain.add((*what, each.stance))
        interest = each.kind is Kind.INTEREST
        rated = len(each.events_for) + len(each.events_against)
        stars = STARS * each.strength * rated / (rated + FEW)
        score[what] += math.log(max(each.strength, 0.02)) if interest else stars
    read = {(*what, Stance.FOR) for what, sum_ in score.items() if sum_ >= FOR}
    read |= {(*what, Stance.AGAINST) for what, sum_ in score.items() if sum_ <= AGAINST}
    tally["tastes true"] += len(life.tastes)
    for name, found in (("tastes", read), ("plain", plain)):
        tally[f"{name} found"] += len(found)
        tally[f"{name} right"] += len(found & life.tastes)


def judge_routines(life: Life, found: Sequence[routines.Routine], tally: Counter[str]) -> None:
    """Count routines with the right what, with the right weekdays and hours, and with no hour off."""
    tally["routines true"] += len(life.routines)
    tally["routines found"] += len(found)
    left = list(found)
    for true in life.routines:
        what = true.attribute, true.value
        same = [each for each in left if (each.attribute, each.value) == what]
        tally["routines what"] += bool(same)
        off = [
            (abs(each.window.start - true.start), abs(each.window.stop - true.stop), place)
            for place, each in enumerate(same)
            if each.window.days == true.days
        ]
        if off and max(min(off)[:2]) <= 1:
            start, stop, place = min(off)
            tally["routines exact"] += 1
            tally["routines strict"] += start == stop == 0
            tally["routines end known"] += (same[place].end is None) == (true.end is None)
            left.remove(same[place])


def judge_changes(life: Life, log: UserLog, lives_of: Lives, tally: Counter[str]) -> None:
    """Count changes found, those in time, and false ones."""
    ended = _ended(life, lives_of)
    true = {(each.attribute, each.value): each for each in life.changes}
    tally["changes true"] += len(true)
    for each in changes.found(log):
        match = true.get((each.attribute, each.value))
        if match is None:
            tally["changes false"] += (each.attribute, each.value) not in ended
            continue
        tally["changes found"] += each.stance is match.stance
        late = abs(int(log.time[each.place]) - match.time)
        tally["changes in time"] += late <= NEAR * (life.end - life.start)


def judge_moment(life: Life, log: UserLog, tally: Counter[str]) -> None:
    """Whether the likeliest moment of each change lies in time, where its value is told."""
    for each in life.changes:
        moment = likeliest(log, each.attribute, each.value)
        late = abs(int(log.time[moment]) - each.time)
        tally["changes told"] += late <= NEAR * (life.end - life.start)


def likeliest(log: UserLog, attribute: str, value: str) -> int:
    """The place in the log at which it is likeliest that a value's share changed."""
    order = np.flatnonzero(log.acts & (log.item > 0))
    column = log.catalogue.attributes[attribute]
    place, code = column.pairs(log.item[order])
    count = np.bincount(place[code == column.values.index(value)], minlength=len(order))
    n = len(order)
    cut = np.arange(math.ceil(changes.TRIM * n), math.floor((1 - changes.TRIM) * n) + 1)
    before = np.cumsum(count)[cut - 1]
    after = count.sum() - before

    def likelihood(hits: NDArray[np.int64], among: NDArray[np.int64]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = xlogy(hits, hits / among) + xlogy(
            among - hits, 1 - hits / among
        )
        return found

    best = int(cut[(likelihood(before, cut) + likelihood(after, n - cut)).argmax()])
    return int(order[best])


def judge_return(
    life: Life, log: UserLog, typical: Typical, share: float, tally: Counter[str]
) -> None:
    """Whether the first session after a moment lay in the interval told at that moment."""
    now = life.start + int(share * (life.end - life.start))
    known = until(log, now)
    told = [each for each in rhythm(known, typical, now) if each.kind is Kind.RETURN]
    later = log.time[log.time > now]
    if not told or told[0].stance is Stance.AGAINST or not len(later):
        return
    # The interval's start is in the sentence only, so read the distribution once more.
    low, high = _interval(known, typical, now)
    tally["returns asked"] += 1
    tally["returns covered"] += low <= (int(later[0]) - now) / DAY <= high


def shuffled(life: Life, rng: np.random.Generator) -> Life:
    """The same life with what was done in random order; the times stay."""
    return replace(life, events=reordered(life.events, rng.permutation(len(life.events))))


def reordered(events: Sequence[Event], order: NDArray[np.int64]) -> tuple[Event, ...]:
    """The times of some events with what was done in the order given."""
    return tuple(
        replace(
            event,
            item_id=events[other].item_id,
            event_type=events[other].event_type,
            value=events[other].value,
        )
        for event, other in zip(events, order.tolist(), strict=True)
    )


def in_blocks(count: int, block: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """The numbers below `count` with blocks of so many in random order."""
    blocks = np.split(np.arange(count), range(block, count, block))
    return np.concatenate([blocks[each] for each in rng.permutation(len(blocks))])


def real(data: Path | None) -> dict[str, float]:
    """The shares of real users with any change, as they are and shuffled."""
    tally: Counter[str] = Counter()
    rng = np.random.default_rng(0)
    with open_store(REAL, data) as store:
        catalogue, types = store.catalogue(), store.event_types()
        for user in store.users():
            events = store.history(user.user_id)
            log = UserLog(user.user_id, events, catalogue, types)
            if len(set((log.time // DAY).tolist())) < ACTIVE:
                continue
            tally["users"] += 1
            tally["as_they_are"] += bool(changes.found(log))
            for block in BLOCKS:
                other = reordered(events, in_blocks(len(events), block, rng))
                tally[f"blocks_of_{block}"] += bool(changes.found(replace(log, events=other)))
    users = tally.pop("users")
    return {"users": users} | {name: round(each / users, 4) for name, each in tally.items()}


def world(seed: int, users: int, known: int) -> tuple[Counter[str], list[float]]:
    """The tally of one world, and the milliseconds (CPU) that the habits of each user took."""
    made = lives(users + known, seed)
    others = Lives(made.catalogue, made.people[:known])
    rng = np.random.default_rng(seed)
    typical = Typical.fit(others.histories(), made.catalogue)
    population = Population.fit(others.histories(), made.catalogue, seed=seed)
    tally: Counter[str] = Counter()
    taken = []
    for life in made.people[known:]:
        log = UserLog(life.user_id, life.events, made.catalogue, made.types)
        start = time.process_time()
        habits(log, typical, life.end)
        taken.append(1e3 * (time.process_time() - start))
        tally["users"] += 1
        judge_tastes(life, tastes(log, population, life.end), tally)
        judge_routines(life, routines.found(log, life.end), tally)
        judge_changes(life, log, made, tally)
        judge_moment(life, log, tally)
        judge_return(life, log, typical, float(rng.uniform(0.3, 0.9)), tally)
        noise = UserLog(life.user_id, shuffled(life, rng).events, made.catalogue, made.types)
        tally["changes in noise"] += len(changes.found(noise))
        tally["routines in noise"] += len(routines.found(noise, life.end))
    return tally, taken


def figures(tally: Counter[str]) -> dict[str, Any]:
    """The figures of a tally, rounded."""

    def share(name: str, of: str) -> float:
        return round(tally[name] / tally[of], 4) if tally[of] else math.nan

    def scores(name: str, right: str, true: str) -> dict[str, float]:
        return {
            "f1": round(f1(tally[right], tally[f"{name} found"], tally[true]), 4),
            "precision": share(right, f"{name} found"),
            "recall": share(right, true),
        }

    return {
        "tastes": scores("tastes", "tastes right", "tastes true"),
        "tastes_by_confidence": scores("plain", "plain right", "tastes true"),
        "routines_exact": scores("routines", "routines exact", "routines true"),
        "routines_strict": scores("routines", "routines strict", "routines true"),
        "routines_what": scores("routines", "routines what", "routines true"),
        "routines_end_known": share("routines end known", "routines exact"),
        "routines_in_noise_a_user": share("routines in noise", "users"),
        "changes_found": share("changes found", "changes true"),
        "changes_in_time": share("changes in time", "changes true"),
        "changes_in_time_of_found": share("changes in time", "changes found"),
        "changes_in_time_told_which": share("changes told", "changes true"),
        "changes_false_a_user": share("changes false", "users"),
        "changes_in_noise_a_user": share("changes in noise", "users"),
        "returns_covered": share("returns covered", "returns asked"),
        "counts": dict(sorted(tally.items())),
    }


def main() -> None:
    made = parser(__doc__)
    made.add_argument("--users", type=int, default=100, help="judged in each world")
    made.add_argument(
        "--known", type=int, default=200, help="others, of whom statistics are fitted"
    )
    made.add_argument("--worlds", type=int, default=5)
    args = made.parse_args()
    first = args.seed or FIRST_SEED
    results = [world(first + each, args.users, args.known) for each in range(args.worlds)]
    total: Counter[str] = Counter()
    for tally, _ in results:
        total.update(tally)
    taken = [each for _, times in results for each in times]
    by_world = [figures(tally) for tally, _ in results]
    emit(
        "profile_worlds",
        {
            "seeds": [first + each for each in range(args.worlds)],
            "users": args.users,
            "known": args.known,
            **figures(total),
            "by_world": {
                "tastes_f1": [each["tastes"]["f1"] for each in by_world],
                "routines_exact_f1": [each["routines_exact"]["f1"] for each in by_world],
                "changes_in_time": [each["changes_in_time"] for each in by_world],
            },
            "real": None if args.data is None else real(args.data),
            "habits_cpu_ms": {
                "median": round(float(np.median(taken)), 2),
                "p95": round(float(np.percentile(taken, 95)), 2),
            },
        },
        args.out,
    )


def _ended(life: Life, lives_of: Lives) -> set[tuple[str, str]]:
    """What changed because a routine ended: its value, and those of its item."""
    found = set()
    for each in life.routines:
        if each.end is not None:
            found.add((each.attribute, each.value))
        if each.end is not None and each.attribute == "item":
            values = lives_of.catalogue.values_of(lives_of.catalogue.row(each.value))
            found |= {(name, value) for name, listed in values.items() for value in listed}
    return found


def _interval(log: UserLog, typical: Typical, now: int) -> tuple[float, float]:
    elapsed = (now - int(log.time[-1])) / DAY
    found = expected_return(gaps(log, sessions(log)), elapsed, typical.gaps)
    return found.after(typical.gaps.tail), found.after(1 - typical.gaps.tail)


if __name__ == "__main__":
    main()
