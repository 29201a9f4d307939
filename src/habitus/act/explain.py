"""Why an item is, or is not, what a user is likely to want: what they did, and what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from habitus.act.behaviour import Scores
from habitus.act.question import Question
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.profile.statements import canonical, meant
from habitus.types import Event, Proposition

LOOKED_AT = 32  # of the user's last events: what each did to the score
MOST = 5  # events that are named


@dataclass(frozen=True, slots=True)
class Cause:
    """An event that moved the score: without it the item would stand `moved` ranks lower (of the
    items that may be shown), or higher where that is negative."""

    event_id: str
    item_id: str
    text: str
    moved: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an item stands where it does for a user.

    rank          its place among the `among` items that may be shown, from 1; 0 = it may not be
    propositions  what is known of the user that concerns the item, the surest first
    causes        the events that moved it most, found by leaving each out and asking again
    model, note   as in a `Slate`
    """

    user_id: str
    item_id: str
    text: str
    rank: int
    among: int
    propositions: tuple[Proposition, ...]
    causes: tuple[Cause, ...]
    model: str
    note: str = ""


def explain(
    question: Question,
    item_id: str,
    known: Sequence[Proposition],
    events: Sequence[Event],
) -> Explanation:
    """The explanation of one item; `known` are propositions that the reader may see, `events` the
    user's last events, oldest first. HabitusError where the catalogue lacks the item."""
    ready = question.ready
    row = ready.catalogue.row(item_id)
    allowed = question.allowed.copy()
    shown = bool(question.asked[row] and (question.leaning is None or not _closed(question, row)))
    allowed[row] = shown  # what they had already is explained, too
    scores = _scores(question)
    rank = _rank(scores, allowed, row) if shown else 0
    return Explanation(
        question.ask.user_id,
        item_id,
        ready.catalogue.text[row],
        rank,
        int(np.count_nonzero(allowed)),
        _concerning(ready.catalogue, row, known),
        _causes(question, row, allowed, events) if shown and question.source.personal else (),
        question.source.name,
        question.source.note,
    )


def _closed(question: Question, row: int) -> bool:
    leaning = question.leaning
    return leaning is not None and leaning.closed is not None and bool(leaning.closed[row])


def _scores(question: Question) -> Scores:
    ready = question.ready
    scores = ready.popular
    if question.source.personal:
        scores = ready.served.model.score_state(question.known.state, question.now)
    if question.leaning is not None and question.shifted:
        scores = question.leaning.leading(scores, question.allowed)[1]
    return scores


def _rank(scores: Scores, allowed: NDArray[np.bool_], row: int) -> int:
    """The place of a row among those allowed, from 1; ties go by row."""
    better = (scores > scores[row]) | ((scores == scores[row]) & (np.arange(len(scores)) < row))
    return 1 + int(np.count_nonzero(better & allowed))


def _concerning(
    catalogue: Catalogue, row: int, known: Sequence[Proposition]
) -> tuple[Proposition, ...]:
    """The propositions about a value that the item has, or about the item itself."""
    values = catalogue.values_of(row)
    every = {canonical(value) for own in values.values() for value in own}

    def concerns(one: Proposition) -> bool:
        if one.attribute in values:
            return one.value in values[one.attribute]
        if one.attribute == "item":
            return one.value == catalogue.item_ids[row]
        return one.words != "" and meant(one.value) in every

    found = [one for one in known if concerns(one)]
    return tuple(sorted(found, key=lambda one: (not one.pinned, -one.confidence)))


def _causes(
    question: Question, row: int, allowed: NDArray[np.bool_], events: Sequence[Event]
) -> tuple[Cause, ...]:
    """What each of the last events did to the rank: the model is asked again without it."""
    history = question.known.reading.history
    if question.moment.replay:
        history = history.where(history.time <= question.moment.now)
    count = history.events
    places = [place for place in range(max(count - LOOKED_AT, 0), count) if history.item[place] > 0]
    if not places or len(events) != question.known.reading.history.events:
        return ()
    model = question.ready.served.model
    whole = model.score(history, _moments(question, 1))[0]
    rank = _rank(whole, allowed, row)
    found = []
    for place in places:
        rest = _without(history, place)
        if not rest.item.any():
            continue
        moved = _rank(model.score(rest, _moments(question, 1))[0], allowed, row) - rank
        event = events[place]
        item = question.ready.catalogue.rows.get(event.item_id or "", 0)
        text = question.ready.catalogue.text[item].partition("\n")[0]
        found.append(Cause(event.event_id or "", event.item_id or "", text, moved))
    found.sort(key=lambda cause: -abs(cause.moved))
    return tuple(cause for cause in found[:MOST] if cause.moved)


def _without(history: Histories, place: int) -> Histories:
    keep = np.ones(history.events, bool)
    keep[place] = False
    return history.where(keep)


def _moments(question: Question, users: int) -> NDArray[np.int64] | None:
    return None if question.now is None else np.full(users, question.now, np.int64)
