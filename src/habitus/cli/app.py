"""The application that the commands join, and the options that many of them share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from habitus.types import SECOND, HabitusError

if TYPE_CHECKING:
    from habitus.engine import Engine

app = typer.Typer(
    name="habitus",
    help="Observe what users do, learn how they behave, ask what comes next, with honest numbers.",
    epilog="Begin with: habitus demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


class StoreUrl(str):
    """The URL of a store in PostgreSQL. In a sentence it is without its password."""

    def __format__(self, form: str) -> str:
        from habitus.events.database import shown

        return format(shown(str(self)), form)


def store_place(text: str) -> Path | StoreUrl:
    """The folder or the URL that names a store."""
    return StoreUrl(text) if "://" in text else Path(text)


StoreFolder = Annotated[
    Path,
    typer.Argument(
        metavar="STORE",
        parser=store_place,
        help="The folder of the store, or postgresql://user@host/database.",
    ),
]
Workspace = Annotated[str, typer.Option(help="The tenant within the store.")]
Count = Annotated[int, typer.Option("-k", min=1, help="How many items.")]
Minutes = Annotated[
    float | None, typer.Option(min=0.0, help="Stop training after so long (none: when it is done).")
]
Seed = Annotated[int, typer.Option(help="The seed of everything random.")]
Threads = Annotated[int | None, typer.Option(min=1, help="Processor threads to train with.")]
Now = Annotated[
    str | None,
    typer.Option(help="The moment to answer for: ISO 8601 (UTC without a zone) or unix seconds."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def engine_of(
    store: Path | str, workspace: str, *, create: bool = False, encoder: str | None = None
) -> Engine:
    """The engine on a store that exists (or may be made), with a sentence encoder by its name."""
    import habitus

    if encoder is None:
        return habitus.open(store, workspace, create=create)
    from habitus.language.encoder import encoder as named

    return habitus.open(store, workspace, create=create, encoder=named(encoder))


def moment(text: str | None, option: str = "--now") -> datetime | int | None:
    """The moment that an option names; None where it is absent. HabitusError where it is no time."""
    if text is None:
        return None
    try:
        return round(float(text) * SECOND)
    except (ValueError, OverflowError):
        pass
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise HabitusError(
            f"{option} {text!r} is no time.", "Give it as 2025-06-01T20:15 or in unix seconds."
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def pairs(texts: list[str], option: str) -> dict[str, str]:
    """NAME=VALUE options as a mapping; HabitusError where one is not such a pair."""
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise HabitusError(
                f"{option} {text!r} is not of the form NAME=VALUE.", f"For example: {option} a=b"
            )
        found[name] = value
    return found
