"""The table of an evaluation: rows with intervals, compared only with what knows as much as they do."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from habitus.evaluate.intervals import DRAWS, Difference, Interval, holm, intervals, paired
from habitus.evaluate.lists import corrected_gini, coverage, gini, novelty
from habitus.evaluate.metrics import CUTOFFS, per_user
from habitus.evaluate.protocol import CaseRanks, Now
from habitus.evaluate.taste import taste_of
from habitus.events.catalogue import Attribute
from habitus.events.split import Split
from habitus.types import HabitusError, Progress, silent

HEADLINE: Final = "NDCG@10"
TASTE_CUTOFF: Final = 10
BUDGET_LIMITED: Final = "budget-limited: training stopped before it converged"

TIME_HIDDEN: Final = "time hidden"
NOW_KNOWN: Final = "now known"
NOW_KNOWN_WITH_GAP: Final = "now known, users whose last gap is above 0"


@dataclass(frozen=True, eq=False)
class Run:
    """One scorer's ranks, and what the table says beside them."""

    ranks: CaseRanks
    train_seconds: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What a table is about. `variant` names the form of the data, `weakness` what to know of it."""

    dataset: str
    protocol: str
    part: str = "test"
    variant: str = ""
    weakness: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One model: accuracy with intervals, its lists, and its paired difference to the reference.

    `p_holm` is the difference's p-value corrected for all comparisons of the group.
    """

    model: str
    metrics: Mapping[str, Interval]
    lists: Mapping[str, float]
    difference: Difference | None = None
    p_holm: float | None = None
    train_seconds: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that may be ranked against each other: the same cases, the same knowledge of time."""

    title: str
    users: int
    cases: int
    rows: tuple[Row, ...]  # best first by the headline metric


@dataclass(frozen=True, slots=True)
class Table:
    """A whole evaluation; `groups` are never ranked against each other."""

    about: About
    items: int
    seen: str
    headline: str
    reference: str | None
    draws: int
    seed: int
    groups: tuple[Group, ...] = field(default_factory=tuple)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; a number that does not exist (NaN) is None."""
        found: dict[str, Any] = _plain(asdict(self))
        return found

    def to_json(self) -> str:
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False, allow_nan=False)


def make_table(
    runs: Sequence[Run],
    about: About,
    *,
    reference: str | None = None,
    headline: str = HEADLINE,
    train_counts: NDArray[np.integer] | None = None,
    attribute: Attribute | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    progress: Progress = silent,
) -> Table:
    """Group runs by what they know of time, with intervals and paired differences to `reference`.

    Runs that know `now` appear twice: on all users, and on those whose last gap is above 0.
    `train_counts` int [N + 1] (how often training saw each item) adds novelty, `attribute` (such as
    the genres) diversity and calibration. The differences are of the headline metric; a group
    without the reference has none. Raises HabitusError for no runs,
    for runs of different cases, catalogues or seen policies, for two runs of one name that know the
    same, and for a reference that no run has.
    """
    _check(runs, reference)
    first = runs[0].ranks
    making = _Making(reference, headline, train_counts, attribute, draws, seed)
    groups = []
    parts = _parts(runs)
    for done, (title, members) in enumerate(parts):
        progress("intervals", done, len(parts), title)
        groups.append(making.group(title, members))
    progress("intervals", len(parts), len(parts))
    return Table(
        about=about,
        items=first.rows - 1,
        seen=str(first.seen),
        headline=headline,
        reference=reference,
        draws=draws,
        seed=seed,
        groups=tuple(groups),
    )


def weakness(split: Split) -> str:
    """The sentence on what a split cannot rule out; "" where training ends before every test."""
    share = split.later_share()
    if math.isnan(share):
        return "The data has no times: whether training events are later than tests is not known."
    if not share:
        return ""
    return (
        f"Known weakness: {share:.0%} of the training events are later than the median test event."
    )


