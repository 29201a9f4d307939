"""What calls answer, with an example each."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from habitus.serve.bodies import example

ASKED = "7d1a3c9e5b0f4f0e8a6b2c4d6e8f0a1b"


class ConflictAnswer(BaseModel):
    """An event_id that was stored before with other content; nothing was changed."""

    event_id: str
    fields: list[str]


class RejectAnswer(BaseModel):
    """An event that was not stored: its place in the call, the field and why."""

    index: int
    field: str
    problem: str


class ReceiptAnswer(BaseModel):
    """What became of the events; what is accepted is on disk. `forgotten` are those of users who
    were forgotten after they happened."""

    model_config = example(
        accepted=2, duplicates=0, conflicted=0, forgotten=0, conflicts=[], rejected=[]
    )

    accepted: int
    duplicates: int
    conflicted: int
    forgotten: int
    conflicts: list[ConflictAnswer]
    rejected: list[RejectAnswer]


class EventTypesAnswer(BaseModel):
    """How many event types were set."""

    model_config = example(event_types=1)

    event_types: int


class ChangedAnswer(BaseModel):
    """How many items were new or changed."""

    model_config = example(changed=1)

    changed: int


class ScoredItemAnswer(BaseModel):
    """An item, its score (comparable within one answer) and the probability of its showing."""

    item_id: str
    score: float
    text: str
    propensity: float


class SlateAnswer(BaseModel):
    """Items in order. Send `request_id` with the events that follow, so that they are joined."""

    model_config = example(
        request_id=ASKED,
        user_id="u42",
        model="default",
        now=1_750_000_000_000_000,
        note="",
        items=[
            {"item_id": "film-9", "score": 1.7, "text": "The Paper Ferry", "propensity": 1.0},
        ],
        cursor=None,
    )

    request_id: str
    user_id: str
    model: str
    now: int
    note: str
    items: list[ScoredItemAnswer]
    cursor: str | None = None


class UserAnswer(BaseModel):
    """What is known of a user, in numbers."""

    model_config = example(
        user_id="u42",
        known=True,
        revision=18,
        events=12,
        items=9,
        first=1_740_000_000_000_000,
        last=1_750_000_000_000_000,
        attributes={"plan": "family"},
        timezone="Europe/Berlin",
    )

    user_id: str
    known: bool
    revision: int
    events: int
    items: int
    first: int | None = None
    last: int | None = None
    attributes: dict[str, str | list[str]] = Field(default_factory=dict)
    timezone: str | None = None


class HistoryAnswer(BaseModel):
    """One page of a user's events, newest first; `cursor` leads to the next."""

    model_config = example(
        user_id="u42",
        events=[
            {
                "user_id": "u42",
                "event_type": "watched",
                "timestamp": 1_750_000_000_000_000,
                "item_id": "film-7",
                "event_id": "order-1001",
            }
        ],
        cursor=None,
    )

    user_id: str
    events: list[dict[str, Any]]
    cursor: str | None = None


class ForgottenAnswer(BaseModel):
    """What was removed; no event of this user that happened before is taken again."""

    model_config = example(user_id="u42", events=12, slates=3, at=1_750_000_000_000_000)

    user_id: str
    events: int
    slates: int
    at: int


class ModelAnswer(BaseModel):
    """A published model."""

    name: str
    content: str
    current: bool
    report: dict[str, Any]


class ModelsAnswer(BaseModel):
    """The models; one of them is current, or none, and then popularity answers."""

    model_config = example(
        models=[{"name": "default", "content": "9f2c…", "current": True, "report": {}}]
    )

    models: list[ModelAnswer]


class ServedAnswer(BaseModel):
    """The model that serves, and the workers that do not serve it yet."""

    model_config = example(model="default", serving=["3f2a-0", "3f2a-1"], missing=[])

    model: str
    serving: list[str]
    missing: list[str]


class JobAnswer(BaseModel):
    """A training: `state` is running, done, failed or cancelled."""

    model_config = example(
        job="1c9d2a", state="running", recipe="default", progress="Training: 40 %",
        model=None, reason="", started_at=1_750_000_000_000_000, ended_at=None,
    )  # fmt: skip

    job: str
    state: str
    recipe: str
    progress: str
    model: str | None
    reason: str
    started_at: int
    ended_at: int | None


class HealthAnswer(BaseModel):
    """Whether the process runs, or can answer; if not, why."""

    model_config = example(ready=True, reason="")

    ready: bool
    reason: str = ""
