"""A trained model: scores histories, advances one user by one event, and lives in a folder."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from habitus.events.catalogue import Catalogue
from habitus.events.daily import DailyCounts
from habitus.events.histories import Histories, joined
from habitus.model import folder as model_folder
from habitus.model.batch import Batch, collate, collate_one
from habitus.model.build import build_network
from habitus.model.content import Content
from habitus.model.network import Network
from habitus.model.recipe import Recipe
from habitus.model.trend import AttachedTrend

Scores = NDArray[np.float32]
SCORING_TOKENS = 16_384  # padded events encoded at once when many users are scored
TOGETHER_TOKENS = 2_048  # padded events of users who are brought up to date at once
TOGETHER_USERS = 32
STRIDE = 8  # the window of a stepping model moves on by an eighth of its length


@dataclass(frozen=True, eq=False)
class Origin:
    """What a model was trained on: the rows of its id vectors, its event types, its vectoriser.

    item_ids [N + 1]; counts int64 [N + 1]: positive training events of each item, `daily` the same
    by day where the recipe reads trends
    """

    item_ids: tuple[str, ...]
    counts: NDArray[np.int64]
    types: tuple[str, ...]
    content: Content | None
    daily: DailyCounts | None = None


@dataclass(eq=False)
class UserState:
    """One user as an attached model knows them: the window it reads (`history`, one row), and how
    many events came `before` it. `mixed` is how many events of the window the mixer has read, and
    what it keeps of them; it is brought up to date when a question needs it, and changes no answer.
    """

    history: Histories
    before: int
    model: object
    mixed: tuple[int, Any] = (0, None)  # one value, so that threads see both of one moment


class TrainedModel:
    """A recipe with its weights, attached to a catalogue. Histories are encoded in `precision`."""

    def __init__(
        self,
        recipe: Recipe,
        network: Network,
        origin: Origin,
        catalogue: Catalogue,
        report: Mapping[str, Any],
        precision: torch.dtype = torch.float32,
    ) -> None:
        self.recipe = recipe
        self.network = network
        self.origin = origin
        self.catalogue = catalogue
        self.report = dict(report)
        self.precision = precision
        network.eval()
        self._types: dict[tuple[str, ...], NDArray[np.int16]] = {}
        self._table, self._scorable, self._popularity, self._trend = self._attached()
        self._all_scorable = bool(self._scorable[1:].all())  # row 0 is never looked at
        with torch.no_grad():
            self._keys = network.head.keys(self._table)

    @property
    def name(self) -> str:
        return self.recipe.name

    def attach(self, catalogue: Catalogue) -> TrainedModel:
        """The same weights for another catalogue: known items keep their vectors, new ones get
        theirs from content; an item with neither cannot be recommended (−inf)."""
        return TrainedModel(self.recipe, self.network, self.origin, catalogue, self.report)

    @torch.inference_mode()
    def score(self, histories: Histories, now: NDArray[np.int64] | None) -> Scores:
        """Scores [U, N + 1] for whole histories; −inf for padding and items that cannot be scored."""
        windows, _ = self._window(histories)
        states = self._states(windows, now)
        scores = self.network.head.queries(states) @ self._keys.t()
        if self._trend is not None and now is not None:
            scores += self._trend.added(states, now)
        scores[torch.from_numpy(windows.lengths == 0)] = self._popularity
        scores[:, ~self._scorable] = -torch.inf
        found: Scores = scores.cpu().numpy()
        return found

    def state(self, histories: Histories) -> UserState:
        """The state of one user (`histories` has one row)."""
        window, start = self._window(histories)
        return UserState(window, int(start[0]), self)

    @torch.inference_mode()
    def advance(self, state: UserState, new_events: Histories) -> UserState:
        """A new state after more events; it answers exactly as `state` of the longer history."""
        readable = self._readable(new_events)
        if readable.events == 1:
            return self._advanced(state, readable)
        for at in range(readable.events):
            one = readable.slice(np.zeros(1, np.int64), np.array([at]), np.array([at + 1]))
            state = self._advanced(state, one)
        return state

    @torch.inference_mode()
    def score_state(self, state: UserState, now: int | None) -> Scores:
        """Scores [N + 1] of the whole catalogue for one user at `now`."""
        if state.history.events:
            last = self._last(state, now)
            scores = self._keys @ self.network.head.queries(last)[0]
            if self._trend is not None and now is not None:
                scores += self._trend.added(last, np.array([now]))[0]
        else:
            scores = self._popularity
        found: Scores = scores.masked_fill(~self._scorable, -torch.inf).cpu().numpy()
        return found

    @torch.inference_mode()
    def score_states(self, states: Sequence[UserState], now: NDArray[np.int64] | None) -> Scores:
        """What `score_state` gives for each of several users, [U, N + 1], in one matrix product."""
        some = [at for at, state in enumerate(states) if state.history.events]
        if len(some) == len(states) > 0:
            found = self._scored(states, now)
        else:
            found = self._popularity.repeat(len(states), 1)
            if some:
                moments = None if now is None else now[some]
                found[some] = self._scored([states[at] for at in some], moments)
        if not self._all_scorable:
            found.masked_fill_(~self._scorable, -torch.inf)
        scores: Scores = found.cpu().numpy()
        return scores

    @torch.inference_mode()
    def similar(self, row: int) -> Scores:
        """Cosine of every item's vector with one item's, [N + 1]; −inf where there is no vector."""
        unit = functional.normalize(self._table, dim=-1)
        scores = (unit @ unit[row]).masked_fill(~self._scorable, -torch.inf)
        found: Scores = scores.cpu().numpy()
        return found

    def save(self, folder: Path) -> None:
        """Write recipe, weights, item index, vectoriser and report into `folder`."""
        model_folder.save(folder, self.recipe, self.network, self.origin, self._full_report())

    @classmethod
    def load(cls, folder: Path, catalogue: Catalogue | None = None) -> TrainedModel:
        """A model from its folder, attached to `catalogue` (None: the items it was trained on, by
        id alone). HabitusError where a file is missing or was written by an unknown version."""
        found = model_folder.load(folder)
        origin = Origin(found.item_ids, found.counts, found.types, found.content, found.daily)
        own = Catalogue.of_ids(origin.item_ids[1:])
        content = origin.content
        network = build_network(
            found.recipe,
            rows=len(origin.item_ids),
            types=len(origin.types),
            scales=torch.zeros(len(origin.types), 2),
            features=None if content is None else content.features(own),
        )
        model_folder.put_weights(network, found.weights, folder)
        return cls(found.recipe, network, origin, catalogue or own, found.report)

    def _full_report(self) -> dict[str, Any]:
        versions = {"python": platform.python_version(), "torch": torch.__version__}
        return {**self.report, "items": int((self.origin.counts > 0).sum()), "versions": versions}

    @torch.no_grad()
    def _attached(self) -> tuple[Tensor, Tensor, Tensor, AttachedTrend | None]:
        """The catalogue's item vectors [N + 1, D], which of them can be scored, their log-counts,
        and their trend."""
        index = {item_id: row for row, item_id in enumerate(self.origin.item_ids) if row}
        rows = [index.get(item_id, 0) for item_id in self.catalogue.item_ids]
        place = torch.tensor(rows, device=self.network.items.ids.device)
        counts = torch.from_numpy(self.origin.counts)[place.cpu()].to(place.device)
        features = None
        if self.origin.content is not None:
            features = self.origin.content.features(self.catalogue)
        trend = None
        if self.network.trend is not None and self.origin.daily is not None:
            trend = AttachedTrend(self.network.trend, self.origin.daily.for_rows(np.array(rows)))
        table, described = self.network.items.vectors_for(place, counts > 0, features)
        return table, (counts > 0) | described, counts.float().log1p(), trend

    def _readable(self, histories: Histories) -> Histories:
        """Only events that name an item this catalogue has, with event types as training numbered them."""
        names = tuple(kind.name for kind in histories.types)
        if names not in self._types:
            known = {name: code for code, name in enumerate(self.origin.types)}
            self._types[names] = np.array([known.get(name, 0) for name in names], np.int16)
        usable = histories if histories.item.all() else histories.where(histories.item > 0)
        return replace(usable, type=self._types[names][usable.type])

    def _window(self, histories: Histories) -> tuple[Histories, NDArray[np.int64]]:
        """What the network reads of each history, and how many readable events come before it."""
        readable = self._readable(histories)
        start = self._start(readable.lengths)
        return readable.slice(np.arange(len(readable)), start, readable.lengths), start

    def _start(self, events: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where the window of histories of so many events begins: `length` events before the end.

        For a network that steps the start moves in strides, so that a window grows by up to a
        stride before it is cut, and a state that advanced answers as one made afresh.
        """
        start = np.maximum(events - self.recipe.length, 0)
        if not self.network.steps:
            return start
        stride = max(self.recipe.length // STRIDE, 1)
        return start // stride * stride

    def _states(self, windows: Histories, now: NDArray[np.int64] | None) -> Tensor:
        """States [U, D]; zero for an empty window (`score` answers those by popularity)."""
        found = torch.zeros(len(windows), self.recipe.dim)
        order = np.argsort(windows.lengths, kind="stable")
        order = order[windows.lengths[order] > 0]
        at = 0
        while at < len(order):
            rows = order[at : at + max(SCORING_TOKENS // self.recipe.length, 1)]
            at += len(rows)
            moments = None if now is None else now[rows]
            batch = collate(windows.take(rows), moments).to(self._table.device)
            found[torch.from_numpy(rows)] = self._encode(batch).cpu().float()
        return found.to(self._table.device)

    def _encode(self, batch: Batch) -> Tensor:
        rows = torch.arange(len(batch.item), device=batch.item.device)
        states = self.network.encode(batch, self._table, self.precision)
        return states[rows, batch.lengths - 1].float()

    def _advanced(self, state: UserState, one: Histories) -> UserState:
        longer = joined(state.history, one)
        start = int(self._start(np.array(state.before + longer.events)))
        if start <= state.before:
            return UserState(longer, state.before, state.model, state.mixed)
        return UserState(longer.last(longer.events - (start - state.before)), start, self)

    def _last(self, state: UserState, now: int | None) -> Tensor:
        """The state [1, D] at the last event, for the question asked at `now`."""
        hidden = now is None and not state.history.ordinal
        if not self.network.steps or hidden or state.model is not self:
            moment = None if now is None else np.array([now])
            return self._encode(collate(state.history, moment).to(self._table.device))
        first, memory = state.mixed
        batch = collate_one(state.history, first, now).to(self._table.device)
        answer, memory = self.network.answer(memory, batch, self._table, first)
        state.mixed = state.history.events - 1, memory
        return answer

    def _scored(self, states: Sequence[UserState], now: NDArray[np.int64] | None) -> Tensor:
        """Scores [U, N + 1] for users with events, of every item as if it could be scored."""
        last = self._last_of_each(states, now)
        scores = self.network.head.queries(last) @ self._keys.t()
        if self._trend is not None and now is not None:
            scores += self._trend.added(last, now)
        return scores

    def _last_of_each(self, states: Sequence[UserState], now: NDArray[np.int64] | None) -> Tensor:
        """`_last` for several users [U, D], of whom none has an empty window."""
        windows = [state.history for state in states]
        hidden = now is None and not windows[0].ordinal
        if not self.network.steps or hidden or any(state.model is not self for state in states):
            return self._states(stacked(windows, [0] * len(windows)), now)
        news = np.array([state.history.events - state.mixed[0] for state in states])
        found = torch.empty(len(states), self.recipe.dim, device=self._table.device)
        for rows in batches(news, TOGETHER_TOKENS, TOGETHER_USERS):
            moments = None if now is None else now[rows]
            found[torch.from_numpy(rows)] = self._answers([states[row] for row in rows], moments)
        return found

    def _answers(self, states: Sequence[UserState], now: NDArray[np.int64] | None) -> Tensor:
        firsts, memories = zip(*(state.mixed for state in states), strict=True)
        new = stacked([state.history for state in states], firsts)
        batch, place = collate(new, now), torch.tensor(firsts)[:, None]
        answers, kept = self.network.answers(
            memories, batch.to(self._table.device), self._table, place.to(self._table.device)
        )
        for state, memory in zip(states, kept, strict=True):
            state.mixed = state.history.events - 1, memory
        return answers


def batches(sizes: NDArray[np.int64], tokens: int, most: int) -> Iterator[NDArray[np.int64]]:
    """Rows of like sizes (≥ 1) together: at most `most` of them, and `tokens` with their padding."""
    order = np.argsort(sizes, kind="stable")
    at = 0
    while at < len(order):
        like = int(np.searchsorted(sizes[order], 2 * sizes[order[at]], side="right"))
        stop = at + 1
        while stop < min(like, at + most) and (stop + 1 - at) * sizes[order[stop]] <= tokens:
            stop += 1
        yield order[at:stop]
        at = stop


def stacked(histories: Sequence[Histories], starts: Sequence[int]) -> Histories:
    """Single users' events from number `starts` on, as the histories of all of them."""
    counts = [each.events - start for each, start in zip(histories, starts, strict=True)]

    def column(name: str) -> NDArray[Any]:
        return np.concatenate(
            [getattr(each, name)[start:] for each, start in zip(histories, starts, strict=True)]
        )

    return replace(
        histories[0],
        user_ids=np.concatenate([each.user_ids for each in histories]),
        offsets=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        item=column("item"),
        type=column("type"),
        time=column("time"),
        value=column("value"),
        session=column("session"),
    )
