"""Whether an answer may hold items that the user has had already."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from habitus.events.histories import Histories
from habitus.types import Role

Seen = Literal["mask", "keep"]

REPEATS_TO_KEEP = 0.1
ACTS = (Role.POSITIVE, Role.NEGATIVE)


def usual(histories: Histories) -> Seen:
    """ "keep" where people come back to items (at least a tenth of positive events), else "mask"."""
    return "keep" if repeat_share(histories.positives()) >= REPEATS_TO_KEEP else "mask"


def repeat_share(histories: Histories) -> float:
    """The share of events that name an item which the same user's history holds before; 0 of none."""
    if not histories.events:
        return 0.0
    pairs = np.unique(histories.owners() << 32 | histories.item.astype(np.int64))
    return 1.0 - len(pairs) / histories.events


def acted_on(histories: Histories) -> NDArray[np.int64]:
    """The catalogue rows that events acted upon, in order of the events; being shown an item is not
    acting."""
    acts = np.array([kind.role in ACTS for kind in histories.types])
    return histories.item[acts[histories.type] & (histories.item > 0)].astype(np.int64)
