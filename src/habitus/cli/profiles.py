"""Commands that read and mend what is known of a user: profile, evidence, edit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from habitus.cli.app import AsJson, StoreFolder, Workspace, engine_of, moment
from habitus.cli.screen import note, plain, progress, say
from habitus.types import HabitusError, Origin, Proposition, Stance

if TYPE_CHECKING:
    from habitus.engine import Engine
    from habitus.profile.profile import Profile

SHOWN = 10  # events of each side in the evidence
LISTED = 5  # propositions that an id or words may mean


class Edits(StrEnum):
    PIN = "pin"
    UNPIN = "unpin"
    REJECT = "reject"
    DELETE = "delete"
    CORRECT = "correct"


SAID = {
    Edits.PIN: "Kept first",
    Edits.UNPIN: "No longer kept first",
    Edits.REJECT: "Rejected; only the user's own words bring it back",
    Edits.DELETE: "Taken away; only what is yet to come brings it back",
    Edits.CORRECT: "Corrected",
}

UserId = Annotated[str, typer.Argument(metavar="USER", help="The id of the user.")]
Which = Annotated[
    str,
    typer.Argument(metavar="ID", help="The first digits of its id, or words of its sentence."),
]
AsOf = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="The moment asked about: ISO 8601 or unix seconds."),
]
KnownAt = Annotated[
    str | None, typer.Option(metavar="TIME", help="Only what was recorded by then counts.")
]
Sensitive = Annotated[
    bool, typer.Option("--sensitive", help="Sensitive matters too, where the policy allows them.")
]
Everything = Annotated[bool, typer.Option("--all", help="Leave nothing out.")]


def register(app: typer.Typer) -> None:
    app.command("profile")(profile_command)
    app.command("evidence")(evidence_command)
    app.command("edit")(edit_command)


def profile_command(
    store: StoreFolder,
    user: Annotated[str | None, typer.Argument(metavar="USER", help="The id of the user.")] = None,
    learn: Annotated[
        bool, typer.Option("--learn", help="First fit anew what all users do; USER may be absent.")
    ] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    past: Annotated[bool, typer.Option("--past", help="Also what held once, with dates.")] = False,
    sensitive: Sensitive = False,
    everything: Everything = False,
    as_json: AsJson = False,
    workspace: Workspace = "default",
) -> None:
    """Show who a user is: what they said, like and do, each with how sure that is."""
    if user is None and not learn:
        raise HabitusError("It is not clear whose profile is asked for.", "Name a USER.")
    with engine_of(store, workspace) as engine:
        if learn:
            _learn(engine)
        if user is None:
            say("What all users do is fitted anew; profiles are read against it from now on.")
            return
        found = read(engine, user, as_of, known_at, sensitive)
        if as_json:
            plain(json.dumps(_as_values(found, past), ensure_ascii=False))
            return
        _show(engine, found, known_at, dated=as_of is not None, past=past, everything=everything)


def evidence_command(
    store: StoreFolder,
    user: UserId,
    which: Which,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    sensitive: Sensitive = False,
    everything: Everything = False,
    as_json: AsJson = False,
    workspace: Workspace = "default",
) -> None:
    """Show what one proposition of a profile rests on: the events for it and against it."""
    from habitus.cli.evidence_page import show_evidence
    from habitus.profile.profile import plain as values

    with engine_of(store, workspace) as engine:
        profile = read(engine, user, as_of, known_at, sensitive)
        one = chosen((*profile.propositions, *profile.past), which)
        events = {event.event_id or "": event for event in engine.history(user)}
        if not as_json:
            most = None if everything else SHOWN
            show_evidence(one, events, engine.store.catalogue(), most)
            return
    named = {
        side: [_event(events[each]) for each in ids if each in events]
        for side, ids in (("for", one.events_for), ("against", one.events_against))
    }
    plain(json.dumps({"proposition": values(one), **named}, ensure_ascii=False))


def edit_command(
    store: StoreFolder,
    user: UserId,
    which: Which,
    action: Annotated[Edits, typer.Argument(metavar="ACTION", help=", ".join(Edits) + ".")],
    value: Annotated[
        str | None, typer.Option(help="With correct: the value that holds instead.")
    ] = None,
    stance: Annotated[
        Stance | None, typer.Option(help="With correct: the stance that holds instead.")
    ] = None,
    sensitive: Sensitive = False,
    as_json: AsJson = False,
    workspace: Workspace = "default",
) -> None:
    """Pin, correct, reject or delete one proposition of a user's profile.

    A rejected one comes back only in the user's own words, a deleted one only from new events.
    """
    from habitus.profile.profile import plain as values

    if action is not Edits.CORRECT and (value is not None or stance is not None):
        raise HabitusError(
            "--value and --stance belong to a correction.", "Use the action correct with them."
        )
    with engine_of(store, workspace) as engine:
        profile = read(engine, user, None, None, sensitive)
        one = chosen((*profile.propositions, *profile.past), which)
        _edit(engine, one, action, value, stance)
        after = _after(engine.profile(user, sensitive=sensitive), one, action, value)
    if as_json:
        done = {
            "action": action.value,
            "proposition_id": one.proposition_id,
            "now": after and values(after),
        }
        plain(json.dumps(done, ensure_ascii=False))
        return
    say(f"{SAID[action]}: {one.sentence}")
    if action is Edits.CORRECT and after is not None:
        say(f"Now: {after.sentence}")


def read(
    engine: Engine, user: str, as_of: str | None, known_at: str | None, sensitive: bool
) -> Profile:
    """The profile at a moment; where nobody ever fitted what all users do, that is done first."""
    when, known = moment(as_of, "--as-of"), moment(known_at, "--known-at")
    found = engine.profile(user, when, known, sensitive)
    if not found.note:
        return found
    _learn(engine)
    return engine.profile(user, when, known, sensitive)


def chosen(propositions: Iterable[Proposition], which: str) -> Proposition:
    """The one proposition whose id begins with `which`, or else whose sentence holds those words.
    HabitusError where there is none, or more than one."""
    known = list(propositions)
    sought = which.strip().casefold()
    if not sought:
        raise HabitusError("No proposition is named.", "Give the first digits of its id.")
    found = [one for one in known if one.proposition_id.startswith(sought)]
    found = found or [one for one in known if sought in one.sentence.casefold()]
    if len({one.proposition_id for one in found}) == 1:
        return found[0]  # what holds stands before what held once under the same id
    if not found:
        raise HabitusError(
            f"The profile has nothing whose id begins with {which!r} or that says so.",
            "See: habitus profile STORE USER --all --past",
        )
    listed = "; ".join(f"{one.proposition_id[:8]} {one.sentence}" for one in found[:LISTED])
    raise HabitusError(
        f"{which!r} may mean {len(found)} propositions: {listed}", "Give more of the id."
    )


def _show(
    engine: Engine,
    found: Profile,
    known_at: str | None,
    *,
    dated: bool,
    past: bool,
    everything: bool,
) -> None:
    from habitus.act.asking import microseconds
    from habitus.cli.profile_page import Seen, show_profile

    known = moment(known_at, "--known-at")
    events = engine.history(found.user_id)
    seen = Seen.of(found, events, None if known is None else microseconds(known))
    if engine.store.ordinal:
        seen = Seen(seen.events)
    show_profile(found, seen, dated=dated, past=past, everything=everything)


def _learn(engine: Engine) -> None:
    note("What all users do is fitted, once, so that profiles can be read against it.")
    with progress() as report:
        engine.learn_everybody(report)


def _as_values(found: Profile, past: bool) -> dict[str, Any]:
    """A profile as plain values, ready for JSON."""
    from dataclasses import asdict

    from habitus.profile.profile import plain as values

    return {
        "user_id": found.user_id,
        "now": found.now,
        "events": found.events,
        "note": found.note,
        "propositions": [values(one) for one in found.propositions],
        "past": [values(one) for one in found.past] if past else [],
        "constraints": [asdict(one) for one in found.constraints],
    }


def _event(event: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return {name: value for name, value in asdict(event).items() if value is not None}


def _after(
    profile: Profile, before: Proposition, action: Edits, value: str | None
) -> Proposition | None:
    """What stands in the profile once a proposition was edited; a correction has an id of its own."""
    if action is not Edits.CORRECT:
        return profile.find(before.proposition_id)
    wanted = (before.kind, before.attribute, (value or before.value).strip(), before.scope)
    return next(
        (
            one
            for one in profile.propositions
            if one.origin is Origin.EDITED
            and (one.kind, one.attribute, one.value, one.scope) == wanted
        ),
        None,
    )


def _edit(
    engine: Engine, one: Proposition, action: Edits, value: str | None, stance: Stance | None
) -> None:
    user, name = one.user_id, one.proposition_id
    if action is Edits.CORRECT:
        engine.correct(user, name, value, stance)
        return
    verbs = {
        Edits.PIN: engine.pin,
        Edits.UNPIN: lambda user, name: engine.pin(user, name, False),
        Edits.REJECT: engine.reject,
        Edits.DELETE: engine.drop,
    }
    verbs[action](user, name)
