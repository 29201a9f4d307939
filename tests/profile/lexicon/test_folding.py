"""One form for all spellings, and the way back to the original."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitus.profile.lexicon.folding import Form, folded, spaced


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Café", "cafe"),
        ("CAFE\u0301", "cafe"),
        ("Straße", "strasse"),
        ("schwül", "schwül"),
        ("niño", "niño"),
        ("ﾊﾗｰﾙ", "ハラール"),
        ("ｶﾞﾝ", "ガン"),
        ("zero\u200bwidth soft\u00adhyphen", "zerowidth softhyphen"),
        ("①", "1"),
    ],
)
def test_spellings(text: str, form: str) -> None:
    assert folded(text) == form


@given(st.text(max_size=60))
def test_both_forms_of_composing_are_one(text: str) -> None:
    assert folded(unicodedata.normalize("NFC", text)) == folded(unicodedata.normalize("NFD", text))


def test_runs_of_marks_are_cut() -> None:
    assert len(folded("a" + "\u0315\u05b0" * 5_000)) < 10


def test_white_space_is_one_space() -> None:
    assert spaced(" A\t\nb\u3000c ") == "a b c"


@pytest.mark.parametrize(
    ("text", "part", "found"),
    [
        ("I love  Straßen\ncafés!", "love strassen CAFE\u0301S", "love  Straßen\ncafés"),
        ("party art", "art", "art"),
        ("I dislike jazz", "like jazz", None),
        ("我喜欢爵士乐", "爵士", "爵士"),
        ("anything", "", None),
        ("re\u0301sume\u0301s", "résumés", "re\u0301sume\u0301s"),
    ],
)
def test_where_a_part_is(text: str, part: str, found: str | None) -> None:
    place = Form.of(text).place(Form.of(part).text.strip())
    assert (None if place is None else text[slice(*place)]) == found


def test_the_stretch_that_covers_words() -> None:
    text = "food that is Italian and cheap"
    assert Form.of(text).covering(["italian", "food"]) == (0, len("food that is Italian"))
    assert Form.of(text).covering(["italian", "wine"]) is None
    assert Form.of(text).covering([]) is None


@given(st.text(max_size=60), st.data())
def test_any_stretch_that_is_found_folds_to_what_was_sought(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    part = Form.of(text[start : data.draw(st.integers(start, len(text)))]).text.strip()
    place = Form.of(text).place(part)
    if place is not None:
        assert part in Form.of(text[slice(*place)]).text
