"""One run of the quality benchmark: fit, look at the test cases once, keep every case's rank."""

from __future__ import annotations

import math
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from benchmarks import children, report
from benchmarks.ours.common import answer, child_parser, every
from benchmarks.quality_runs import GAP, KNOWN, Found, Run
from benchmarks.stores import open_store
from habitus.act.contenders import BASELINES, chosen_at, lesson
from habitus.act.training import Effort, fit, judge
from habitus.baselines.ease import EASE
from habitus.evaluate.lists import coverage
from habitus.evaluate.metrics import means
from habitus.evaluate.protocol import CaseRanks, evaluate
from habitus.evaluate.scorer import Scorer
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.events.split import Split, leave_one_out, temporal
from habitus.model.recipe import load_recipe

PROTOCOLS: Mapping[str, Callable[[Histories], Split]] = {
    "leave-one-out": leave_one_out,
    "temporal": temporal,
}
REGULARISATIONS = (100.0, 300.0, 1000.0)
SHOWN = ("HR@10", "NDCG@10")


def chosen_ease(split: Split, catalogue: Catalogue) -> tuple[Scorer, dict[str, Any]]:
    """EASE with the regularisation that is best on validation, as the public figures have it."""
    tried: dict[float, float] = {}
    for each in REGULARISATIONS:
        model = EASE(each).fit(split.train, catalogue)
        found = evaluate(model, split.validation, rows=len(catalogue))
        tried[each] = means(found.ranks, split.validation.user, (10,))["NDCG@10"]
    best = max(tried, key=lambda each: tried[each])
    started = time.perf_counter()
    model = EASE(best).fit(split.refit or split.train, catalogue)
    seconds = time.perf_counter() - started
    return model, {"train_seconds": round(seconds, 2), "regularisation": best}


def baseline(name: str, split: Split, catalogue: Catalogue) -> tuple[Scorer, dict[str, Any]]:
    """Fitted on all that the protocol lets train; nothing is chosen."""
    started = time.perf_counter()
    model = BASELINES[name]().fit(split.refit or split.train, catalogue)
    return model, {"train_seconds": round(time.perf_counter() - started, 2)}


def trained(run: Run, split: Split, catalogue: Catalogue) -> tuple[Scorer, dict[str, Any]]:
    """Trained within the budget, taken up where a stopped run left it."""
    histories, validation = lesson(split, run.seed)
    recipe = load_recipe(run.recipe)
    now = chosen_at(split, recipe)
    look = judge(validation, len(catalogue), "mask", now, run.seed)
    effort = Effort(run.minutes, run.seed)
    resume = run.folder() / "checkpoint"
    model = fit(
        recipe,
        histories,
        catalogue,
        look,
        effort,
        resume=resume,
        progress=every(30),
    )
    kept = (
        "epochs",
        "best_epoch",
        "train_seconds",
        "targets_per_second",
        "stopped",
        "budget_limited",
        "validation_ndcg@10",
        "precision",
        "device",
        "curve",
    )
    return model, {name: model.report[name] for name in kept}


def learn(run: Run, split: Split, catalogue: Catalogue) -> tuple[Scorer, dict[str, Any]]:
    """(the fitted scorer, what is worth knowing of its fit)."""
    if run.recipe == "ease":
        return chosen_ease(split, catalogue)
    if run.recipe in BASELINES:
        return baseline(run.recipe, split, catalogue)
    return trained(run, split, catalogue)


def looks(
    run: Run, scorer: Scorer, split: Split, catalogue: Catalogue
) -> Iterator[tuple[str, CaseRanks]]:
    """The test cases under each moment; those with `now` known once more where time had passed."""
    for moment in run.moments:
        found = evaluate(scorer, split.test, rows=len(catalogue), seen="mask", now=moment)
        yield moment, found
        if moment == KNOWN:
            yield GAP, found.take(split.test.with_gap().nonzero()[0])


def find(run: Run, args: Namespace) -> Found:
    """The whole run."""
    store = open_store(run.data, args.data)
    catalogue = store.catalogue()
    split = PROTOCOLS[run.protocol](store.histories(catalogue))
    started = time.perf_counter()
    scorer, facts = learn(run, split, catalogue)
    wall = round(time.perf_counter() - started, 1)
    found = dict(looks(run, scorer, split, catalogue))
    row = {
        "data": run.data,
        "protocol": run.protocol,
        "recipe": run.recipe,
        "seed": run.seed,
        "budget_minutes": run.minutes,
        "threads": children.THREADS,
        "budget_limited": False,
        **facts,
        "wall_seconds": wall,
        "users": len(split.test),
        "items": len(catalogue) - 1,
        "training_events": (split.refit or split.train).events,
        "training_later_than_median_test": _number(split.later_share()),
        "coverage@10": {
            name: round(coverage(each.top, 10, len(catalogue)), 5) for name, each in found.items()
        },
        "moments": list(found),
        "machine": report.machine(),
        "commit": report.commit(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "store": store.fingerprint(),
    }
    return Found(
        row,
        {name: each.ranks for name, each in found.items()},
        {name: each.cases.user for name, each in found.items()},
    )


def _number(value: float) -> float | None:
    """NaN has no place in JSON."""
    return None if math.isnan(value) else round(value, 4)


def main() -> None:
    made = child_parser(__doc__)
    made.add_argument("--protocol", required=True, choices=PROTOCOLS)
    made.add_argument("--moments", required=True, help="separated by commas")
    made.add_argument("--minutes", type=float)
    args = made.parse_args()
    moments = tuple(args.moments.split(","))
    run = Run(args.set, args.protocol, args.recipe, moments, args.minutes, args.seed)
    found = find(run, args)
    found.write(run.folder())
    first = means(found.ranks[moments[0]], found.users[moments[0]], (10,))
    answer({"run": run.name, **{name: round(first[name], 5) for name in SHOWN}})


if __name__ == "__main__":
    main()
