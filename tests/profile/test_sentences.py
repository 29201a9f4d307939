"""Where sentences lie, and what in a text is not the writer speaking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitus.profile.sentences import LIMIT, LONGEST, QUOTED, readable, sentences


def cut(text: str) -> list[str]:
    low = readable(text)
    return [low[each.start : each.end] for each in sentences(low)]


def test_sentences_of_a_text() -> None:
    assert cut("I love tea. You don't!  Really? yes") == [
        "i love tea",
        "you don't",
        "really",
        "yes",
    ]
    assert cut("我喜欢茶。你呢？好的") == ["我喜欢茶", "你呢", "好的"]
    assert cut("- one thing\n* another") == ["one thing", "another"]


def test_abbreviations_do_not_end_a_sentence() -> None:
    assert cut("I see Dr. Oak on Mondays.") == ["i see dr. oak on mondays"]


@pytest.mark.parametrize(
    ("text", "asks"), [("Why?", True), ("Why?!", True), ("好吗？", True), ("Yes.", False)]
)
def test_questions(text: str, asks: bool) -> None:
    assert [each.asks for each in sentences(readable(text))] == [asks]


@pytest.mark.parametrize(
    "text",
    [
        'a "b c" d',
        "a “b c” d",
        "a 'b c' d",
        "a «b c» d",
        "a `b c` d",
        "a 「b c」 d",
        "> b c",
        "b@c.org",
    ],
)
def test_what_others_wrote_is_hidden_and_keeps_its_place(text: str) -> None:
    low = readable(text)
    assert len(low) == len(text)
    assert QUOTED in low
    assert "b" not in low


def test_apostrophes_are_no_quotation_marks() -> None:
    assert readable("I don't like the dogs' toys 'cause they're loud") == (
        "i don't like the dogs' toys 'cause they're loud"
    )


def test_no_longer_stands_before_its_verb() -> None:
    assert readable("I'm no longer here") == "i no longer'm here"
    assert readable("I am no longer here") == "i no longer am here"


def test_long_sentences_are_left_out() -> None:
    assert cut("x " * LONGEST + ". I see.") == ["i see"]


@given(st.text(max_size=400))
def test_offsets_hold_for_any_text(text: str) -> None:
    low = readable(text)
    assert len(low) == min(len(text), LIMIT)
    ends = 0
    for each in sentences(low):
        assert ends <= each.start < each.end <= len(low)
        ends = each.end
