"""Who a user is over HTTP: profile, edits, recall, context, explanation, and the workspace's policy.

What is asked comes in bodies: proxies log addresses, and a question to a memory is personal.
Sensitive matters are in an answer only where the call's key has the scope `sensitive`.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from starlette.responses import Response

from habitus.engine import Engine
from habitus.profile.profile import Profile, plain
from habitus.profile.sensitive import Policy
from habitus.serve.bodies import (
    ContextBody,
    EditBody,
    ExplainBody,
    InterpretBody,
    PolicyBody,
    RecallBody,
)
from habitus.serve.calls import (
    answer,
    aware,
    calls,
    engine_of,
    sees_sensitive,
    service_of,
    visit_of,
)
from habitus.serve.fields import MomentInAddress
from habitus.serve.problems import invalid
from habitus.serve.profile_answers import (
    ContextAnswer,
    ExplanationAnswer,
    InterpretedAnswer,
    PolicyAnswer,
    ProfileAnswer,
    RecallAnswer,
)
from habitus.serve.users import UserId
from habitus.serve.visit import Right

reading = APIRouter(route_class=calls(Right.READ))
editing = APIRouter(route_class=calls(Right.WRITE, Right.READ))  # it answers with the profile
interpreting = APIRouter(route_class=calls(Right.WRITE))
ruling = APIRouter(route_class=calls(Right.ADMIN))

PATIENCE = 75.0  # seconds for a language model, and for the call that it answers before

InAddress = Annotated[MomentInAddress | None, Query(examples=[1_750_000_000_000_000])]


@reading.get("/v1/users/{user_id:path}/profile", response_model=ProfileAnswer, tags=["profiles"])
async def profile(
    request: Request,
    user_id: UserId,
    as_of: InAddress = None,
    known_at: InAddress = None,
    past: bool = False,
) -> Response:
    """Who a user is, in propositions, each with its confidence and the events it rests on. `as_of` is
    the moment that is asked about, `known_at` the one at which it is asked; `past` adds what held
    once."""
    engine = await engine_of(request)
    sensitive = sees_sensitive(request)

    def read() -> Response:
        return _shown(engine.profile(user_id, as_of, known_at, sensitive), past)

    return await service_of(request).reads.run(read)


@editing.post("/v1/profile/edit", response_model=ProfileAnswer, tags=["profiles"])
async def edit(request: Request, body: Annotated[EditBody, Body()]) -> Response:
    """Pin, correct, reject or delete one proposition. Answers with the profile as it is then; every
    worker counts it from the next answer on. Needs the scopes `write` and `read`."""
    if body.action != "correct" and (body.value, body.stance) != (None, None):
        place = "stance" if body.value is None else "value"
        raise invalid(place, "goes with the action correct alone", "Leave it out, or correct.")
    engine = await engine_of(request)
    return await service_of(request).writes.run(
        partial(_edited, engine, body, sees_sensitive(request))
    )


@reading.post("/v1/recall", response_model=RecallAnswer, tags=["profiles"])
async def recall(request: Request, body: Annotated[RecallBody, Body()]) -> Response:
    """What answers a query best of all that a user wrote, and of what is known of them."""
    engine = await engine_of(request)
    sensitive = sees_sensitive(request)

    def read() -> Response:
        found = engine.recall(body.user_id, body.query, body.k, body.now, sensitive)
        return answer({"user_id": body.user_id, "found": [asdict(one) for one in found]})

    return await service_of(request).reads.run(read)


@reading.post("/v1/context", response_model=ContextAnswer, tags=["profiles"])
async def context(request: Request, body: Annotated[ContextBody, Body()]) -> Response:
    """The few lines that a language model should see of a user for a query, each with its events."""
    engine = await engine_of(request)
    sensitive = sees_sensitive(request)

    def read() -> Response:
        found = engine.context(body.user_id, body.query, body.budget, body.now, sensitive)
        return answer({"user_id": body.user_id, **asdict(found)})

    return await service_of(request).reads.run(read)


@reading.post("/v1/explain", response_model=ExplanationAnswer, tags=["profiles"])
async def explain(request: Request, body: Annotated[ExplainBody, Body()]) -> Response:
    """Why an item stands where it does for a user: what is known of them that concerns it, and which
    events moved it, found by leaving each out."""
    engine = await engine_of(request)
    service = service_of(request)
    await aware(request, engine, (body.item_id,))
    sensitive = sees_sensitive(request)
    # Read here, so that the model's thread need not.
    read = partial(engine.profile, body.user_id, body.now, sensitive=sensitive)
    known_now = await service.reads.run(read)
    job = partial(
        engine.explain, body.user_id, body.item_id, body.now, sensitive, profile=known_now
    )
    found = await service.batcher.run(job)
    known = [plain(one) for one in found.propositions]
    causes = [asdict(one) for one in found.causes]
    return answer({**asdict(replace(found, propositions=(), causes=())),
                   "propositions": known, "causes": causes})  # fmt: skip


@interpreting.post("/v1/profile/interpret", response_model=InterpretedAnswer, tags=["profiles"])
async def interpret(request: Request, body: Annotated[InterpretBody, Body()]) -> Response:
    """Have the language model that the server is configured with read what a user wrote, where the
    workspace's policy allows it. Only what their own words bear out is kept."""
    engine = await engine_of(request)
    visit_of(request).allow(PATIENCE)
    found = await service_of(request).interprets.run(partial(engine.interpret, body.user_id))
    said = {"accepted": len(found.accepted), "dropped": found.dropped, "fallback": found.fallback}
    return answer({"user_id": body.user_id, **said})


