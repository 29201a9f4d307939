"""What users said of themselves, of a store in a test."""

from __future__ import annotations

from habitus.act.leaning import Leanings
from habitus.events.store import Store
from habitus.profile.profiles import Profiles


def leanings(store: Store) -> Leanings:
    """As an engine on the store has them, under a secret that everybody knows."""
    return Leanings(Profiles(store, lambda: "00" * 32))
