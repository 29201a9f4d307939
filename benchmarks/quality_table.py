"""Finished runs as a table: metrics with intervals, and `default` against every other, paired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality_runs import OURS, Found
from habitus.evaluate.intervals import holm, interval, paired
from habitus.evaluate.metrics import per_user

COMPARED = ("NDCG@10", "HR@10")


def table(runs: Sequence[Found]) -> list[dict[str, Any]]:
    """One entry for each kind of question asked under each protocol of each data set.

    Rows of different kinds (time hidden, moment known) stand in different entries: they had
    other information, and are never ranked against each other.
    """
    groups: dict[tuple[str, str, str], dict[str, Found]] = {}
    for found in runs:
        for moment in found.ranks:
            key = (found.row["data"], found.row["protocol"], moment)
            groups.setdefault(key, {})[found.row["recipe"]] = found
    return [
        {
            "data": data,
            "protocol": protocol,
            "now": moment,
            "rows": [row(found, moment) for found in group.values()],
            "default_against_others": against_others(group, moment),
        }
        for (data, protocol, moment), group in groups.items()
    ]


def row(found: Found, moment: str) -> dict[str, Any]:
    """One recipe's means with 95 % intervals over users, and what its training took."""
    values = per_user(found.ranks[moment], found.users[moment])
    shown = {name: rounded(interval(each)) for name, each in values.items()}
    kept = {key: value for key, value in found.row.items() if key not in ("moments", "coverage@10")}
    return kept | {"coverage@10": found.row["coverage@10"][moment], "metrics": shown}


def against_others(group: Mapping[str, Found], moment: str) -> list[dict[str, Any]]:
    """Paired differences of `default` minus each other recipe, corrected after Holm per metric."""
    ours = group.get(OURS)
    others = [name for name in group if name != OURS]
    if ours is None or not others:
        return []
    for name in others:
        same_users = np.array_equal(ours.users[moment], group[name].users[moment])
        if not same_users or ours.row["store"] != group[name].row["store"]:
            raise ValueError(f"{OURS} and {name} were not asked the same: run both again")
    made: list[dict[str, Any]] = []
    for metric in COMPARED:
        own = metric_values(ours, moment, metric)
        found = [paired(own, metric_values(group[name], moment, metric)) for name in others]
        corrected = holm(np.array([each.p for each in found]))
        made += [
            {"metric": metric, "other": name, **rounded(each), "p": each.p, "p_holm": float(p)}
            for name, each, p in zip(others, found, corrected, strict=True)
        ]
    return made


def metric_values(found: Found, moment: str, metric: str) -> NDArray[np.float64]:
    """One value a user of one metric, such as "NDCG@10"."""
    name, cutoff = metric.split("@")
    ranks = found.ranks[moment]
    return per_user(ranks, found.users[moment], (int(cutoff),))[f"{name}@{cutoff}"]


def lines(entries: Sequence[Mapping[str, Any]], metrics: Sequence[str] = COMPARED) -> list[str]:
    """The entries as Markdown tables for a person to read."""
    written: list[str] = []
    for entry in entries:
        written += ["", f"### {entry['data']}, {entry['protocol']}, now {entry['now']}", ""]
        written.append(
            f"| recipe | {' | '.join(metrics)} | coverage@10 | training s | budget-limited |"
        )
        written.append("|---" * (len(metrics) + 4) + "|")
        for each in entry["rows"]:
            cells = [cell(each["metrics"][name]) for name in metrics]
            limited = "yes" if each["budget_limited"] else "no"
            written.append(
                f"| {each['recipe']} | {' | '.join(cells)} | {each['coverage@10']:.3f} "
                f"| {each['train_seconds']:.0f} | {limited} |"
            )
        for each in entry["default_against_others"]:
            written.append(
                f"- {OURS} − {each['other']}, {each['metric']}: {cell(each)}, "
                f"p {each['p_holm']:.4f} (Holm)"
            )
    return written


def cell(shown: Mapping[str, float]) -> str:
    return f"{shown['value']:.4f} [{shown['low']:.4f}, {shown['high']:.4f}]"


def rounded(found: Any) -> dict[str, float]:
    """The value and bounds of an interval or a difference, five digits."""
    return {name: round(getattr(found, name), 5) for name in ("value", "low", "high")}
