"""Commands that say what a store holds, and load public data sets into one."""

from __future__ import annotations

from typing import Annotated

import typer

from habitus.cli.app import StoreFolder, Workspace, engine_of
from habitus.cli.screen import note, plain, progress, say_all, table

datasets = typer.Typer(rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    app.command("status")(status_command)
    app.command("fingerprint")(fingerprint_command)
    app.add_typer(datasets, name="datasets", help="List public data sets, or load one.")


@datasets.callback(invoke_without_command=True)
def datasets_command(context: typer.Context) -> None:
    """List the public data sets that `habitus datasets load NAME STORE` can load."""
    if context.invoked_subcommand is not None:
        return
    from habitus.events.datasets import DATASETS

    rows = [(name, entry.description, entry.licence) for name, entry in DATASETS.items()]
    table(("name", "what it is", "terms"), rows)


@datasets.command("load")
def load_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="See: habitus datasets")],
    store: StoreFolder,
    workspace: Workspace = "default",
) -> None:
    """Load a public data set: from the folder HABITUS_DATA where it lies there, else by download."""
    from habitus.events.datasets import load_dataset

    with engine_of(store, workspace, create=True) as engine, progress() as report:
        summary = load_dataset(name, engine.store, progress=report)
    say_all(summary.sentences())
    note(f"Next: habitus status {store}")


def status_command(store: StoreFolder, workspace: Workspace = "default") -> None:
    """Say what is there, whether it is enough to learn from, and what would help."""
    with engine_of(store, workspace) as engine, progress() as report:
        report("Reading the log", 0, None)
        found = engine.status()
    say_all(found.lines())


def fingerprint_command(store: StoreFolder, workspace: Workspace = "default") -> None:
    """Print one value for the content: the same events, items, users and types give the same."""
    with engine_of(store, workspace) as engine, progress() as report:
        report("Reading the log", 0, None)
        plain(engine.store.fingerprint())
