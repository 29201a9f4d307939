"""What calls send, with an example each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from habitus.serve.fields import (
    Attributes,
    Context,
    Count,
    Id,
    Ids,
    Marks,
    Moment,
    Number,
    Numbers,
    Prose,
    Question,
    Shape,
    Where,
    Whole,
    Zone,
)
from habitus.serve.limits import BATCH, BUDGET, MOST_ITEMS

Position = Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)]
Propensity = Annotated[float, Field(strict=True, gt=0, le=1)]
RecipeName = Annotated[
    str, StringConstraints(strict=True, pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
]  # a name, never a path
RoleName = Literal["positive", "negative", "impression", "slate", "utterance", "search"]
ModelName = Annotated[
    str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
]


def example(**fields: Any) -> ConfigDict:
    """The configuration of a shape that shows one example."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class EventBody(Shape):
    """One thing that happened. Without a timestamp it happened now; with an event_id it may be
    sent again without being stored twice."""

    model_config = example(
        user_id="u42",
        event_type="watched",
        item_id="film-7",
        value=4.5,
        session_id="s-1",
        event_id="order-1001",
    )

    user_id: Id
    event_type: Id
    timestamp: Moment | None = None
    item_id: Id | None = None
    value: Number | None = None
    text: Prose | None = None
    session_id: Id | None = None
    request_id: Id | None = None
    position: Position | None = None
    propensity: Propensity | None = None
    timezone: Zone | None = None
    context: Context | None = None
    sequence: Whole = 0
    event_id: Id | None = None


class EventsBody(Shape):
    """Several events; each is stored or named in the answer."""

    model_config = example(
        events=[
            {"user_id": "u42", "event_type": "watched", "item_id": "film-7"},
            {"user_id": "u42", "event_type": "stopped", "item_id": "film-9"},
        ]
    )

    events: Annotated[list[EventBody], Field(min_length=1, max_length=BATCH)]


class ItemBody(Shape):
    """Something that can be recommended; it replaces what had the id before."""

    item_id: Id
    text: Prose = ""
    attributes: Attributes = Field(default_factory=dict)
    numbers: Numbers = Field(default_factory=dict)
    available: bool = True


class ItemsBody(Shape):
    """Items to add or replace: all of them or, where one is not valid, none."""

    model_config = example(
        items=[
            {
                "item_id": "film-7",
                "text": "The Amber Almanac",
                "attributes": {"genre": ["comedy", "family"]},
                "numbers": {"year": 1994},
            }
        ]
    )

    items: Annotated[list[ItemBody], Field(min_length=1, max_length=BATCH)]


class EventTypeBody(Shape):
    """What one kind of events means to the model; a positive one weighs so much in training."""

    model_config = example(name="said", role="utterance", weight=0.0)

    name: Id
    role: RoleName
    weight: Annotated[float, Field(strict=True, ge=0, le=1_000_000, allow_inf_nan=False)] = 1.0


class EventTypesBody(Shape):
    """Kinds of events."""

    model_config = example(event_types=[{"name": "said", "role": "utterance"}])

    event_types: Annotated[list[EventTypeBody], Field(min_length=1, max_length=100)]


class AvailabilityBody(Shape):
    """Whether items can be had at present."""

    model_config = example(item_ids=["film-7"], available=True)

    item_ids: Annotated[list[Id], Field(min_length=1, max_length=BATCH)]
    available: bool


class RecommendBody(Shape):
    """Whom to recommend for, and what may come. `where` holds conditions on attributes and
    numbers: a value, {"in": […]}, {"not": …}, {"min": …, "max": …}; every item fulfils all. With
    `use_profile` tastes that the user set or stated move items up and down."""

    model_config = example(user_id="u42", k=5, where={"genre": {"in": ["comedy"]}})

    user_id: Id
    k: Count = 10
    now: Moment | None = None
    exclude_seen: bool | None = None
    where: Where | None = None
    exclude_items: Ids = Field(default_factory=list)
    use_profile: bool = True
    pages: bool = False


class NextPageBody(Shape):
    """The cursor of the page before, at most ten minutes old."""

    model_config = example(cursor="2f1c0e5a.10")

    cursor: Id


class RankBody(Shape):
    """Items to put in order for a user."""

    model_config = example(user_id="u42", item_ids=["film-7", "film-9"])

    user_id: Id
    item_ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_ITEMS)]
    now: Moment | None = None


class SimilarBody(Shape):
    """The item to compare with."""

    model_config = example(item_id="film-7", k=5)

    item_id: Id
    k: Count = 10
    where: Where | None = None


class EditBody(Shape):
    """What a user does to one proposition of their profile: `reject` says that it is wrong, `delete`
    takes it away until new events bring it back; `correct` gives a value or the other stance."""

    model_config = example(
        user_id="u42",
        proposition_id="66f29de466652b7c79807dffc8230eb5",
        action="correct",
        value="science fiction",
    )

    user_id: Id
    proposition_id: Id
    action: Literal["pin", "unpin", "correct", "reject", "delete"]
    value: Id | None = None
    stance: Literal["for", "against"] | None = None


class RecallBody(Shape):
    """What to look for in all that a user wrote. Time words ("last May") count from `now`."""

    model_config = example(user_id="u42", query="Which music did they like last May?", k=5)

    user_id: Id
    query: Question
    k: Count = 10
    now: Moment | None = None


class ContextBody(Shape):
    """The question that a language model is to answer, and how many characters it may read."""

    model_config = example(user_id="u42", query="What should they watch tonight?", budget=2_000)

    user_id: Id
    query: Question
    budget: Annotated[int, Field(strict=True, ge=1, le=BUDGET)] = 2_000
    now: Moment | None = None


class ExplainBody(Shape):
    """The item to explain."""

    model_config = example(user_id="u42", item_id="film-7")

    user_id: Id
    item_id: Id
    now: Moment | None = None


class InterpretBody(Shape):
    """Whose texts the language model is to read."""

    model_config = example(user_id="u42")

    user_id: Id


class PolicyBody(Shape):
    """What the workspace allows to be known of its users; what is left out is as strict as it can
    be. `marked`: attribute, or "attribute=value", to its sensitive category or "none". `inferred`:
    sensitive attribute to the purpose for which behaviour may be read for it all the same."""

    model_config = example(marked={"mood": "none", "denomination": "religion"}, llm=False)

    allow_stated_sensitive: bool = False
    inferred: Marks = Field(default_factory=dict)
    marked: Marks = Field(default_factory=dict)
    llm: bool = False
    llm_sensitive: bool = False


class TrainBody(Shape):
    """What to train; without a name the model gets its recipe's, with a number where needed."""

    model_config = example(recipe="default", minutes=10)

    recipe: RecipeName = "default"
    name: ModelName | None = None
    minutes: Annotated[float, Field(strict=True, gt=0, le=100_000)] | None = None
    seed: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)] = 0
