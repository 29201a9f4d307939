"""One ranking in pages: a list that is kept for a while, so that no page repeats another."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import uuid4

import numpy as np

from habitus.act.asking import Ask, check_count
from habitus.act.ready import Ready
from habitus.act.serving import Serving
from habitus.events.pages import Pages
from habitus.types import HabitusError, ScoredItem, Slate

MOST_LISTED = 1_000  # items of one ranking, on all its pages

_CURSOR = re.compile(r"([0-9a-f]{32})\.([0-9]{1,4})")


@dataclass(frozen=True)
class Page:
    """Some places of a ranking, and the cursor that leads to the next; None after the last."""

    slate: Slate
    cursor: str | None


@dataclass(frozen=True)
class Listed:
    """A ranking as it was made, whatever happens to user and model meanwhile; `k` items a page."""

    user_id: str
    k: int
    model: str
    now: int
    note: str
    where: Mapping[str, Any] | None
    item_ids: list[str]
    scores: list[float]


class Pager:
    """Turns pages of rankings that lie in the store, so that any process can go on with one."""

    def __init__(self, pages: Pages, serving: Serving) -> None:
        self._pages = pages
        self._serving = serving

    def ranking(self, ask: Ask) -> Ask:
        """The ask for the ranking of at most `MOST_LISTED` items that the pages are cut from.
        HabitusError for a page that is longer."""
        check_count(ask.k)
        if ask.k > MOST_LISTED:
            raise HabitusError(f"A page of {ask.k} items is too long.", f"Ask for {MOST_LISTED}.")
        return replace(ask, k=MOST_LISTED)

    def first(self, ask: Ask, ranking: Slate) -> Page:
        """The first `ask.k` items of a ranking, which is kept if there are more."""
        if len(ranking.items) <= ask.k:
            return Page(ranking, None)
        page_id = uuid4().hex
        self._pages.keep(page_id, ask.user_id, _as_text(ask, ranking))
        return Page(replace(ranking, items=ranking.items[: ask.k]), f"{page_id}.{ask.k}")

    def next(self, cursor: str) -> Page:
        """The next items of the ranking that can be had and still meet its conditions.

        HabitusError for a cursor that nothing is kept for: wrong, another workspace's, or too old.
        """
        found = _CURSOR.fullmatch(cursor)
        text = self._pages.find(found[1]) if found else None
        if found is None or text is None:
            raise HabitusError(
                "Nothing is kept for this cursor.",
                "Ask for the first page again: a ranking is kept for ten minutes.",
            )
        listed = Listed(**json.loads(text))
        page, end = _page(self._serving.ready(), listed, int(found[2]))
        return Page(page, None if end is None else f"{found[1]}.{end}")


def _page(ready: Ready, listed: Listed, start: int) -> tuple[Slate, int | None]:
    """The items from place `start` on, and the place where the next page begins, if there is one."""
    known, text = ready.catalogue.rows, ready.catalogue.text
    rows = np.array([known.get(each, 0) for each in listed.item_ids[start:]], np.int64)
    allowed = ready.available[rows]
    if listed.where:
        allowed = allowed & ready.filters.mask(listed.where)[rows]
    places = np.flatnonzero(allowed).tolist()
    items = tuple(
        ScoredItem(listed.item_ids[start + at], listed.scores[start + at], text[rows[at]])
        for at in places[: listed.k]
    )
    slate = Slate(listed.user_id, items, listed.model, listed.now, listed.note, uuid4().hex)
    return slate, start + places[listed.k] if len(places) > listed.k else None


def _as_text(ask: Ask, whole: Slate) -> str:
    listed = Listed(
        user_id=whole.user_id,
        k=ask.k,
        model=whole.model,
        now=whole.now,
        note=whole.note,
        where=ask.where,
        item_ids=[item.item_id for item in whole.items],
        scores=[item.score for item in whole.items],
    )
    return json.dumps(asdict(listed), ensure_ascii=False, default=list)
