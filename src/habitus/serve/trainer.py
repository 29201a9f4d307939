"""Training in a process of its own: niced, on one thread, watched through what it prints."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections import deque
from dataclasses import dataclass
from typing import Protocol

from habitus.serve.cores import give_all
from habitus.serve.settings import Settings

# The words of the command come in the environment: an address of a database may hold a password,
# and everybody on a machine sees command lines.
WORDS = "HABITUS_TRAIN_COMMAND"
COMMAND = f"import json, os; from habitus.cli import main; main(json.loads(os.environ['{WORDS}']))"
MODELS = "HABITUS_MODELS"  # the folder of the models, where they are not in the store
NICE = 10
LAST_LINES = 5
LINE = 300  # characters of a line that are kept
TRAINED = re.compile(r"^Model (\S+) is trained\b")
GRACE = 10.0  # seconds between asking a training to stop and insisting


@dataclass(frozen=True, slots=True)
class Order:
    """What to train, for whom."""

    workspace: str
    recipe: str
    name: str | None = None
    minutes: float | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a training ended: the model that it published, or why there is none."""

    model: str | None
    reason: str = ""


class Training(Protocol):
    """A training that was begun."""

    def progress(self) -> str: ...
    def outcome(self) -> Outcome | None: ...
    def wait(self, seconds: float) -> None: ...
    def cancel(self) -> None: ...


class Trainer(Protocol):
    """Begins trainings; the boundary at which tests put their own."""

    def start(self, order: Order) -> Training: ...


class ProcessTrainer:
    """Runs `habitus train`, so that what it does is what an operator can do by hand."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def start(self, order: Order) -> Training:
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | self.environment(order),
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        give_all(process.pid)
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
        return TrainingProcess(process)

    def environment(self, order: Order) -> dict[str, str]:
        """What the process needs to know."""
        said = {
            WORDS: json.dumps(self.words(order)),
            "OMP_NUM_THREADS": "1",
            "PYTHONUNBUFFERED": "1",
        }
        if self._settings.models is not None:
            said[MODELS] = self._settings.models
        return said

    def words(self, order: Order) -> list[str]:
        """The words of the command; every value that a caller gave stands after a `=`."""
        words = ["train", self._settings.store, "--threads=1"]
        words += [f"--workspace={order.workspace}", f"--recipe={order.recipe}"]
        words += [f"--seed={order.seed}"]
        if order.name is not None:
            words.append(f"--name={order.name}")
        if order.minutes is not None:
            words.append(f"--minutes={order.minutes}")
        return words


class TrainingProcess:
    """One such process and the last lines that it printed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: deque[str] = deque(maxlen=LAST_LINES)
        self._model: str | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def progress(self) -> str:
        """The last line that it printed."""
        return self._lines[-1] if self._lines else ""

    def outcome(self) -> Outcome | None:
        """How it ended; None while it runs."""
        status = self._process.poll()
        if status is None:
            return None
        self._reader.join()
        if status == 0 and self._model is not None:
            return Outcome(self._model)
        said = " ".join(self._lines)
        return Outcome(None, said or f"The training ended with status {status}.")

    def wait(self, seconds: float) -> None:
        """Wait for its end, but no longer than this."""
        self._reader.join(seconds)

    def cancel(self) -> None:
        """Stop it now; what it learned so far is not published."""
        self._process.terminate()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                if text := line.strip()[:LINE]:
                    self._lines.append(text)
                if found := TRAINED.match(line):
                    self._model = found.group(1)
