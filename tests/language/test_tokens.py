"""Texts of many languages become terms that meet again in another form of the word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitus.language.tokens import grams, stem, terms, words

# language, what was said, a question that shares a word in another form or place
MEETING = [
    ("English", "I was running along the river", "who runs?"),
    ("German", "Ich trinke jeden Morgen Tee", "Tee"),
    ("Spanish", "Me encanta la natación", "NATACION"),
    ("Arabic", "أحب القهوة كثيرا", "قهوة"),
    ("Hindi", "मुझे पहाड़ों में चलना पसंद है", "पहाड़"),
    ("Chinese", "我每天早上喝咖啡", "咖啡"),
    ("Japanese", "毎朝コーヒーを飲みます", "コーヒー"),
    ("Korean", "저는 커피를 좋아해요", "커피"),
    ("Thai", "ฉันชอบดื่มกาแฟตอนเช้า", "กาแฟ"),
    ("Russian", "Я люблю старые книги", "книга"),
]


@pytest.mark.parametrize(
    ("said", "asked"), [row[1:] for row in MEETING], ids=[row[0] for row in MEETING]
)
def test_words_meet_again(said: str, asked: str) -> None:
    assert set(terms(said)) & set(terms(asked))


def test_the_form_of_letters_does_not_matter() -> None:
    assert terms("ＣＡＦÉ ﬁne Straße") == terms("cafe FINE strasse")


def test_english_stems() -> None:
    assert [stem(word) for word in ("running", "ponies", "caresses", "hopping", "hoping")] == [
        "run",
        "poni",
        "caress",
        "hop",
        "hope",
    ]


def test_stop_words_and_possessives_go_but_order_and_repeats_stay() -> None:
    assert terms("The dog's bowl, and the dog") == ["dog", "bowl", "dog"]


def test_chinese_is_cut_into_pairs_and_single_characters() -> None:
    assert terms("喝咖啡") == ["喝咖", "咖啡", "喝", "咖", "啡"]


def test_a_mark_stays_with_its_letter() -> None:
    assert terms("ดื่ม") == ["ดื่ม"]


def test_pairs_do_not_run_over_punctuation() -> None:
    assert "好我" not in terms("你好。我在")


def test_grams_mark_the_edges_of_words() -> None:
    assert grams("Apple") == ["_app", "appl", "pple", "ple_"]
    assert grams("ox") == ["_ox_"]


def test_grams_match_a_misspelling() -> None:
    assert set(grams("accordion")) & set(grams("acordion"))


def test_words_keep_what_terms_drop() -> None:
    assert words("When did I run? Don’t say!") == ["when", "did", "i", "run", "don't", "say"]


@given(st.text())
def test_any_text_can_be_cut(text: str) -> None:
    found = terms(text) + grams(text) + words(text)
    assert all(found)
    assert not any(each.isspace() for term in found for each in term)


@given(st.text(alphabet="abcdefgh ", max_size=30))
def test_case_does_not_matter(text: str) -> None:
    assert terms(text) == terms(text.upper())
