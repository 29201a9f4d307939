"""`python -m benchmarks [NAME …]`: the benchmarks one after the other, results in benchmarks/results/."""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

HERE = Path(__file__).parent
MODULES = (
    "evaluation_speed",
    "latency",
    "service_start",
    "service_observe",
    "service_read_your_writes",
    "service_throughput",
    "service_soak",
    "profile_speed",
    "profile_worlds",
    "taste_calibration",
    "locomo",
    "prefeval_recall",
    "training_speed",
    "quality",
)
COMMANDS: dict[str, list[str]] = {
    "import_speed": [str(HERE / "import_speed.py")],
    **{name: ["-m", f"benchmarks.{name}"] for name in MODULES},
    "extraction": ["-m", "benchmarks.extraction", "--locomo"],
}


def main() -> int:
    """Run each as a process of its own; 1 where one failed, after the others have run."""
    made = ArgumentParser(description=__doc__)
    made.add_argument(
        "names", nargs="*", default=[*COMMANDS], metavar="NAME", help=", ".join(COMMANDS)
    )
    names = made.parse_args().names
    unknown = [name for name in names if name not in COMMANDS]
    if unknown:
        made.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(COMMANDS)}")
    failed = []
    for name in names:
        out = HERE / "results" / f"{name}.json"
        print(f"== {name} → {out}", file=sys.stderr, flush=True)
        command = [sys.executable, *COMMANDS[name], "--out", str(out)]
        if subprocess.run(command, cwd=HERE.parent, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
