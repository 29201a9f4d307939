"""Globo.com news: clicks in sessions over 17 days of October 2017."""

from __future__ import annotations

from pathlib import Path

from habitus.events.datasets.dataset import Dataset, Variant
from habitus.events.importing import EventOptions, import_files
from habitus.events.store import Store
from habitus.events.summary import ImportSummary
from habitus.types import EventType, Progress

CLICK = EventType("click")
MAPPING = {"item_id": "click_article_id", "timestamp": "click_timestamp"}


def load(store: Store, folder: Path, progress: Progress) -> ImportSummary:
    """The clicks; articles are known by their ids only."""
    options = EventOptions(event_type=CLICK.name, event_types=(CLICK,))
    return import_files(store, [folder / "clicks.parquet"], MAPPING, options, progress)


GLOBO_NEWS = Dataset(
    name="globo-news",
    description="2,988,181 clicks on 46,033 news articles by 322,897 users in 1,048,594 sessions.",
    licence="Globo.com, published for research (CHAMELEON); see the source's terms.",
    source="https://www.kaggle.com/datasets/gspmoreira/news-portal-user-interactions-by-globocom",
    event_types=(CLICK,),
    variants=(Variant("clicks", ("clicks.parquet",), load, "All clicks, in sessions."),),
    seen="keep",
    protocol="temporal",
)
