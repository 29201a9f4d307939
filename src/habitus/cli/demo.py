"""`habitus demo`: the main job from a log to recommendations that change with the next event."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from habitus.cli.app import Seed, Threads
from habitus.cli.screen import duration, plain, progress, say, say_all, table, title

if TYPE_CHECKING:
    from habitus.engine import Engine

COMPARED = ("default", "popularity", "last-items", "item-knn", "ease")
FOR_COMPARISON = 2 / 3  # of the training time; the rest trains the model that serves
USERS = 3
SHOWN = 5


def register(app: typer.Typer) -> None:
    app.command("demo")(demo_command)


def demo_command(
    minutes: Annotated[float, typer.Option(min=0.0, help="Training time in all.")] = 4.0,
    folder: Annotated[Path, typer.Option(help="Where the stores go.")] = Path("habitus-demo"),
    seed: Seed = 0,
    threads: Threads = None,
) -> None:
    """Show the whole way on MovieLens-1M: import, train, compare, recommend; a few minutes.

    The data comes from the folder HABITUS_DATA, else by download, else a shop is made up.
    """
    from habitus.cli.demo_data import open_log

    began = time.monotonic()
    title("1. A log of what users did")
    with open_log(folder) as engine:
        tell(engine, minutes, seed, threads)
        what_next(engine)
    say()
    say(f"This took {duration(time.monotonic() - began)}.")


def tell(engine: Engine, minutes: float, seed: int, threads: int | None) -> None:
    """The story on one imported log: status, comparison, training, users."""
    say_all(engine.status().lines())
    title("2. How good is the model? Everybody's last event is hidden and asked for")
    compare(engine, minutes * FOR_COMPARISON, seed, threads)
    title("3. A model that knows all events and answers")
    train(engine, minutes * (1 - FOR_COMPARISON), seed, threads)
    title("4. Three users, and what one more event changes")
    show_users(engine)


def compare(engine: Engine, minutes: float, seed: int, threads: int | None) -> None:
    """Train on the past and compare with simple baselines under full ranking."""
    from habitus.cli.comparison import show_comparison

    with progress() as report:
        found = engine.evaluate(
            COMPARED, minutes=minutes, seed=seed, threads=threads, progress=report
        )
    show_comparison(found)


def train(engine: Engine, minutes: float, seed: int, threads: int | None) -> None:
    from habitus.cli.learning import trained_how

    with progress() as report:
        entry = engine.train(minutes=minutes, seed=seed, threads=threads, progress=report)
    say(f"Model {entry.name} answers from now on. Its training: {trained_how(entry.report)}.")
    say("It keeps nothing of any user: it reads their history when it is asked.")


def show_users(engine: Engine) -> None:
    """Some users' histories, what is recommended, and the same after one more event."""
    from habitus.cli.demo_users import POPULAR, choose_users, suppose

    for user in choose_users(engine.store, USERS):
        supposed = suppose(engine, user, SHOWN)
        say()
        say(f"User {user}, whose last {len(supposed.history)} were:")
        for line in supposed.history:
            say(f"    {line}")
        say(f"Suppose that they now give {supposed.event}")
        say(f"    (of the {POPULAR} most popular that they did not have, what was least expected)")
        say()
        rows = zip(supposed.before, supposed.after, strict=True)
        numbered = [(str(place), *row) for place, row in enumerate(rows, 1)]
        table(("", "recommended before", "recommended after (+ new)"), numbered)


def what_next(engine: Engine) -> None:
    """Commands to go on with, ready to be copied."""
    from habitus.cli.demo_users import choose_users

    store, run = from_here(engine.store.folder), program()
    user = choose_users(engine.store, 1)[0]
    title("5. What to try next")
    for meaning, command in (
        (
            "what a user wants next, and somebody whom nobody knows",
            f"recommend {store} {user} -k 5",
        ),
        ("", f"recommend {store} somebody-new -k 5"),
        ("who a user is, how sure that is, and from which events", f"profile {store} {user}"),
        ("a better model; Ctrl-C keeps the best so far", f"train {store} --minutes 20"),
        ("other recipes", f"evaluate {store} --recipes default,sasrec-ce,ease --minutes 10"),
        ("your own log", "import my-store events.csv --map user_id=customer"),
    ):
        if meaning:
            say()
            say(f"# {meaning}")
        plain(f"{run} {command}")
    say()
    say("docs/guide/first-steps.md goes the whole way with a log of your own.")


def program() -> str:
    """How to call this program from here."""
    if shutil.which("habitus"):
        return "habitus"
    return str(from_here(Path(sys.executable).with_name("habitus")))


def from_here(path: Path) -> Path:
    """The path as it is written from the current folder, where it lies below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
