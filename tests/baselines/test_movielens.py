"""The baselines on MovieLens-1M, full ranking, against figures measured with other libraries and code."""

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from habitus.baselines.ease import EASE
from habitus.baselines.itemknn import ItemKNN
from habitus.baselines.popularity import Popularity
from habitus.baselines.recent import RecentPopularity
from habitus.evaluate.metrics import means
from habitus.evaluate.protocol import evaluate
from habitus.events.catalogue import Catalogue
from habitus.events.histories import Histories
from habitus.events.split import Split, leave_one_out, temporal
from habitus.events.status import summarise
from habitus.types import SECOND

pytestmark = pytest.mark.realdata
CATALOGUE = Catalogue.of_ids([f"{row}" for row in range(1, 3417)])


@pytest.fixture(scope="module")
def movielens() -> Histories:
    """The sequences of the papers: ratings with a `sequence_position`, in that order."""
    parquet = pytest.importorskip("pyarrow.parquet")
    path = Path(os.environ["HABITUS_DATA"]) / "movielens-1m" / "ratings.parquet"
    table = parquet.read_table(path)
    columns = {
        name: table[name].to_numpy()
        for name in ("user_id", "movie_id", "sequence_position", "timestamp")
    }
    kept = ~np.isnan(columns["sequence_position"].astype(float))
    user, movie, position, time = (column[kept] for column in columns.values())
    order = np.lexsort((position, user))
    users, counts = np.unique(user, return_counts=True)
    items = np.unique(movie, return_inverse=True)[1][order] + 1
    total = len(items)
    return Histories(
        user_ids=users.astype(object),
        offsets=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        item=items.astype(np.int32),
        type=np.ones(total, np.int16),
        time=time[order].astype(np.int64) * SECOND,
        value=np.full(total, np.nan, np.float32),
        session=np.zeros(total, np.int64),
    )


@pytest.fixture(scope="module")
def split(movielens: Histories) -> Split:
    return leave_one_out(movielens)


@pytest.mark.parametrize(
    ("scorer", "hit_rate", "ndcg"),
    [
        (Popularity(), 0.0369, 0.0180),
        (ItemKNN("cosine"), 0.0699, 0.0355),
        (ItemKNN("tfidf"), 0.0742, 0.0387),
        (ItemKNN("bm25"), 0.0775, 0.0405),
        (EASE(regularisation=300.0), 0.1086, 0.0536),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_as_measured_with_other_libraries(
    split: Split, scorer: Popularity | ItemKNN | EASE, hit_rate: float, ndcg: float
) -> None:
    scorer.fit(split.train, CATALOGUE)
    ranks = evaluate(scorer, split.test, rows=len(CATALOGUE))
    found = means(ranks.ranks, split.test.user)
    assert found["HR@10"] == pytest.approx(hit_rate, abs=0.002)
    assert found["NDCG@10"] == pytest.approx(ndcg, abs=0.002)


class TiesToTheLowerRow:
    """How the code that the figures come from breaks ties; ours counts them against the scorer."""

    def __init__(self, scorer: RecentPopularity) -> None:
        self.name = scorer.name
        self.scorer = scorer

    def score(self, histories: Histories, now: NDArray[np.int64] | None) -> NDArray[np.float32]:
        counts = self.scorer.score(histories, now)
        return counts - np.linspace(0, 0.5, counts.shape[1], dtype=np.float32)


@pytest.mark.parametrize(
    ("known", "hit_rate", "ndcg"), [("all", 0.1249, 0.0733), ("before the cut", 0.1191, 0.0688)]
)
def test_recent_popularity_as_measured_by_a_slow_count(
    movielens: Histories, known: str, hit_rate: float, ndcg: float
) -> None:
    """First event of each user after the cut; `all` fits on everything: it may use nothing from `now` on."""
    split = temporal(movielens)
    log = {"all": movielens, "before the cut": split.refit}[known]
    assert log is not None
    scorer = TiesToTheLowerRow(RecentPopularity().fit(log, CATALOGUE))
    ranks = evaluate(scorer, split.test, rows=len(CATALOGUE), now="known")
    found = means(ranks.ranks, split.test.user)
    assert found["HR@10"] == pytest.approx(hit_rate, abs=1e-4)
    assert found["NDCG@10"] == pytest.approx(ndcg, abs=1e-4)


def test_status_sees_that_neighbouring_events_share_a_second(movielens: Histories) -> None:
    found = summarise(movielens, CATALOGUE)
    assert found.ties == pytest.approx(0.53, abs=0.005)
    assert found.repeats == 0.0
    assert found.enough
