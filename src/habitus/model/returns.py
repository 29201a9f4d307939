"""Who comes back, and who goes on: a product asks most often at the former, a log holds mostly the latter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from habitus.events.histories import Histories
from habitus.model.batch import Batch, Targets
from habitus.types import MINUTE

SITTING = 30 * MINUTE  # who did nothing for longer comes back, rather than going on
MOST = 100.0  # weight of one target against another: a few rare ones must not decide everything


def return_weight(histories: Histories, share: float) -> float:
    """What a target must count whose user comes back so that such targets have `share` of the loss.

    Between 1 (they have it as it is) and `MOST`; 1 where nobody comes back, and for ordinal data.
    """
    follows = np.ones(histories.events, bool)
    follows[histories.offsets[:-1][histories.lengths > 0]] = False
    away = np.diff(histories.time, prepend=0)[follows] > SITTING
    back = np.count_nonzero(away)
    if histories.ordinal or not back:
        return 1.0
    return min(max(share / (1 - share) * (len(away) - back) / back, 1.0), MOST)


def weighted(batch: Batch, targets: Targets, weight: float) -> Targets:
    """Targets whose user comes back count `weight` times as much, where the times are shown."""
    if weight == 1:
        return targets
    away = (batch.query_time - batch.time)[targets.row, targets.slot] > SITTING
    back = away & batch.timed[targets.row]
    return replace(targets, weight=targets.weight * torch.where(back, weight, 1.0))