@dataclass(frozen=True, eq=False)
class _Making:
    reference: str | None
    headline: str
    train_counts: NDArray[np.integer] | None
    attribute: Attribute | None
    draws: int
    seed: int

    def group(self, title: str, members: Sequence[Run]) -> Group:
        values = [per_user(run.ranks.ranks, run.ranks.cases.user) for run in members]
        if self.headline not in values[0]:
            raise HabitusError(
                f"There is no metric {self.headline!r} to compare by.",
                f"Name one of: {', '.join(values[0])}.",
            )
        rows = [self._row(run, own) for run, own in zip(members, values, strict=True)]
        rows = self._compared(rows, [own[self.headline] for own in values])
        rows.sort(key=lambda row: -row.metrics[self.headline].value)
        users = len(values[0][self.headline])
        return Group(title, users, len(members[0].ranks), tuple(rows))

    def _row(self, run: Run, values: Mapping[str, NDArray[np.float64]]) -> Row:
        found = intervals(np.stack(list(values.values()), axis=1), self.draws, self.seed)
        metrics = dict(zip(values, found, strict=True))
        lists = self._lists(run.ranks)
        return Row(run.ranks.name, metrics, lists, None, None, run.train_seconds, run.notes)

    def _lists(self, ranks: CaseRanks) -> dict[str, float]:
        found: dict[str, float] = {}
        for k in (k for k in CUTOFFS if k <= ranks.top.shape[1]):
            found[f"coverage@{k}"] = coverage(ranks.top, k, ranks.rows)
            found[f"Gini@{k}"] = gini(ranks.top, k, ranks.rows)
            found[f"corrected Gini@{k}"] = corrected_gini(ranks.top, k, ranks.rows)
            if self.train_counts is not None:
                each = novelty(ranks.top, k, self.train_counts)
                known = each[~np.isnan(each)]
                found[f"novelty@{k}"] = float(known.mean()) if len(known) else math.nan
        if self.attribute is not None:
            found |= taste_of(ranks, TASTE_CUTOFF, self.attribute)
        return found

    def _compared(self, rows: list[Row], values: list[NDArray[np.float64]]) -> list[Row]:
        """The rows with their difference to the reference row, where the group has it."""
        names = [row.model for row in rows]
        if self.reference not in names:
            return rows
        base = values[names.index(self.reference)]
        others = [place for place, name in enumerate(names) if name != self.reference]
        found = [paired(values[place], base, self.draws, self.seed) for place in others]
        corrected = holm(np.array([difference.p for difference in found]))
        compared = list(rows)
        for place, difference, p in zip(others, found, corrected, strict=True):
            compared[place] = replace(rows[place], difference=difference, p_holm=float(p))
        return compared


def _parts(runs: Sequence[Run]) -> list[tuple[str, list[Run]]]:
    """The groups of the table, those without runs or cases left out."""
    hidden = [run for run in runs if run.ranks.now is Now.HIDDEN]
    known = [run for run in runs if run.ranks.now is Now.KNOWN]
    with_gap = np.flatnonzero(runs[0].ranks.cases.with_gap())
    gapped = [replace(run, ranks=run.ranks.take(with_gap)) for run in known if len(with_gap)]
    parts = [(TIME_HIDDEN, hidden), (NOW_KNOWN, known), (NOW_KNOWN_WITH_GAP, gapped)]
    return [(title, members) for title, members in parts if members]


def _check(runs: Sequence[Run], reference: str | None) -> None:
    if not runs:
        raise HabitusError("A table needs at least one model.", "Evaluate one, and give its ranks.")
    first = runs[0].ranks
    for run in runs:
        if not _comparable(first, run.ranks):
            raise HabitusError(
                f"{first.name} and {run.ranks.name} were not asked the same questions.",
                "Evaluate them on the same cases and catalogue, with the same seen policy.",
            )
    names = [(run.ranks.name, run.ranks.now) for run in runs]
    twice = {name for name, now in names if names.count((name, now)) > 1}
    if twice:
        raise HabitusError(
            f"Two rows would have the same name: {', '.join(sorted(twice))}.",
            "Give each run a name of its own, for example with its seed.",
        )
    if reference is not None and reference not in {name for name, _ in names}:
        raise HabitusError(
            f"There is no model {reference!r} to compare with.",
            f"Name one of: {', '.join(sorted({name for name, _ in names}))}.",
        )


def _comparable(one: CaseRanks, other: CaseRanks) -> bool:
    return (
        (one.rows, one.seen, len(one)) == (other.rows, other.seen, len(other))
        and bool(np.array_equal(one.cases.user, other.cases.user))
        and bool(np.array_equal(one.cases.stop, other.cases.stop))
        and bool(np.array_equal(one.cases.target, other.cases.target))
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
