"""Writes that wait together go together, and nobody waits for ever."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from habitus.events.group_commit import GroupCommit
from habitus.types import HabitusError


class Slow:
    """A database whose transactions wait for the test to open the gate."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.begun = 0

    @contextmanager
    def write(self) -> Iterator[Any]:
        self.begun += 1
        assert self.gate.wait(20)
        yield self


def start(group: GroupCommit[Any], jobs: list[Any]) -> tuple[list[threading.Thread], list[Any]]:
    answers: list[Any] = [None] * len(jobs)

    def run(place: int) -> None:
        try:
            answers[place] = group.run(jobs[place])
        except (HabitusError, KeyError) as error:
            answers[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for place, thread in enumerate(threads):
        thread.start()
        while len(group._waiting) <= place:
            pass
    return threads, answers


def test_all_that_wait_are_one_transaction() -> None:
    database = Slow()
    group: GroupCommit[int] = GroupCommit(database)  # type: ignore[arg-type]
    threads, answers = start(group, [lambda _, n=n: n for n in range(30)])
    database.gate.set()
    for thread in threads:
        thread.join(20)
    assert answers == list(range(30))
    assert database.begun == 1
    assert not group._led


def test_what_comes_during_a_transaction_is_the_next() -> None:
    database = Slow()
    database.gate.set()
    group: GroupCommit[int] = GroupCommit(database)  # type: ignore[arg-type]
    later: list[Any] = []

    def first(_: Any) -> int:
        later.append(start(group, [lambda _, n=n: n for n in range(20)]))
        return -1

    assert group.run(first) == -1
    threads, answers = later[0]
    for thread in threads:
        thread.join(20)
    assert answers == list(range(20))
    assert database.begun == 2


def test_a_failure_is_everybodys_and_the_next_goes_on() -> None:
    database = Slow()
    group: GroupCommit[int] = GroupCommit(database)  # type: ignore[arg-type]

    def fail(_: Any) -> int:
        raise KeyError("broken")

    threads, answers = start(group, [lambda _: 1, fail, lambda _: 3])
    database.gate.set()
    for thread in threads:
        thread.join(20)
    assert isinstance(answers[0], KeyError)  # the leader's own
    assert all("not stored" in str(answer) for answer in answers[1:])
    assert group.run(lambda _: 4) == 4


def test_one_that_is_interrupted_leaves_the_others_to_it() -> None:
    database = Slow()
    group: GroupCommit[int] = GroupCommit(database)  # type: ignore[arg-type]
    threads, answers = start(group, [lambda _: 1])

    interrupted = threading.Event()

    def interrupt() -> None:
        while len(group._waiting) < 2:
            pass
        while not interrupted.wait(2):  # one that comes just before the wait begins is not noticed
            os.kill(os.getpid(), signal.SIGINT)

    interrupting = threading.Thread(target=interrupt)
    # A shell starts what runs in the background with Ctrl-C ignored, and Python leaves it so.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    interrupting.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            group.run(lambda _: 2)
    finally:
        interrupted.set()
        interrupting.join()
        signal.signal(signal.SIGINT, before)
    database.gate.set()
    threads[0].join(20)
    assert answers == [1]
    assert group.run(lambda _: 3) == 3
