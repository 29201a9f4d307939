"""Problems name the field and the mend, and repeat nothing of what was sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.exceptions import RequestValidationError

from habitus.events.storage_errors import of_file
from habitus.serve.problems import (
    INVALID,
    MOST_FIELDS,
    Problem,
    Wrong,
    masked,
    of_engine,
    of_validation,
)
from habitus.types import HabitusError


def test_a_problem_is_what_rfc_9457_says() -> None:
    response = Problem(INVALID, "k: is 0", "Ask for one.", [Wrong("k", "is 0")]).response("r1")
    assert response.media_type == "application/problem+json"
    assert response.status_code == 422
    assert json.loads(bytes(response.body)) == {
        "type": "urn:habitus:problem:invalid",
        "title": INVALID.title,
        "status": 422,
        "detail": "k: is 0",
        "mend": "Ask for one.",
        "errors": [{"field": "k", "problem": "is 0"}],
        "request_id": "r1",
    }


def test_an_error_of_the_engine_loses_the_callers_values_and_gains_their_field() -> None:
    error = HabitusError("There is no item 'secret-7' (7 of 12).", "Did you mean 'secret-8'?")
    found = of_engine(error, {"user_id": "ann", "item_ids": ["secret-7", "x"], "k": 7})
    assert found.detail == "item_ids: There is no item … (… of 12)."
    assert found.mend == "Did you mean 'secret-8'?"
    assert found.wrong[0].field == "item_ids"


def test_the_name_of_a_condition_is_a_field() -> None:
    error = HabitusError("No item has an attribute or number 'gnre'.", "Did you mean 'genre'?")
    found = of_engine(error, {"user_id": "gn", "where": {"gnre": "private words"}})
    assert found.detail == "where: No item has an attribute or number 'gnre'."


def test_a_failing_disk_is_no_fault_of_the_caller() -> None:
    error = HabitusError("The write was not stored: disk full.")
    error.__cause__ = OSError(28, "No space left on device")
    found = of_engine(error, {"user_id": "ann"})
    assert found.kind.status == 503
    assert found.headers["Retry-After"]
    assert "disk full" not in found.detail


def test_a_failing_store_is_named_and_its_place_is_not() -> None:
    failure = of_file(OSError(28, "No space left on device"), Path("/srv/private/events.sqlite"))
    error = HabitusError(failure.problem, failure.mend)
    error.__cause__ = failure  # as those get it who shared another's write
    found = of_engine(error, {"user_id": "ann"})
    assert found.kind.status == 503
    assert found.detail.startswith("The disk of the store is full.")
    assert "Make room" in found.mend
    assert "private" not in f"{found.detail} {found.mend}"


@pytest.mark.parametrize("value", ["a", "it's", 'quo"te', "a.*b", "ünï", "1.5"])
def test_values_are_masked_in_every_form(value: str) -> None:
    said = masked(f'first {value} then {value!r}, banana, "{value}".', [value])
    assert value not in said.replace("banana", "")
    assert "banana" in said


def test_at_most_so_many_fields_are_named_and_never_their_values() -> None:
    found = [
        {"type": "int_type", "loc": ("body", "events", n, "na\x00me" * 40), "msg": "not whole",
         "input": "private"}
        for n in range(100)
    ]  # fmt: skip
    problem = of_validation(RequestValidationError(found))
    assert len(problem.wrong) == MOST_FIELDS
    assert "99 more" in problem.detail
    assert "private" not in str(problem)
    assert all(one.field.isprintable() and len(one.field) < 100 for one in problem.wrong)
