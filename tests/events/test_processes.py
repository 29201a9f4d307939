"""Several processes at one store: nobody loses anything, not even to kill -9."""

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest
from sqlalchemy import and_, func, select

from habitus.events import schema
from habitus.events.store import Store
from habitus.testing.postgres import Place
from habitus.types import HabitusError

TIME = 1_700_000_000_000_000

WRITE = f"""
import sys
from habitus.events.store import Store
from habitus.types import Event
folder, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Store.open(folder) as store:
    for n in range(count):
        event = Event(f"u{{n % 3}}", "view", {TIME} + n, item_id=f"{{name}}{{n}}", event_id=f"{{name}}-{{n}}")
        assert store.observe(event).accepted == 1
        print(n, flush=True)
"""
IMPORT = f"""
import sys
import pyarrow as pa
import habitus.events.staging as staging
from habitus.events.store import Store
staging.TRANSACTION = 500
rows = range(6_000)
table = pa.table({{
    "user_id": [f"u{{n * 7 % 501}}" for n in rows],
    "event_type": ["view"] * len(rows),
    "timestamp": [{TIME} + n for n in rows],
    "item_id": [f"i{{n % 97}}" for n in rows],
}})
def tell(label, done, total, detail=""):
    print(int(done), flush=True)
with Store.open(sys.argv[1]) as store:
    print(store.append(table, ids=("file", 0), progress=tell).accepted, flush=True)
    print(store.fingerprint(), flush=True)
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def check_integrity(store: Store) -> None:
    """The log, the event ids and the counts tell of the same events."""
    log, ids, users = schema.events, schema.event_ids, schema.users
    shared = ("workspace", "user", "time", "ingestion", "source", "row", "name")
    same = and_(*(log.c[name] == ids.c[name] for name in shared))
    with store._database.read() as connection:
        counts = [
            connection.scalar(select(func.count()).select_from(table))
            for table in (log, ids, log.join(ids, same))
        ]
        counts.append(connection.scalar(select(func.coalesce(func.sum(users.c.events), 0))))
        assert len(set(counts)) == 1
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_processes_write_and_read_at_once(place: Place) -> None:
    writers = [start(WRITE, place(), name, 25) for name in "abc"]
    with Store.open(place()) as store:
        seen = 0
        while any(writer.poll() is None for writer in writers):
            found = store.histories(store.catalogue())
            assert found.events >= seen
            seen = found.events
        assert [writer.wait() for writer in writers] == [0, 0, 0]
        for writer in writers:
            writer.communicate()
        assert store.event_count == 75
        times = [event.timestamp for event in store.history("u1")]
        assert times == sorted(TIME + n for n in range(1, 25, 3) for _ in "abc")
        check_integrity(store)


def test_threads_share_transactions(place: Place) -> None:
    with Store.open(place()) as store:
        receipts: list[Any] = []

        def observe(n: int) -> None:
            event = {"user_id": f"u{n % 2}", "event_type": "view", "event_id": f"e{n // 2}"}
            receipts.append(store.observe({**event, "user_id": "u"}))

        threads = [threading.Thread(target=observe, args=(n,)) for n in range(20)]
        with (  # all wait for it, and then go together
            Store.open(place()) as other,
            other._database.write(),
        ):
            for thread in threads:
                thread.start()
            while len(store._group._waiting) < 20:
                pass
        for thread in threads:
            thread.join()
        assert sum(receipt.accepted for receipt in receipts) == 10
        assert sum(receipt.duplicates for receipt in receipts) == 10
        assert {event.recorded_at is not None for event in store.history("u")} == {True}
        check_integrity(store)


def test_nothing_acknowledged_is_lost_to_a_kill(place: Place) -> None:
    for name, stop in (("a", 3), ("b", 11)):
        writer = start(WRITE, place(), name, 10_000)
        assert writer.stdout is not None
        acknowledged = [int(writer.stdout.readline()) for _ in range(stop)]
        writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate()
        acknowledged += [int(line) for line in rest.split()]
        with Store.open(place()) as store:
            check_integrity(store)
            stored = {event.event_id for user in range(3) for event in store.history(f"u{user}")}
            assert stored >= {f"{name}-{n}" for n in acknowledged}


def test_an_import_killed_and_run_again_ends_the_same(place: Place) -> None:
    whole = start(IMPORT, place("whole"))
    fingerprint = whole.communicate()[0].split()[-1]
    for _ in range(2):
        killed = start(IMPORT, place("killed"))
        assert killed.stdout is not None
        with contextlib.suppress(StopIteration):
            while int(next(killed.stdout)) < 1_500:
                pass
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        with Store.open(place("killed")) as store:
            assert 0 < store.event_count < 6_000
            check_integrity(store)
            assert not [*(store.folder / "staging").iterdir()]
    again = start(IMPORT, place("killed")).communicate()[0].split()
    assert 0 < int(again[-2]) < 6_000
    assert again[-1] == fingerprint


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_is_told_to_open_its_own(place: Place) -> None:
    with Store.open(place()) as store:
        receiver, sender = multiprocessing.Pipe(duplex=False)

        def use() -> None:
            try:
                store.history("u")
            except HabitusError as error:
                sender.send(str(error))

        child = multiprocessing.get_context("fork").Process(target=use)
        child.start()
        assert receiver.poll(20)
        assert "opened by another process" in receiver.recv()
        child.join()
        receiver.close()
        sender.close()
