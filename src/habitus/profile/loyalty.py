"""Loyalty: whether a user stays with few values of an attribute, or goes through many."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from habitus.profile.log import UserLog
from habitus.profile.typical import Typical, sameness
from habitus.types import Interval, Kind, Origin, Proposition, Stance

LEAST = 8  # pairs of an event and a value
SURE = 0.7
NAMED = 3  # values that the sentence names
EVIDENCE = 100


def loyalty(log: UserLog, typical: Typical, skip: Collection[str] = ()) -> list[Proposition]:
    """A proposition for each attribute in which the user differs from others."""
    doing = log.acts
    names = (each for each in log.catalogue.attributes if each not in skip)
    made = (_of(log, typical, name, doing) for name in names if name in typical.loyalty)
    return [each for each in made if each is not None]


def _of(log: UserLog, typical: Typical, name: str, doing: NDArray[np.bool_]) -> Proposition | None:
    event, code = log.pairs(name)
    used = doing[event]
    event, code = event[used], code[used]
    _, share = sameness(np.zeros(len(log), np.int64), event, code)
    there = np.isfinite(share)
    if there.sum() < LEAST:
        return None
    trait = typical.loyalty[name]
    loyal, sure = trait.tells(float(share[there].sum()), int(there.sum()))
    if sure < SURE:
        return None
    count = np.bincount(code)
    top = np.argsort(-count, kind="stable")[:NAMED]
    top = top[count[top] > 0]
    among = (code[:, None] == top).any(1)
    usual, other = np.zeros((2, len(log)), bool)
    usual[event[among]], other[event[~among]] = True, True
    speaks, against = (usual, other & ~usual) if loyal else (other, usual & ~other)
    if not speaks.any():
        return None
    return Proposition(
        proposition_id="",
        user_id=log.user_id,
        kind=Kind.LOYALTY,
        attribute=name,
        value="few values",
        stance=Stance.FOR if loyal else Stance.AGAINST,
        confidence=sure,
        events_for=log.ids(np.flatnonzero(speaks)[-EVIDENCE:]),
        events_against=log.ids(np.flatnonzero(against)[-EVIDENCE:]),
        sentence=_sentence(log, name, loyal, top, among, float(share[there].mean()), trait.mean),
        origin=Origin.OBSERVED,
        valid=Interval(start=None if log.ordinal else int(log.time[event[0]])),
        strength=float(share[there].mean()),
    )


def _sentence(
    log: UserLog,
    name: str,
    loyal: bool,
    top: NDArray[np.int64],
    among: NDArray[np.bool_],
    own: float,
    others: float,
) -> str:
    values = ", ".join(log.catalogue.attributes[name].values[each] for each in top.tolist())
    verb = "Stays with few" if loyal else "Goes through many"
    digits = 0 if min(own, others) >= 0.1 else 1
    chance = f"takes the same again in {own:.{digits}%} of cases, others in {others:.{digits}%}"
    most = f"{values}: {among.mean():.0%}"
    return f"{verb} values of {name} ({most}; {chance}).".replace("%", " %")
