"""Boosted trees as plain arrays: what a calibrator keeps of them, and how they are read in numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from habitus.profile.columns import Floats, Ints
from habitus.types import HabitusError

ITERATIONS: Final = 120
RATE: Final = 0.06
LEAVES: Final = 20
DEEPEST: Final = 7
LEAST_IN_LEAF: Final = 50
ROWS: Final = 8192  # rows read at once
MOST_TREES, MOST_NODES = 1000, 1000


@dataclass(frozen=True, eq=False)
class Trees:
    """T trees of at most M nodes, [T, M]; node 0 is the root, a leaf is its own child.

    A row goes left where its feature is at most the threshold. The sum over trees of the values of
    the leaves that it comes to, and `start`, is a logit.
    """

    start: float
    depth: int
    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    value: Floats

    @classmethod
    def fit(cls, features: Floats, holds: NDArray[np.bool_], seed: int) -> Trees:
        """Histogram gradient boosting (Friedman 2001; Ke et al. 2017) on finite features [C, F]."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        model = HistGradientBoostingClassifier(
            max_iter=ITERATIONS,
            learning_rate=RATE,
            max_leaf_nodes=LEAVES,
            max_depth=DEEPEST,
            min_samples_leaf=LEAST_IN_LEAF,
            early_stopping=False,
            random_state=seed,
        ).fit(features, holds)
        # scikit-learn has no public reader of these trees; a test holds this one against its answers.
        nodes = [each[0].nodes for each in model._predictors]
        return cls._of(float(np.ravel(model._baseline_prediction)[0]), nodes)

    @classmethod
    def _of(cls, start: float, nodes: list[Any]) -> Trees:
        most = max(len(each) for each in nodes)
        shape = (len(nodes), most)
        own = np.broadcast_to(np.arange(most, dtype=np.int64), shape)
        feature, left, right = np.zeros(shape, np.int64), own.copy(), own.copy()
        threshold, value = np.zeros(shape), np.zeros(shape)
        for row, each in enumerate(nodes):
            inner = np.flatnonzero(each["is_leaf"] == 0)
            feature[row, inner] = each["feature_idx"][inner]
            threshold[row, inner] = each["num_threshold"][inner]
            left[row, inner] = each["left"][inner]
            right[row, inner] = each["right"][inner]
            value[row, : len(each)] = each["value"]
        depth = max(int(each["depth"].max()) for each in nodes)
        return cls(start, depth, feature, threshold, left, right, value)

    def logit(self, features: Floats) -> Floats:
        """The sum for each row of float64 [C, F], [C]."""
        blocks = [features[at : at + ROWS] for at in range(0, len(features), ROWS)]
        return np.concatenate([self._logit(each) for each in blocks] or [np.zeros(0)])

    def _logit(self, features: Floats) -> Floats:
        flat = np.ascontiguousarray(features).ravel()
        rows = np.arange(len(features))[:, None] * features.shape[1]
        feature, threshold, value = (
            each.ravel() for each in (self.feature, self.threshold, self.value)
        )
        node = np.broadcast_to(self._roots, (len(features), len(self._roots)))
        for _ in range(self.depth):
            left = flat.take(rows + feature.take(node)) <= threshold.take(node)
            node = self._children.take(2 * node + left)
        return np.asarray(self.start + value.take(node).sum(axis=1))

    @cached_property
    def _roots(self) -> Ints:
        """The places of the roots among all nodes, [T]."""
        roots: Ints = np.arange(len(self.feature), dtype=np.int64) * self.feature.shape[1]
        return roots

    @cached_property
    def _children(self) -> Ints:
        """Right and left child of each of all nodes, as places among them, [2 T M]."""
        right, left = (side + self._roots[:, None] for side in (self.right, self.left))
        both: Ints = np.stack([right.ravel(), left.ravel()], axis=1).ravel()
        return both

    def to_json(self) -> dict[str, Any]:
        return {
            "start": self.start,
            "depth": self.depth,
            "feature": self.feature.tolist(),
            "threshold": self.threshold.tolist(),
            "left": self.left.tolist(),
            "right": self.right.tolist(),
            "value": self.value.tolist(),
        }

    @classmethod
    def from_json(cls, form: Mapping[str, Any], features: int) -> Trees:
        """HabitusError where the form is not that of trees over `features` columns."""
        try:
            made = cls(
                start=float(form["start"]),
                depth=int(form["depth"]),
                feature=np.array(form["feature"], np.int64),
                threshold=np.array(form["threshold"], np.float64),
                left=np.array(form["left"], np.int64),
                right=np.array(form["right"], np.int64),
                value=np.array(form["value"], np.float64),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise _unusable(str(error)) from error
        made._check(features)
        return made

    def _check(self, features: int) -> None:
        shape = self.feature.shape
        alike = [self.threshold, self.left, self.right, self.value]
        if len(shape) != 2 or 0 in shape or any(each.shape != shape for each in alike):
            raise _unusable("its arrays have different shapes")
        if shape[0] > MOST_TREES or shape[1] > MOST_NODES or not 0 <= self.depth <= shape[1]:
            raise _unusable("it is larger than any that is fitted here")
        for each, limit in (
            (self.feature, features),
            (self.left, shape[1]),
            (self.right, shape[1]),
        ):
            if each.min() < 0 or each.max() >= limit:
                raise _unusable("an index points outside")
        if not (np.isfinite(self.value).all() and np.isfinite(self.start)):
            raise _unusable("a value is not finite")


def _unusable(why: str) -> HabitusError:
    return HabitusError(
        f"The calibrator's trees cannot be read: {why}.", "Fit the population again."
    )
