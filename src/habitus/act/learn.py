"""From everything the log holds to a model that serves."""

from __future__ import annotations

import shutil

import numpy as np

from habitus.act.fallback import by_item
from habitus.act.models import Facts, ModelEntry, ModelFolder
from habitus.act.seen import Seen, usual
from habitus.act.training import MOST_JUDGED, Effort, fit, judge, recipe
from habitus.evaluate.protocol import Now
from habitus.events.histories import Histories
from habitus.events.split import Cases, leave_one_out
from habitus.events.store import Store
from habitus.types import HabitusError, Progress, silent


def learn(
    store: Store,
    models: ModelFolder,
    recipe_name: str,
    *,
    effort: Effort,
    name: str | None = None,
    seen: Seen | None = None,
    resume: bool = False,
    progress: Progress = silent,
) -> ModelEntry:
    """Train on the whole log by a recipe and let the model serve, under `name` or the recipe's.

    `seen` None: "keep" where a tenth of positive events are repeats, else "mask". A training that
    was interrupted, or whose minutes ran out, leaves what `resume` goes on from. HabitusError for
    an unknown recipe, a name that is taken, and a log with nothing to learn from; all beforehand.
    """
    chosen = recipe(recipe_name)
    if name is not None:
        models.check_new(name)
    catalogue = store.catalogue()
    histories = store.histories(catalogue)
    training, validation = for_service(histories, effort.seed)
    facts = Facts(
        seen or usual(histories), by_item(histories, catalogue), store.fingerprint(progress)
    )
    now = Now.KNOWN if chosen.reads_time and not histories.ordinal else Now.HIDDEN
    look = judge(validation, len(catalogue), facts.seen, now, effort.seed)
    half_done = models.half_done(chosen.name, f"{facts.log} {effort.seed}", resume)
    model = fit(chosen, training, catalogue, look, effort, half_done, progress)
    entry = models.publish(model, name or models.free_name(chosen.name), facts)
    if not model.report.get("budget_limited"):
        shutil.rmtree(half_done)
    return entry


def for_service(histories: Histories, seed: int = 0) -> tuple[Histories, Cases | None]:
    """(training histories, validation): users' last positive events are asked, all else trains.

    At most `MOST_JUDGED` users are asked, drawn by `seed`, so that of a large log no more is kept
    from training than choosing needs. Users with a single positive event are not asked; where
    there are no others, there is no validation (None). HabitusError where no event could be
    learned from.
    """
    positives = histories.positives()
    if not positives.events:
        raise HabitusError(
            "There is nothing to learn from: no positive event names an item.",
            "Observe or import events first, at least one type of them with the role positive.",
        )
    last = leave_one_out(histories).test
    several = np.flatnonzero(positives.lengths[last.user] > 1)
    if not len(several):
        return histories, None
    if len(several) > MOST_JUDGED:
        drawn = np.random.default_rng(seed).choice(several, MOST_JUDGED, replace=False)
        several = np.sort(drawn)
    asked = last.take(several)
    stop = histories.lengths.copy()
    stop[asked.user] = asked.stop
    users = np.arange(len(histories))
    return histories.slice(users, np.zeros_like(stop), stop), asked
