"""Each field of an event is checked; what is wrong is named."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from habitus.events.rows import check, checked, context_json, records
from habitus.types import Event, HabitusError

NOW = 1_750_000_000_000_000
TIME = 1_700_000_000_000_000


def event(**fields: Any) -> dict[str, Any]:
    return {"user_id": "u", "event_type": "view", **fields}


@pytest.mark.parametrize(
    ("given", "micros"),
    [
        (TIME, TIME),
        (np.int64(TIME), TIME),
        (datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC), TIME),
        (datetime(2023, 11, 15, 0, 13, 20, 7, tzinfo=timezone(timedelta(hours=2))), TIME + 7),
        ("2023-11-14T22:13:20Z", TIME),
        ("2023-11-14T17:13:20.000001-05:00", TIME + 1),
        (None, NOW),
    ],
)
def test_times_are_utc_microseconds(given: Any, micros: int) -> None:
    made, timed = checked(event(timestamp=given), NOW, ordinal=False)
    assert made.timestamp == micros
    assert timed == (given is not None)


@pytest.mark.parametrize(
    ("fields", "name", "reason"),
    [
        ({"user_id": None}, "user_id", "missing"),
        ({"user_id": ""}, "user_id", "0 characters"),
        ({"user_id": 7}, "user_id", "ids are texts"),
        ({"user_id": "u" * 257}, "user_id", "257 characters"),
        ({"item_id": "a\nb"}, "item_id", "control characters"),
        ({"item_id": "a\ud800"}, "item_id", "surrogates"),
        ({"event_type": None}, "event_type", "missing"),
        ({"text": "\udfff"}, "text", "surrogates"),
        ({"value": float("nan")}, "value", "nan"),
        ({"value": float("inf")}, "value", "inf"),
        ({"value": 10**400}, "value", "inf"),
        ({"value": "5"}, "value", "not a number"),
        ({"value": True}, "value", "not a number"),
        ({"propensity": 0.0}, "propensity", "probability"),
        ({"propensity": 1.5}, "propensity", "probability"),
        ({"position": -1}, "position", "from 0"),
        ({"position": 1.5}, "position", "whole number"),
        ({"sequence": 2**63}, "sequence", "too large"),
        ({"timezone": "not a zone!"}, "timezone", "Europe/Berlin"),
        ({"context": {"a": [1]}}, "context.a", "not a number"),
        ({"context": {"a": float("nan")}}, "context.a", "nan"),
        ({"context": "x"}, "context", "not a map"),
        ({"usr": "u"}, "usr", "no field"),
        ({"timestamp": TIME // 1_000_000}, "timestamp", "before 1990"),
        ({"timestamp": TIME // 1_000}, "timestamp", "before 1990"),
        ({"timestamp": NOW + 2 * 86_400_000_000}, "timestamp", "future"),
        ({"timestamp": 10**30}, "timestamp", "future"),
        ({"timestamp": 1.7e15}, "timestamp", "float"),
        ({"timestamp": True}, "timestamp", "bool"),
        ({"timestamp": "yesterday"}, "timestamp", "ISO 8601"),
        ({"timestamp": datetime(2023, 1, 1)}, "timestamp", "no time zone"),
        ({"timestamp": "2023-01-01T00:00:00"}, "timestamp", "no time zone"),
    ],
)
def test_a_bad_field_is_named(fields: dict[str, Any], name: str, reason: str) -> None:
    rows = check([event(), event(**fields)], start=10, now=NOW, ordinal=False)
    assert len(rows.events) == 1
    [reject] = rows.rejected
    assert (reject.index, reject.field) == (11, name)
    assert reason in reject.reason


def test_ordinal_events_have_no_times() -> None:
    rows = check([event(), event(timestamp=TIME)], 0, NOW, ordinal=True)
    assert [each.timestamp for each in rows.events] == [0]
    assert "ordinal" in rows.rejected[0].reason


def test_what_is_no_event_is_rejected() -> None:
    rows = check([7, "u", None, Event("u", "view")], 0, NOW, ordinal=False)
    assert [each.index for each in rows.rejected] == [0, 1, 2]
    assert len(rows.events) == 1


@pytest.mark.parametrize("wrong", ["u", b"u", 7])
def test_what_holds_no_events_is_refused(wrong: Any) -> None:
    with pytest.raises(HabitusError, match="cannot be read"):
        records(wrong)


def test_arrow_tables_and_batches() -> None:
    table = pa.table({"user_id": ["a", "b"], "event_type": ["x", "y"], "value": [1.0, None]})
    wanted = [
        {"user_id": "a", "event_type": "x", "value": 1.0},
        {"user_id": "b", "event_type": "y", "value": None},
    ]
    assert list(records(table)) == wanted
    assert list(records(table.to_batches()[0])) == wanted


def test_data_frames_read_missing_cells_as_absent() -> None:
    pandas = pytest.importorskip("pandas")
    times = pandas.to_datetime([TIME, TIME + 1_000_000], unit="us", utc=True)
    frame = pandas.DataFrame(
        {
            "user_id": ["a", "b"],
            "event_type": ["x", "y"],
            "timestamp": times,
            "value": [1.5, float("nan")],
            "position": [3, None],
        }
    )
    rows = check(records(frame), 0, NOW, ordinal=False)
    assert not rows.rejected
    first, second = rows.events
    assert (first.timestamp, first.value, first.position) == (TIME, 1.5, 3)
    assert (second.timestamp, second.value, second.position) == (TIME + 1_000_000, None, None)


def test_a_table_with_wrong_columns_is_one_error() -> None:
    with pytest.raises(HabitusError, match="not known: customer; missing: user_id"):
        records(pa.table({"customer": ["a"], "event_type": ["x"]}))


def test_contexts_are_canonical() -> None:
    assert context_json({"b": 1, "a": "é"}) == context_json({"a": "é", "b": 1}) == '{"a":"é","b":1}'
    assert context_json({}) is None
