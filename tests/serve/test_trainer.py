"""Training as a process: what it is told, what is read of it, how it is stopped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.serve.servers import until

from habitus.serve.settings import Settings
from habitus.serve.trainer import NICE, WORDS, Order, Outcome, ProcessTrainer, TrainingProcess


def process(script: str) -> TrainingProcess:
    return TrainingProcess(
        subprocess.Popen(
            [sys.executable, "-uc", script],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
    )  # fmt: skip


def ended(training: TrainingProcess) -> Outcome:
    until(training.outcome, "the training ends")
    found = training.outcome()
    assert found is not None
    return found


def test_a_published_model_is_read_from_the_output() -> None:
    training = process("print('Training: 40 %'); print('Model abc-2 is trained and answers.')")
    assert ended(training) == Outcome("abc-2")


def test_progress_is_the_last_line() -> None:
    training = process("import time; print('Training: 40 %'); time.sleep(30)")
    until(lambda: training.progress() == "Training: 40 %", "progress shows")
    assert training.outcome() is None
    training.cancel()
    assert ended(training).model is None


def test_a_failed_training_says_why() -> None:
    assert ended(process("print('There is no recipe.'); raise SystemExit(1)")).reason == (
        "There is no recipe."
    )
    assert "status 7" in ended(process("raise SystemExit(7)")).reason


def test_no_word_of_the_command_is_on_the_command_line() -> None:
    settings = Settings(store="postgresql://u:secret@host/x", models="/models")
    trainer = ProcessTrainer(settings)
    order = Order("shop", "default", name="--evil", minutes=2.5, seed=3)
    said = trainer.environment(order)
    assert json.loads(said[WORDS]) == [
        "train", "postgresql://u:secret@host/x", "--threads=1", "--workspace=shop",
        "--recipe=default", "--seed=3", "--name=--evil", "--minutes=2.5",
    ]  # fmt: skip
    assert said["HABITUS_MODELS"] == "/models"
    assert said["OMP_NUM_THREADS"] == "1"


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="this system has no priorities")
def test_it_runs_niced_and_ends_with_the_reason(tmp_path: Path) -> None:
    training = ProcessTrainer(Settings(store=str(tmp_path / "absent"))).start(Order("default", "x"))
    assert isinstance(training, TrainingProcess)
    assert os.getpriority(os.PRIO_PROCESS, training._process.pid) >= NICE
    assert "There is no store" in ended(training).reason
