"""Recommendations for every user at once, in blocks of bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from habitus.act.allowing import without
from habitus.act.asking import Moment, check_count
from habitus.act.behaviour import Leading
from habitus.act.files import slate_file
from habitus.act.knowing import up_to
from habitus.act.leaning import Leanings, speaks
from habitus.act.question import source_of
from habitus.act.ready import Ready
from habitus.act.seen import acted_on
from habitus.act.slate import slate
from habitus.events.histories import Histories
from habitus.events.store import Store
from habitus.types import Progress, Slate, silent

BLOCK_BYTES = 32 * 2**20  # float32 scores of one block of users
MOST_USERS = 512


def recommend_everybody(
    store: Store,
    ready: Ready,
    leanings: Leanings,
    path: str | Path,
    k: int,
    moment: Moment,
    exclude_seen: bool | None = None,
    progress: Progress = silent,
) -> int:
    """Write the k items likeliest next for every user the store knows; returns how many users.

    One model and one catalogue serve the whole file. `path` says the form (see `files`).
    """
    check_count(k)
    exclude = ready.seen == "mask" if exclude_seen is None else exclude_seen
    size = int(np.clip(BLOCK_BYTES // (4 * len(ready.catalogue)), 1, MOST_USERS))
    total, done = store.user_count, 0
    progress("recommend", 0, total)
    with slate_file(path) as write:
        for users in _blocks((user.user_id for user in store.users()), size):
            histories = up_to(moment, store.histories(ready.catalogue, users))
            write(list(_slates(ready, leanings, histories, k, moment.now, exclude)))
            done += len(users)
            progress("recommend", done, total)
    return done


def _slates(
    ready: Ready,
    leanings: Leanings,
    histories: Histories,
    k: int,
    now: int,
    exclude: bool,
) -> Iterator[Slate]:
    moments = None if histories.ordinal else latest(histories, now)
    scores = ready.served.model.score(histories, moments)
    for user in range(len(histories)):
        own = histories.take(np.array([user]))
        source = source_of(ready, own)
        user_id = str(histories.user_ids[user])
        own_scores = scores[user] if source.personal else ready.popular
        allowed = without(ready.available, acted_on(own)) if exclude else ready.available
        leading: Leading = None, own_scores
        if speaks(own):
            leaning = leanings.of(ready.catalogue, user_id, own, now)
            if leaning is not None:
                allowed = leaning.allowed(allowed)
                leading = leaning.leading(own_scores, allowed)
        yield slate(
            ready.catalogue,
            leading,
            allowed,
            k,
            model=source.name,
            now=now,
            user_id=user_id,
            note=source.note,
        )


def latest(histories: Histories, now: int) -> NDArray[np.int64]:
    """`now` for each history, or its last event's time where a clock ran ahead, [U]."""
    moments = np.full(len(histories), now, np.int64)
    some = np.flatnonzero(histories.lengths)
    moments[some] = np.maximum(now, histories.time[histories.offsets[some + 1] - 1])
    return moments


def _blocks(user_ids: Iterator[str], size: int) -> Iterator[list[str]]:
    while block := list(islice(user_ids, size)):
        yield block
