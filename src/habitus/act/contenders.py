"""What an evaluation compares, by name: baselines, and recipes that are trained for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

from habitus.act.learn import for_service
from habitus.act.seen import Seen
from habitus.act.training import Effort, fit, judge, recipe
from habitus.baselines.ease import EASE
from habitus.baselines.itemknn import ItemKNN
from habitus.baselines.last import LastItems
from habitus.baselines.popularity import Popularity
from habitus.baselines.recent import RecentPopularity
from habitus.evaluate.protocol import Now
from habitus.evaluate.scorer import Scorer
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.events.split import Cases, Split
from habitus.types import HabitusError, Progress

if TYPE_CHECKING:
    from habitus.model.recipe import Recipe


class Baseline(Scorer, Protocol):
    """A scorer with nothing to tune."""

    @property
    def needs_now(self) -> bool: ...

    def fit(self, histories: Histories, catalogue: Catalogue, /) -> Self: ...


BASELINES: Mapping[str, Callable[[], Baseline]] = {
    "popularity": Popularity,
    "popularity-7-days": RecentPopularity,
    "last-items": LastItems,
    "item-knn": ItemKNN,
    "ease": EASE,
}


@dataclass(frozen=True, eq=False)
class Contender:
    """A name, what it is asked (with the time hidden, with `now` known), and how it learns."""

    name: str
    moments: tuple[Now, ...]
    fit: Callable[[Split, Catalogue, Progress], Scorer]


def contender(name: str, effort: Effort, seen: Seen, ordinal: bool) -> Contender:
    """A baseline or a recipe by name; HabitusError where there is none, or it cannot be asked."""
    make = BASELINES.get(name)
    return (
        _recipe(name, effort, seen, ordinal) if make is None else _baseline(name, make(), ordinal)
    )


def _baseline(name: str, baseline: Baseline, ordinal: bool) -> Contender:
    if baseline.needs_now and ordinal:
        raise HabitusError(
            f"{name} is not applicable: it needs times, and this data has none.", "Leave it out."
        )

    def learn(split: Split, catalogue: Catalogue, progress: Progress) -> Scorer:
        progress(f"fit {name}", 0, None)
        return baseline.fit(split.refit or split.train, catalogue)

    return Contender(name, (Now.KNOWN,) if baseline.needs_now else (Now.HIDDEN,), learn)


def _recipe(name: str, effort: Effort, seen: Seen, ordinal: bool) -> Contender:
    chosen = recipe(name)
    known = (Now.KNOWN,) if chosen.reads_time and not ordinal else ()

    def learn(split: Split, catalogue: Catalogue, progress: Progress) -> Scorer:
        histories, validation = lesson(split, effort.seed)
        now = chosen_at(split, chosen)
        look = judge(validation, len(catalogue), seen, now, effort.seed)
        return fit(chosen, histories, catalogue, look, effort, progress=progress)

    return Contender(name, (Now.HIDDEN, *known), learn)


def lesson(split: Split, seed: int = 0) -> tuple[Histories, Cases | None]:
    """What trains and what validates: never anything that the split's protocol puts after the cut.

    Where a protocol freezes weights at a later cut than it validates (`refit`), users' last positive
    events before that cut validate, as in service.
    """
    return (
        (split.train, split.validation) if split.refit is None else for_service(split.refit, seed)
    )


def chosen_at(split: Split, chosen: Recipe) -> Now:
    """Whether the epoch that is kept is chosen with the moment known: where all are asked after one
    cut in time, as in service, and the recipe reads times. Elsewhere with the time hidden, as in the
    literature."""
    known = split.refit is not None and chosen.reads_time
    return Now.KNOWN if known else Now.HIDDEN


def contenders(names: Sequence[str], effort: Effort, seen: Seen, ordinal: bool) -> list[Contender]:
    """All of them in the order given, every name checked before anything is fitted."""
    if not names:
        raise HabitusError("There is nothing to evaluate.", "Name at least one recipe or baseline.")
    return [contender(name, effort, seen, ordinal) for name in dict.fromkeys(names)]
