"""Word pieces over a small made-up vocabulary."""

from habitus.language.wordpiece import WordPieces

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "play", "##ing", "##ed", *",!", "cafe", *"水火"]
PIECES = WordPieces(VOCABULARY)


def read(text: str, longest: int = 32) -> list[str]:
    return [VOCABULARY[each] for each in PIECES.encode(text, longest)]


def test_the_longest_piece_comes_first_and_the_rest_follows() -> None:
    assert read("Playing, played!") == ["[CLS]", "play", "##ing", ",", "play", "##ed", "!", "[SEP]"]


def test_a_word_with_a_part_that_is_not_known_is_unknown_as_a_whole() -> None:
    assert read("playful") == ["[CLS]", "[UNK]", "[SEP]"]
    assert read("play" * 40) == ["[CLS]", "[UNK]", "[SEP]"]


def test_accents_go_and_chinese_characters_stand_apart() -> None:
    assert read("Café 水火") == ["[CLS]", "cafe", "水", "火", "[SEP]"]


def test_a_long_text_is_cut_and_keeps_its_ends() -> None:
    assert read("play " * 50, longest=6) == ["[CLS]", *["play"] * 4, "[SEP]"]


def test_an_empty_text_has_its_ends_alone() -> None:
    assert read("") == ["[CLS]", "[SEP]"]
