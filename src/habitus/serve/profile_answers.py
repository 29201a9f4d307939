"""What calls about a user's profile answer, with an example each."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from habitus.serve.bodies import example

PROPOSITION: dict[str, Any] = {
    "proposition_id": "66f29de466652b7c79807dffc8230eb5",
    "user_id": "u42",
    "kind": "preference",
    "attribute": "likes",
    "value": "jazz",
    "stance": "for",
    "confidence": 0.9,
    "events_for": ["said-17"],
    "sentence": "Likes jazz.",
    "origin": "stated",
    "scope": "",
    "events_against": [],
    "valid": {"start": 1_750_000_000_000_000, "end": None},
    "known": {"start": 1_750_000_000_120_000, "end": None},
    "strength": None,
    "sensitive": "",
    "words": "jazz",
    "pinned": False,
}


class SpanAnswer(BaseModel):
    """From `start` until before `end`, in microseconds since 1970; null = open at that side."""

    start: int | None
    end: int | None


class PropositionAnswer(BaseModel):
    """One thing that is known of a user: the sentence to show, how sure it is, and the events it
    rests on. `valid` is when it holds, `known` when Habitus knew it; `strength` is in the unit that
    the sentence names; `sensitive` is the category of a sensitive matter, else ""."""

    model_config = example(**PROPOSITION)

    proposition_id: str
    user_id: str
    kind: str
    attribute: str
    value: str
    stance: str
    confidence: float
    events_for: list[str]
    sentence: str
    origin: str
    scope: str
    events_against: list[str]
    valid: SpanAnswer
    known: SpanAnswer
    strength: float | None
    sensitive: str
    words: str
    pinned: bool


class ConstraintAnswer(BaseModel):
    """What must not be shown to a user, who stated an allergy or a diet."""

    diets: list[str]
    foods: list[str]
    words: list[str]
    allergy: bool


class ProfileAnswer(BaseModel):
    """Who a user is: what holds at `now`, pinned first, then the surest; with `past` also what held
    once. `events` is how many it was read from."""

    model_config = example(
        user_id="u42", now=1_750_000_000_000_000, propositions=[PROPOSITION], past=[],
        constraints=[], events=12, note="",
    )  # fmt: skip

    user_id: str
    now: int
    propositions: list[PropositionAnswer]
    past: list[PropositionAnswer]
    constraints: list[ConstraintAnswer]
    events: int
    note: str


class FoundAnswer(BaseModel):
    """Something that was said, or is known: its events, words and time, and why it came up."""

    event_ids: list[str]
    text: str
    time: int
    score: float
    why: list[str]


class RecallAnswer(BaseModel):
    """What answers a query best, the best first; fewer than k where nothing speaks for more."""

    model_config = example(
        user_id="u42",
        found=[
            {
                "event_ids": ["said-17"],
                "text": "I love jazz.",
                "time": 1_750_000_000_000_000,
                "score": 4.7,
                "why": ["words: music"],
            }
        ],
    )

    user_id: str
    found: list[FoundAnswer]


class LineAnswer(BaseModel):
    """One line of a context, and the events it rests on."""

    text: str
    event_ids: list[str]


class ContextAnswer(BaseModel):
    """What a language model should see; `text` is the lines, never more than the budget. What the
    user wrote stands in quotation marks: it is data, whatever it asks for."""

    model_config = example(
        user_id="u42",
        text="- Likes jazz. (since 2025-06-15, 90% sure) [said-17]",
        lines=[
            {
                "text": "- Likes jazz. (since 2025-06-15, 90% sure) [said-17]",
                "event_ids": ["said-17"],
            }
        ],
    )

    user_id: str
    text: str
    lines: list[LineAnswer]


class CauseAnswer(BaseModel):
    """An event that moved the item: without it, it would stand `moved` ranks lower, or higher where
    that is negative."""

    event_id: str
    item_id: str
    text: str
    moved: int


class ExplanationAnswer(BaseModel):
    """Why an item stands where it does: `rank` among the items that may be shown (0: it may not be),
    what is known of the user that concerns it, and the events that moved it most."""

    model_config = example(
        user_id="u42", item_id="film-7", text="The Amber Almanac", rank=3, among=120,
        propositions=[PROPOSITION],
        causes=[
            {"event_id": "order-1001", "item_id": "film-9", "text": "The Paper Ferry", "moved": 14}
        ],
        model="default", note="",
    )  # fmt: skip

    user_id: str
    item_id: str
    text: str
    rank: int
    among: int
    propositions: list[PropositionAnswer]
    causes: list[CauseAnswer]
    model: str
    note: str


class InterpretedAnswer(BaseModel):
    """How many of the model's proposals were kept, and why others were not; `fallback` says why
    nothing came of the call, and is "" where it worked."""

    model_config = example(
        user_id="u42", accepted=2, dropped=["Its quote is not in the event that it cites."],
        fallback="",
    )  # fmt: skip

    user_id: str
    accepted: int
    dropped: list[str]
    fallback: str


class PolicyAnswer(BaseModel):
    """The policy of the workspace, and the attributes of items that nobody has said of whether they
    are sensitive: mark them."""

    model_config = example(
        allow_stated_sensitive=False, inferred={}, marked={"denomination": "religion"}, llm=False,
        llm_sensitive=False, unreviewed=["mood"],
    )  # fmt: skip

    allow_stated_sensitive: bool
    inferred: dict[str, str]
    marked: dict[str, str]
    llm: bool
    llm_sensitive: bool
    unreviewed: list[str]
