"""Rounds of one whole evaluation, with the seconds that the network's `encode` took of each."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.ours.common import answer, child_parser, every
from benchmarks.stores import open_store
from habitus.evaluate.metrics import means
from habitus.evaluate.protocol import evaluate
from habitus.events.split import leave_one_out
from habitus.model.recipe import load_recipe
from habitus.model.train import RunOptions, train


class Stopwatch:
    """A function that adds up how long its calls took."""

    def __init__(
        self, work: Callable[..., Any], clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self.work, self.clock, self.seconds = work, clock, 0.0

    def __call__(self, *args: Any, **named: Any) -> Any:
        began = self.clock()
        try:
            return self.work(*args, **named)
        finally:
            self.seconds += self.clock() - began


def main() -> None:
    made = child_parser(__doc__)
    made.add_argument("--rounds", type=int, required=True)
    args = made.parse_args()
    store = open_store(args.set, args.data)
    catalogue = store.catalogue()
    split = leave_one_out(store.histories(catalogue))
    options = RunOptions(minutes=0.1, seed=args.seed)
    recipe = load_recipe(args.recipe)
    model = train(recipe, split.train, catalogue, None, options, every(15))
    model.network.encode = encode = Stopwatch(model.network.encode)
    total: list[float] = []
    encoding: list[float] = []
    for _ in range(args.rounds):
        encode.seconds, began = 0.0, time.perf_counter()
        found = evaluate(model, split.test, rows=len(catalogue))
        means(found.ranks, split.test.user)
        total.append(time.perf_counter() - began)
        encoding.append(encode.seconds)
    if not all(encoding):
        raise RuntimeError("the evaluation never called the network's encode: nothing was measured")
    answer(
        {
            "total": [round(each, 4) for each in total],
            "encoding": [round(each, 4) for each in encoding],
            "cases": len(split.test),
            "items": len(catalogue) - 1,
        }
    )


if __name__ == "__main__":
    main()
