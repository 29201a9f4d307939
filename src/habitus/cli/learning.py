"""Commands that train, list and compare models."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from habitus.cli.app import AsJson, Minutes, Seed, StoreFolder, Threads, Workspace, engine_of
from habitus.cli.screen import console, duration, note, plain, progress, say, table

COMPARED = "default,popularity,last-items,item-knn,ease"


class Protocols(StrEnum):
    LEAVE_ONE_OUT = "leave-one-out"
    TEMPORAL = "temporal"
    LAST_FRACTION = "last-fraction"


class SeenPolicy(StrEnum):
    MASK = "mask"
    KEEP = "keep"


def register(app: typer.Typer) -> None:
    app.command("train")(train_command)
    app.command("recipes")(recipes_command)
    app.command("models")(models_command)
    app.command("evaluate")(evaluate_command)


def train_command(
    store: StoreFolder,
    recipe: Annotated[str, typer.Option(help="See: habitus recipes; or a .toml file.")] = "default",
    minutes: Minutes = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where an interrupted training stopped.")
    ] = False,
    name: Annotated[str | None, typer.Option(help="Of the model (absent: the recipe's).")] = None,
    seed: Seed = 0,
    threads: Threads = None,
    workspace: Workspace = "default",
) -> None:
    """Train a model on everything in the store and let it serve.

    Ctrl-C keeps the best model so far.
    """
    with engine_of(store, workspace) as engine, progress() as report:
        entry = engine.train(
            recipe,
            minutes=minutes,
            name=name,
            seed=seed,
            threads=threads,
            resume=resume,
            progress=report,
        )
    say(f"Model {entry.name} is trained and answers from now on ({trained_how(entry.report)}).")
    note(f"Next: habitus recommend {store} USER")


def recipes_command() -> None:
    """List what can be trained, and the source of each recipe."""
    from habitus.model.recipe import load_recipe, recipe_names

    table(("recipe", "source"), [(name, load_recipe(name).source) for name in recipe_names()])


def models_command(
    store: StoreFolder,
    use: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Let this model answer from now on.")
    ] = None,
    workspace: Workspace = "default",
) -> None:
    """List the trained models; the one marked answers."""
    with engine_of(store, workspace) as engine:
        if use is not None:
            engine.activate(use)
        entries = engine.models()
    if not entries:
        say("No model is trained yet.")
        note(f"Next: habitus train {store}")
        return
    rows = [
        ("*" if entry.current else "", entry.name, trained_how(entry.report), entry.content[:12])
        for entry in entries
    ]
    table(("", "model", "training", "content"), rows)


def evaluate_command(
    store: StoreFolder,
    recipes: Annotated[
        str, typer.Option(help="Recipes and baselines, with commas; the first is the reference.")
    ] = COMPARED,
    protocol: Annotated[
        Protocols, typer.Option(help="How questions are asked.")
    ] = Protocols.LEAVE_ONE_OUT,
    seen: Annotated[
        SeenPolicy | None,
        typer.Option(help="May items of the history be recommended again? (absent: as users do)"),
    ] = None,
    minutes: Minutes = None,
    seed: Seed = 0,
    threads: Threads = None,
    as_json: AsJson = False,
    workspace: Workspace = "default",
) -> None:
    """Compare recipes and baselines: each learns from the same events and ranks every item.

    Baselines: popularity, popularity-7-days, last-items, item-knn, ease. Nothing is published.
    """
    from habitus.evaluate.render import render

    names = [name.strip() for name in recipes.split(",") if name.strip()]
    with engine_of(store, workspace) as engine, progress() as report:
        found = engine.evaluate(
            names,
            protocol=protocol.value,
            seen=seen.value if seen else None,
            minutes=minutes,
            seed=seed,
            threads=threads,
            progress=report,
        )
    if as_json:
        plain(found.to_json())
    else:
        render(found, console())


def trained_how(report: Mapping[str, Any]) -> str:
    """A model's report in a few words: recipe, time, why it stopped, what validation gave."""
    said = [f"recipe {report['recipe']}"]
    if (seconds := report.get("train_seconds")) is not None:
        said.append(f"{duration(seconds)} of training")
    if stopped := report.get("stopped"):
        said.append(str(stopped))
    if (reached := report.get("validation_ndcg@10")) is not None:
        said.append(f"validation NDCG@10 {reached:.3f}")
    return ", ".join(said)
