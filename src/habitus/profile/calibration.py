"""From evidence to a probability that it holds later: calibrators, fitted on a log's own later part.

Three steps, by how much there is to learn from. A store with few pairs uses coefficients that come
with Habitus, and is never surer than `CAUTIOUS`. With more, a logistic regression on one number of the
evidence (a probit that is already nearly a probability) and the base rate of the value. With many,
boosted trees and a logistic regression over all of it, where they foretell held-out users better. What
each of the two counts is fitted on those users (Wolpert 1992, "Stacked generalization"), so that what
learned noise says the base rate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from habitus.profile.columns import Floats, Ints
from habitus.profile.evidence import FEATURES
from habitus.profile.trees import Trees
from habitus.types import HabitusError

# Slopes of logistic regressions of the outcome on the probit alone, MovieLens-1M's genres: 1.07 of
# 61,192 pairs, and .25 of 157,062 (films are seen once: a share of them wears off).
SHIPPED: Final = {"taste": 1.0, "interest": 0.25}
CAUTIOUS: Final = math.log(0.8 / 0.2)  # the largest logit of shipped coefficients
SURE: Final = math.log(0.98 / 0.02)  # and of fitted ones
FEW_PAIRS, FEW_USERS = 400, 40  # fewer: the shipped coefficients
MANY_PAIRS, MANY_USERS = 4_000, 200  # fewer: no trees
MOST_PAIRS: Final = 80_000
HELD_OUT: Final = 0.15  # of the users, to scale the trees on
BASE_PRIOR: Final = 20.0  # pairs that the rate of all values counts for, beside a value's own
LOOSE: Final = 0.5  # how far the line may go, for evidence of deviation 1 (scikit-learn's C)
GAIN: Final = 0.001  # nats a pair by which trees must do better to be kept


@dataclass(frozen=True, eq=False)
class Pairs:
    """What a calibrator learns from: evidence [C, F] of users with values, and whether it held."""

    owner: Ints
    code: Ints
    features: Floats
    holds: NDArray[np.bool_]

    def where(self, kept: NDArray[np.bool_] | Ints) -> Pairs:
        return Pairs(self.owner[kept], self.code[kept], self.features[kept], self.holds[kept])

    @property
    def users(self) -> int:
        return len(np.unique(self.owner))


@dataclass(frozen=True, eq=False)
class Calibrator:
    """logit p = intercept + slope · x + line · evidence + lean · base[value], held within ± limit.

    x is the column `probit` of the evidence, or the trees' logit where there are trees. line [F] is 0
    where there are none.
    """

    probit: str
    intercept: float
    slope: float
    lean: float
    limit: float
    base: Floats
    pairs: int = 0
    trees: Trees | None = None
    line: Floats = field(default_factory=lambda: np.zeros(len(FEATURES)))

    def probability(self, features: Floats, code: Ints) -> Floats:
        """The probability that it holds later, for evidence [C, F] on the values `code`, [C]."""
        base = self.base[code]
        x = _probit(features, self.probit)
        if self.trees is not None:
            x = self.trees.logit(np.column_stack((features, base)))
        logit = self.intercept + self.slope * x + features @ self.line + self.lean * base
        return np.asarray(1 / (1 + np.exp(-np.clip(logit, -self.limit, self.limit))))

    def to_json(self) -> dict[str, Any]:
        numbers = ("probit", "intercept", "slope", "lean", "limit", "pairs")
        form = {each: getattr(self, each) for each in numbers}
        trees = None if self.trees is None else self.trees.to_json()
        return form | {"base": self.base.tolist(), "trees": trees, "line": self.line.tolist()}

    @classmethod
    def from_json(cls, form: Mapping[str, Any], values: int) -> Calibrator:
        """HabitusError where the form is not that of a calibrator for `values` values."""
        try:
            trees = form["trees"]
            made = cls(
                probit=str(form["probit"]),
                **{each: float(form[each]) for each in ("intercept", "slope", "lean", "limit")},
                base=np.array(form["base"], np.float64),
                pairs=int(form["pairs"]),
                trees=None if trees is None else Trees.from_json(trees, len(FEATURES) + 1),
                line=np.array(form["line"], np.float64),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise _unusable(str(error)) from error
        numbers = np.hstack(
            (made.base, made.line, made.intercept, made.slope, made.lean, made.limit)
        )
        if made.probit not in SHIPPED or made.base.shape != (values,):
            raise _unusable("it is about other values")
        if made.line.shape != (len(FEATURES),):
            raise _unusable("it is about other evidence")
        if not np.isfinite(numbers).all() or made.limit < 0:
            raise _unusable("a number is not finite")
        return made


def shipped(probit: str, values: int) -> Calibrator:
    """The calibrator of a log that is too short to learn one."""
    return Calibrator(probit, 0.0, SHIPPED[probit], 0.0, CAUTIOUS, np.zeros(values))


def fitted(probit: str, pairs: Pairs, values: int, seed: int) -> Calibrator:
    """The best calibrator that the pairs can support."""
    generator = np.random.default_rng(seed)
    if len(pairs.owner) > MOST_PAIRS:
        pairs = pairs.where(generator.permutation(len(pairs.owner))[:MOST_PAIRS])
    count, users = len(pairs.owner), pairs.users
    if count < FEW_PAIRS or users < FEW_USERS or pairs.holds.all() or not pairs.holds.any():
        return shipped(probit, values)
    base = _base_logits(pairs, values)
    whole = _linear(probit, pairs, base)
    if count < MANY_PAIRS or users < MANY_USERS:
        return whole
    owners = np.unique(pairs.owner)
    out = generator.permutation(owners)[: int(HELD_OUT * len(owners))]
    held = np.isin(pairs.owner, out)
    learn, check = pairs.where(~held), pairs.where(held)
    if check.holds.all() or not check.holds.any():
        return whole
    learners = _Learners.fit(learn, values, seed)
    intercept, weights = _logistic(learners.logits(check), check.holds)
    weights = np.maximum(weights, 0.0)
    tried = learners.weighed(probit, intercept, weights, len(learn.owner))
    linear = _linear(probit, learn, _base_logits(learn, values))
    if _loss(tried, check) > _loss(linear, check) - GAIN:
        return whole
    # What each counts is known: now all users teach them.
    return _Learners.fit(pairs, values, seed).weighed(probit, intercept, weights, count)


@dataclass(frozen=True, eq=False)
class _Learners:
    """Trees, and a line over the same columns [F + 1]: the evidence, and its value's base rate."""

    trees: Trees
    line: Floats
    middle: Floats
    base: Floats

    @classmethod
    def fit(cls, pairs: Pairs, values: int, seed: int) -> _Learners:
        base = _base_logits(pairs, values)
        given = np.column_stack((pairs.features, base[pairs.code]))
        middle, width = given.mean(axis=0), given.std(axis=0) + 1e-9
        _, weights = _logistic((given - middle) / width, pairs.holds, LOOSE)
        return cls(Trees.fit(given, pairs.holds, seed), weights / width, middle, base)

    def logits(self, pairs: Pairs) -> Floats:
        """What each says of pairs, [C, 2]."""
        given = np.column_stack((pairs.features, self.base[pairs.code]))
        return np.column_stack((self.trees.logit(given), (given - self.middle) @ self.line))

    def weighed(self, probit: str, intercept: float, weights: Floats, pairs: int) -> Calibrator:
        """Both together, each counting as much as `weights` [2] say."""
        line = self.line * float(weights[1])
        start, lean = intercept - float(self.middle @ line), float(line[-1])
        slope = float(weights[0])
        return Calibrator(probit, start, slope, lean, SURE, self.base, pairs, self.trees, line[:-1])


