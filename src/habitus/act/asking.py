"""What is asked of the engine: for whom, how many, at which moment, and from which items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from habitus.events.rows import BadFieldError, identifier
from habitus.types import HabitusError

Now = int | datetime | None

MOST_NAMED = 10_000  # items of one ask: those to leave out, or those to rank


@dataclass(frozen=True)
class Ask:
    """One question for recommendations.

    k             how many items
    now           the moment it is for, µs since 1970, UTC, or a datetime with a zone; events after
                  it are not looked at. None: the present, and all events count
    exclude_seen  leaves out what the user acted upon (None: as the model was trained to)
    where         conditions on the items, see `habitus.act.conditions`
    exclude_items items to leave out by id; ids that nothing has are no error
    only          the items to choose from by id, None for all
    use_profile   let what the user set or said of themselves change the order; what must not be
                  shown to them (allergies, diets) is left out either way
    """

    user_id: str
    k: int = 10
    now: Now = None
    exclude_seen: bool | None = None
    where: Mapping[str, Any] | None = None
    exclude_items: Sequence[str] = ()
    only: Sequence[str] | None = None
    use_profile: bool = True


@dataclass(frozen=True)
class Moment:
    """When an answer is for, µs since 1970, UTC. `replay`: events after it are not looked at."""

    now: int
    replay: bool


def moment(now: Now, present: int) -> Moment:
    """The moment that an ask means; `present` is what the clock says."""
    if now is None:
        return Moment(present, replay=False)
    return Moment(microseconds(now), replay=True)


def microseconds(now: int | datetime) -> int:
    """A moment in µs since 1970, UTC; HabitusError for a datetime without a zone."""
    if isinstance(now, int):
        return now
    if now.tzinfo is None:
        raise HabitusError(
            f"The moment {now.isoformat()} has no time zone.", "Give it one, such as UTC."
        )
    return (now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def check_count(k: int) -> None:
    """HabitusError where nobody can be given k items."""
    if k < 1:
        raise HabitusError(f"k is {k}.", "Ask for at least one item.")


def check_named(items: Sequence[str]) -> None:
    """HabitusError for more items by id than one ask may name."""
    if len(items) > MOST_NAMED:
        raise HabitusError(
            f"The request names {len(items)} items.", f"Name at most {MOST_NAMED} at once."
        )


def check_user(user_id: str) -> None:
    """HabitusError for what can name no user."""
    try:
        identifier(user_id, "user_id")
    except BadFieldError as error:
        raise HabitusError(
            f"The {error.name} {error.reason}.", "Give the id that the user's events have."
        ) from error
