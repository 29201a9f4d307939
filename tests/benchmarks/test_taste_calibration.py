"""The taste benchmark on a made world: held-out users only, base rates of the other folds, a diagram."""

from dataclasses import replace

import numpy as np
from benchmarks.taste_calibration import ATTRIBUTE, Table, diagram, figures, held_out

from habitus.testing.raters import raters


def test_it_measures_users_that_were_held_out() -> None:
    world = raters(users=120, length=100)
    catalogue = replace(
        world.catalogue, attributes={ATTRIBUTE: world.catalogue.attributes["genre"]}
    )
    fold = np.arange(120) % 2
    tables = held_out(world.histories, catalogue, fold, seed=0)
    assert set(tables) == {"taste", "interest", "interest_whatever_comes"}
    for table in tables.values():
        assert (table.fold == fold[table.user]).all()
    found = figures(tables["taste"], seed=0)
    assert found["propositions"] == len(tables["taste"].chance) > 100
    assert found["skill"]["low"] > 0
    assert sum(row[0] for row in found["reliability"]) == found["propositions"]


def table(chance: list[float], holds: list[bool], fold: list[int]) -> Table:
    size = len(chance)
    return Table(
        np.array(chance),
        np.array(holds),
        np.arange(size),
        np.zeros(size, np.int64),
        np.array(fold),
    )


def test_the_base_rate_is_that_of_the_other_folds() -> None:
    made = table([0.5] * 4, [True, False, True, True], [0, 0, 1, 1])
    assert made.base.tolist() == [1.0, 1.0, 0.5, 0.5]


def test_the_diagram_has_a_bar_of_what_held_and_a_mark_of_what_was_said() -> None:
    line = diagram(table([0.25] * 2, [True, False], [0, 1])).splitlines()[1]
    assert line.split()[:3] == ["1", "0.250", "1.000"]
    bar = line[line.index("█") :]
    assert bar[10] == "┃"
    assert bar.count("█") == 39
