"""Which items an answer may hold: conditions on attributes and numbers, exactly as the items say."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from habitus.act.conditions import Conditions, conditions
from habitus.events.catalogue import Catalogue

Mask = NDArray[np.bool_]

KEPT_BYTES = 32 * 2**20  # of masks, one byte a row
MOST_KEPT = 1_000


class Filters:
    """The rows of one catalogue that meet conditions; the latest answers are kept.

    Threads may share it. A mask that it gives belongs to it: copy before writing.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._capacity = int(np.clip(KEPT_BYTES // len(catalogue), 1, MOST_KEPT))
        self._masks: OrderedDict[Conditions, Mask] = OrderedDict()
        self._lock = Lock()

    def mask(self, where: Mapping[str, Any]) -> Mask:
        """bool [N + 1]: true where an item meets every condition; see `act.conditions`.

        HabitusError for a name that no item has, and for a condition that is none.
        """
        wanted = conditions(where)
        with self._lock:
            found = self._masks.get(wanted)
            if found is not None:
                self._masks.move_to_end(wanted)
                return found
        found = self._made(wanted)
        with self._lock:
            self._masks[wanted] = found
            while len(self._masks) > self._capacity:
                self._masks.popitem(last=False)
        return found

    def _made(self, wanted: Conditions) -> Mask:
        mask = np.ones(len(self._catalogue), np.bool_)
        mask[0] = False
        for name, checks in wanted:
            for check in checks:
                mask &= check.rows(self._catalogue, name)
        mask.flags.writeable = False
        return mask
