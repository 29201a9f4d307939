"""How tastes for the values of an attribute go together, and what one user's history says of all.

A user's value of an item, less their own mean and the item's quality, is the sum of what they make of
each of its values, and noise. What users make of values is drawn from one normal distribution, fitted
by expectation and maximisation (Laird and Ware 1982, "Random-effects models for longitudinal data"):
who likes one value says something of those that are liked together with it, and an item with several
values is no evidence for each alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from habitus.events.catalogue import Attribute
from habitus.profile.columns import Columns, Floats, Ints, described, expanded
from habitus.profile.known import CELLS, MOST, Joint
from habitus.profile.readings import Readings

USERS: Final = 4_000  # to fit on
ROUNDS: Final = 8
START: Final = 0.05  # of the noise: the variance of tastes from which the fit begins
LEAST: Final = 1e-4  # of the noise, beside every variance: a covariance stays one
COMPANY_PRIOR: Final = 5.0  # events with a value that everybody's company of it counts for
CHOICE_PRIOR: Final = 10.0  # events that everybody's choice counts for, beside a user's


@dataclass(frozen=True, eq=False)
class Sums:
    """Each user's events with the K values, weighed.

    squares   [U, K, K] Σ weight of the events that have both values
    products  [U, K] Σ weight · left of those that have the value
    events    [U] Σ weight of those whose item has any value of the attribute
    """

    squares: Floats
    products: Floats
    events: Floats


def sums(
    columns: Columns, attribute: Attribute, code: Ints, size: int, weight: Floats, left: Floats
) -> Sums:
    """`code` renames the attribute's codes to 0 … size − 1, or −1; weight and left are [E]."""
    users = columns.users
    event, value = expanded(columns.item, attribute, code)
    products = np.bincount(
        columns.owner[event] * size + value, (weight * left)[event], users * size
    )
    squares = np.zeros((users, size, size))
    for first, last, cell, of in _pairs(columns.owner, event, value, size):
        found = np.bincount(cell, weight[of], (last - first) * size * size)
        squares[first:last] += found.reshape(last - first, size, size)
    events = columns.per_user(weight * described(columns.item, attribute))
    return Sums(squares, np.asarray(products, np.float64).reshape(users, size), events)


def _pairs(
    owner: Ints, event: Ints, value: Ints, size: int
) -> Iterator[tuple[int, int, Ints, Ints]]:
    """Both values of every pair of values of one event, some millions of pairs at a time: users
    [first, last), each pair's cell among theirs, and its event."""
    many = np.bincount(event, minlength=len(owner))
    ends = np.cumsum(many)
    before = np.concatenate(([0], np.cumsum(many**2)))
    at = 0
    while at < len(owner):
        stop = max(at + 1, int(np.searchsorted(before, before[at] + CELLS, "right")) - 1)
        low, high = int(ends[at] - many[at]), int(ends[stop - 1])
        one = np.repeat(np.arange(low, high), many[event[low:high]])
        starts = np.repeat(np.cumsum(many[event[low:high]]), many[event[low:high]])
        within = np.arange(len(one)) - starts + many[event[one]]
        other = ends[event[one]] - many[event[one]] + within
        first, last = int(owner[at]), int(owner[stop - 1]) + 1
        cell = ((owner[event[one]] - first) * size + value[one]) * size + value[other]
        yield first, last, cell, event[one]
        at = stop


def posterior(joint: Joint, found: Sums, noise: Floats) -> tuple[Floats, Floats]:
    """What each user makes of the K values: mean [U, K] and covariance [U, K, K]. `noise` [U]."""
    inverse = np.linalg.inv(joint.covariance)
    spread = np.linalg.inv(inverse + found.squares / noise[:, None, None])
    start = inverse @ joint.mean + found.products / noise[:, None]
    mean = np.einsum("uij,uj->ui", spread, start)
    return np.asarray(mean, np.float64), np.asarray(spread, np.float64)


def fitted(readings: Readings, attribute: Attribute, code: Ints, size: int) -> Joint:
    """How tastes for the `size` values that `code` names go together; of none where they are many."""
    users = readings.columns.users
    if size > MOST:
        return Joint.none()
    company, events, parts = np.zeros((size, size)), 0.0, []
    step = max(1, CELLS // size**2)
    stride = max(1, users // USERS)
    for first in range(0, users, step):
        block = readings.block(first, min(first + step, users))
        chosen, rated = _both(block, attribute, code, size)
        company += chosen.squares.sum(axis=0)
        events += float(chosen.events.sum())
        pick = slice((-first) % stride, None, stride)
        parts.append((rated.squares[pick], rated.products[pick], block.noise[pick]))
    squares, products, noise = (np.concatenate(each) for each in zip(*parts, strict=True))
    told = squares.trace(axis1=1, axis2=2) > 0
    rated, noise = Sums(squares[told], products[told], np.zeros(0)), noise[told]
    own = np.diag(company)
    level = float(noise.mean()) if len(noise) else 1.0
    joint = Joint(
        mean=np.zeros(size),
        covariance=START * level * np.eye(size),
        company=company / np.maximum(own, 1.0)[:, None],
        share=own / max(events, 1.0),
    )
    for _ in range(ROUNDS if len(noise) else 0):
        mean, spread = posterior(joint, rated, noise)
        middle = mean.mean(axis=0)
        away = mean - middle
        covariance = spread.mean(axis=0) + away.T @ away / len(away) + LEAST * level * np.eye(size)
        joint = replace(joint, mean=middle, covariance=covariance)
    return joint


def foretold(
    joint: Joint, readings: Readings, attribute: Attribute, code: Ints, owner: Ints, value: Ints
) -> tuple[Floats, Floats]:
    """By how much a user's later values with a value exceed all theirs, as far as taste goes: mean
    and deviation for each (owner, value), [C] both; NaN where nothing is known together.

    `code` renames the attribute's codes to places in `Values`, or −1. What comes along with a value,
    and what the user chooses at all, is their own as far as that tells.
    """
    if not len(joint):
        return np.full(len(owner), np.nan), np.full(len(owner), np.nan)
    chosen, rated = _both(readings, attribute, code, len(joint))
    mean, spread = posterior(joint, rated, readings.noise)
    own = np.einsum("uii->ui", chosen.squares)
    with_it = chosen.squares[owner, value] + COMPANY_PRIOR * joint.company[value]
    with_it /= (own[owner, value] + COMPANY_PRIOR)[:, None]
    at_all = own + CHOICE_PRIOR * joint.share
    at_all /= (chosen.events + CHOICE_PRIOR)[:, None]
    contrast = with_it - at_all[owner]
    expected = np.einsum("ci,ci->c", contrast, mean[owner])
    variance = np.einsum("ci,cij,cj->c", contrast, spread[owner], contrast)
    return np.asarray(expected, np.float64), np.sqrt(np.maximum(variance, 0.0))


def _both(readings: Readings, attribute: Attribute, code: Ints, size: int) -> tuple[Sums, Sums]:
    """The sums over positive events, and over those that carry a value."""
    columns, left = readings.columns, readings.left
    positive = (columns.sign > 0).astype(np.float64)
    return (
        sums(columns, attribute, code, size, positive, left),
        sums(columns, attribute, code, size, readings.valued, left),
    )
