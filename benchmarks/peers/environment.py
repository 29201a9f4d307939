"""The peer's own virtual environment: made once under `.bench/`, or named by an environment variable.

A peer pins other versions of numpy, pandas and pyarrow than ours, so it never shares our environment.
`python -m benchmarks.peers.environment` makes it and prints its Python.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".bench" / "rectools"
VARIABLE = "HABITUS_PEER_RECTOOLS"
CPU_WHEELS = "https://download.pytorch.org/whl/cpu"
STEPS = (
    ("torch==2.13.0", "--extra-index-url", CPU_WHEELS),
    ("rectools[torch]==0.19.0", "pyarrow<22"),
)
CHECK = (
    "import importlib.metadata as m; import rectools.models; "
    "assert m.version('rectools') == '0.19.0', m.version('rectools')"
)


def rectools_python() -> Path:
    """The Python that imports RecTools 0.19.0; makes the environment where there is none yet.

    RuntimeError where the named one does not import it; CalledProcessError where pip fails.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not usable(Path(named)):
            raise RuntimeError(
                f"{VARIABLE}={named} does not import RecTools 0.19.0. "
                "Name the Python of an environment that does, or unset it."
            )
        return Path(named)
    python = FOLDER / "bin" / "python"
    if not usable(python):
        make(FOLDER)
    return python


def usable(python: Path) -> bool:
    """Whether this Python exists and imports the peer at the version measured."""
    if not python.exists():
        return False
    return subprocess.run([python, "-c", CHECK], capture_output=True, check=False).returncode == 0


def make(folder: Path) -> None:
    """A fresh environment with the peer; a half-made one is removed first."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    for step in STEPS:
        print(f"peer environment: pip install {' '.join(step)}", file=sys.stderr, flush=True)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", *step]
        subprocess.run(pip, check=True, stdout=sys.stderr)


if __name__ == "__main__":
    print(rectools_python())
