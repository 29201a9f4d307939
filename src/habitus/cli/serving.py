"""The command that serves a store over HTTP."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from habitus.cli.screen import note, say


def register(app: typer.Typer) -> None:
    app.command("serve")(serve_command)


def serve_command(
    store: Annotated[
        str, typer.Argument(metavar="STORE", help="The folder, or the postgresql:// address.")
    ],
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="The port; 0 = any that is free.")
    ] = 8080,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Processes that answer.")] = 1,
    admin_key_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file with the first admin key.")
    ] = None,
    models: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Where models lie, if not in the store.")
    ] = None,
    workspace: Annotated[
        str, typer.Option(help="The tenant of a server without keys.")
    ] = "default",
    encoder: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="A sentence encoder for recall: its name, or its folder."
        ),
    ] = None,
) -> None:
    """Serve a store over HTTP: /v1, /healthz, /readyz, /metrics; described at /openapi.json.

    Without keys it answers programs on this machine alone. SIGTERM or Ctrl-C ends it gracefully.
    """
    import os
    from dataclasses import replace

    from habitus.serve.logs import configure
    from habitus.serve.settings import Settings
    from habitus.serve.starting import has_keys, insist_on_language, insist_on_loopback
    from habitus.serve.supervisor import Supervisor

    settings = Settings(
        store=store, models=models, host=host, port=port, workers=workers, encoder=encoder
    )
    insist_on_language(settings, os.environ)
    if not has_keys(settings, admin_key_file):
        insist_on_loopback(settings)
        settings = replace(settings, open_workspace=workspace)
        note("This store has no keys: only programs on this machine may call, and may do anything.")
    configure()

    def listening(address: str) -> None:
        say(f"Habitus listens on {address}")
        sys.stdout.flush()

    Supervisor(settings).run(listening)
