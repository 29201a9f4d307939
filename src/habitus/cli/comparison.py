"""The table of a comparison in plain words, narrow enough for any terminal."""

from __future__ import annotations

from habitus.cli.screen import duration, say, table
from habitus.evaluate.report import NOW_KNOWN, TIME_HIDDEN, Group, Row, Table

MEANING = {
    TIME_HIDDEN: "The model sees the order of events and no times",
    NOW_KNOWN: "The model also knows the times, and at which moment it is asked",
}


def show_comparison(found: Table) -> None:
    """Both groups that hold all users; what they know differs, so they are two tables."""
    say(
        f"Each model ranks all {found.items:,} items for every user. HR@10: how often the hidden one "
        "is among the first ten. NDCG@10: also counts how near the top. In brackets: 95 % intervals."
    )
    for group in found.groups:
        if group.title in MEANING:
            say()
            say(f"{MEANING[group.title]}: {group.users:,} users")
            say()
            show_group(group, found)
    say()
    if len(found.groups) > 1:
        say("The two tables know different things and are not ranked against each other.")
    if found.about.weakness:
        say(found.about.weakness)


def show_group(group: Group, found: Table) -> None:
    compared = any(row.difference for row in group.rows)
    against = f"against {found.reference}"
    numbers = ("HR@10", found.headline, *((against,) if compared else ()), "training")
    rows = [_cells(row, found.headline, compared) for row in group.rows]
    table(("model", *numbers), rows, right=numbers)
    for line in sorted({line for row in group.rows for line in row.notes}):
        say(f"* {line}")


def _cells(row: Row, headline: str, compared: bool) -> list[str]:
    hits, main = row.metrics["HR@10"], row.metrics[headline]
    cells = [
        row.model + ("*" if row.notes else ""),
        f"{100 * hits.value:.1f} %",
        f"{main.value:.3f} [{main.low:.3f}, {main.high:.3f}]",
    ]
    if compared:
        own = row.difference
        cells.append(f"{own.value:+.3f} [{own.low:+.3f}, {own.high:+.3f}]" if own else "")
    return [*cells, "" if row.train_seconds is None else duration(row.train_seconds)]
