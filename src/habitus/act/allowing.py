"""Which items one answer may hold: those that can be had and that the request does not leave out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from habitus.act.asking import Ask, check_count, check_named, check_user
from habitus.act.ready import Ready
from habitus.events.catalogue import Catalogue

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]


def asked_of(ready: Ready, ask: Ask) -> Mask:
    """What can be had of what the request asks for, bool [N + 1]; not to be written to.

    HabitusError for a request that cannot be answered: see `Ask`, `conditions`.
    """
    check_user(ask.user_id)
    check_named(ask.exclude_items)
    found = ready.available
    if ask.only is None or ask.k:  # none of nothing is fine
        check_count(ask.k)
    if ask.only is not None:
        check_named(ask.only)
        found = found & named(ready.catalogue, ask.only)
    if ask.where:
        found = found & ready.filters.mask(ask.where)
    return found


def allowed(ready: Ready, ask: Ask, asked: Mask, seen: Rows) -> Mask:
    """What is asked for but for what is left out: by id, and what the user had (`seen`, rows)."""
    left_out = excluded(ready.catalogue, ask.exclude_items)
    if _excludes_seen(ready, ask):
        left_out = np.concatenate((left_out, seen)) if len(left_out) else seen
    return without(asked, left_out) if len(left_out) else asked


def named(catalogue: Catalogue, item_ids: Sequence[str]) -> Mask:
    """The rows of items, [N + 1]; HabitusError where the catalogue lacks one."""
    found = np.zeros(len(catalogue), np.bool_)
    found[[catalogue.row(each) for each in item_ids]] = True
    return found


def excluded(catalogue: Catalogue, item_ids: Sequence[str]) -> Rows:
    """The rows of those items that the catalogue has."""
    known = catalogue.rows if item_ids else {}
    return np.array([known[each] for each in item_ids if each in known], np.int64)


def without(available: Mask, rows: Rows) -> Mask:
    """What is available but for some rows, as a copy."""
    found = available.copy()
    found[rows] = False
    return found


def _excludes_seen(ready: Ready, ask: Ask) -> bool:
    """As the request says, else as the model was trained to; items asked for by id are not missing
    from the answer because the user knows them."""
    if ask.exclude_seen is not None:
        return ask.exclude_seen
    return ask.only is None and ready.seen == "mask"
