"""Workers are listed while they beat, each workspace's apart."""

from pathlib import Path

from habitus.events.store import Store
from habitus.events.workers import SILENCE, Worker

NOW = 1_750_000_000_000_000


def test_a_worker_is_alive_while_it_beats(tmp_path: Path) -> None:
    now = NOW
    with (
        Store.open(tmp_path, clock=lambda: now) as store,
        Store.open(tmp_path, "other", clock=lambda: now) as other,
    ):
        store.workers.beat("b", None)
        store.workers.beat("a", "model-1")
        assert store.workers.alive() == [Worker("a", "model-1", NOW), Worker("b", None, NOW)]
        assert other.workers.alive() == []
        now += SILENCE
        store.workers.beat("a", "model-2")
        now += 1
        assert store.workers.alive() == [Worker("a", "model-2", NOW + SILENCE)]
        store.workers.drop("a")
        assert store.workers.alive() == []


def test_long_silent_workers_go_with_the_next_that_ends(tmp_path: Path) -> None:
    now = NOW
    with Store.open(tmp_path, clock=lambda: now) as store:
        store.workers.beat("crashed", None)
        store.workers.beat("ends", None)
        now += 1_000 * SILENCE
        store.workers.drop("ends")
        assert store.workers.alive(silence=10_000 * SILENCE) == []
