"""What our measuring processes share: flags, threads, versions, a quiet progress."""

from __future__ import annotations

import json
import platform
import resource
import sys
import time
from argparse import ArgumentParser
from importlib import metadata
from typing import Any

import torch

from benchmarks.children import THREADS
from benchmarks.stores import parser
from habitus.types import Progress

PACKAGES = ("habitus", "torch", "numpy", "scipy")


def child_parser(description: str | None) -> ArgumentParser:
    """The flags of every child: --data, --set, --recipe, --seed."""
    torch.set_num_threads(THREADS)
    made = parser(description)
    made.add_argument("--set", required=True)
    made.add_argument("--recipe", default="sasrec-ce")
    return made


def answer(fields: dict[str, Any]) -> None:
    """Print the one JSON line, with versions and peak memory."""
    versions = {name: metadata.version(name) for name in PACKAGES}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    about = {"versions": versions | {"python": platform.python_version()}}
    print(json.dumps(fields | about | {"peak_rss_mib": round(peak)}), flush=True)


def every(seconds: float) -> Progress:
    """A progress that writes a line to stderr at most every so many seconds."""
    last = -seconds

    def show(label: str, done: float, total: float | None, /, detail: str = "") -> None:
        nonlocal last
        if time.monotonic() - last < seconds:
            return
        last = time.monotonic()
        share = f" {done / total:.0%}" if total else ""
        print(f"{label}{share} {detail}", file=sys.stderr, flush=True)

    return show
