"""What came of a user's tastes in a later stretch of their history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from habitus.events.catalogue import Attribute
from habitus.profile.columns import Columns, Floats, Ints, described, expanded
from habitus.profile.evidence import ratio
from habitus.profile.known import Values


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What a later stretch made of some (user, value) pairs, [C].

    count   its positive events with the value; `rated` its events with a value
    ahead   mean of its values with the value less the mean of all its values
    share   of its positive events on items that have the attribute, of which there are `total`
    """

    count: Floats
    rated: Floats
    ahead: Floats
    share: Floats
    total: Floats


def outcomes(
    later: Columns, attribute: Attribute, values: Values, owner: Ints, code: Ints
) -> Outcomes:
    """The outcomes of pairs (owner, code) in the columns of the stretch that followed."""
    size = len(values.values)
    event, found = expanded(later.item, attribute, values.codes(attribute))
    key, cell = np.unique(later.owner[event] * size + found, return_inverse=True)
    wanted = owner * size + code
    at = np.minimum(np.searchsorted(key, wanted), max(len(key) - 1, 0))
    there = key[at] == wanted if len(key) else np.zeros(len(wanted), bool)

    def summed(weight: Floats) -> Floats:
        made = np.bincount(cell, weight[event], max(len(key), 1))
        return np.where(there, made[at], 0.0)

    positive = (later.sign > 0).astype(np.float64)
    valued = np.isfinite(later.value).astype(np.float64)
    value = np.where(valued > 0, later.value, 0.0)
    mean = ratio(later.per_user(value), later.per_user(valued), 0.0)[owner]
    rated = summed(valued)
    whole = later.per_user(positive * described(later.item, attribute))[owner]
    return Outcomes(
        count=summed(positive),
        rated=rated,
        ahead=ratio(summed(value), rated, 0.0) - mean,
        share=ratio(np.maximum(summed(later.sign), 0), whole, 0.0),
        total=whole,
    )
