"""Last.fm, lifelong: hundreds to tens of thousands of plays a user, in order, without times."""

from __future__ import annotations

from pathlib import Path

from habitus.events.datasets.dataset import Dataset, Variant
from habitus.events.datasets.sequences import SequenceFile
from habitus.events.importing import EventOptions, import_tables
from habitus.events.store import Store
from habitus.events.summary import ImportSummary
from habitus.types import EventType, Progress

PLAY = EventType("play")


def load(store: Store, folder: Path, progress: Progress) -> ImportSummary:
    """The plays; a user is the number of the line, an item a cluster of tracks."""
    file = SequenceFile(folder / "lastfm-sequences.tgz", numbered=True)
    options = EventOptions(event_type=PLAY.name, event_types=(PLAY,), ordinal=True)
    return import_tables(store, [file], {}, options, progress)


LASTFM_LONG = Dataset(
    name="lastfm-long",
    description="1,722,086 plays of 2,955 track clusters by 799 users, up to 30,793 a user.",
    licence="Last.fm listening data, for research; not for commercial use.",
    source="http://ocelma.net/MusicRecommendationDataset/lastfm-1K.html",
    event_types=(PLAY,),
    variants=(Variant("sequences", ("lastfm-sequences.tgz",), load, "Track clusters in order."),),
    seen="keep",
    ordinal=True,
    protocol="last-fraction",
)
