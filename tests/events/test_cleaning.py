"""Columns checked as a whole, for what a file cannot easily show."""

import numpy as np
import pyarrow as pa
import pytest

from habitus.events.cleaning import READERS, Verdict, as_text
from habitus.types import HabitusError


def read(name: str, column: pa.Array) -> tuple[list[object], dict[int, str]]:
    verdict = Verdict(len(column))
    made = READERS[name](column, verdict, name)
    return made.to_pylist(), {row: reason for row, (reason, _) in verdict.why.items()}


def test_the_first_reason_of_a_row_stands() -> None:
    verdict = Verdict(3)
    verdict.reject(np.array([True, False, False]), "first", lambda row: f"row {row}")
    verdict.reject(np.array([True, False, True]), "second")
    assert verdict.why == {0: ("first", "row 0"), 2: ("second", "")}
    assert verdict.good.tolist() == [False, True, False]


def test_ids_of_256_characters_pass_whatever_their_bytes() -> None:
    values, why = read("item_id", pa.array(["😀" * 256, "😀" * 257, "a\u2028b", "", " ", None]))
    assert set(why) == {1, 2}
    assert values[0] == "😀" * 256
    assert values[3:] == [None, None, None]


def test_numbers_as_ids() -> None:
    assert as_text(pa.array([1.0, None, 2e15]), "user_id").to_pylist() == [
        "1",
        None,
        "2000000000000000",
    ]
    assert as_text(pa.array([1.0, float("nan")]), "user_id").to_pylist() == ["1", None]
    assert as_text(pa.array([1.5]), "user_id").to_pylist() == ["1.5"]
    assert as_text(pa.array([2**63], pa.uint64()), "user_id").to_pylist() == [str(2**63)]
    with pytest.raises(HabitusError, match="--map user_id=COLUMN"):
        as_text(pa.array([[1]]), "user_id")


def test_contexts_take_the_stores_form_and_repeat_cheaply() -> None:
    texts = ['{"b": 1, "a": null}', "{}", "", None, '{"a": [1]}', "[1]", "{", '{"a": NaN}']
    values, why = read("context", pa.array(texts))
    assert values[:4] == ['{"a":null,"b":1}', None, None, None]
    assert set(why) == {4, 5, 6, 7}


def test_structs_as_contexts() -> None:
    kind = pa.struct([("z", pa.int64()), ("a", pa.string())])
    values, why = read(
        "context", pa.array([{"z": 1, "a": "x"}, None, {"z": None, "a": None}], kind)
    )
    assert values == ['{"a":"x","z":1}', None, None]
    assert why == {}


def test_whole_numbers_and_probabilities() -> None:
    assert read("position", pa.array(["3", "", "1e2", "-1", "x", "1.5"])) == (
        [3, None, 100, -1, None, None],
        {
            3: "position is below 0",
            4: "position is not a whole number",
            5: "position is not a whole number",
        },
    )
    assert set(read("propensity", pa.array([0.0, 1.0, 1.1, None, float("nan")]))[1]) == {0, 2, 4}
