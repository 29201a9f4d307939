"""Quality under full ranking: baselines and recipes on MovieLens-1M and Amazon Beauty.

Leave-one-out on both, temporal on MovieLens-1M. Each run is a process of its own and keeps the ranks
of every case, so that the whole can be stopped and taken up again; what is finished is not done
again. Without flags: all runs that are missing, then the table. `--table`: only the table, of what
is finished. `--only TEXT`: only runs whose name (data/protocol/recipe) contains it.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from benchmarks import children
from benchmarks.quality_runs import Run, plan, read
from benchmarks.quality_table import lines, table
from benchmarks.report import emit
from benchmarks.stores import parser

MINUTES = {"*": 30.0, "default": 60.0}


def budgets(given: list[str]) -> dict[str, float]:
    """`default=60 *=20` as minutes by recipe; ValueError where one is not NAME=NUMBER."""
    found = dict(MINUTES)
    for word in given:
        name, mark, number = word.partition("=")
        if not mark:
            raise ValueError(f"{word!r} is no budget: give RECIPE=MINUTES, such as default=60")
        found[name] = float(number)
    return found


def run_missing(runs: list[Run], data: Path | None) -> list[str]:
    """Do what is not finished, one process after the other; returns the names that failed."""
    failed = []
    for each in runs:
        if read(each.folder()) is not None:
            continue
        try:
            children.ours(
                "benchmarks.ours.quality",
                {
                    "data": data,
                    "set": each.data,
                    "protocol": each.protocol,
                    "recipe": each.recipe,
                    "moments": ",".join(each.moments),
                    "minutes": each.minutes,
                    "seed": each.seed,
                },
            )
        except RuntimeError as error:
            print(f"{each.name}: {error}", file=sys.stderr, flush=True)
            failed.append(each.name)
    return failed


def flags() -> ArgumentParser:
    made = parser(__doc__)
    made.add_argument("--table", action="store_true", help="run nothing, print what is finished")
    made.add_argument("--only", default="", help="runs whose data/protocol/recipe contains this")
    made.add_argument(
        "--minutes",
        nargs="*",
        default=[],
        metavar="RECIPE=MINUTES",
        help="training budgets (* = every other recipe); default: "
        + " ".join(f"{name}={minutes:g}" for name, minutes in MINUTES.items()),
    )
    return made


def chosen(args: Namespace) -> list[Run]:
    """The runs of this call."""
    runs = plan(budgets(args.minutes), args.seed)
    return [each for each in runs if args.only in each.name]


def main() -> int:
    args = flags().parse_args()
    runs = chosen(args)
    failed = [] if args.table else run_missing(runs, args.data)
    kept = {each.name: read(each.folder()) for each in runs}
    finished = [found for found in kept.values() if found is not None]
    entries = table(finished)
    print("\n".join(lines(entries)), file=sys.stderr)
    missing = [name for name, found in kept.items() if found is None]
    emit(
        "quality",
        {"seed": args.seed, "threads": children.THREADS, "missing": missing, "tables": entries},
        args.out,
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
