"""One holder at a time, between threads and between processes; the dead let go."""

import subprocess
import sys
import threading
from pathlib import Path

from habitus.events.lock import WriterLock


def count_up(lock: WriterLock, counter: Path, times: int) -> None:
    for _ in range(times):
        with lock:
            counter.write_text(str(int(counter.read_text()) + 1))  # lost without the lock


COUNT = """
import sys
from pathlib import Path
from habitus.events.lock import WriterLock
lock, counter = WriterLock(Path(sys.argv[1]) / "lock"), Path(sys.argv[1]) / "counter"
for _ in range(80):
    with lock:
        counter.write_text(str(int(counter.read_text()) + 1))
"""
HOLD_AND_DIE = """
import os, sys
from pathlib import Path
from habitus.events.lock import WriterLock
WriterLock(Path(sys.argv[1]) / "lock").__enter__()
os._exit(9)
"""


def test_threads_and_processes_take_turns(tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    process = subprocess.Popen([sys.executable, "-c", COUNT, str(tmp_path)])
    lock = WriterLock(tmp_path / "lock")
    threads = [threading.Thread(target=count_up, args=(lock, counter, 80)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert process.wait() == 0
    assert counter.read_text() == "240"


def test_a_dead_holder_lets_go(tmp_path: Path) -> None:
    died = subprocess.run([sys.executable, "-c", HOLD_AND_DIE, str(tmp_path)], check=False)
    assert died.returncode == 9
    with WriterLock(tmp_path / "lock").if_free() as held:
        assert held


def test_if_free_does_not_wait(tmp_path: Path) -> None:
    one, other = WriterLock(tmp_path / "lock"), WriterLock(tmp_path / "lock")
    with one:
        with one.if_free() as held:
            assert not held
        with other.if_free() as held:
            assert not held
    with other.if_free() as held:
        assert held
    with one:
        pass
