"""One attribute's values and calibrators, stored and read."""

import json
from typing import Any

import numpy as np
import pytest

from habitus.profile.calibrated import PROBITS, Known
from habitus.profile.calibration import shipped
from habitus.profile.known import Values
from habitus.types import HabitusError

VALUES = Values(("a", "b"), *(np.array([0.5, 0.25]),) * 5, 10.0, 1.0)
KNOWN = Known(VALUES, *(shipped(probit, 2) for probit in PROBITS.values()))


def test_it_comes_back_from_json() -> None:
    again = Known.from_json(json.loads(json.dumps(KNOWN.to_json())))
    assert again.to_json() == KNOWN.to_json()
    assert (again.taste.probit, again.interest.probit, again.recurring.probit) == (
        "taste",
        "interest",
        "interest",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"taste": shipped("interest", 2).to_json()},
        {"interest": shipped("interest", 3).to_json()},
        {"recurring": shipped("taste", 2).to_json()},
    ],
)
def test_calibrators_of_another_table_or_other_values_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(HabitusError):
        Known.from_json(KNOWN.to_json() | change)
