"""A trained model: scores histories, advances one user by one event, and lives in a folder."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from torch import Tensor
from torch.nn import functional

from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories, joined
from habitus.model import folder as model_folder
from habitus.model.attached import Attached, Leading, Origin, Scores
from habitus.model.batch import Batch, collate, collate_one
from habitus.model.build import build_network
from habitus.model.network import Network
from habitus.model.recipe import Recipe
from habitus.model.sieve import Mask
from habitus.model.stepper import Events, Stepper, stepper

SCORING_TOKENS = 16_384  # padded events encoded at once when many users are scored
STRIDE = 8  # the window of a stepping model moves on by an eighth of its length


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

    @property
    def name(self) -> str:
        return self.recipe.name

    @cached_property
    def _items(self) -> Attached:
        """Worked out when first needed: of a model that is read only to be attached, never."""
        return Attached(self.network, self.origin, self.catalogue)

    @cached_property
    def _stepper(self) -> Stepper | None:
        return stepper(self.network, self._items.table) if self.network.steps else None

    def attach(self, catalogue: Catalogue) -> TrainedModel:
        """The same weights for another catalogue: known items keep their vectors, new ones get
        theirs from content; an item with neither cannot be recommended (−inf)."""
        made = TrainedModel(self.recipe, self.network, self.origin, catalogue, self.report)
        _ = made._stepper  # now, not at the first request
        return made

    @torch.inference_mode()
    def score(self, histories: Histories, now: NDArray[np.int64] | None) -> Scores:
        """Scores [U, N + 1] for whole histories; −inf for padding and items that cannot be scored."""
        windows, _ = self._window(histories)
        scores = self._items.scores(self._states(windows, now), now)
        scores[torch.from_numpy(windows.lengths == 0)] = self._items.popularity
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

    def size(self, state: UserState) -> int:
        """Bytes that a state takes once it has answered."""
        kept = 0 if self._stepper is None else self._stepper.nbytes(state.history.events)
        return state.history.nbytes + kept

    @torch.inference_mode()
    def score_state(self, state: UserState, now: int | None) -> Scores:
        """Scores [N + 1] of the whole catalogue for one user at `now`."""
        if not state.history.events:
            popular: Scores = self._items.popularity.cpu().numpy().copy()
            return popular
        last = self._last(state, now)
        if isinstance(last, np.ndarray):
            return self._items.scores_of(last, now)
        scores = self._items.scores(last[None], None if now is None else np.array([now]))
        found: Scores = scores[0].cpu().numpy()
        return found

    @torch.inference_mode()
    def leading(
        self,
        states: Sequence[UserState],
        now: NDArray[np.int64] | None,
        allowed: Sequence[Mask],
        k: Sequence[int],
    ) -> list[Leading]:
        """For each of several users rows, ascending, that hold the k best that `allowed` [N + 1] has,
        and their scores; None in place of the rows stands for all. The scores are those of
        `score_state`."""
        asked = [at for at, state in enumerate(states) if state.history.events]
        led: dict[int, Leading] = {}
        if asked:
            moments = None if now is None else now[asked]
            last = self._lasts([states[at] for at in asked], moments)
            masks, counts = [allowed[at] for at in asked], [k[at] for at in asked]
            led = dict(zip(asked, self._items.leading(last, moments, masks, counts), strict=True))
        return [
            led[at] if at in led else (None, self.score_state(state, None))
            for at, state in enumerate(states)
        ]

    @torch.inference_mode()
    def similar(self, row: int) -> Scores:
        """Cosine of every item's vector with one item's, [N + 1]; −inf where there is no vector."""
        unit = functional.normalize(self._items.table, dim=-1)
        scores = (unit @ unit[row]).masked_fill(~self._items.scorable, -torch.inf)
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
        own, content = Catalogue.of_ids(origin.item_ids[1:]), origin.content
        rows = len(origin.item_ids)
        network = build_network(
            found.recipe,
            rows=rows,
            types=len(origin.types),
            scales=torch.zeros(len(origin.types), 2),
            # Of as many columns, but empty: those of a catalogue come when it is attached.
            features=None if content is None else sparse.csr_matrix((rows, content.width)),
        )
        model_folder.put_weights(network, found.weights, folder)
        return cls(found.recipe, network, origin, catalogue or own, found.report)

    def _full_report(self) -> dict[str, Any]:
        versions = {"python": platform.python_version(), "torch": torch.__version__}
        return {**self.report, "items": int((self.origin.counts > 0).sum()), "versions": versions}

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
            batch = collate(windows.take(rows), moments).to(self._items.table.device)
            found[torch.from_numpy(rows)] = self._encode(batch).cpu().float()
        return found.to(self._items.table.device)

    def _encode(self, batch: Batch) -> Tensor:
        rows = torch.arange(len(batch.item), device=batch.item.device)
        states = self.network.encode(batch, self._items.table, self.precision)
        return states[rows, batch.lengths - 1].float()

    def _advanced(self, state: UserState, one: Histories) -> UserState:
        longer = joined(state.history, one)
        start = int(self._start(np.array(state.before + longer.events)))
        if start <= state.before:
            return UserState(longer, state.before, state.model, state.mixed)
        return UserState(longer.last(longer.events - (start - state.before)), start, self)

    def _lasts(self, states: Sequence[UserState], now: NDArray[np.int64] | None) -> Tensor:
        """The states [U, D] at the last events of several users."""
        if not self.network.steps:
            return self._states(stacked([state.history for state in states]), now)
        moments = [None] * len(states) if now is None else now.tolist()
        each = [self._last(state, moment) for state, moment in zip(states, moments, strict=True)]
        return torch.stack([torch.as_tensor(one) for one in each])

    def _last(self, state: UserState, now: int | None) -> NDArray[np.float32] | Tensor:
        """The state [D] at the last event, for the question asked at `now`."""
        answer: NDArray[np.float32] | Tensor
        apart = state.model is not self or (now is None and not state.history.ordinal)
        first, memory = (0, None) if apart else state.mixed
        if self._stepper is not None:
            events = Events.since(first, state.history, now)
            answer, memory = self._stepper.answer(memory, events)
        elif self.network.steps:
            batch = collate_one(state.history, first, now).to(self._items.table.device)
            answers, memory = self.network.answer(memory, batch, self._items.table, first)
            answer = answers[0]
        else:
            moment = None if now is None else np.array([now])
            return self._encode(collate(state.history, moment).to(self._items.table.device))[0]
        if not apart:
            state.mixed = state.history.events - 1, memory
        return answer


def stacked(histories: Sequence[Histories]) -> Histories:
    """Single users' histories as the histories of all of them."""

    def column(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(each, name) for each in histories])

    return replace(
        histories[0],
        user_ids=column("user_ids"),
        offsets=np.cumsum([0, *(each.events for each in histories)]).astype(np.int64),
        item=column("item"),
        type=column("type"),
        time=column("time"),
        value=column("value"),
        session=column("session"),
    )
