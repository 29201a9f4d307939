"""What is fitted on everybody: from any log there may be, and as plain numbers."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from habitus.events.catalogue import Catalogue
from habitus.events.histories import from_lists
from habitus.profile import population as module
from habitus.profile.calibration import CAUTIOUS
from habitus.profile.columns import Columns
from habitus.profile.population import Population
from habitus.profile.tastes import assessed, tastes
from habitus.testing.raters import Raters, raters
from habitus.types import HabitusError

LATEST = 2**62


@pytest.fixture(scope="module")
def world() -> Raters:
    return raters(users=250, length=80)


@pytest.fixture(scope="module")
def fitted(world: Raters) -> Population:
    return Population.fit(world.histories, world.catalogue)


def test_what_it_counts(world: Raters, fitted: Population) -> None:
    assert (fitted.users, fitted.events) == (250, 250 * 80)
    genre = fitted.attributes["genre"].values
    assert genre.values == world.catalogue.attributes["genre"].values
    assert genre.share.sum() == pytest.approx(1.0)
    assert fitted.attributes["genre"].taste.pairs > 0


def test_the_same_seed_gives_the_same_numbers(world: Raters, fitted: Population) -> None:
    again = Population.fit(world.histories, world.catalogue)
    assert json.dumps(again.to_json()) == json.dumps(fitted.to_json())


def test_progress_is_told(world: Raters) -> None:
    told: list[tuple[str, float, float | None, str]] = []

    def tell(label: str, done: float, total: float | None, /, detail: str = "") -> None:
        told.append((label, done, total, detail))

    Population.fit(world.histories.take(np.arange(20)), world.catalogue, progress=tell)
    assert told[0] == ("population", 0, 4, "")
    assert told[-1] == ("population", 4, 4, "")


def test_stored_as_json_it_reads_a_user_the_same(world: Raters, fitted: Population) -> None:
    again = Population.from_json(json.loads(json.dumps(fitted.to_json())))
    assert tastes(world.log(3), again, LATEST) == tastes(world.log(3), fitted, LATEST)


def test_no_user_is_named_in_it(world: Raters, fitted: Population) -> None:
    text = json.dumps(fitted.to_json())
    assert not any(f'"{user}"' in text for user in world.histories.user_ids)


def test_a_few_users_get_the_shipped_coefficients() -> None:
    small = raters(users=10, length=40)
    known = Population.fit(small.histories, small.catalogue).attributes["genre"]
    assert [each.pairs for each in (known.taste, known.interest)] == [0, 0]
    assert known.taste.limit == CAUTIOUS


@pytest.mark.parametrize("lists", [[], [[]], [[0, 0]], [[1]]])
def test_logs_with_next_to_nothing(lists: list[list[int]], world: Raters) -> None:
    made = Population.fit(from_lists(lists), world.catalogue)
    assert not made.attributes
    assert Population.from_json(made.to_json()).to_json() == made.to_json()


def test_no_attributes_is_nothing_to_know(world: Raters) -> None:
    bare = replace(world.catalogue, attributes={})
    assert not Population.fit(world.histories, bare).attributes


def test_no_values_leave_tastes_unlearned_and_interests_learned(world: Raters) -> None:
    unrated = replace(world.histories, value=np.full_like(world.histories.value, np.nan))
    known = Population.fit(unrated, world.catalogue).attributes["genre"]
    assert known.taste.pairs == 0
    assert known.interest.pairs > 0


def test_values_all_alike_are_no_noise_to_divide_by(world: Raters) -> None:
    alike = replace(world.histories, value=np.full_like(world.histories.value, 3.0))
    made = Population.fit(alike, world.catalogue)
    found = assessed(Columns.of_histories(alike), world.catalogue, made)["genre"]
    assert np.isfinite(found.evidence.features).all()
    assert not any(each.kind == "taste" for each in tastes(world.log(0), made, 0))


def test_calibrators_are_fitted_on_a_sample_where_the_log_is_long(
    world: Raters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_EVENTS", 50 * 80)
    made = Population.fit(world.histories, world.catalogue)
    assert made.events == 250 * 80
    assert 0 < made.attributes["genre"].interest.pairs <= 50 * 8 * module.CUTS


def test_items_and_values_that_are_gone_from_the_catalogue(
    fitted: Population,
) -> None:
    other = Catalogue.of_ids(["new"])
    assert assessed(Columns.of_histories(from_lists([[1] * 9])), other, fitted) == {}


def set_in(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(form: dict[str, Any]) -> None:
        inner: Any = form
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = to

    return change


@pytest.mark.parametrize(
    "change",
    [
        set_in("version", to=99),
        set_in("items", to=None),
        set_in("items", "noise", to=0.0),
        set_in("items", "mass", to=[1.0]),
        set_in("items", "quality", 0, to=float("nan")),
        set_in("attributes", to=[1]),
        set_in("attributes", "genre", "share", to="all"),
        set_in("attributes", "genre", "spread", 0, to=0.0),
        set_in("attributes", "genre", "values", 1, to="genre 0"),
        set_in("attributes", "genre", "taste", "base", to=[]),
        set_in("attributes", "genre", "taste", "probit", to="interest"),
        lambda form: form.pop("users"),
    ],
)
def test_broken_forms_are_refused(
    change: Callable[[dict[str, Any]], None], fitted: Population
) -> None:
    form = json.loads(json.dumps(fitted.to_json()))
    change(form)
    with pytest.raises(HabitusError):
        Population.from_json(form)
