"""Servers as processes for the benchmarks of the service; reads /proc, so Linux alone."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from benchmarks.children import ROOT
from benchmarks.load import Connection, call

PATIENCE = 300.0  # seconds for a server to come up; the peer reads all histories first
MOST_TRIED = 500  # connections made until every worker has had enough
LOOK = 0.02  # seconds between looks whether a server is ready
PAGE = os.sysconf("SC_PAGE_SIZE")
METRIC = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
HEALTH = call("health", "GET", "/healthz")


def habitus(store: Path, workers: int, *options: str) -> list[str]:
    """`habitus serve`, as an operator starts it."""
    code = "from habitus.cli import main; main()"
    words = ["serve", str(store), "--port=0", f"--workers={workers}", *options]
    return [sys.executable, "-c", code, *words]


def habitus_with(store: Path, workers: int, **settings: object) -> list[str]:
    """The same server with settings that the command has no options for."""
    said = json.dumps({"store": str(store), "workers": workers, **settings})
    return [sys.executable, "-m", "benchmarks.ours.service_app", said]


def bare(store: Path, workers: int, threads: int) -> list[str]:
    """The peer: the same model behind FastAPI, one request at a time."""
    words = [f"--workers={workers}", f"--threads={threads}"]
    return [sys.executable, "-m", "benchmarks.peers.bare_app", str(store), *words]


class Server:
    """A server that says its address in the first line it prints. `began` is when it was started."""

    def __init__(self, command: list[str], log: Path) -> None:
        self.log = log
        self._output = log.open("ab")
        self.began = time.perf_counter()
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=self._output, text=True
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if "http://" not in line:
            self.stop()
            raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")
        self.url = line.split()[-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._output.close()

    def workers(self) -> list[int]:
        """The processes that answer."""
        number = self._process.pid
        task = Path(f"/proc/{number}/task/{number}/children")
        return [int(word) for word in task.read_text().split()]

    def memory(self) -> int:
        """Resident bytes of all workers together."""
        return sum(
            int(Path(f"/proc/{one}/statm").read_text().split()[1]) * PAGE for one in self.workers()
        )

    def cpu_seconds(self) -> float:
        """Processor seconds that all workers have used so far."""
        tick = os.sysconf("SC_CLK_TCK")
        fields = [Path(f"/proc/{one}/stat").read_text().rsplit(")")[-1] for one in self.workers()]
        return sum(sum(map(int, each.split()[11:13])) for each in fields) / tick

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, timeout=60)

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON that a call is answered; RuntimeError where it is refused."""
        answer = httpx.request(method, self.url + path, json=body, timeout=60)
        if answer.is_error:
            raise RuntimeError(f"{method} {path} was answered {answer.status_code}: {answer.text}")
        return answer.json()

    async def to_each_worker(self, each: int = 1) -> dict[int, list[Connection]]:
        """Connections by the process at their other end: `each` to every worker."""
        wanted = self.workers()
        found: dict[int, list[Connection]] = {one: [] for one in wanted}
        for _ in range(MOST_TRIED):
            if all(len(held) >= each for held in found.values()):
                return found
            made = await Connection.open(self.url)
            await made.send(HEALTH.wire)  # now it is accepted
            held = found[self.worker_of(made)]
            if len(held) < each:
                held.append(made)
            else:
                await made.close()
        raise RuntimeError(f"not all workers take connections: {found}")

    def worker_of(self, connection: Connection) -> int:
        """The worker that a connection was accepted by."""
        inode = _inode(urlsplit(self.url).port or 0, connection.port)
        for worker in self.workers():
            if f"socket:[{inode}]" in _files(worker):
                return worker
        raise RuntimeError("no worker holds this connection")

    async def ready(self) -> float:
        """Wait until every worker can answer; seconds from the start of the process."""
        waiting = set(await self._settled())
        while waiting:
            if time.perf_counter() - self.began > PATIENCE:
                raise RuntimeError(f"the server is not ready: {self.get('/readyz').text}")
            made = await Connection.open(self.url)
            if (await made.send(call("ready", "GET", "/readyz").wire)).status == 200:
                waiting.discard(self.worker_of(made))
            await made.close()
            await asyncio.sleep(LOOK)
        return time.perf_counter() - self.began

    async def _settled(self) -> list[int]:
        """The workers, once one answers at all."""
        made = await Connection.open(self.url)
        await made.send(HEALTH.wire)
        await made.close()
        return self.workers()

    def metrics(self) -> Mapping[str, float]:
        """Every metric by its name and labels, as it is written."""
        found = METRIC.findall(self.get("/metrics").text)
        return {f"{name}{{{labels}}}": float(value) for name, labels, value in found}

    def cache(self) -> dict[str, float]:
        """Users' states looked up so far: hits, misses, and steps by one event."""
        known = self.metrics()
        return {
            name: known.get(f'habitus_cache_total{{outcome="{name}"}}', 0.0)
            for name in ("hit", "miss", "step")
        }


def _inode(port: int, other: int) -> str:
    """Of the server's end of a connection over IPv4."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        here, there = (int(words[at].rpartition(":")[2], 16) for at in (1, 2))
        if (here, there) == (port, other):
            return words[9]
    raise RuntimeError(f"there is no connection from port {other} to port {port}")


def _files(process: int) -> set[str]:
    found = set()
    for one in Path(f"/proc/{process}/fd").iterdir():
        try:
            found.add(str(one.readlink()))
        except FileNotFoundError:
            continue  # closed meanwhile
    return found
