"""`habitus migrate`: a store from a folder into PostgreSQL, or back."""

from __future__ import annotations

from typing import Annotated

import typer

from habitus.cli.screen import note, progress, say_all


def register(app: typer.Typer) -> None:
    app.command("migrate")(migrate_command)


def migrate_command(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The store: a folder or a URL.")],
    target: Annotated[
        str, typer.Argument(metavar="TO", help="A new folder, or postgresql://user@host/database.")
    ],
    models: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="The files of the store in PostgreSQL (else HABITUS_MODELS, ./habitus-models).",
        ),
    ] = None,
) -> None:
    """Copy a whole store to a new place, SQLite or PostgreSQL, and check that both are the same.

    End everything that writes to the store first. The store itself stays as it is; the copy can be
    opened once it is complete. Broken off, the same command begins anew.
    """
    from habitus.events.migrate import migrate

    with progress() as report:
        moved = migrate(source, target, models, report)
    rows = sum(moved.rows.values())
    say_all(
        [
            f"{rows:,} rows of {len(moved.fingerprints)} workspaces were copied, "
            f"{moved.rows['events']:,} of them events; {moved.models} models.",
            *(f"  {name}: {value}" for name, value in moved.fingerprints.items()),
            "Both sides have these fingerprints.",
        ]
    )
    note("Next: let every process open the new place, then put the old one away.")
