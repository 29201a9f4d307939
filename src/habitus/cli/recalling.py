"""Commands that draw on what is known of a user: recall, context, explain, interpret."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from habitus.cli.app import AsJson, Count, Now, StoreFolder, Workspace, engine_of, moment
from habitus.cli.profiles import Sensitive, UserId
from habitus.cli.screen import note, plain, say, say_all, table, title

if TYPE_CHECKING:
    from habitus.act.explain import Explanation

Query = Annotated[str, typer.Argument(metavar="QUERY", help="What is asked, in plain words.")]
Encoder = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="A sentence encoder, which finds what is meant: its name, or its folder.",
    ),
]


def register(app: typer.Typer) -> None:
    app.command("recall")(recall_command)
    app.command("context")(context_command)
    app.command("explain")(explain_command)
    app.command("interpret")(interpret_command)


def recall_command(
    store: StoreFolder,
    user: UserId,
    query: Query,
    k: Count = 10,
    now: Now = None,
    encoder: Encoder = None,
    as_json: AsJson = False,
    workspace: Workspace = "default",
) -> None:
    """Find what a user wrote, or what is known of them, that answers a query."""
    from habitus.cli.saying import minute

    with engine_of(store, workspace, encoder=encoder) as engine:
        found = engine.recall(user, query, k, moment(now))
    if as_json:
        plain(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    if not found:
        say("Nothing that the user wrote, and nothing that is known of them, speaks of that.")
        return
    rows = [
        (
            minute(one.time),
            " ".join(one.text.split()),
            ", ".join(one.why),
            ", ".join(one.event_ids[:2]),
        )
        for one in found
    ]
    table(("when", "text", "why", "events"), rows)


def context_command(
    store: StoreFolder,
    user: UserId,
    query: Query,
    budget: Annotated[int, typer.Option(min=0, help="Characters at most.")] = 2_000,
    now: Now = None,
    sensitive: Sensitive = False,
    encoder: Encoder = None,
    as_json: AsJson = False,
    workspace: Workspace = "default",
) -> None:
    """Print the few lines that an assistant should see of a user before it answers a query."""
    with engine_of(store, workspace, encoder=encoder) as engine:
        found = engine.context(user, query, budget, moment(now), sensitive)
    if as_json:
        plain(json.dumps(asdict(found), ensure_ascii=False))
    elif found.text:
        plain(found.text)
    else:
        note("Nothing that is known of the user belongs to that, or fits.")


def explain_command(
    store: StoreFolder,
    user: UserId,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The id of the item.")],
    now: Now = None,
    sensitive: Sensitive = False,
    as_json: AsJson = False,
    workspace: Workspace = "default",
) -> None:
    """Say why an item stands where it does for a user."""
    from habitus.profile.profile import plain as values

    with engine_of(store, workspace) as engine:
        found = engine.explain(user, item, moment(now), sensitive)
    if as_json:
        known = [values(one) for one in found.propositions]
        plain(json.dumps({**asdict(found), "propositions": known}, ensure_ascii=False))
        return
    _show(found)


def interpret_command(
    store: StoreFolder,
    user: UserId,
    as_json: AsJson = False,
    workspace: Workspace = "default",
) -> None:
    """Have a language model read what a user wrote, where the policy allows it.

    HABITUS_LLM_BASE_URL, HABITUS_LLM_MODEL and HABITUS_LLM_API_KEY name the model.
    """
    from habitus.language.llm import LLM
    from habitus.profile.wording import sentence

    configured = LLM.from_environment(os.environ) is not None
    with engine_of(store, workspace) as engine:
        allowed = engine.policy().llm
        found = engine.interpret(user)
    if as_json:
        plain(json.dumps(asdict(found), ensure_ascii=False))
        return
    if found.fallback:
        say(found.fallback)
        if not configured:
            note("Set HABITUS_LLM_BASE_URL and HABITUS_LLM_MODEL to name one.")
        if not allowed:
            note(f"To allow it for this workspace: habitus policy {store} --llm")
        return
    say_all(f"- {sentence(claim)} [{event_id}]" for event_id, claim in found.accepted)
    say(f"{len(found.accepted):,} kept, {len(found.dropped):,} dropped.")
    for reason in dict.fromkeys(found.dropped):
        note(f"Dropped: {reason}")


def _show(found: Explanation) -> None:
    from habitus.cli.saying import bar, percent

    name = found.text.partition("\n")[0] or found.item_id
    place = f"is in place {found.rank:,} of {found.among:,}" if found.rank else "may not be shown"
    title(name)
    say(f"For {found.user_id} it {place}, by the model {found.model}.")
    note(found.note)
    if found.propositions:
        title("What is known of the user that concerns it")
        rows = [
            (f"{bar(one.confidence)} {percent(one.confidence)}", one.sentence)
            for one in found.propositions
        ]
        table(("how sure", "what"), rows)
    if found.causes:
        title("What they did that moved it")
        moves = [
            (
                f"{abs(each.moved):,} {'up' if each.moved > 0 else 'down'}",
                each.text or each.item_id,
                each.event_id,
            )
            for each in found.causes
        ]
        table(("places", "event with", "event"), moves, right=("places",))
    if not found.propositions and not found.causes:
        say("Nothing that is known of the user concerns it.")
