"""kill -9 of every process at a random moment of load: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.serve.servers import PATIENCE, There, fill, until

import habitus

ROUNDS = 20
CLIENTS = 4

pytestmark = [
    pytest.mark.timeout(900),  # twenty starts of a server; about a minute where nothing else runs
    pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9"),
]


class Load:
    """Clients that write without pause, note what was acknowledged, and send again what was not."""

    def __init__(self, rng: random.Random) -> None:
        self.acknowledged: set[str] = set()
        self.sent: set[str] = set()
        self._unsure: list[list[dict[str, Any]]] = []
        self._rng = rng
        self._count = 0
        self._guard = threading.Lock()

    def run(self, url: str, stop: threading.Event) -> None:
        with httpx.Client(base_url=url, timeout=PATIENCE) as client:
            while not stop.is_set():
                batch = self._next()
                try:
                    said = client.post("/v1/events", json={"events": batch}).raise_for_status()
                except httpx.HTTPError:
                    with self._guard:
                        self._unsure.append(batch)
                    return
                taken = said.json()
                assert taken["accepted"] + taken["duplicates"] == len(batch)
                with self._guard:
                    self.acknowledged.update(each["event_id"] for each in batch)

    def _next(self) -> list[dict[str, Any]]:
        with self._guard:
            if self._unsure:
                return self._unsure.pop()
            batch = []
            for _ in range(self._rng.randint(1, 5)):
                self._count += 1
                event_id = f"e{self._count}"
                self.sent.add(event_id)
                user = f"u{self._count % 7}"
                batch.append(
                    {"user_id": user, "event_type": "view", "item_id": "a", "event_id": event_id}
                )
            return batch


def test_what_was_acknowledged_survives_every_kill(tmp_path: Path) -> None:
    rng = random.Random(20)
    load = Load(rng)
    fill(tmp_path / "store")
    with habitus.open(tmp_path / "store") as engine:
        before = engine.status().events
    for _ in range(ROUNDS):
        server = There(tmp_path / "store", tmp_path / "log", "--workers=2").ready()
        stop = threading.Event()
        threads = [
            threading.Thread(target=load.run, args=(server.url, stop)) for _ in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        known = len(load.acknowledged)
        until(lambda n=known: len(load.acknowledged) > n, "writes are acknowledged")
        time.sleep(rng.uniform(0.0, 0.3))
        server.kill()
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)
        with habitus.open(tmp_path / "store") as engine:
            stored = Counter(event.event_id for n in range(7) for event in engine.history(f"u{n}"))
            assert set(stored) >= load.acknowledged
            assert set(stored) <= load.sent
            assert set(stored.values()) <= {1}
            assert engine.status().events == before + len(stored)
            assert engine.store.check().problems == ()
    assert len(load.acknowledged) > ROUNDS
