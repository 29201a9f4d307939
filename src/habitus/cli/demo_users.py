"""Users of the demo: whose recommendations are shown, and what one more event changes in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from habitus.events.store import Store
from habitus.types import SECOND, Event, EventType, Role

if TYPE_CHECKING:
    from habitus.engine import Engine

SHORT, LONG = 20, 120  # events: enough to show a taste, few enough to be shifted by one more
REMEMBERED = 5
POPULAR = 50
TITLE = 44  # characters of a title that are shown
UP_TO_YEAR = re.compile(r".*?\(\d{4}\)")


@dataclass(frozen=True)
class Supposed:
    """What is shown of one user; all of it titles, `before` and `after` equally long."""

    history: list[str]
    event: str
    before: list[str]
    after: list[str]


def choose_users(store: Store, count: int) -> list[str]:
    """Users of a middling history, evenly over the store's order; else those with the longest."""
    histories = store.histories(store.catalogue())
    lengths = histories.positives().lengths
    rows = np.flatnonzero((lengths >= SHORT) & (lengths <= LONG))
    if len(rows) < count:
        rows = np.sort(np.argsort(-lengths, kind="stable")[:count])
    places = np.linspace(0, len(rows) - 1, count + 2)[1:-1].round().astype(int)
    return [str(histories.user_ids[row]) for row in rows[np.unique(places)]]


def suppose(engine: Engine, user: str, k: int) -> Supposed:
    """Ask, observe the event that the model expected least of popular ones, ask again, delete it."""
    catalogue = engine.store.catalogue()
    past = [event for event in engine.history(user) if event.item_id]
    last = past[-1]
    moment = (last.timestamp or 0) + 60 * SECOND

    def shown(item_id: str) -> str:
        return title_of(catalogue.text[catalogue.row(item_id)] or item_id)

    before = [item.item_id for item in engine.recommend(user, k, now=moment).items]
    surprise = engine.rank(user, popular(engine.store, past), now=moment).items[-1].item_id
    event = replace(
        liked(past, engine.store.event_types()),
        item_id=surprise,
        timestamp=moment,
        event_id=f"demo-{user}",
        session_id=None,
        recorded_at=None,
    )
    engine.observe(event)
    try:
        after = engine.recommend(user, k, now=moment + 60 * SECOND).items
    finally:
        engine.delete(f"demo-{user}")
    return Supposed(
        history=[f"{said(one):>8}  {shown(one.item_id or '')}" for one in past[-REMEMBERED:]],
        event=f"{said(event)} for {shown(surprise)}",
        before=[shown(item_id) for item_id in before],
        after=[("" if item.item_id in before else "+ ") + shown(item.item_id) for item in after],
    )


def liked(past: list[Event], types: Mapping[str, EventType]) -> Event:
    """An event of the user to copy: positive if there is one, with the highest value they gave."""

    def worth(event: Event) -> tuple[bool, float]:
        value = -np.inf if event.value is None else event.value
        return types[event.event_type].role is Role.POSITIVE, value

    return max(past, key=worth)


def said(event: Event) -> str:
    """What an event says of its item: the value given, else its type."""
    if event.value is None:
        return event.event_type
    return f"{event.value:g} star{'s' * (event.value != 1)}"


def popular(store: Store, past: list[Event]) -> list[str]:
    """The most popular items that the user has not had."""
    catalogue = store.catalogue()
    counts = store.histories(catalogue).with_role(Role.POSITIVE).counts(len(catalogue))
    had = {event.item_id for event in past}
    by_count = np.argsort(-counts, kind="stable")
    names = (catalogue.item_ids[row] for row in by_count if row and catalogue.available[row])
    return [name for name in names if name not in had][:POPULAR]


def title_of(text: str) -> str:
    """An item's text up to a year in brackets, else its first line, cut to fit a table."""
    found = UP_TO_YEAR.match(text)
    line = found.group() if found else text.partition("\n")[0]
    return line if len(line) <= TITLE else line[: TITLE - 1].rstrip() + "…"
