"""Amazon Beauty, twice: the sequences that papers share (no times), and a set with titles and times."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as arrow_parquet

from habitus.events.datasets.dataset import Dataset, Variant
from habitus.events.datasets.sequences import SequenceFile
from habitus.events.importing import EventOptions, import_files, import_tables
from habitus.events.store import Store
from habitus.events.summary import ImportSummary
from habitus.types import EventType, Item, Progress

REVIEW = EventType("review")
LICENCE = "Amazon review data (McAuley lab): for research; the reviews remain their authors'."
SOURCE = "https://cseweb.ucsd.edu/~jmcauley/datasets/amazon/links.html"


def load_sequences(store: Store, folder: Path, progress: Progress) -> ImportSummary:
    """Items with the ids of their attributes, then each user's items in order."""
    attributes = json.loads((folder / "item_attributes.json").read_text(encoding="utf-8"))
    store.put_items(
        Item(item_id, attributes={"attribute": tuple(str(code) for code in codes)} if codes else {})
        for item_id, codes in attributes.items()
    )
    options = EventOptions(event_type=REVIEW.name, event_types=(REVIEW,), ordinal=True)
    return import_tables(store, [SequenceFile(folder / "sequences.txt")], {}, options, progress)


def load_titles(store: Store, folder: Path, progress: Progress) -> ImportSummary:
    """Items with titles, then the events with their day."""
    titles = arrow_parquet.read_table(folder / "items.parquet").to_pylist()
    store.put_items(Item(str(row["item_id"]), text=row["title"] or "") for row in titles)
    options = EventOptions(event_type=REVIEW.name, event_types=(REVIEW,))
    return import_files(store, [folder / "events.parquet"], {}, options, progress)


AMAZON_BEAUTY = Dataset(
    name="amazon-beauty",
    description="198,502 reviews of 12,101 beauty products by 22,363 users, 5-core, order only.",
    licence=LICENCE,
    source=SOURCE,
    event_types=(REVIEW,),
    variants=(
        Variant(
            "5-core",
            ("sequences.txt", "item_attributes.json"),
            load_sequences,
            "The 5-core sequences that S3-Rec, DuoRec, ICSRec and BSARec share.",
        ),
    ),
    ordinal=True,
)

AMAZON_BEAUTY_TITLES = Dataset(
    name="amazon-beauty-titles",
    description="198,215 reviews of 12,086 beauty products by 22,332 users, with titles and days.",
    licence=LICENCE,
    source=SOURCE,
    event_types=(REVIEW,),
    variants=(
        Variant(
            "titles",
            ("events.parquet", "items.parquet"),
            load_titles,
            "Other ids than amazon-beauty. Times are days: events of one day keep the file's order.",
        ),
    ),
)
