"""What Prometheus reads. With PROMETHEUS_MULTIPROC_DIR set, /metrics sums over all workers."""

from __future__ import annotations

import functools
import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

SHARED = "PROMETHEUS_MULTIPROC_DIR"
BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds
UNMATCHED = "unmatched"

registry = CollectorRegistry()
requests = Counter(
    "habitus_requests", "Requests answered.", ["route", "method", "status"], registry=registry
)
seconds = Histogram(
    "habitus_request_seconds", "From request to the end of its answer.", ["route"],
    buckets=BOUNDS, registry=registry,
)  # fmt: skip
events = Counter("habitus_events", "Events received.", ["outcome"], registry=registry)
cache = Counter("habitus_cache", "Users' states looked up.", ["outcome"], registry=registry)
slates = Counter("habitus_slates", "Slates for the log.", ["outcome"], registry=registry)
waiting = Gauge(
    "habitus_queue_depth", "Requests that wait or are worked on.", ["work"],
    multiprocess_mode="livesum", registry=registry,
)  # fmt: skip
model_age = Gauge(
    "habitus_model_age_seconds", "Since the model that serves was published; 0 = no model.",
    ["workspace"], multiprocess_mode="livemax", registry=registry,
)  # fmt: skip


def answered(route: str, method: str, status: int, took: float) -> None:
    """Count a request; `took` in seconds."""
    counter, histogram = _of_requests(route, method, status)
    counter.inc()
    histogram.observe(took)


@functools.cache
def _of_requests(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """What counts such requests: looking labels up takes longer than counting."""
    return requests.labels(route, method, str(status)), seconds.labels(route)


def text() -> tuple[bytes, str]:
    """Everything measured so far, and its media type."""
    if SHARED not in os.environ:
        return generate_latest(registry), CONTENT_TYPE_LATEST
    summed = CollectorRegistry()
    multiprocess.MultiProcessCollector(summed)  # type: ignore[no-untyped-call]
    return generate_latest(summed), CONTENT_TYPE_LATEST


def worker_ended(process: int, shared: str) -> None:
    """Forget what only a living worker can say; `shared` is the folder of the metrics."""
    multiprocess.mark_process_dead(process, shared)  # type: ignore[no-untyped-call]
