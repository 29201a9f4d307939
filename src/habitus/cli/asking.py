"""Commands that ask a model: what is next, in which order, what is alike."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from habitus.cli.app import AsJson, Count, Now, StoreFolder, Workspace, engine_of, moment
from habitus.cli.screen import note, plain, progress, say, table
from habitus.types import HabitusError, Slate

Repeats = Annotated[
    bool | None,
    typer.Option(
        "--include-seen/--exclude-seen",
        help="May items come back that the user had? (absent: as the model was trained to)",
    ),
]


def register(app: typer.Typer) -> None:
    app.command("recommend")(recommend_command)
    app.command("rank")(rank_command)
    app.command("similar")(similar_command)


def recommend_command(
    store: StoreFolder,
    user: Annotated[
        str | None, typer.Argument(metavar="USER", help="Anybody, also a user never seen before.")
    ] = None,
    k: Count = 10,
    now: Now = None,
    include_seen: Repeats = None,
    everybody: Annotated[bool, typer.Option("--all", help="For every user, to a file.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --all: .jsonl, .csv or .parquet.")
    ] = None,
    as_json: AsJson = False,
    workspace: Workspace = "default",
) -> None:
    """Say what a user is likeliest to want next, or write it for everybody."""
    exclude_seen = None if include_seen is None else not include_seen
    if everybody != (out is not None) or everybody == (user is not None):
        raise HabitusError(
            "It is not clear whom to recommend for.",
            "Name a USER, or pass --all with --out FILE.",
        )
    with engine_of(store, workspace) as engine:
        if user is not None:
            show(engine.recommend(user, k, moment(now), exclude_seen), f"Next for {user}", as_json)
        elif out is not None:
            with progress() as report:
                count = engine.recommend_all(out, k, moment(now), exclude_seen, report)
            say(f"{out} has {k} items for each of {count:,} users.")


def rank_command(
    store: StoreFolder,
    user: Annotated[str, typer.Argument(metavar="USER", help="The user to rank for.")],
    items: Annotated[list[str], typer.Argument(metavar="ITEM…", help="The items to rank.")],
    now: Now = None,
    as_json: AsJson = False,
    workspace: Workspace = "default",
) -> None:
    """Put the given items in order, likeliest first."""
    with engine_of(store, workspace) as engine:
        show(engine.rank(user, items, moment(now)), f"Ranked for {user}", as_json)


def similar_command(
    store: StoreFolder,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The item to compare with.")],
    k: Count = 10,
    as_json: AsJson = False,
    workspace: Workspace = "default",
) -> None:
    """Say which items are most like one."""
    with engine_of(store, workspace) as engine:
        show(engine.similar(item, k), f"Like {item}", as_json)


def show(slate: Slate, heading: str, as_json: bool) -> None:
    """An answer as a table, or as one JSON object."""
    if as_json:
        plain(json.dumps(asdict(slate), ensure_ascii=False))
        return
    say(f"{heading}, by the model {slate.model}:")
    note(slate.note)
    rows = [
        (str(place), item.item_id, item.text.partition("\n")[0][:60], f"{item.score:.3f}")
        for place, item in enumerate(slate.items, 1)
    ]
    table(("", "item", "text", "score"), rows, right=("", "score"))
