import numpy as np

from habitus.events.daily import DailyCounts
from habitus.events.histories import PADDING_TYPE, Histories
from habitus.types import DAY, EventType, Role

TYPES = (PADDING_TYPE, EventType("buy", weight=2.0), EventType("skip", Role.NEGATIVE))
END = 20 * DAY + 7


def log() -> Histories:
    """Four events: two on the last day, one two days before it, one that was a skip."""
    time = np.array([END - 1 - 2 * DAY, END - DAY, END - 1, END - 1])
    return Histories(
        user_ids=np.array(["u"], object),
        offsets=np.array([0, 4]),
        item=np.array([1, 2, 2, 3], np.int32),
        type=np.array([1, 1, 1, 2], np.int16),
        time=time,
        value=np.full(4, np.nan, np.float32),
        session=np.zeros(4, np.int64),
        types=TYPES,
    )


def test_days_end_with_the_last_positive_event_and_weights_count() -> None:
    daily = DailyCounts.of(log(), 5)
    assert daily.end == END
    np.testing.assert_array_equal(
        daily.counts.toarray(), [[0, 2, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 4, 0, 0]]
    )


def test_a_moment_is_in_the_day_that_has_not_ended_yet() -> None:
    daily = DailyCounts.of(log(), 5)
    moments = np.array([0, END - DAY - 1, END - DAY, END - 1, END, END + 90 * DAY])
    assert daily.day(moments).tolist() == [0, 1, 2, 2, 3, 3]


def test_a_window_holds_only_whole_days_before_the_moment() -> None:
    """An event is never among the counts that its own moment is told."""
    daily = DailyCounts.of(log(), 5)
    np.testing.assert_array_equal(
        daily.before(np.array([0, 1, 2, 3]), 2),
        [[0, 0, 0, 0, 0], [0, 2, 0, 0, 0], [0, 2, 0, 0, 0], [0, 0, 4, 0, 0]],
    )
    np.testing.assert_array_equal(daily.before(np.array([3]), 99), [[0, 2, 4, 0, 0]])
    for at, moment in enumerate(log().time):
        item = int(log().item[at])
        before = daily.before(daily.day(np.array([moment])), 7)[0, item]
        earlier = (log().time < moment) & (log().item == item)
        assert before <= 2 * earlier.sum()


def test_another_catalogue_takes_its_rows_along() -> None:
    daily = DailyCounts.of(log(), 5).for_rows(np.array([0, 2, 0, 1]))
    np.testing.assert_array_equal(daily.before(np.array([3]), 3), [[0, 4, 0, 2]])


def test_a_log_without_positive_events_has_no_days() -> None:
    nothing = log().where(np.zeros(4, bool))
    daily = DailyCounts.of(nothing, 5)
    assert daily.days == 0
    np.testing.assert_array_equal(daily.before(daily.day(np.array([5])), 7), np.zeros((1, 5)))
