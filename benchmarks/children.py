"""Measurements in processes of their own: two threads each, one after the other, JSON back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
THREADS = int(os.environ.get("HABITUS_BENCH_THREADS", "2"))
_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def run_json(command: Sequence[str | Path], threads: int = THREADS) -> dict[str, Any]:
    """Run one measurement; its last line of output is its JSON. Its messages pass through.

    RuntimeError where it fails or prints no JSON.
    """
    words = [str(word) for word in command]
    print(f"$ {' '.join(words)}", file=sys.stderr, flush=True)
    done = subprocess.run(
        words,
        cwd=ROOT,
        env={**os.environ, **dict.fromkeys(_VARIABLES, str(threads))},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    if done.returncode != 0 or not lines:
        raise RuntimeError(f"the measurement ended with {done.returncode}: {' '.join(words)}")
    found = json.loads(lines[-1])
    if not isinstance(found, dict):
        raise RuntimeError(f"the measurement printed no JSON object: {' '.join(words)}")
    return found


def ours(module: str, flags: Mapping[str, object], under: Sequence[str] = ()) -> dict[str, Any]:
    """`run_json` of one of our own modules, with `flags` as --name value, `under` another program."""
    return run_json([*under, sys.executable, "-m", module, *_words(flags)])


def peer(python: Path, script: Path, command: str, flags: Mapping[str, object]) -> dict[str, Any]:
    """`run_json` of a peer's script under the peer's Python."""
    return run_json([python, script, command, *_words(flags)])


def _words(flags: Mapping[str, object]) -> list[str]:
    """Flags as words; one whose value is None is left out."""
    given = {name: value for name, value in flags.items() if value is not None}
    return [word for name, value in given.items() for word in (f"--{name}", str(value))]
