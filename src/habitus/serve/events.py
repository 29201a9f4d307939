"""POST /v1/events: what happened, one event or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import Discriminator, Tag
from starlette.responses import Response

from habitus.serve import metrics
from habitus.serve.answers import ReceiptAnswer
from habitus.serve.bodies import EventBody, EventsBody
from habitus.serve.calls import answer, calls, engine_of, service_of
from habitus.serve.problems import INVALID, TAG, Problem, Wrong
from habitus.serve.visit import Right

router = APIRouter(route_class=calls(Right.WRITE))

# The store's own reasons quote values; these say the same without them.
REASONS = {
    "timestamp": "must lie between 1990 and a day from now; a workspace without times takes none",
    "user_id": "is not acceptable: 1 to 256 characters, none of them a control character",
    "timezone": 'is no time zone name such as "Europe/Berlin"',
}
OTHER_REASON = "is not acceptable to the store"
OUTCOMES = ("accepted", "duplicates", "conflicted", "forgotten")


def _shape(value: Any) -> str:
    several = isinstance(value, dict) and "events" in value
    return f"{TAG}several" if several else f"{TAG}one"


OneOrSeveral = Annotated[
    Annotated[EventBody, Tag(f"{TAG}one")] | Annotated[EventsBody, Tag(f"{TAG}several")],
    Discriminator(_shape),
]


@router.post("/v1/events", response_model=ReceiptAnswer, tags=["events"])
async def observe(request: Request, body: Annotated[OneOrSeveral, Body()]) -> Response:
    """Store one event, or several as {"events": […]}. When this answers they are on disk, and the
    next recommendation counts them. An event_id known already is not stored again."""
    engine = await engine_of(request)
    several = isinstance(body, EventsBody)
    given = body.events if isinstance(body, EventsBody) else [body]
    events = [event.model_dump(exclude_none=True) for event in given]
    receipt = await service_of(request).events.ask(engine, events)
    rejected = [(one.index, one.field) for one in receipt.rejected]
    for outcome in OUTCOMES:
        if count := getattr(receipt, outcome):
            metrics.events.labels(outcome).inc(count)
    if rejected:
        metrics.events.labels("rejected").inc(len(rejected))
        if not several:
            raise _refused(rejected)
    return answer(
        {
            "accepted": receipt.accepted,
            "duplicates": receipt.duplicates,
            "conflicted": receipt.conflicted,
            "forgotten": receipt.forgotten,
            "conflicts": [
                {"event_id": one.event_id, "fields": list(one.fields)} for one in receipt.conflicts
            ],
            "rejected": [
                {"index": index, "field": field, "problem": REASONS.get(field, OTHER_REASON)}
                for index, field in rejected
            ],
        }
    )


def _refused(rejected: Sequence[tuple[int, str]]) -> Problem:
    field = rejected[0][1]
    reason = REASONS.get(field, OTHER_REASON)
    return Problem(
        INVALID,
        f"{field}: {reason}",
        "Mend the event and send it again; nothing was stored.",
        [Wrong(field, reason)],
    )
