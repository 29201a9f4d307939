"""BERT's word pieces (Devlin et al. 2019), read from a `vocab.txt`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

LONGEST = 100  # letters of a word; a longer one is unknown, as in BERT's own tokenizer


class WordPieces:
    """Cuts text into the ids of word pieces, the longest match first.

    `lower` folds case and drops accents, as the uncased models expect.
    """

    def __init__(self, vocabulary: Sequence[str], lower: bool = True) -> None:
        self.ids = {piece: number for number, piece in enumerate(vocabulary)}
        self.lower = lower

    @classmethod
    def read(cls, path: Path, lower: bool = True) -> WordPieces:
        return cls(path.read_text(encoding="utf-8").splitlines(), lower)

    def encode(self, text: str, longest: int) -> list[int]:
        """[CLS] pieces [SEP], at most `longest` ids."""
        found: list[int] = []
        for word in self._words(text):
            found += self._pieces(word)
            if len(found) >= longest - 2:
                break
        return [self.ids["[CLS]"], *found[: longest - 2], self.ids["[SEP]"]]

    def _words(self, text: str) -> Iterator[str]:
        if self.lower:
            apart = unicodedata.normalize("NFD", text.lower())
            text = "".join(each for each in apart if unicodedata.category(each) != "Mn")
        yield from "".join(_spaced(each) for each in text).split()

    def _pieces(self, word: str) -> list[int]:
        unknown = self.ids["[UNK]"]
        if len(word) > LONGEST:
            return [unknown]
        found = []
        start = 0
        while start < len(word):
            lead = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((at for at in ends if lead + word[start:at] in self.ids), None)
            if end is None:
                return [unknown]
            found.append(self.ids[lead + word[start:end]])
            start = end
        return found


def _spaced(letter: str) -> str:
    """A letter as it is; punctuation and Chinese characters apart; control characters gone."""
    if letter.isascii():
        if letter.isalnum():
            return letter
        if letter.isspace():
            return " "
        return f" {letter} " if letter.isprintable() else ""
    category = unicodedata.category(letter)
    if category in ("Cc", "Cf") or letter == "\ufffd":
        return ""
    if category[0] == "P" or unicodedata.name(letter, "").startswith("CJK "):
        return f" {letter} "
    return " " if category == "Zs" else letter
