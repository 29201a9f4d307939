"""Commands for who runs a store: keys, backups, checks, deletions and what is kept how long."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from habitus.cli.app import StoreFolder, Workspace, engine_of
from habitus.cli.screen import message, note, plain, progress, say, say_all, table
from habitus.types import HabitusError

keys = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


class Scopes(StrEnum):
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
    SENSITIVE = "sensitive"


UserId = Annotated[str, typer.Argument(metavar="USER", help="The id of the user.")]
Backup = Annotated[Path, typer.Argument(metavar="BACKUP", help="The folder of the backup.")]


def register(app: typer.Typer) -> None:
    app.add_typer(keys, name="keys", help="Make, list and revoke the API keys of the service.")
    app.command("forget")(forget_command)
    app.command("export")(export_command)
    app.command("backup")(backup_command)
    app.command("restore")(restore_command)
    app.command("check")(check_command)
    app.command("retain")(retain_command)


@keys.command("make")
def make_command(
    store: StoreFolder,
    scope: Annotated[
        list[Scopes] | None, typer.Option(help="What the key may do; several times (absent: read).")
    ] = None,
    label: Annotated[str, typer.Option(help="What it is for; shown in the list.")] = "",
    adopt: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE", help="Take the secret in this file, made elsewhere."
        ),
    ] = None,
    workspace: Workspace = "default",
) -> None:
    """Make a key of a workspace. Its secret is printed now and never again."""
    scopes = [each.value for each in scope or [Scopes.READ]]
    with engine_of(store, workspace, create=True) as engine:
        if adopt is None:
            key_id, secret = engine.store.keys.make(workspace, scopes, label)
            plain(secret)
        else:
            key_id = engine.store.keys.adopt(_secret_in(adopt), workspace, scopes, label)
    note(f"Key {key_id} of the workspace {workspace}: {', '.join(scopes)}.")


@keys.command("list")
def list_command(
    store: StoreFolder,
    workspace: Annotated[
        str | None, typer.Option(help="Only the keys of this tenant (absent: of all).")
    ] = None,
) -> None:
    """List the keys, the revoked ones too. Secrets are kept nowhere."""
    from habitus.events.times import describe

    with engine_of(store, "default") as engine:
        found = engine.store.keys.list(workspace)
    rows = [
        (
            key.key_id,
            key.workspace,
            " ".join(sorted(key.scopes)),
            key.label,
            describe(key.created_at),
            "" if key.revoked_at is None else describe(key.revoked_at),
        )
        for key in found
    ]
    table(("key", "workspace", "scopes", "label", "made", "revoked"), rows)


@keys.command("revoke")
def revoke_command(
    store: StoreFolder,
    key_id: Annotated[str, typer.Argument(metavar="KEY", help="See: habitus keys list STORE")],
) -> None:
    """End a key. Servers refuse it within a second."""
    with engine_of(store, "default") as engine:
        ended = engine.store.keys.revoke(key_id)
    note(f"Key {key_id} is revoked." if ended else f"Key {key_id} was revoked before.")


def forget_command(
    store: StoreFolder,
    user: Annotated[
        str | None, typer.Argument(metavar="[USER]", help="The id of the user.")
    ] = None,
    listed: Annotated[
        bool,
        typer.Option(
            "--list", help="Print who was forgotten, as hashes, and revoked keys; forget nobody."
        ),
    ] = False,
    workspace: Workspace = "default",
) -> None:
    """Delete everything about a user, and refuse what they did up to now if it comes again."""
    if (user is None) != listed:
        raise HabitusError("Give the id of a user, or --list.", "See: habitus forget --help")
    with engine_of(store, workspace) as engine, progress() as report:
        if user is None:
            for line in engine.store.forgotten_list():
                plain(line)
            return
        report("Forgetting", 0, None)
        done = engine.store.forget(user)
        models = [entry.name for entry in engine.models()]
    say(
        f"Forgotten: {done.events:,} events, {done.slates:,} slates and {done.rejected:,} "
        "rejected rows are deleted."
    )
    if not done.clean:
        note("A long reader kept old pages in use: run `habitus retain` to clean the files.")
    if models:
        note(f"Models trained earlier may keep a trace; train anew to be rid of it: {models}")


def export_command(
    store: StoreFolder,
    user: UserId,
    sensitive: Annotated[
        bool, typer.Option("--sensitive", help="With propositions about sensitive matters.")
    ] = False,
    workspace: Workspace = "default",
) -> None:
    """Print everything held about a user, one JSON record a line."""
    with engine_of(store, workspace) as engine:
        for record in engine.export(user, sensitive):
            plain(json.dumps(record, ensure_ascii=False))


def backup_command(store: StoreFolder, target: Backup) -> None:
    """Copy a whole store to a new folder, also while it is in use.

    Do not copy the folder of a live store by other means: the copy may be torn.
    """
    with engine_of(store, "default") as engine, progress() as report:
        engine.store.backup(target, report)
    say(f"The backup is in {target}.")


def restore_command(
    source: Backup,
    store: Annotated[Path, typer.Argument(metavar="STORE", help="The folder of the store.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Give up what lies in the folder of the store.")
    ] = False,
    forgotten: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Forget these users too: a list from forget --list."),
    ] = None,
) -> None:
    """Make a store from a backup. Stop the servers of the store first.

    Users who were forgotten in the store that is replaced stay forgotten.
    """
    from habitus.events.restoring import restore

    with progress() as report:
        folder = store.expanduser().absolute()
        count = restore(source, folder, replace=replace, listed=forgotten, progress=report)
    say(f"The store is in {store}." + (f" {count:,} users were forgotten again." if count else ""))


def check_command(store: StoreFolder) -> None:
    """Check that a store is whole, and say what takes up the disk. Ends with 1 where it is not."""
    with engine_of(store, "default") as engine, progress() as report:
        found = engine.store.check(report)
        folder = engine.store.folder
    report("Checking the models", 0, None)
    problems = [*found.problems, *_changed_models(folder / "models")]
    say_all(found.facts)
    if not problems:
        say("The store is whole.")
        return
    for problem in problems:
        message(problem)
    message("The store is not whole.", "Restore a backup: habitus restore BACKUP STORE --replace")
    raise typer.Exit(1)


def retain_command(
    store: StoreFolder,
    slates: Annotated[
        float | None, typer.Option(metavar="DAYS", help="Drop what was shown longer ago.")
    ] = None,
    rejects: Annotated[
        float | None, typer.Option(metavar="DAYS", help="Drop older files of rejected rows.")
    ] = None,
    workspace: Workspace = "default",
) -> None:
    """Drop what is kept only for a time, and clean the files of what was deleted."""
    with engine_of(store, workspace) as engine, progress() as report:
        done = engine.store.retain(slates, rejects, report)
    say(f"Dropped: {done.slates:,} places of slates, {done.rejects:,} files of rejected rows.")
    if not done.clean:
        note("A long reader kept old pages in use: run it again to clean the files.")


def _secret_in(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise HabitusError(
            f"The file {path} cannot be read ({type(error).__name__}).", "Name a file with one key."
        ) from error


def _changed_models(folder: Path) -> list[str]:
    """Models whose files are not those that were published."""
    from habitus.act.models import ModelFolder, content_hash

    changed = []
    for workspace in sorted(path for path in folder.glob("*") if path.is_dir()):
        models = ModelFolder(workspace)
        changed += [
            f"The model {entry.name} of the workspace {workspace.name} is not as it was published."
            for entry in models.entries()
            if content_hash(workspace / entry.name) != entry.content
        ]
    return changed
