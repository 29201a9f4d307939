"""The power is cut: what was acknowledged was synced before, and synced writes alone are a store.

kill -9 does not show this, because the system keeps what a process wrote. So the server runs under
strace, and what it wrote and synced until some moment makes the disk that a cut would have left.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import sqlalchemy.exc
from tests.serve.servers import PATIENCE, fill
from tests.serve.synced import Change, Disk, File, ends_transaction
from tests.serve.traced import Call, Traced, calls, reason_to_skip, said, shown

import habitus
from habitus.events.sqlite_database import FILE
from habitus.types import HabitusError

CLIENTS = 4
POSTS = 30  # of each client
USERS = tuple(f"u{number}" for number in range(7))
FORGOTTEN = ("ann", "bob", "cy")  # users forgotten meanwhile: each one empties the log of writes
CUTS = 6  # of each kind of moment
EVENT = re.compile(rb"power-\d-\d\d-\d")
INTO_FILE = shown(f"/{FILE}") + ">"
ANSWER = re.compile(re.escape(shown("x-request-id: ")) + r"((?:\\x[0-9a-f]{2})+?)\\x0d")

# sitecustomize.py: every Python that finds it on its path, server or worker, runs it at its start.
SWITCHED_OFF = """
from habitus.events import sqlite_database

sqlite_database.PRAGMAS += ("PRAGMA synchronous=OFF",)
"""

REASON = reason_to_skip()
pytestmark = [pytest.mark.strace, pytest.mark.skipif(REASON is not None, reason=str(REASON))]


@dataclass
class Load:
    """Clients that write; what each answer, by its request id, said is stored or forgotten."""

    events: dict[str, set[str]] = field(default_factory=dict)
    forgotten: dict[str, set[str]] = field(default_factory=dict)

    def run(self, url: str) -> None:
        with ThreadPoolExecutor(CLIENTS) as pool:
            for done in [pool.submit(self._client, url, number) for number in range(CLIENTS)]:
                done.result()

    def _client(self, url: str, number: int) -> None:
        rng = random.Random(number)
        with httpx.Client(base_url=url, timeout=PATIENCE) as client:
            for post in range(POSTS):
                ids = [f"power-{number}-{post:02}-{place}" for place in range(rng.randint(1, 3))]
                batch = [
                    {
                        "user_id": rng.choice(USERS),
                        "event_type": "view",
                        "item_id": "a",
                        "event_id": one,
                    }
                    for one in ids
                ]
                answer = client.post("/v1/events", json={"events": batch}).raise_for_status()
                assert answer.json()["accepted"] == len(ids)
                self.events[answer.headers["x-request-id"]] = set(ids)
                if post == POSTS // 2 and number < len(FORGOTTEN):
                    answer = client.delete(f"/v1/users/{FORGOTTEN[number]}").raise_for_status()
                    self.forgotten[answer.headers["x-request-id"]] = {FORGOTTEN[number]}


@dataclass(frozen=True, slots=True)
class Step:
    """A call on the store, in the place where it returned; or an answer, where it began."""

    place: int
    call: Call
    request: str | None  # what is answered


@dataclass
class Found:
    """What a trace shows."""

    answered: set[str] = field(default_factory=set)  # request ids
    early: set[str] = field(default_factory=set)  # events acknowledged before they were synced
    faults: list[str] = field(default_factory=list)  # of the first store found that has any


def run(tmp_path: Path, environment: dict[str, str]) -> tuple[Load, Found]:
    """Serve a load, and look at what cuts of the power would have left."""
    store, trace = tmp_path / "store", tmp_path / "trace"
    fill(store)
    disk = Disk(store)
    load = Load()
    with Traced(store, trace, tmp_path / "log", environment) as server:
        load.run(server.ready().url)
    made = sorted(steps(disk, trace), key=lambda step: step.place)
    trace.unlink()
    return load, judge(load, disk, made, tmp_path / "left")


def steps(disk: Disk, trace: Path) -> Iterator[Step]:
    """What matters of a trace. An answer may have arrived before its call returned."""
    for call in calls(trace):
        if answer := ANSWER.search(call.arguments):
            yield Step(call.began, call, said(answer[1]).decode())
        elif disk.concerns(call):
            yield Step(call.ended, call, None)


def judge(load: Load, disk: Disk, made: list[Step], folder: Path) -> Found:
    """Go through a trace; at some moments look at what a cut would leave, in `folder`."""
    rng = random.Random(11)
    cuts = moments(made, rng)
    found, synced = Found(), Synced()
    events: set[str] = set()
    forgotten: set[str] = set()
    for step in made:
        if step.request is not None:
            found.answered.add(step.request)
            told = load.events.get(step.request, set())
            found.early |= told - synced.events
            events |= told
            forgotten |= load.forgotten.get(step.request, set())
        for name, file, change in disk.take(step.call):
            if name == f"{FILE}-wal":
                synced.take(file, change)
        for also in (None, rng) if step.place in cuts else ():
            if not found.faults:
                disk.leave(folder, also)
                found.faults += faults(folder, events, forgotten)
                shutil.rmtree(folder)
    return found


class Synced:
    """The events whose commits lie in the synced part of the log of writes."""

    def __init__(self) -> None:
        self.events: set[str] = set()
        self._open: set[str] = set()  # in pages whose commit has not come yet

    def take(self, log: File, change: Change) -> None:
        self._open |= {each.decode() for each in EVENT.findall(change.data or b"")}
        if ends_transaction(log.synced, change):
            self.events |= self._open
            self._open.clear()


def moments(made: list[Step], rng: random.Random) -> set[int]:
    """Places to cut at: after answers, while a checkpoint writes the file, anywhere, at the end."""
    answers = [step.place for step in made if step.request is not None]
    between = [step for step in made if answers[0] < step.place < answers[-1]]
    checkpoints = [step.place for step in between if INTO_FILE in step.call.arguments]
    anywhere = [step.place for step in between]
    kinds = (answers, checkpoints, anywhere)
    return {made[-1].place}.union(*(rng.sample(places, CUTS) for places in kinds))


def faults(folder: Path, events: set[str], forgotten: set[str]) -> list[str]:
    """What is wrong with a store that should hold these events and none of these users."""
    try:
        with habitus.open(folder) as engine:
            stored = Counter(event.event_id for user in USERS for event in engine.history(user))
            back = sorted(user for user in forgotten if engine.history(user))
            problems = list(engine.store.check().problems)
    except (HabitusError, sqlalchemy.exc.DatabaseError, sqlite3.DatabaseError) as error:
        return [str(error)]
    problems += [f"{event} is lost" for event in sorted(events - stored.keys())]
    problems += [f"{event} is there {count} times" for event, count in stored.items() if count > 1]
    problems += [f"{user}, who was forgotten, is back" for user in back]
    return problems


def test_what_was_acknowledged_survives_a_cut_of_the_power(tmp_path: Path) -> None:
    load, found = run(tmp_path, {})
    assert found.answered >= load.events.keys() | load.forgotten.keys()
    assert len(load.events) == CLIENTS * POSTS
    assert found.early == set()
    assert found.faults == []


def test_a_store_that_does_not_sync_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "off").mkdir()
    (tmp_path / "off" / "sitecustomize.py").write_text(SWITCHED_OFF)
    path = os.pathsep.join([str(tmp_path / "off"), os.environ.get("PYTHONPATH", "")])
    load, found = run(tmp_path, {"PYTHONPATH": path.rstrip(os.pathsep)})
    assert found.answered >= load.events.keys() | load.forgotten.keys()
    assert found.early == set().union(*load.events.values())
    assert found.faults != []