@ruling.get("/v1/policy", response_model=PolicyAnswer, tags=["profiles"])
async def policy(request: Request) -> Response:
    """What the workspace allows to be known of its users, and the attributes to review."""
    engine = await engine_of(request)
    return await service_of(request).reads.run(partial(_ruled, engine))


@ruling.put("/v1/policy", response_model=PolicyAnswer, tags=["profiles"])
async def set_policy(request: Request, body: Annotated[PolicyBody, Body()]) -> Response:
    """Allow, from the next answer on, what this policy says, and nothing else."""
    engine = await engine_of(request)
    wanted = Policy(**body.model_dump())

    def change() -> Response:
        engine.set_policy(wanted)
        return _ruled(engine)

    return await service_of(request).writes.run(change)


def _edited(engine: Engine, body: EditBody, sensitive: bool) -> Response:
    """Do what a body says to a proposition that its sender may see; the profile after it."""
    if engine.profile(body.user_id, sensitive=sensitive).find(body.proposition_id) is None:
        raise invalid(
            "proposition_id",
            "is that of no proposition of the user",
            "Read the profile again: ids are those of its propositions.",
        )
    ACTIONS[body.action](engine, body)
    return _shown(engine.profile(body.user_id, sensitive=sensitive), past=False)


ACTIONS: dict[str, Any] = {
    "pin": lambda engine, body: engine.pin(body.user_id, body.proposition_id),
    "unpin": lambda engine, body: engine.pin(body.user_id, body.proposition_id, pinned=False),
    "correct": lambda engine, body: engine.correct(
        body.user_id, body.proposition_id, body.value, body.stance
    ),
    "reject": lambda engine, body: engine.reject(body.user_id, body.proposition_id),
    "delete": lambda engine, body: engine.drop(body.user_id, body.proposition_id),
}


def _shown(found: Profile, past: bool) -> Response:
    """A profile as an answer; made where it was read, as it may be long."""
    return answer(
        {
            "user_id": found.user_id,
            "now": found.now,
            "propositions": [plain(one) for one in found.propositions],
            "past": [plain(one) for one in found.past] if past else [],
            "constraints": [asdict(one) for one in found.constraints],
            "events": found.events,
            "note": found.note,
        }
    )


def _ruled(engine: Engine) -> Response:
    now = engine.policy()
    return answer(
        {
            "allow_stated_sensitive": now.allow_stated_sensitive,
            "inferred": dict(now.inferred),
            "marked": dict(now.marked),
            "llm": now.llm,
            "llm_sensitive": now.llm_sensitive,
            "unreviewed": engine.unreviewed(),
        }
    )
