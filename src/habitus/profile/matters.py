"""What a user's events were about: event types, values of attributes, items, as one ragged table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from habitus.profile.log import UserLog

MOST = 160  # matters of one attribute that are looked at: those that occur most


@dataclass(frozen=True, eq=False)
class Matters:
    """W matters (attribute, value) and the P pairs (event, matter) of one user.

    event   int64 [P]   place in the log
    matter  int64 [P]   index into `names`
    """

    names: tuple[tuple[str, str], ...]
    event: NDArray[np.int64]
    matter: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.names)

    def of(self, matter: int) -> NDArray[np.int64]:
        """The events of one matter, oldest first."""
        mine: NDArray[np.int64] = self.event[self.matter == matter]
        return mine

    def only(self, kept: NDArray[np.bool_]) -> Matters:
        """Some of the matters; `kept` is [W]."""
        if kept.all():
            return self
        place = np.cumsum(kept) - 1
        used = kept[self.matter]
        names = tuple(compress(self.names, kept.tolist()))
        return Matters(names, self.event[used], place[self.matter[used]])


def matters(
    log: UserLog,
    least: int,
    skip: Collection[str] = (),
    only: NDArray[np.bool_] | None = None,
    attributes_only: bool = False,
) -> Matters:
    """Everything that at least `least` of the user's events (of `only` [n]) are about."""
    keep = np.ones(len(log), bool) if only is None else only
    names: list[tuple[str, str]] = []
    event: list[NDArray[np.int64]] = []
    matter: list[NDArray[np.int64]] = []

    def add(
        attribute: str,
        at: NDArray[np.int64],
        code: NDArray[np.int64],
        values: list[str] | tuple[str, ...],
    ) -> None:
        used = keep[at]
        at, code = at[used], code[used]
        count = np.bincount(code, minlength=len(values))
        found = np.flatnonzero(count)
        rank = found[np.argsort(-count[found], kind="stable")[:MOST]]
        rank = rank[count[rank] >= least]
        place = np.full(len(values), -1, np.int64)
        place[rank] = len(names) + np.arange(len(rank))
        names.extend((attribute, values[each]) for each in rank.tolist())
        chosen = place[code]
        event.append(at[chosen >= 0])
        matter.append(chosen[chosen >= 0])

    for name in log.catalogue.attributes:
        if name not in skip:
            add(name, *log.pairs(name), log.catalogue.attributes[name].values)
    if not attributes_only and "event_type" not in skip:
        add("event_type", np.arange(len(log)), log.kind, log.kind_names)
    if not attributes_only and "item" not in skip:
        at = np.flatnonzero(log.item > 0)
        add("item", at, log.item[at], log.catalogue.item_ids)
    if not names:
        return Matters((), np.zeros(0, np.int64), np.zeros(0, np.int64))
    return Matters(tuple(names), np.concatenate(event), np.concatenate(matter))
