"""The command for what a workspace allows to be known of its users."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from habitus.cli.app import AsJson, StoreFolder, Workspace, engine_of
from habitus.cli.screen import note, plain, say, say_all, table, title
from habitus.types import HabitusError

if TYPE_CHECKING:
    from habitus.profile.sensitive import Policy


def register(app: typer.Typer) -> None:
    app.command("policy")(policy_command)


def policy_command(
    store: StoreFolder,
    path: Annotated[
        Path | None, typer.Option("--set", metavar="FILE", help="Take the policy in a JSON file.")
    ] = None,
    stated: Annotated[
        bool | None,
        typer.Option(
            "--allow-stated-sensitive/--no-allow-stated-sensitive",
            help="Keep what users say of sensitive matters.",
        ),
    ] = None,
    llm: Annotated[
        bool | None, typer.Option("--llm/--no-llm", help="Texts may go to a language model.")
    ] = None,
    llm_sensitive: Annotated[
        bool | None, typer.Option("--llm-sensitive/--no-llm-sensitive", help="Sensitive texts too.")
    ] = None,
    marks: Annotated[
        list[str] | None,
        typer.Option(
            "--mark", metavar="ATTRIBUTE=CATEGORY", help="Say what an attribute is; several times."
        ),
    ] = None,
    as_json: AsJson = False,
    workspace: Workspace = "default",
) -> None:
    """Show or set what may be known of users, and which attributes nobody has judged yet."""
    switches = {
        "allow_stated_sensitive": stated,
        "llm": llm,
        "llm_sensitive": llm_sensitive,
    }
    wanted: dict[str, Any] = {name: on for name, on in switches.items() if on is not None}
    with engine_of(store, workspace) as engine:
        policy = engine.policy() if path is None else _policy_in(path)
        marked = {**policy.marked, **_marks(marks or [])}
        policy = replace(policy, marked=marked, **wanted)
        if policy != engine.policy():
            engine.set_policy(policy)
        waiting = engine.unreviewed()
    if as_json:
        plain(json.dumps({"policy": json.loads(policy.to_json()), "unreviewed": waiting}))
        return
    _show(policy, waiting)


def _policy_in(path: Path) -> Policy:
    from habitus.profile.sensitive import Policy

    try:
        return Policy.from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise HabitusError(
            f"The file {path} cannot be read ({type(error).__name__}).",
            "Name a file as `habitus policy STORE --json` prints under policy.",
        ) from error


def _marks(texts: list[str]) -> dict[str, str]:
    """ATTRIBUTE=CATEGORY, or ATTRIBUTE=VALUE=CATEGORY for one value."""
    found = {}
    for text in texts:
        name, _, category = text.rpartition("=")
        if not (name and category):
            raise HabitusError(
                f"--mark {text!r} is not of the form ATTRIBUTE=CATEGORY.",
                "For example: --mark genre=none",
            )
        found[name] = category
    return found


def _show(policy: Policy, waiting: list[str]) -> None:
    from habitus.profile.sensitive import MARKS

    title("What the workspace allows")
    rows = [
        ("keep what users say of sensitive matters", _yes(policy.allow_stated_sensitive)),
        ("send texts to a language model", _yes(policy.llm)),
        ("send sensitive texts too", _yes(policy.llm_sensitive)),
    ]
    table(("what", "allowed"), rows)
    if policy.inferred:
        title("Sensitive, but read from behaviour")
        table(("attribute", "what for"), sorted(policy.inferred.items()))
    if policy.marked:
        title("Judged")
        table(("attribute", "category"), sorted(policy.marked.items()))
    if waiting:
        title("Not judged yet")
        say_all([", ".join(waiting)])
        note(f"To judge one: --mark {waiting[0]}=CATEGORY, of {', '.join(sorted(MARKS))}")
    else:
        say()
        say("Every attribute of the items is judged.")


def _yes(on: bool) -> str:
    return "yes" if on else "no"
