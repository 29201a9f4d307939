"""Full ranking of the whole catalogue for every case, in blocks of bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from habitus.evaluate.ranks import best_rows, hide, target_ranks
from habitus.evaluate.scorer import Scorer
from habitus.events.histories import Histories
from habitus.events.split import Cases
from habitus.types import HabitusError, Progress, Role, silent

BLOCK_BYTES = 32 * 2**20  # float32 scores of one block; ranking needs about three times as much
MOST_CASES = 1024  # cases of one block at most: a scorer's own working memory grows with them
BLOCK_EVENTS = 2_000_000  # events in the histories of one block: some users have 30,000
LIST_LENGTH = 20  # the longest cutoff of the tables


class Seen(StrEnum):
    """Whether items of the history can be recommended again."""

    MASK = "mask"
    KEEP = "keep"


class Now(StrEnum):
    """Whether the scorer knows the moment of the question (and the times of the history)."""

    HIDDEN = "hidden"
    KNOWN = "known"


Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, eq=False)
class CaseRanks:
    """How one scorer did on each case.

    ranks int64 [C]   1 = best; `MISS` where the target cannot be recommended
    top   int32 [C, K]  catalogue rows recommended, best first; 0 = nothing left to recommend
    rows  N + 1, the catalogue with its padding row
    """

    name: str
    cases: Cases
    ranks: NDArray[np.int64]
    top: NDArray[np.int32]
    rows: int
    seen: Seen
    now: Now

    def __len__(self) -> int:
        return len(self.ranks)

    def take(self, chosen: NDArray[np.int64]) -> CaseRanks:
        """The same for some of the cases."""
        cases = self.cases.take(chosen)
        return replace(self, cases=cases, ranks=self.ranks[chosen], top=self.top[chosen])


def evaluate(
    scorer: Scorer,
    cases: Cases,
    *,
    rows: int,
    seen: str = Seen.MASK,
    now: str = Now.HIDDEN,
    list_length: int = LIST_LENGTH,
    progress: Progress = silent,
) -> CaseRanks:
    """Rank each case's target among all `rows` − 1 items by the scorer's scores.

    `seen` "mask": no item that the history acted upon is recommended, however long ago; a target
    among them is a miss. `now` "hidden": the scorer gets histories without times and no moment;
    "known": it gets both, the moment being the target's timestamp. Ties count against the scorer,
    NaN and −inf cannot be recommended. Memory is bounded by a block of cases, not by their number.

    Raises HabitusError for words it does not know, for `now` known of ordinal data, where there is
    no case, and where the scores have another shape than [cases, rows].
    """
    seen, now = _choice(Seen, "seen", seen), _choice(Now, "now", now)
    if not len(cases):
        raise HabitusError("There is no case to evaluate.", "Split a log with more events.")
    if now is Now.KNOWN and cases.histories.ordinal:
        raise HabitusError(
            "The moment of a question cannot be known in ordinal data: it has no times.",
            "Evaluate it with now hidden.",
        )
    ranks = np.empty(len(cases), np.int64)
    top = np.zeros((len(cases), list_length), np.int32)
    progress(f"evaluate {scorer.name}", 0, len(cases))
    for chosen in _blocks(cases, rows):
        histories = cases.block(chosen)
        scores = _scores(scorer, histories, cases.now[chosen], now, rows)
        if seen is Seen.MASK:
            _hide_seen(scores, histories)
        ranks[chosen] = target_ranks(scores, cases.target[chosen])
        best = best_rows(scores, list_length)
        top[chosen, : best.shape[1]] = best
        progress(f"evaluate {scorer.name}", int(chosen[-1]) + 1, len(cases))
    return CaseRanks(scorer.name, cases, ranks, top, rows, seen, now)


def _blocks(cases: Cases, rows: int) -> Iterator[NDArray[np.int64]]:
    """Case rows in runs that keep scores and histories within `BLOCK_BYTES` and `BLOCK_EVENTS`."""
    most = int(np.clip(BLOCK_BYTES // (4 * rows), 1, MOST_CASES))
    events = np.cumsum(cases.stop)
    start = 0
    while start < len(cases):
        before = events[start] - cases.stop[start]
        fitting = int(np.searchsorted(events, before + BLOCK_EVENTS, side="right"))
        stop = min(max(fitting, start + 1), start + most, len(cases))
        yield np.arange(start, stop)
        start = stop


def _choice(kind: type[Word], name: str, word: str) -> Word:
    if word not in tuple(kind):
        raise HabitusError(
            f"{name} is {word!r}, which evaluation does not know.",
            f"Give one of: {', '.join(kind)}.",
        )
    return kind(word)


def _scores(
    scorer: Scorer, histories: Histories, moments: NDArray[np.int64], now: Now, rows: int
) -> NDArray[np.floating]:
    """The scorer's answer, checked, as our own copy with padding and NaN at −inf."""
    if now is Now.HIDDEN:
        given = scorer.score(histories.without_time(), None)
    else:
        given = scorer.score(histories, moments)
    if given.shape != (len(histories), rows) or not np.issubdtype(given.dtype, np.floating):
        raise HabitusError(
            f"{scorer.name} gave scores of shape {given.shape} and type {given.dtype} for "
            f"{len(histories)} histories and {rows} catalogue rows.",
            "A scorer answers float32 [histories, catalogue rows], padding row included.",
        )
    scores = given.copy()  # the scorer may hand out an array that it keeps
    scores[:, 0] = -np.inf
    scores[np.isnan(scores)] = -np.inf
    return scores


def _hide_seen(scores: NDArray[np.floating], histories: Histories) -> None:
    """Mask what the users acted upon. Being shown an item, or searching, is not acting upon it."""
    acted = histories.with_role(Role.POSITIVE, Role.NEGATIVE)
    hide(scores, acted.owners(), acted.item)
