"""The notation of terms, and that finding them takes time linear in the text."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitus.profile.constraint import constraint_of
from habitus.profile.lexicon.folding import folded
from habitus.profile.lexicon.terms import Hit, Terms, outside, widest
from habitus.profile.sensitive import category_of


def found(terms: list[str], text: str) -> list[str]:
    form = folded(text)
    return [form[hit.start : hit.end] for hit in Terms({"x": terms}).hits(form)]


@pytest.mark.parametrize(
    ("term", "text", "hits"),
    [
        ("vegan", "Vegan. VEGANS vegan-ish", ["vegan", "vegan"]),
        ("vegan*", "a veganist", ["veganist"]),
        ("*krebs", "der Brustkrebs", ["brustkrebs"]),
        ("left-wing", "my left wing views", ["left wing"]),
        ("i'm gay", "I\u2019m gay", ["i\u2019m gay"]),
        ("i am|m gay", "I am gay", ["i am gay"]),
        ("of _ descent", "of Irish descent, of old Irish descent", ["of irish descent"]),
        ("# _ street", "at 12b Elm Street, 5pcs fine street", ["12b elm street"]),
        ("came out", "I came. Out there", []),
        ("came out", "I came\nout", []),
        ("癌", "我有肺癌了", ["癌"]),
        ("ゲイ", "ゲイです。ゲインです", ["ゲイ"]),
        ("ゲイ*", "ゲインです", ["ゲイン"]),
        ("デモに参加", "昨日デモに参加した", ["デモに参加"]),
        ("alérgico", "ALERGICO", ["alergico"]),
        ("schwul", "schwül", []),
    ],
)
def test_the_notation(term: str, text: str, hits: list[str]) -> None:
    assert found([term], text) == hits


def test_of_nested_hits_the_widest_counts() -> None:
    hits = [Hit(0, 2, "pork"), Hit(1, 2, "meat"), Hit(3, 5, "x"), Hit(3, 5, "y"), Hit(4, 7, "z")]
    assert {*widest(hits)} == {hits[0], *hits[2:]}


def test_hits_next_to_a_harmless_span() -> None:
    hits = [Hit(0, 4, "x"), Hit(4, 8, "x"), Hit(10, 12, "x")]
    assert outside(hits, [Hit(2, 4, "y"), Hit(0, 3, "y")]) == hits[1:]
    assert outside(hits, [Hit(8, 10, "y")]) == hits
    assert outside(hits, []) == hits


@given(st.text(alphabet="ab -.癌", max_size=40))
def test_whole_words_are_found_where_a_plain_search_finds_them(text: str) -> None:
    words = text.replace("癌", " ").replace("-", " ").replace(".", " ").split()
    assert len(found(["ab"], text)) == words.count("ab")
    assert len(found(["癌"], text)) == text.count("癌")


def steps(call: Callable[[], Any]) -> int:
    """Bytecode instructions that a call runs: a measure of work that no other process disturbs."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


HARD = {
    "one long word": "a",
    "phrases that begin": "i am ",
    "words that begin stems": "diagnos allerg ",
    "no spaces": "我对花生过",
    "accents": "é",
    "marks": "\u0315\u0300\u05b0",
    "punctuation": "!?. ",
    "hits": "gay ",
    "near misses": "credit union ",
}


@pytest.mark.parametrize("part", HARD.values(), ids=HARD.keys())
@pytest.mark.parametrize("decide", [category_of, constraint_of])
def test_deciding_takes_steps_linear_in_the_length(part: str, decide: Callable[[str], Any]) -> None:
    decide("warm the lexicon")
    short, long = ((part * (length // len(part) + 1))[:length] for length in (2_000, 10_000))
    assert steps(lambda: decide(long)) < 5.6 * steps(lambda: decide(short)) + 2_000
