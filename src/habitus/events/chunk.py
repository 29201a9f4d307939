"""Events ready to be written: coded, as columns of equal length."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from habitus.events.codes import EventKey

# Columns of the log that are null where an event does not have them, named as in Event.
OPTIONAL = (
    "value",
    "session_id",
    "text",
    "request_id",
    "position",
    "propensity",
    "timezone",
    "context",
)


@dataclass(eq=False)
class Chunk:
    """Some events in order of arrival within equal (user, time, sequence).

    user, type int64 [n] codes; item int64 [n] code, 0 = none; time int64 [n] µs; sequence int64 [n].
    source, row int64 [n] and name [n] (None = all "") are the event ids; where `source` is
    OWN_SOURCE and `row` −1, the id is to be made from the ingestion number.
    `optional` holds the columns that some event has (NaN and None = absent).
    `timed` bool [n] is false where the caller gave no time (None = all gave one).
    """

    user: NDArray[np.int64]
    type: NDArray[np.int64]
    item: NDArray[np.int64]
    time: NDArray[np.int64]
    sequence: NDArray[np.int64]
    source: NDArray[np.int64]
    row: NDArray[np.int64]
    name: list[str] | None = None
    optional: dict[str, list[Any]] = field(default_factory=dict)
    timed: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.user)

    def names(self) -> list[str]:
        """The texts of the event ids that are texts, "" for the others."""
        return self.name if self.name is not None else [""] * len(self)

    def key(self, index: int) -> EventKey:
        """The event id of one event."""
        name = self.name[index] if self.name is not None else ""
        return int(self.source[index]), int(self.row[index]), name

    def pick(self, keep: NDArray[np.bool_]) -> Chunk:
        """Only some of the events."""
        if keep.all():
            return self
        rows = np.flatnonzero(keep).tolist()

        def some(values: list[Any]) -> list[Any]:
            return [values[row] for row in rows]

        return Chunk(
            user=self.user[keep],
            type=self.type[keep],
            item=self.item[keep],
            time=self.time[keep],
            sequence=self.sequence[keep],
            source=self.source[keep],
            row=self.row[keep],
            name=some(self.name) if self.name is not None else None,
            optional={name: some(values) for name, values in self.optional.items()},
            timed=self.timed[keep] if self.timed is not None else None,
        )

    def content(self, index: int) -> dict[str, Any]:
        """What one event says, by column of the log: what a conflict is judged by."""
        said: dict[str, Any] = {
            "user": int(self.user[index]),
            "type": int(self.type[index]),
            "item": int(self.item[index]),
            "time": int(self.time[index]),
            "sequence": int(self.sequence[index]),
        }
        for name in OPTIONAL:
            value = self.optional[name][index] if name in self.optional else None
            said[name] = None if value != value else value  # NaN = absent
        return said
