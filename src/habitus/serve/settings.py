"""How a server runs. The supervisor hands it to its workers in their environment, as JSON: the
address of a database may hold a password, and everybody on a machine sees command lines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Self

SETTINGS = "HABITUS_SERVE_SETTINGS"  # where workers find them
HOME = "default"  # the workspace whose store is asked for keys
BACKLOG = 2048  # connections that the system keeps until a worker takes them


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a worker process needs to know.

    store, models    the folder or address of the store; the folder of the models, where not there
    open_workspace   the workspace of a server without keys; None = every call needs a key
    runtime          a private folder that the workers of one server share: metrics, trainings
    encoder          the name or folder of a sentence encoder for recall; None = words alone
    """

    store: str
    models: str | None = None
    open_workspace: str | None = None
    runtime: str = ""
    encoder: str | None = None
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    body_bytes: int = 2 * 1024 * 1024
    nesting: int = 16  # lists and maps within each other
    waiting: int = 256  # requests of one kind of work that may wait in a worker
    together: int = 16  # requests at most that the model answers together
    events_together: int = 1_000  # events from which on no other call's share their commit
    writers: int = 8  # threads for all else that is written
    readers: int = 8  # threads for histories, exports, profiles and administration
    interpreters: int = 2  # threads that wait for the language model, where there is one
    request_seconds: float = 10.0  # to read the body and begin the answer
    drain_seconds: float = 10.0  # for requests under way when the server stops
    watch_seconds: float = 0.25  # between looks for another model
    swap_seconds: float = 20.0  # for all workers to serve another model
    cached_users: int = 10_000  # states kept in a worker and workspace

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls(**json.loads(text))
