"""Trees as arrays give what scikit-learn's own model gives, and broken forms are refused."""

import copy
import json
from typing import Any

import numpy as np
import pytest

from habitus.profile.trees import DEEPEST, ITERATIONS, LEAST_IN_LEAF, LEAVES, RATE, Trees
from habitus.types import HabitusError


def drawn(rows: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    features = generator.normal(size=(rows, 4))
    chance = 1 / (1 + np.exp(-2 * features[:, 0] * (features[:, 1] > 0)))
    return features, generator.random(rows) < chance


def test_the_arrays_give_what_the_fitted_model_gives() -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    features, holds = drawn(3000)
    model = HistGradientBoostingClassifier(
        max_iter=ITERATIONS,
        learning_rate=RATE,
        max_leaf_nodes=LEAVES,
        max_depth=DEEPEST,
        min_samples_leaf=LEAST_IN_LEAF,
        early_stopping=False,
        random_state=0,
    ).fit(features, holds)
    new = drawn(500, seed=1)[0]
    found = Trees.fit(features, holds, seed=0).logit(new)
    np.testing.assert_allclose(found, model.decision_function(new), atol=1e-9)


def test_a_tree_by_hand() -> None:
    trees = Trees.from_json(
        {
            "start": 0.5,
            "depth": 1,
            "feature": [[1, 0, 0]],
            "threshold": [[2.0, 0.0, 0.0]],
            "left": [[1, 1, 2]],
            "right": [[2, 1, 2]],
            "value": [[9.0, -1.0, 1.0]],
        },
        features=2,
    )
    assert trees.logit(np.array([[0.0, 2.0], [0.0, 2.1]])).tolist() == [-0.5, 1.5]
    assert len(trees.logit(np.zeros((0, 2)))) == 0


def test_stored_as_json_they_say_the_same() -> None:
    features, holds = drawn(1000)
    trees = Trees.fit(features, holds, seed=0)
    again = Trees.from_json(json.loads(json.dumps(trees.to_json())), features=4)
    assert again.logit(features).tolist() == trees.logit(features).tolist()


BREAK: dict[str, Any] = {
    "missing": lambda form: form.pop("left"),
    "shape": lambda form: form["left"][0].append(0),
    "outside": lambda form: form["right"][0].__setitem__(0, 99),
    "feature": lambda form: form["feature"][0].__setitem__(0, 4),
    "negative": lambda form: form["left"][0].__setitem__(0, -1),
    "text": lambda form: form.update(value="many"),
    "nan": lambda form: form["value"][0].__setitem__(0, float("nan")),
    "deep": lambda form: form.update(depth=10**9),
    "ragged": lambda form: form["value"].append([1.0]),
}


@pytest.mark.parametrize("how", sorted(BREAK))
def test_broken_forms_are_refused(how: str) -> None:
    features, holds = drawn(300)
    form = copy.deepcopy(Trees.fit(features, holds, seed=0).to_json())
    BREAK[how](form)
    with pytest.raises(HabitusError):
        Trees.from_json(form, features=4)
