"""What a failing disk is called, and that it is found behind other errors."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from habitus.events.storage_errors import StorageError, failing, of_file
from habitus.types import HabitusError

PATH = Path("/srv/private/events.sqlite")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "The disk of the store is full."),
        (errno.EROFS, "The store cannot be written to."),
        (errno.EACCES, "The store cannot be written to."),
        (errno.EIO, "The disk of the store does not read or write as it should."),
    ],
)
def test_the_operator_is_told_where_and_others_only_what(number: int, said: str) -> None:
    found = of_file(OSError(number, os.strerror(number)), PATH)
    assert found.said == said
    assert str(PATH) in found.problem
    assert os.strerror(number) in found.problem
    assert "/srv" not in found.said + found.mend
    assert found.seconds > 0


def test_it_is_found_behind_other_errors() -> None:
    store = StorageError("The disk of x is full.", "Make room.", "The disk of the store is full.")
    outer = HabitusError("The write was not stored.")
    outer.__cause__ = store
    assert failing(store) is failing(outer) is store
    assert failing(HabitusError("There is no item 'a'.")) is None
