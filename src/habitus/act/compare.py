"""An honest comparison: everything learns from the same events and answers the same questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from time import perf_counter

from habitus.act.contenders import Contender, contenders
from habitus.act.seen import Seen, usual
from habitus.act.training import Effort
from habitus.evaluate.protocol import evaluate
from habitus.evaluate.report import BUDGET_LIMITED, About, Run, Table, make_table, weakness
from habitus.evaluate.scorer import Scorer
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.events.split import Split, last_fraction, leave_one_out, temporal
from habitus.types import HabitusError, Progress, silent

PROTOCOLS: Mapping[str, Callable[[Histories], Split]] = {
    "leave-one-out": leave_one_out,
    "temporal": temporal,
    "last-fraction": last_fraction,
}


def compare(
    histories: Histories,
    catalogue: Catalogue,
    names: Sequence[str],
    *,
    dataset: str,
    variant: str = "",
    protocol: str = "leave-one-out",
    seen: Seen | None = None,
    effort: Effort | None = None,
    progress: Progress = silent,
) -> Table:
    """Fit every contender on the protocol's training events and rank its test questions.

    `variant` says in which form the data set is. Differences are to the first name. `seen` None: "keep" where a tenth of events are repeats.
    HabitusError for unknown names and protocols, before anything is fitted.
    """
    split = _split(protocol, histories)
    rule = seen or usual(histories)
    entered = contenders(names, effort or Effort(), rule, histories.ordinal)
    runs = [run for one in entered for run in _runs(one, split, catalogue, rule, progress)]
    return make_table(
        runs,
        About(dataset, split.protocol, variant=variant, weakness=weakness(split)),
        reference=runs[0].ranks.name if len(entered) > 1 else None,
        train_counts=(split.refit or split.train).counts(len(catalogue)),
        progress=progress,
    )


def _split(protocol: str, histories: Histories) -> Split:
    cut = PROTOCOLS.get(protocol)
    if cut is None:
        raise HabitusError(
            f"There is no protocol {protocol!r}.", f"There are: {', '.join(PROTOCOLS)}."
        )
    return cut(histories)


def _runs(
    contender: Contender, split: Split, catalogue: Catalogue, seen: Seen, progress: Progress
) -> Iterator[Run]:
    started = perf_counter()
    scorer = contender.fit(split, catalogue, progress)
    seconds = perf_counter() - started
    for now in contender.moments:
        ranks = evaluate(
            scorer, split.test, rows=len(catalogue), seen=seen, now=now, progress=progress
        )
        yield Run(ranks, seconds, _notes(scorer))


def _notes(scorer: Scorer) -> tuple[str, ...]:
    report: Mapping[str, object] = getattr(scorer, "report", {})
    return (BUDGET_LIMITED,) if report.get("budget_limited") else ()
