"""Tastes of MovieLens-1M's users: does what is said of them hold later, as often as it is said to?

Protocol: "Calibration of tastes" of docs/protocols.md. Five folds of users; what is known of everybody
and the calibrators come from the other folds' whole logs, the evidence from the first 80 % of a user's own history, the
outcome from the last 20 %. The code is that of `habitus.profile.tastes`.

The protocol's second table asks only about values of which five or more events came later, which for
a rare value is more than the population's share whatever the user likes. Its chance is that of
`Known.recurring`; a third table, of every value of which a user had ten events, whatever came, is that
of the confidence that a proposition states.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import emit
from benchmarks.stores import open_store, parser
from habitus.evaluate.calibration import (
    Bin,
    brier,
    brier_gain,
    decided,
    expected_calibration_error,
    reliability,
)
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.profile.columns import Columns
from habitus.profile.outcomes import outcomes
from habitus.profile.population import SPLIT, Population
from habitus.profile.tastes import assessed

DATA, ATTRIBUTE = "movielens-1m", "genres"
FOLDS, BEFORE, AFTER = 5, 10, 5
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Table:
    """Propositions of held-out users: chance, whether it held, whose, of which value, which fold."""

    chance: Floats
    holds: NDArray[np.bool_]
    user: NDArray[np.int64]
    code: NDArray[np.int64]
    fold: NDArray[np.int64]

    @property
    def base(self) -> Floats:
        """The rate of each value among the other folds' propositions, [C]."""
        made = np.empty(len(self.chance))
        for fold in np.unique(self.fold):
            out = self.fold == fold
            held = np.bincount(self.code[~out], self.holds[~out], self.code.max() + 1)
            count = np.bincount(self.code[~out], minlength=self.code.max() + 1)
            made[out] = (held / np.maximum(count, 1))[self.code[out]]
        return made


def held_out(
    histories: Histories, catalogue: Catalogue, fold: NDArray[np.int64], seed: int
) -> dict[str, Table]:
    """Both tables, from as many populations as there are folds."""
    parts: dict[str, list[Table]] = {}
    for out in range(int(fold.max()) + 1):
        print(f"fold {out + 1} of {int(fold.max()) + 1}", file=sys.stderr, flush=True)
        fitted = Population.fit(histories.take(np.flatnonzero(fold != out)), catalogue, seed=seed)
        for table, part in _assess(histories, catalogue, np.flatnonzero(fold == out), fitted, out):
            parts.setdefault(table, []).append(part)
    return {
        table: Table(
            *(
                np.concatenate([getattr(each, name) for each in found])
                for name in Table.__dataclass_fields__
            )
        )
        for table, found in parts.items()
    }


def _assess(
    histories: Histories,
    catalogue: Catalogue,
    users: NDArray[np.int64],
    population: Population,
    fold: int,
) -> list[tuple[str, Table]]:
    columns = Columns.of_histories(histories.take(users))
    stop = np.floor(SPLIT * columns.lengths + 1e-9).astype(np.int64)
    earlier = columns.between(np.zeros_like(stop), stop)
    later = columns.between(stop, columns.lengths)
    found = assessed(earlier, catalogue, population)[ATTRIBUTE]
    about = found.evidence
    values = population.attributes[ATTRIBUTE].values
    came = outcomes(later, catalogue.attributes[ATTRIBUTE], values, about.owner, about.code)
    before = about.count >= BEFORE
    tables = []
    more = came.share > about.population
    recurring = population.attributes[ATTRIBUTE].recurring
    again = recurring.probability(about.features, about.code)
    for name, chance, enough, holds in (
        ("taste", found.taste, came.rated >= AFTER, came.ahead > 0),
        ("interest", again, came.count >= AFTER, more),
        ("interest_whatever_comes", found.interest, came.total >= AFTER, more),
    ):
        at = before & enough
        places = np.full(int(at.sum()), fold, np.int64)
        tables.append(
            (name, Table(chance[at], holds[at], users[about.owner[at]], about.code[at], places))
        )
    return tables


def figures(table: Table, seed: int) -> dict[str, Any]:
    """What the protocol asks of one table."""
    gain, skill = brier_gain(table.chance, table.base, table.holds, table.user, seed=seed)
    precision, coverage = decided(table.chance, table.holds)
    return {
        "propositions": len(table.chance),
        "users": len(np.unique(table.user)),
        "held": round(float(table.holds.mean()), 4),
        "ece": round(expected_calibration_error(table.chance, table.holds), 4),
        "brier": round(float(brier(table.chance, table.holds).mean()), 4),
        "brier_base_rate": round(float(brier(table.base, table.holds).mean()), 4),
        "brier_gain": _rounded(gain),
        "skill": _rounded(skill),
        "precision_at_0.7": round(precision, 4),
        "coverage_at_0.7": round(coverage, 4),
        "reliability": [
            [each.count, *(round(x, 3) for x in (each.low, each.high, each.chance, each.held))]
            for each in reliability(table.chance, table.holds)
        ],
    }


def _rounded(found: Any) -> dict[str, float]:
    return {name: round(getattr(found, name), 4) for name in ("value", "low", "high")}


def diagram(table: Table) -> str:
    """The reliability diagram as text: a bar for the share that held, a mark for the chance said."""

    def line(each: Bin) -> str:
        bar = list(("█" * round(40 * each.held)).ljust(41))
        bar[round(40 * each.chance)] = "┃"
        return f"{each.count:6d}  {each.chance:.3f}  {each.held:.3f}  {''.join(bar)}"

    lines = [line(each) for each in reliability(table.chance, table.holds)]
    return "\n".join([" cases  said   held", *lines])


def main() -> None:
    made = parser(__doc__)
    made.add_argument("--folds", type=int, default=FOLDS)
    args = made.parse_args()
    store = open_store(DATA, args.data)
    whole = store.catalogue()
    histories = store.histories(whole)
    store.close()
    catalogue = replace(whole, attributes={ATTRIBUTE: whole.attributes[ATTRIBUTE]})
    fold = np.random.default_rng(args.seed).integers(0, args.folds, len(histories))
    began = time.perf_counter()
    tables = held_out(histories, catalogue, fold, args.seed)
    for name, table in tables.items():
        print(f"{name}\n{diagram(table)}", file=sys.stderr, flush=True)
    emit(
        "taste_calibration",
        {
            "data": DATA,
            "attribute": ATTRIBUTE,
            "folds": args.folds,
            "events_before": BEFORE,
            "events_after": AFTER,
            "seed": args.seed,
            **{name: figures(table, args.seed) for name, table in tables.items()},
            "seconds": round(time.perf_counter() - began, 1),
        },
        args.out,
    )


if __name__ == "__main__":
    main()
