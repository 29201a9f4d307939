"""Status against logs whose every number can be counted by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from habitus.events.catalogue import Catalogue, attribute_column
from habitus.events.histories import PADDING_TYPE, Histories, from_lists
from habitus.events.status import (
    COLD_EVENTS,
    FEW_EVENTS,
    Status,
    hints,
    status,
    summarise,
    verdict,
)
from habitus.events.store import Store
from habitus.testing.worlds import ordered, repeat_world
from habitus.types import DAY, SECOND, EventType, Role, User

TYPES = (
    PADDING_TYPE,
    EventType("play"),
    EventType("skip", Role.NEGATIVE, 0.5),
    EventType("search", Role.SEARCH),
)
PLAY, SKIP, SEARCH = 1, 2, 3


def small() -> tuple[Histories, Catalogue]:
    """Ten positive events of two users, one user without any, one item nobody touched."""
    histories = from_lists(
        [[1, 1, 2, 1, 3, 0], [1, 1, 2, 2, 4, 5], []],
        times=[
            [0, DAY, DAY, 2 * DAY, 3 * DAY, 4 * DAY],
            [0, 0, DAY, 5 * DAY, 6 * DAY, 10 * DAY],
            [],
        ],
        types=TYPES,
        kinds=[[PLAY, PLAY, PLAY, PLAY, SKIP, SEARCH], [PLAY] * 6, []],
    )
    value = histories.value.copy()
    value[[0, 3]] = 4.0
    catalogue = replace(
        Catalogue.of_ids(list("abcdef")),
        text=("", "words", "", "", "", "", ""),
        attributes={"genre": attribute_column([[], ["x"], ["y", "z"], [], [], [], []])},
    )
    return replace(histories, value=value), catalogue


@pytest.fixture(scope="module")
def counted() -> Status:
    histories, catalogue = small()
    return summarise(histories, catalogue, users=5, with_text=1)


class TestNumbers:
    def test_users_items_events(self, counted: Status) -> None:
        assert (counted.users, counted.active_users) == (5, 2)
        assert (counted.items, counted.events, counted.positives) == (6, 12, 10)
        assert (counted.with_value, counted.with_text, counted.described) == (2, 1, 2)

    def test_kinds_in_order_of_frequency(self, counted: Status) -> None:
        found = [(entry.kind.name, entry.events) for entry in counted.kinds]
        assert found == [("play", 10), ("search", 1), ("skip", 1)]

    def test_span_and_lengths(self, counted: Status) -> None:
        assert (counted.first, counted.last) == (0, 10 * DAY)
        assert counted.lengths == (4, 4, 4, 6, 6, 6)
        assert counted.median_length == 4

    def test_repeats(self, counted: Status) -> None:
        assert counted.repeats == pytest.approx(1 - 6 / 10)

    def test_cold_and_untouched(self, counted: Status) -> None:
        # positive events: a 5, b 3, c 0 (a skip), d 1, e 1, f 0
        assert (counted.cold, counted.untouched) == (5, 1)

    def test_the_latest_tenth_on_new_items(self, counted: Status) -> None:
        assert counted.fresh == 1.0  # the one event of the latest tenth is the first on e

    def test_gaps_and_ties(self, counted: Status) -> None:
        # days: 1 0 1 1 1 and 0 1 4 1 4
        assert counted.ties == pytest.approx(2 / 10)
        assert counted.gaps is not None
        assert counted.gaps[0] == 0
        assert counted.gaps[2] == DAY / SECOND
        assert counted.gaps[-1] == 4 * DAY / SECOND

    def test_where_only_the_order_is_known_what_needs_time_is_not_available(self) -> None:
        found = summarise(from_lists([[1, 2, 1]]), Catalogue.of_ids(["a", "b"]))
        assert found.ordinal
        assert (found.first, found.last, found.gaps, found.ties, found.fresh) == (None,) * 5
        assert found.repeats == pytest.approx(1 / 3)

    def test_an_empty_log(self) -> None:
        found = summarise(from_lists([], times=[]), Catalogue.of_ids([]))
        assert (found.users, found.items, found.events) == (0, 0, 0)
        assert (found.lengths, found.repeats, found.gaps, found.first) == (None,) * 4
        assert found.lines()[-2].startswith("There is nothing to learn from yet")
        assert found.lines()[-1].endswith("Import a log or observe events.")


class TestWords:
    def test_every_number_is_said(self, counted: Status) -> None:
        assert counted.lines() == [
            "5 users (3 without an event)",
            "6 items: 2 described, 5 with fewer than 5 positive events, 1 without any event",
            "12 events: 2 with a value, 1 with a text",
            "  play: 10 (positive, weight 1)",
            "  search: 1 (search, weight 1)",
            "  skip: 1 (negative, weight 0.5)",
            "Span: 1970-01-01 to 1970-01-11, 10 d",
            "Positive events a user: median 4, middle half 4 to 6, all 4 to 6",
            "Time to a user's next event: median 1 d, middle half 1 d to 1 d, all 0 s to 4 d",
            "Neighbouring events with the same time: 20.0 %",
            "Repeats (a positive event on an item the user had before): 40.0 %",
            "Latest tenth of the positive events on items new in it: 100.0 %",
            verdict(counted),
            *(f"  - {hint}" for hint in hints(counted)),
        ]

    def test_ordinal_is_said(self) -> None:
        lines = summarise(from_lists([[1, 2]]), Catalogue.of_ids(["a", "b"])).lines()
        assert "Span: n/a (only the order of events is known)" in lines
        assert "Time to a user's next event: n/a" in lines
        assert lines[2] == "2 events: 0 with a value, n/a with a text"


def of(lists: list[list[int]], items: int) -> Status:
    return summarise(from_lists(lists), Catalogue.of_ids([f"i{row}" for row in range(items)]))


class TestVerdict:
    def test_enough_begins_exactly_at_its_thresholds(self) -> None:
        enough = of([[1, 2, 3, 4]] * (FEW_EVENTS // 4), 4)
        assert enough.enough
        assert verdict(enough) == "Enough to learn from."
        fewer = of([[1, 2, 3, 4]] * (FEW_EVENTS // 4 - 1) + [[1, 2, 3]], 4)
        assert not fewer.enough
        assert "999 positive events" in verdict(fewer)
        assert "Content and popularity" in verdict(fewer)

    def test_many_events_of_short_histories_are_thin(self) -> None:
        thin = of([[1, 2]] * FEW_EVENTS, 4)
        assert not thin.enough
        assert verdict(thin).startswith("Thin: the median user has 2 positive events")

    def test_no_positive_event(self) -> None:
        histories = from_lists([[1, 2]], types=TYPES, kinds=[[SKIP, SKIP]])
        found = summarise(histories, Catalogue.of_ids(["a", "b"]))
        assert verdict(found).startswith("There is nothing to learn from yet")
        assert "role positive" in hints(found)[0]


class TestHints:
    @staticmethod
    def status_with(**changes: object) -> Status:
        fine = Status(
            users=10,
            active_users=10,
            items=10,
            events=5000,
            positives=5000,
            kinds=(),
            ordinal=False,
            first=0,
            last=DAY,
            lengths=(3, 3, 3, 3, 3, 3),
            repeats=0.1,
            cold=3,
            untouched=0,
            fresh=0.1,
            gaps=(1.0,) * 6,
            ties=0.2,
            with_value=0,
            with_text=None,
            described=0,
        )
        return replace(fine, **changes)  # type: ignore[arg-type]

    def test_none_where_all_is_well(self) -> None:
        assert hints(self.status_with()) == []

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"positives": FEW_EVENTS - 1}, "More events a user"),
            ({"cold": 4}, f"40.0 % of the items have fewer than {COLD_EVENTS}"),
            ({"fresh": 0.11}, "11.0 % of the latest events are on new items"),
            ({"ties": 0.21}, "21.0 % of neighbouring events share one time"),
            ({"ordinal": True}, "Times would help"),
            ({"repeats": 0.11}, "Users repeat items"),
        ],
    )
    def test_one_for_each_weakness(self, changes: dict[str, object], words: str) -> None:
        (hint,) = hints(self.status_with(**changes))
        assert words in hint

    def test_described_items_need_no_description(self) -> None:
        assert hints(self.status_with(cold=10, described=10)) == []


def test_of_a_store_counts_users_without_a_history_and_events_with_a_text(tmp_path: Path) -> None:
    day = 20_000 * DAY
    with Store.open(tmp_path / "store") as store:
        store.put_users([User("idle")])
        store.observe(
            [
                {"user_id": "a", "event_type": "watched", "timestamp": day, "item_id": "x"},
                {"user_id": "a", "event_type": "said", "timestamp": day + 1, "text": "less horror"},
            ]
        )
        found = status(store)
    assert (found.users, found.active_users, found.events, found.with_text) == (2, 1, 2, 1)
    assert "2 events: 0 with a value, 1 with a text" in found.lines()


def test_worlds_are_seen_for_what_they_are() -> None:
    calm, again = ordered(), repeat_world()
    assert summarise(calm.histories, calm.catalogue).repeats == 0.0
    found = summarise(again.histories, again.catalogue)
    assert found.repeats is not None
    assert found.repeats > 0.6
    assert found.enough


def test_the_same_whatever_the_order_of_users() -> None:
    histories, catalogue = small()
    turned = histories.take(np.array([2, 1, 0]))
    assert summarise(turned, catalogue) == summarise(histories, catalogue)
