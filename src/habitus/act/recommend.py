"""From an ask and a moment to an answer, with what is known of the user kept between requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from habitus.act.allowing import asked_of, without
from habitus.act.asking import Ask, Moment, check_count
from habitus.act.batching import answered_together
from habitus.act.cache import Known, StateCache
from habitus.act.counters import Counters
from habitus.act.knowing import Knowing
from habitus.act.leaning import Leanings
from habitus.act.question import Question, source_of
from habitus.act.ready import Ready
from habitus.act.serving import Serving
from habitus.act.slate import slate as made_slate
from habitus.events.store import Store
from habitus.types import HabitusError, Slate

Asked = tuple[Ask, Moment]


class Recommender:
    """Answers from one store. Threads may share it."""

    def __init__(
        self,
        store: Store,
        serving: Serving,
        cache: StateCache,
        leanings: Leanings,
        counters: Counters | None = None,
    ) -> None:
        self.counters = counters or Counters()
        self._leanings = leanings
        self._serving = serving
        self._knowing = Knowing(store, cache, self.counters)

    def answer(self, ask: Ask, moment: Moment) -> Slate:
        """The k items likeliest next; fewer only where fewer may be shown.

        HabitusError for an ask that nobody can answer: see `Ask`.
        """
        ready = self._serving.ready(ask.only or ())
        return self._together(ready, [(ask, moment)], {0: asked_of(ready, ask)})[0]

    def answers(self, asked: Sequence[Asked]) -> list[Slate | HabitusError]:
        """What `answer` says to each, worked out together; the error, where one cannot be answered.

        Of several, none waits for items that are being worked in: see `Serving.awaited`.
        """
        if len(asked) == 1:
            return [self._tried(*asked[0])]
        found: list[Slate | HabitusError | None] = [None] * len(asked)
        try:
            ready = self._serving.ready()
        except HabitusError as error:
            return [error] * len(asked)
        masks: dict[int, NDArray[np.bool_]] = {}
        for at, (ask, _) in enumerate(asked):
            try:
                masks[at] = asked_of(ready, ask)
            except HabitusError as error:
                found[at] = error
        for at, slate in zip(masks, self._together(ready, asked, masks), strict=True):
            found[at] = slate
        return [each for each in found if each is not None]

    def similar(
        self, item_id: str, k: int, moment: Moment, where: Mapping[str, Any] | None = None
    ) -> Slate:
        """The k items most like one; HabitusError where that one is unknown."""
        check_count(k)
        ready = self._serving.ready((item_id,))
        row = ready.catalogue.row(item_id)
        wanted = ready.available & ready.filters.mask(where) if where else ready.available
        return made_slate(
            ready.catalogue,
            (None, ready.alike.model.similar(row)),
            without(wanted, np.array([row])),
            k,
            model=ready.alike.name,
            now=moment.now,
            note=ready.alike.note,
        )

    def question(self, ask: Ask, moment: Moment, item_id: str) -> Question:
        """An ask with all that is needed to answer it, and to say why it is answered with an item.
        HabitusError as `answer`."""
        ready = self._serving.ready((item_id,))
        asked = asked_of(ready, ask)
        [known] = self._knowing.of_many(ready, [(ask.user_id, moment)])
        return self._question(ready, ask, moment, asked, known)

    def forget(self, user_id: str) -> None:
        """Keep nothing of a user in memory."""
        self._knowing.forget(user_id)
        self._leanings.forget(user_id)

    def _tried(self, ask: Ask, moment: Moment) -> Slate | HabitusError:
        try:
            return self.answer(ask, moment)
        except HabitusError as error:
            return error

    def _together(
        self, ready: Ready, asked: Sequence[Asked], masks: Mapping[int, NDArray[np.bool_]]
    ) -> list[Slate]:
        """The answers to those asks that have a mask."""
        users = [(asked[at][0].user_id, asked[at][1]) for at in masks]
        questions = [
            self._question(ready, *asked[at], mask, known)
            for (at, mask), known in zip(
                masks.items(), self._knowing.of_many(ready, users), strict=True
            )
        ]
        self.counters.answers.update(each.source.kind for each in questions)
        return answered_together(questions)

    def _question(
        self, ready: Ready, ask: Ask, moment: Moment, mask: NDArray[np.bool_], known: Known
    ) -> Question:
        reading = known.reading
        leaning = self._leanings.of(ready.catalogue, ask.user_id, reading.history, moment.now)
        return Question(ready, ask, moment, mask, known, source_of(ready, reading.history), leaning)
