"""Several asks answered together: their histories read at once, their states scored at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from habitus.act.question import Question
from habitus.types import Slate

BLOCK_BYTES = 32 * 2**20  # float32 scores of one block of users


def answered_together(questions: Sequence[Question]) -> list[Slate]:
    """The answer to each question, in order; all of one `Ready`, whose model is asked once a block."""
    found: dict[int, Slate] = {}
    for at, each in enumerate(questions):
        if each.source.personal and each.shifted:
            model = each.ready.served.model
            found[at] = each.of_all(model.score_state(each.known.state, each.now))
    personal = [at for at, each in enumerate(questions) if each.source.personal and at not in found]
    for block in _blocks(personal, questions):
        asked = [questions[at] for at in block]
        moments = [each.now for each in asked]
        known = [now for now in moments if now is not None]  # all or none: see Store.ordinal
        leading = asked[0].ready.served.model.leading(
            [each.known.state for each in asked],
            np.array(known, np.int64) if len(known) == len(asked) else None,
            [each.allowed for each in asked],
            [each.ask.k for each in asked],
        )
        found.update(
            (at, questions[at].answered(each)) for at, each in zip(block, leading, strict=True)
        )
    return [
        found[at] if at in found else each.of_all(each.ready.popular)
        for at, each in enumerate(questions)
    ]


def _blocks(places: Sequence[int], questions: Sequence[Question]) -> Iterator[Sequence[int]]:
    """The places in blocks whose scores take a bounded memory."""
    if places:
        size = max(BLOCK_BYTES // (4 * len(questions[0].ready.catalogue)), 1)
        yield from (places[at : at + size] for at in range(0, len(places), size))
