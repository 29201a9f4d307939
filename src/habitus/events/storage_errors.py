"""Errors of the disk or the database: no fault of what was asked, and none that it can mend."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path

from habitus.types import HabitusError

SHORTLY = 1  # seconds to what passes by itself
LATER = 5  # seconds to what somebody has to mend first


class StorageError(HabitusError):
    """The store cannot be read or written at present; what was acknowledged before is safe.

    said     what is wrong, for people who need not know where the store lies
    seconds  when to try again
    """

    def __init__(self, problem: str, mend: str, said: str, seconds: int = LATER) -> None:
        super().__init__(problem, mend)
        self.said = said
        self.seconds = seconds


def storage_error(
    problem: str, mend: str, place: str, cause: str = "", seconds: int = LATER
) -> StorageError:
    """`problem` names the place as {place}; `cause` are the words of disk or database."""
    said = problem.format(place="the store")
    reason = f" ({cause})" if cause else ""
    return StorageError(
        f"{problem.format(place=place)}{reason}.", mend, f"{said[0].upper()}{said[1:]}.", seconds
    )


FULL = (
    "The disk of {place} is full",
    "Make room and try again; what was stored before is safe.",
)
READ_ONLY = (
    "{place} cannot be written to",
    "Give this process the right to write the files and their folder.",
)
FAULTY = (
    "The disk of {place} does not read or write as it should",
    "Check the disk and the room on it; then try again.",
)
NUMBERS: Mapping[int, tuple[str, str]] = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.EROFS: READ_ONLY,
}


def of_file(error: OSError, path: Path) -> StorageError:
    """What the system says of a file of the store."""
    problem, mend = NUMBERS.get(error.errno or 0, FAULTY)
    return storage_error(problem, mend, str(path), error.strerror or type(error).__name__)


def failing(error: BaseException) -> StorageError | None:
    """The failing store that an error comes from; None where it comes from something else."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, StorageError):
        cause = cause.__cause__
    return cause