def _linear(probit: str, pairs: Pairs, base: Floats) -> Calibrator:
    columns = np.column_stack((_probit(pairs.features, probit), base[pairs.code]))
    intercept, weights = _logistic(columns, pairs.holds)
    # A base rate was counted on the same pairs: it is never trusted more than at its word.
    slope, lean = (max(float(each), 0.0) for each in weights)
    lean = min(lean, 1.0)
    return Calibrator(probit, intercept, slope, lean, SURE, base, len(pairs.owner))


def _logistic(
    columns: Floats, holds: NDArray[np.bool_], loose: float = 1.0
) -> tuple[float, Floats]:
    """Intercept and weights; the smaller `loose`, the more the weights are held towards 0."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=loose, max_iter=1000).fit(columns, holds)
    return float(model.intercept_[0]), np.asarray(model.coef_[0], np.float64)


def _base_logits(pairs: Pairs, values: int) -> Floats:
    """The log odds that it holds for each value, shrunk towards all values', [values]."""
    overall = float(pairs.holds.mean())
    count = np.bincount(pairs.code, minlength=values) + BASE_PRIOR
    held = np.bincount(pairs.code, pairs.holds, values) + BASE_PRIOR * overall
    return np.asarray(np.log(held / (count - held)))


def _loss(calibrator: Calibrator, pairs: Pairs) -> float:
    """Mean negative log likelihood, nats."""
    chance = calibrator.probability(pairs.features, pairs.code)
    return float(-np.log(np.where(pairs.holds, chance, 1 - chance)).mean())


def _probit(features: Floats, name: str) -> Floats:
    return np.asarray(features[:, FEATURES.index(name)])


def _unusable(why: str) -> HabitusError:
    return HabitusError(f"The calibrator cannot be read: {why}.", "Fit the population again.")
