"""`habitus serve` with settings that the command has no options for: one argument, JSON."""

from __future__ import annotations

import sys
from dataclasses import replace

from habitus.serve.logs import configure
from habitus.serve.settings import Settings
from habitus.serve.supervisor import Supervisor


def main(said: str) -> None:
    """Serve without keys until told to stop; the first line says where."""
    settings = replace(Settings.from_json(said), port=0, open_workspace="default")
    configure()
    Supervisor(settings).run(lambda address: print(f"listens on {address}", flush=True))


if __name__ == "__main__":
    main(sys.argv[1])
