"""What is kept of users between calls: their events, what these claim, and the memory of their words."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import islice

from habitus.events.store import Store
from habitus.profile.log import UserLog
from habitus.profile.recall import Memory
from habitus.profile.stated import claims as claims_in
from habitus.profile.vectors import Vectors
from habitus.profile.voice import Claimed, claimed, read_claims, spoken, stating

CAPACITY = 256  # users
MODEL = "llm"  # what proposals of a language model are kept under


@dataclass(slots=True)
class Held:
    """One user as of a revision."""

    revision: int
    log: UserLog
    claims: dict[str, list[Claimed]]
    proposals: dict[str, list[Claimed]]
    memory: Memory | None = None  # of turns alone
    turns: int = 0  # in the memory
    meanings: Vectors = field(default_factory=dict)  # by sentence


class Users:
    """The users of one store that were asked about last. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[str, Held] = OrderedDict()
        self._guard = threading.Lock()

    def of(self, user_id: str) -> Held:
        """A user as they are now; what did not change since the last call is kept."""
        revision, catalogue = self._store.revision(user_id), self._store.catalogue()
        with self._guard:
            before = self._kept.get(user_id)
            if before is not None:
                self._kept.move_to_end(user_id)
                same = before.log.catalogue.same_reading(catalogue)
                if same and before.revision == revision:
                    return before
        found = self._read(user_id, revision, before)
        with self._guard:
            self._kept[user_id] = found
            while len(self._kept) > CAPACITY:
                self._kept.popitem(last=False)
        return found

    def forget(self, user_id: str) -> None:
        """Keep nothing of a user."""
        with self._guard:
            self._kept.pop(user_id, None)

    def _read(self, user_id: str, revision: int, before: Held | None) -> Held:
        store = self._store
        log = UserLog(
            user_id,
            store.event_list(user_id),
            store.catalogue(),
            store.event_types(),
            store.timezone(user_id),
            store.ordinal,
        )
        known = {} if before is None else before.claims
        found: dict[str, list[Claimed]] = {}
        texts: dict[str, str] = {}
        for one in stating(log):
            name, text = one.event_id or "", one.text or ""
            texts[name] = text
            found[name] = known[name] if name in known else claimed(text, claims_in(text))
        kept = store.derived.of(user_id, MODEL)
        proposals = {
            name: claimed(texts[name], read_claims(kept[name])) for name in kept if name in texts
        }
        held = Held(revision, log, found, proposals)
        if before is not None:
            held.meanings = before.meanings
        if before is not None and _goes_on(before, log):
            held.memory, held.turns = before.memory, before.turns
        return held


def _goes_on(before: Held, log: UserLog) -> bool:
    """Whether all that was said before is still there, in its place."""
    old = [one.event_id for one in islice(spoken(before.log), before.turns)]
    new = [one.event_id for one in islice(spoken(log), before.turns)]
    return old == new and before.log.timezone == log.timezone
