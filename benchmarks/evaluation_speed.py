"""Full-ranking evaluation of every MovieLens-1M user: seconds after encoding, and of the whole.

Leave-one-out test cases through the same `evaluate` as everywhere. "After encoding" is all of it but
the seconds inside the network's `encode`: cutting and padding histories, scores against the whole
catalogue, masking what was seen, ranks, top lists, and all metrics. The model is hardly trained: the
cost does not depend on its weights.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from benchmarks import children
from benchmarks.report import emit
from benchmarks.stores import parser

DATA = "movielens-1m"


def summary(total: Sequence[float], encoding: Sequence[float]) -> dict[str, Any]:
    """Medians over the rounds, s; what is left after encoding is taken round by round."""
    after = [whole - part for whole, part in zip(total, encoding, strict=True)]
    return {
        "after_encoding_s": round(statistics.median(after), 3),
        "after_encoding_worst_s": round(max(after), 3),
        "encoding_s": round(statistics.median(encoding), 3),
        "total_s": round(statistics.median(total), 3),
        "rounds": len(after),
    }


def main() -> None:
    made = parser(__doc__)
    made.add_argument("--rounds", type=int, default=5)
    made.add_argument("--recipe", default="sasrec-ce")
    args = made.parse_args()
    asked = {"set": DATA, "recipe": args.recipe, "rounds": args.rounds}
    found = children.ours(
        "benchmarks.ours.evaluation", asked | {"data": args.data, "seed": args.seed}
    )
    seconds = summary(found.pop("total"), found.pop("encoding"))
    about = {"data": DATA, "recipe": args.recipe, "seed": args.seed, "threads": children.THREADS}
    emit("evaluation_speed", {**about, **seconds, **found}, args.out)


if __name__ == "__main__":
    main()
