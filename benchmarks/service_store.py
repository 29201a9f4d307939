"""The store that the benchmarks of the service measure on: made up once, then reused or copied."""

from __future__ import annotations

import json
import os
import shutil
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import children
from benchmarks.load import Call, call
from benchmarks.stores import BENCH

FINISHED = "finished.json"


@dataclass(frozen=True)
class Made:
    """A store of made-up users `u0` … with `events` each, and a hardly trained model."""

    folder: Path
    facts: dict[str, Any]

    @property
    def users(self) -> int:
        return int(self.facts["users"])

    @contextmanager
    def copy(self) -> Iterator[Path]:
        """A copy that a measurement may write to."""
        with TemporaryDirectory(prefix="copy-", dir=self.folder.parent) as folder:
            yield Path(shutil.copytree(self.folder / "store", Path(folder) / "store"))


def parser(description: str | None) -> ArgumentParser:
    """The flags of every benchmark of the service."""
    made = ArgumentParser(description=(description or "").split("\n", 1)[0])
    made.add_argument("--out", type=Path, help="also write the JSON line to this file")
    made.add_argument("--seed", type=int, default=0)
    made.add_argument(
        "--stores", type=Path, default=BENCH / "service", help="where stores are kept"
    )
    made.add_argument("--items", type=int, default=100_000)
    made.add_argument("--users", type=int, default=15_000)
    made.add_argument("--events", type=int, default=200, help="of each user")
    made.add_argument("--dim", type=int, default=64)
    made.add_argument("--workers", type=int, default=2)
    return made


def store(args: Namespace) -> Made:
    """The store of these sizes; made where there is none, or only half of one."""
    sizes = {name: getattr(args, name) for name in ("items", "users", "events", "dim", "seed")}
    folder = args.stores.absolute() / "-".join(map(str, sizes.values()))
    if not (folder / FINISHED).is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        facts = children.ours("benchmarks.ours.service_store", {"folder": folder, **sizes})
        (folder / FINISHED).write_text(json.dumps(facts), encoding="utf-8")
    return Made(folder, json.loads((folder / FINISHED).read_text(encoding="utf-8")))


def about(args: Namespace, made: Made) -> dict[str, Any]:
    """What every record says of its circumstances."""
    load = [round(each, 2) for each in os.getloadavg()]
    return {"store": made.facts, "workers": args.workers, "load_average_before": load}


def log(args: Namespace, name: str) -> Path:
    """A new file for what a server writes."""
    path: Path = args.stores / "logs" / f"{name}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return path


def recommend(user: int, k: int = 10, **more: object) -> Call:
    return call("recommend", "POST", "/v1/recommend", {"user_id": f"u{user}", "k": k, **more})


def event(user: int, item_id: str) -> Call:
    body = {"user_id": f"u{user}", "event_type": "view", "item_id": item_id}
    return call("event", "POST", "/v1/events", body)
