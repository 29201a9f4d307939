"""Numbers in words: confidences, days, stretches."""

import io
import sys

import pytest

from habitus.cli.saying import bar, count, day, minute, percent, span, sure
from habitus.types import DAY

NOON = 1_741_608_000_000_000  # 2025-03-10 12:00 UTC


@pytest.mark.parametrize(
    ("confidence", "number", "word", "drawn"),
    [
        (1.0, ">99 %", "very sure", "█████"),
        (0.9951, ">99 %", "very sure", "█████"),
        (0.9499999, "95 %", "very sure", "█████"),
        (0.8, "80 %", "sure", "████░"),
        (0.66, "66 %", "likely", "███░░"),
        (0.55, "55 %", "perhaps", "███░░"),
        (0.0, "0 %", "perhaps", "░░░░░"),
    ],
)
def test_a_confidence_as_number_word_and_bar(
    confidence: float, number: str, word: str, drawn: str
) -> None:
    assert (percent(confidence), sure(confidence), bar(confidence)) == (number, word, drawn)


def test_a_stream_without_blocks_gets_plain_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert bar(0.6) == "###--"


def test_times_are_days_and_minutes_in_utc() -> None:
    assert day(NOON) == "10 March 2025"
    assert minute(NOON) == "2025-03-10 12:00"
    assert (day(None), minute(None)) == ("", "")
    assert (day(2**62), minute(2**62)) == ("", "")


def test_counts_and_stretches() -> None:
    assert [count(number, "event") for number in (0, 1, 1204)] == [
        "0 events",
        "1 event",
        "1,204 events",
    ]
    assert [span(days * DAY) for days in (59, 60, 729, 730)] == [
        "59 days",
        "2 months",
        "24 months",
        "2 years",
    ]
