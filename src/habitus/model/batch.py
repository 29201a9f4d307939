"""Histories as padded tensors. Padding is on the right, so causal parts need no padding mask."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from habitus.events.histories import Histories


@dataclass(frozen=True, eq=False)
class Batch:
    """B histories of at most L events; rows are filled from the left, 0 = padding.

    item, type, session  int64 [B, L]
    time         int64 µs [B, L]
    query_time   int64 µs [B, L]  when the event after this one happens: time[l + 1], `now` at the end
    value        float32 [B, L]   NaN = absent
    mask         bool [B, L]      true where there is an event
    timed        bool [B]         false = the times of this row are hidden (ordinal data)
    """

    item: Tensor
    type: Tensor
    session: Tensor
    time: Tensor
    query_time: Tensor
    value: Tensor
    mask: Tensor
    timed: Tensor

    @property
    def lengths(self) -> Tensor:
        """Events of each row, int64 [B]."""
        return self.mask.sum(1)

    def to(self, device: torch.device) -> Batch:
        if self.item.device == device:
            return self
        return Batch(**{f.name: getattr(self, f.name).to(device) for f in fields(self)})

    def first(self, count: int) -> Batch:
        """The first `count` columns; `query_time` stays that of the whole rows."""
        cut = {f.name: getattr(self, f.name) for f in fields(self)}
        return Batch(**{name: x[:, :count] if x.ndim > 1 else x for name, x in cut.items()})

    def hide_time(self, rows: Tensor) -> Batch:
        """The same batch with the times of `rows` (bool [B]) hidden."""
        return replace(self, timed=self.timed & ~rows)


@dataclass(frozen=True, eq=False)
class Targets:
    """What a loss compares with: M slots of a batch and the items that came next.

    row, slot, item int64 [M]; weight float32 [M] (the event type's weight)
    """

    row: Tensor
    slot: Tensor
    item: Tensor
    weight: Tensor

    def to(self, device: torch.device) -> Targets:
        return Targets(**{f.name: getattr(self, f.name).to(device) for f in fields(self)})

    def last(self, lengths: Tensor) -> Targets:
        """Only the targets that follow a row's last event; `lengths` int64 [B]."""
        keep = self.slot == lengths[self.row] - 1
        return Targets(**{f.name: getattr(self, f.name)[keep] for f in fields(self)})


def padded(histories: Histories, column: NDArray[np.generic], width: int) -> NDArray[np.generic]:
    """One column of ragged histories as [B, width], 0 where there is no event."""
    mask = np.arange(width) < histories.lengths[:, None]
    out = np.zeros(mask.shape, column.dtype)
    out[mask] = column
    return out


def collate(histories: Histories, now: NDArray[np.int64] | None = None) -> Batch:
    """Pad histories to the longest. `now` [B] µs; None hides the moment and all times."""
    width = max(int(histories.lengths.max(initial=0)), 1)
    time = padded(histories, histories.time, width)
    query_time = np.zeros_like(time)
    query_time[:, :-1] = time[:, 1:]
    if now is not None:
        filled = histories.lengths > 0
        query_time[np.flatnonzero(filled), histories.lengths[filled] - 1] = now[filled]
    timed = now is not None and not histories.ordinal
    return Batch(
        item=_tensor(padded(histories, histories.item, width), torch.int64),
        type=_tensor(padded(histories, histories.type, width), torch.int64),
        session=_tensor(padded(histories, histories.session, width), torch.int64),
        time=_tensor(time, torch.int64),
        query_time=_tensor(query_time, torch.int64),
        value=_tensor(padded(histories, histories.value, width), torch.float32),
        mask=torch.from_numpy(np.arange(width) < histories.lengths[:, None]),
        timed=torch.full((len(histories),), timed),
    )


def collate_one(history: Histories, start: int, now: int | None) -> Batch:
    """What `collate` gives for the events of one user from number `start` on, at least one; several
    times faster, and takes no memory of the history."""
    count = history.events - start
    columns = np.empty((5, 1, count), np.int64)
    columns[0] = history.item[start:]
    columns[1] = history.type[start:]
    columns[2] = history.session[start:]
    columns[3] = history.time[start:]
    columns[4, 0, :-1] = history.time[start + 1 :]
    columns[4, 0, -1] = 0 if now is None else now
    item, kind, session, time, query_time = torch.from_numpy(columns).unbind()
    return Batch(
        item=item,
        type=kind,
        session=session,
        time=time,
        query_time=query_time,
        value=torch.from_numpy(history.value[None, start:].astype(np.float32)),
        mask=torch.ones(1, count, dtype=torch.bool),
        timed=torch.full((1,), now is not None and not history.ordinal),
    )


def shifted(windows: Histories) -> tuple[Batch, Targets]:
    """Training view: each event but the last is input, each positive event but the first is a target.

    `windows` hold one event more than the network reads; every row has at least two.
    """
    every = np.arange(len(windows))
    stop = windows.lengths
    inputs = windows.slice(every, np.zeros_like(stop), stop - 1)
    batch = collate(inputs, now=windows.time[windows.offsets[1:] - 1])
    following = windows.slice(every, np.ones_like(stop), stop)
    weights = np.array(
        [kind.weight if kind.role == "positive" else 0.0 for kind in windows.types], np.float32
    )
    weight = np.where(following.item > 0, weights[following.type], np.float32(0))
    chosen = np.flatnonzero(weight > 0)
    row = following.owners()[chosen]
    return batch, Targets(
        row=torch.from_numpy(row),
        slot=torch.from_numpy(chosen - following.offsets[row]),
        item=_tensor(following.item[chosen], torch.int64),
        weight=torch.from_numpy(weight[chosen]),
    )


def _tensor(array: NDArray[np.generic], dtype: torch.dtype) -> Tensor:
    return torch.from_numpy(array).to(dtype)
