"""From rows and scores to the answer that a product shows."""

from __future__ import annotations

from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from habitus.act.behaviour import Leading
from habitus.act.retrieve import best, top
from habitus.events.catalogue import Catalogue
from habitus.types import ScoredItem, Slate


def slate(
    catalogue: Catalogue,
    leading: Leading,
    allowed: NDArray[np.bool_],
    k: int,
    *,
    model: str,
    now: int,
    user_id: str = "",
    note: str = "",
) -> Slate:
    """The k best allowed items with their texts, under a request id that no other slate has.

    `model` made the scores. They are in order of score, which no chance decided: their
    propensities are 1.
    """
    some, scores = leading
    rows, values = top(scores, allowed, k) if some is None else best(some, scores, allowed, k)
    ids, text = catalogue.item_ids, catalogue.text
    items = zip(rows.tolist(), values.tolist(), strict=True)
    return Slate(
        user_id=user_id,
        items=tuple(ScoredItem(ids[row], value, text[row]) for row, value in items),
        model=model,
        now=now,
        note=note.strip(),
        request_id=uuid4().hex,
    )
