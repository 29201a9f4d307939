"""What an import did, in numbers and in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from habitus.events.rejects import RejectedRow


@dataclass(frozen=True, slots=True)
class FileSummary:
    """What became of one file's rows. `rejects` is None where no row was rejected."""

    path: Path
    rows: int
    accepted: int
    duplicates: int
    conflicts: int
    reasons: Mapping[str, int]
    rejects: Path | None
    first_reject: RejectedRow | None
    seconds: float
    notes: tuple[str, ...] = ()
    forgotten: int = 0

    @property
    def rejected(self) -> int:
        return sum(self.reasons.values())

    def sentences(self) -> list[str]:
        """The file's import in plain words."""
        said = [f"{self.path.name}: {_count(self.accepted, 'row')} of {self.rows:,} taken in."]
        if self.duplicates:
            said.append(f"{_count(self.duplicates, 'row')} had been taken in before.")
        if self.conflicts:
            said.append(
                f"{_count(self.conflicts, 'row')} had been taken in before with other content, "
                "which stays as it was: delete those events, or import into a new workspace, "
                "to read the file in another way."
            )
        if self.forgotten:
            said.append(
                f"{_count(self.forgotten, 'row')} left out: of users who were forgotten since."
            )
        if self.rejected:
            said.append(f"{_count(self.rejected, 'row')} left out: {most_common(self.reasons)}.")
            said.append(f"They are in {self.rejects}, with line and reason.")
        return [*said, *self.notes]


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What became of all files; `sentences` says it in plain words."""

    files: tuple[FileSummary, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    @property
    def accepted(self) -> int:
        return sum(file.accepted for file in self.files)

    @property
    def duplicates(self) -> int:
        return sum(file.duplicates for file in self.files)

    @property
    def conflicts(self) -> int:
        return sum(file.conflicts for file in self.files)

    @property
    def forgotten(self) -> int:
        return sum(file.forgotten for file in self.files)

    @property
    def rejected(self) -> int:
        return sum(file.rejected for file in self.files)

    def sentences(self) -> list[str]:
        """One sentence a line, for a person."""
        return [line for file in self.files for line in file.sentences()] + list(self.notes)

    def __add__(self, other: ImportSummary) -> ImportSummary:
        return ImportSummary(self.files + other.files, self.notes + other.notes)


def most_common(reasons: Mapping[str, int]) -> str:
    """The reasons, most frequent first, with how often."""
    ordered = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [f"{reason} ({count:,})" for reason, count in ordered[:5]]
    return ", ".join(shown) + (", and others" if len(ordered) > 5 else "")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"
