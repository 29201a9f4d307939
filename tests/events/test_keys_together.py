"""Several servers that start at the same time with the same first key."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from habitus.events.database import open_database
from habitus.events.keys import Keys
from habitus.testing.postgres import Place

SECRET = "hk_" + "s" * 43
STARTS = 6
ADOPT = """
import sys
from habitus.events.database import open_database
from habitus.events.keys import Keys
database, _ = open_database(sys.argv[1], create=True)
sys.stdin.readline()
print(Keys(database).adopt(sys.argv[2], "default", {"admin"}))
database.close()
"""


def test_threads_adopt_one_key(place: Place) -> None:
    opened = [open_database(place("store"), create=True)[0] for _ in range(STARTS)]
    together = Barrier(STARTS)

    def adopt(keys: Keys) -> str:
        together.wait()
        return keys.adopt(SECRET, "default", {"admin"})

    with ThreadPoolExecutor(STARTS) as threads:
        ids = list(threads.map(adopt, map(Keys, opened)))
    assert [key.key_id for key in Keys(opened[0]).list()] == sorted(set(ids))
    for each in opened:
        each.close()


def test_processes_adopt_one_key(place: Place) -> None:
    store = str(place("store"))
    database, _ = open_database(place("store"), create=True)
    command = [sys.executable, "-c", ADOPT, store, SECRET]
    starts = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for each in starts:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    ids = {each.communicate()[0].strip() for each in starts}
    assert [each.returncode for each in starts] == [0] * len(starts)
    assert {key.key_id for key in Keys(database).list()} == ids
    assert len(ids) == 1
    database.close()
