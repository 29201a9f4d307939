from dataclasses import replace

import numpy as np

from habitus.events.catalogue import Catalogue, attribute_column
from habitus.profile.log import UserLog
from habitus.profile.matters import matters
from habitus.types import Event, EventType, Role

CATALOGUE = replace(
    Catalogue.of_ids(["a", "b", "c"]),
    attributes={
        "genre": attribute_column([[], ["jazz"], ["jazz", "news"], []]),
        "maker": attribute_column([[], ["x"], ["y"], ["x"]]),
    },
)
TYPES = {
    "play": EventType("play"),
    "skip": EventType("skip", Role.NEGATIVE),
    "shown": EventType("shown", Role.IMPRESSION),
}
EVENTS = [
    Event("u", kind, place, item, event_id=f"e{place}")
    for place, (kind, item) in enumerate(
        [("play", "a"), ("shown", "b"), ("play", "b"), ("skip", "c"), ("play", "b"), ("odd", None)]
    )
]
LOG = UserLog("u", EVENTS, CATALOGUE, TYPES)


def named(least: int, **options: object) -> dict[tuple[str, str], list[int]]:
    table = matters(LOG, least, **options)  # type: ignore[arg-type]
    return {name: table.of(place).tolist() for place, name in enumerate(table.names)}


def test_acts_are_what_the_user_did() -> None:
    assert LOG.acts.tolist() == [True, False, True, True, True, False]


def test_pairs_follow_the_items_values() -> None:
    event, code = LOG.pairs("genre")
    assert list(zip(event.tolist(), code.tolist(), strict=True)) == [
        (0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (4, 0), (4, 1)
    ]  # fmt: skip


def test_matters_of_what_was_done_often_enough() -> None:
    assert named(2, only=LOG.acts) == {
        ("genre", "jazz"): [0, 2, 4],
        ("genre", "news"): [2, 4],
        ("maker", "x"): [0, 3],
        ("maker", "y"): [2, 4],
        ("event_type", "play"): [0, 2, 4],
        ("item", "b"): [2, 4],
    }


def test_skipped_attributes_and_items_are_left_out() -> None:
    assert set(named(2, skip=("genre", "item", "event_type"))) == {("maker", "x"), ("maker", "y")}
    assert {name for name, _ in named(1, attributes_only=True)} == {"genre", "maker"}


def test_nothing_is_a_table_of_nothing() -> None:
    table = matters(UserLog("u", EVENTS[:1], Catalogue.of_ids(["z"]), TYPES), 5)
    assert len(table) == 0
    assert np.array_equal(table.event, [])
