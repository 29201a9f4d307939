"""Which events are a user's own words, and what they claim."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from habitus.profile.claim import Claim
from habitus.profile.log import UserLog
from habitus.profile.recall import Utterance
from habitus.profile.sensitive import category_of_stated
from habitus.profile.statements import Said
from habitus.types import Event, HabitusError, Kind, Origin, Role, Stance

ENDS = re.compile(r"[.!?](?=\s)|[。！？\n]")  # of sentences
SPEAKER = "speaker"  # of an event's context: who said it, where it was not the user
USER = "user"
SILENT = (Role.EDIT, Role.IMPRESSION, Role.SLATE)
UNSTATED = (*SILENT, Role.SEARCH)  # what is searched for is no statement


def own(event: Event) -> bool:
    """Whether the user said it themselves, and nobody else in their conversation."""
    return speaker(event) == event.user_id


def speaker(event: Event) -> str:
    """Who said it: the name in the context, or the user."""
    named = (event.context or {}).get(SPEAKER, USER)
    return event.user_id if named == USER else str(named)


def spoken(log: UserLog) -> list[Event]:
    """The events with words, of the user and of whom they talked to."""
    written = log.where(log.column("text")).events
    return [one for one in written if _role(log, one) not in SILENT]


def stating(log: UserLog) -> list[Event]:
    """The events in which the user may have said something of themselves."""
    return [one for one in spoken(log) if own(one) and _role(log, one) not in UNSTATED]


def utterance(event: Event) -> Utterance:
    return Utterance(
        event.event_id or "",
        event.text or "",
        event.timestamp or 0,
        event.session_id,
        speaker(event),
    )


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim, and the sensitive category of the sentence it was made in ("" = none): "a member" is
    harmless, and of a union it is not."""

    claim: Claim
    sensitive: str


def claimed(text: str, claims: Iterable[Claim]) -> list[Claimed]:
    """Claims of a text with the categories of their sentences."""
    return [
        Claimed(one, category_of_stated(one.attribute, _around(text, one), one.value) or "")
        for one in claims
    ]


def said(
    events: Iterable[Event], claims: Mapping[str, Iterable[Claimed]], origin: Origin
) -> list[Said]:
    """The claims of events, by event id, with the times of the events."""
    return [
        Said(
            one.event_id or "",
            one.timestamp or 0,
            one.recorded_at or 0,
            each.claim,
            origin,
            each.sensitive,
        )
        for one in events
        for each in claims.get(one.event_id or "", ())
    ]


def claims_text(claims: Iterable[Claim]) -> str:
    """Claims as JSON, for a store to keep."""
    return json.dumps([asdict(one) for one in claims])


def read_claims(text: str) -> list[Claim]:
    """The claims that `claims_text` wrote; HabitusError where it did not."""
    try:
        return [
            Claim(**{**one, "kind": Kind(one["kind"]), "stance": Stance(one["stance"])})
            for one in json.loads(text)
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise HabitusError(
            f"A kept proposal of a language model cannot be read ({type(error).__name__}).",
            "Have the texts read again.",
        ) from error


def _around(text: str, claim: Claim) -> str:
    """The sentence that a claim was made in."""
    ends = [0, *(found.end() for found in ENDS.finditer(text)), len(text)]
    start = max(end for end in ends if end <= claim.start)
    return text[start : min(end for end in ends if end >= claim.end)]


def _role(log: UserLog, event: Event) -> Role:
    kind = log.types.get(event.event_type)
    return Role.POSITIVE if kind is None else kind.role
