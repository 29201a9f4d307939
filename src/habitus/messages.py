"""The engine's nouns as JSON between `habitus.Client` and a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from math import nan
from typing import TYPE_CHECKING, Any

from habitus.events.receipt import CONFLICTS_KEPT, Conflict, Receipt, Reject
from habitus.types import (
    Event,
    Interval,
    Kind,
    Origin,
    Proposition,
    ScoredItem,
    Slate,
    Stance,
)

if TYPE_CHECKING:
    from habitus.act.pages import Page
    from habitus.profile.profile import Profile

Now = int | datetime | None


def fields(thing: Any) -> dict[str, Any]:
    """An event or item as JSON can say it, without what it does not say."""
    fields = dict(thing) if isinstance(thing, Mapping) else asdict(thing)
    if isinstance(thing, Event):
        fields.pop("recorded_at")  # the store's own
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in fields.items()
        if value is not None
    }


def moment(now: Now) -> int | str | None:
    return now.isoformat() if isinstance(now, datetime) else now


def receipt(said: Mapping[str, Any], start: int) -> Receipt:
    """A receipt; `start` is the place of the request's first event in the call."""
    return Receipt(
        accepted=said["accepted"],
        duplicates=said["duplicates"],
        conflicts=[
            Conflict(one["event_id"], tuple(one["fields"]))
            for one in said["conflicts"][:CONFLICTS_KEPT]
        ],
        rejected=[
            Reject(start + one["index"], one["field"], one["problem"]) for one in said["rejected"]
        ],
        conflicted=said["conflicted"],
        forgotten=said["forgotten"],
    )


def slate(said: Mapping[str, Any]) -> Slate:
    items = tuple(ScoredItem(**each) for each in said["items"])
    names = ("user_id", "model", "now", "note", "request_id")
    return Slate(items=items, **{name: said[name] for name in names})


def page(said: Mapping[str, Any]) -> Page:
    from habitus.act.pages import Page

    return Page(slate(said), said["cursor"])


def profile(said: Mapping[str, Any]) -> Profile:
    from habitus.profile.constraint import Constraint
    from habitus.profile.profile import Profile

    return Profile(
        said["user_id"],
        said["now"],
        tuple(proposition(one) for one in said["propositions"]),
        tuple(proposition(one) for one in said["past"]),
        tuple(Constraint(**tuples(one)) for one in said["constraints"]),
        said["events"],
        said["note"],
    )


def proposition(said: Mapping[str, Any]) -> Proposition:
    typed = {
        "kind": Kind(said["kind"]),
        "stance": Stance(said["stance"]),
        "origin": Origin(said["origin"]),
        "valid": Interval(**said["valid"]),
        "known": Interval(**said["known"]),
        "strength": nan if said["strength"] is None else said["strength"],
    }
    return Proposition(**{**tuples(said), **typed})


def tuples(said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a noun, whose lists are tuples."""
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
    }
