"""One attribute as it is known: its values, and the calibrators of what is said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from habitus.profile.calibration import Calibrator
from habitus.profile.known import Values, unusable

PROBITS: Final = {"taste": "taste", "interest": "interest", "recurring": "interest"}


@dataclass(frozen=True, eq=False)
class Known:
    """One attribute: its values, and what turns evidence into the probability that

    taste      the mean of the user's later values with a value exceeds that of all their later
               values, given `FEWEST` or more of them
    interest   the user's later share of it exceeds the population's
    recurring  the same, given `FEWEST` or more later events with it. Where a value is rare, having
               as many is already more than the population's share: this is what PROTOCOLS' second
               table asks, and no proposition is made of it
    """

    values: Values
    taste: Calibrator
    interest: Calibrator
    recurring: Calibrator

    def to_json(self) -> dict[str, Any]:
        calibrators = {table: getattr(self, table).to_json() for table in PROBITS}
        return self.values.to_json() | calibrators

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> Known:
        """KeyError, TypeError, ValueError or HabitusError where the form is not that of one."""
        values = Values.from_json(form)
        size = len(values.values)
        calibrators = [Calibrator.from_json(form[table], size) for table in PROBITS]
        if [each.probit for each in calibrators] != list(PROBITS.values()):
            raise unusable("its calibrators are those of other tables")
        return cls(values, *calibrators)
