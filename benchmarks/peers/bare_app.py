"""What one writes without an engine: FastAPI, all histories in memory, one request at a time.

Each request encodes the user's history, scores every item, leaves out what the user had, and
chooses. It serves the addresses and bodies of ours that the benchmark calls, so that both sides get
the same bytes. It spares itself what ours does beside: a new event changes the memory of the worker
that it came to and nothing else; there is no store, no log of what was shown, no metrics, no limits.

    python -m benchmarks.peers.bare_app STORE --workers 2 --threads 1
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from habitus.act.models import ModelFolder
from habitus.events.histories import Histories
from habitus.events.store import Store
from habitus.model.trained import TrainedModel, joined
from habitus.serve.door import Shares, shares_file
from habitus.serve.supervisor import address, bound
from habitus.serve.wire import Protocol
from habitus.serve.worker import Worker


class Asked(BaseModel):
    user_id: str
    k: int = 10


class Happened(BaseModel):
    user_id: str
    event_type: str
    item_id: str


class Users:
    """Every user's history as one row, cut out of all when first asked for."""

    def __init__(self, histories: Histories) -> None:
        self._all = histories
        self._row = {user: row for row, user in enumerate(histories.user_ids)}
        self._cut: dict[str, Histories] = {}

    def __getitem__(self, user_id: str) -> Histories:
        if user_id not in self._cut:
            self._cut[user_id] = self._all.take(np.array([self._row[user_id]]))
        return self._cut[user_id]

    def add(self, user_id: str, item: int, now: int) -> None:
        history = self[user_id]
        one = history.last(1)
        new = replace(one, item=np.full_like(one.item, item), time=np.full_like(one.time, now))
        self._cut[user_id] = joined(history, new)


def create_app(folder: Path) -> FastAPI:
    """The whole application."""
    with Store.open(folder, create=False) as store:
        catalogue = store.catalogue()
        users = Users(store.histories(catalogue))
        models = ModelFolder(store.folder / "models" / store.workspace)
    model = models.load(models.current() or "", TrainedModel.load).attach(catalogue)
    ids, text, hidden = catalogue.item_ids, catalogue.text, ~catalogue.available
    app = FastAPI()

    @app.get("/readyz")
    @app.get("/healthz")
    async def health() -> dict[str, bool]:
        return {"ready": True}

    # `async`: on the loop's thread, so that nothing else runs meanwhile and no thread is changed.
    @app.post("/v1/recommend")
    async def recommend(body: Asked) -> JSONResponse:
        history = users[body.user_id]
        scores = model.score(history, np.array([time.time_ns() // 1_000]))[0]
        scores[history.item] = -np.inf
        scores[hidden] = -np.inf
        best = np.argpartition(-scores, body.k)[: body.k]
        best = best[np.argsort(-scores[best])]
        items: list[dict[str, Any]] = [
            {"item_id": ids[row], "score": float(scores[row]), "text": text[row]} for row in best
        ]
        return JSONResponse({"user_id": body.user_id, "items": items})

    @app.post("/v1/events")
    async def observe(body: Happened) -> JSONResponse:
        users.add(body.user_id, catalogue.row(body.item_id), time.time_ns() // 1_000)
        return JSONResponse({"accepted": 1})

    return app


def work(folder: Path, threads: int, number: int, shares: Shares) -> None:
    """One worker, whose listening socket has this number. It takes its share of the connections as
    ours do: else one worker would take nearly all."""
    torch.set_num_threads(threads)
    app = create_app(folder)
    config = uvicorn.Config(app, http=Protocol, log_config=None, access_log=False)
    with socket.socket(fileno=number) as listening:
        Worker(config, shares).run(sockets=[listening])


def main() -> None:
    made = ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    made.add_argument("store", type=Path)
    made.add_argument("--workers", type=int, default=1)
    made.add_argument("--threads", type=int, default=1)
    made.add_argument("--socket", type=int)
    made.add_argument("--shares", type=Path)
    made.add_argument("--place", type=int)
    args = made.parse_args()
    if args.socket is not None:
        work(args.store, args.threads, args.socket, Shares(args.shares, args.place))
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with bound("127.0.0.1", 0) as listening, TemporaryDirectory() as folder:
        shares = shares_file(folder)
        Shares.create(shares, args.workers)
        number = listening.fileno()
        command = [sys.executable, "-m", "benchmarks.peers.bare_app", str(args.store)]
        command += [f"--threads={args.threads}", f"--socket={number}", f"--shares={shares}"]
        environment = {**os.environ, "OMP_NUM_THREADS": str(args.threads)}
        workers = [
            subprocess.Popen([*command, f"--place={at}"], pass_fds=(number,), env=environment)
            for at in range(args.workers)
        ]
        print(f"listens on {address(listening)}", flush=True)
        try:
            for each in workers:
                each.wait()
        finally:
            for each in workers:
                each.terminate()
            for each in workers:
                each.wait()


if __name__ == "__main__":
    main()
