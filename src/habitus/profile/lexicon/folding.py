"""One form for all spellings of a text: width, case, accents, invisible characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

MARKS = 4  # combining marks kept in a row: sorting a long run of them is quadratic in Python
# Accents that people leave out when they type. The diaeresis stays: schwül is not schwul.
ACCENTS = frozenset("\u0300\u0301\u0302\u0327")

FIRST_UNSPACED = "\u2e80"  # where Han, kana and Hangul begin


def folded(text: str) -> str:
    """NFKC, case folded, without accents (grave, acute, circumflex, cedilla) and without format
    characters such as zero-width spaces and soft hyphens. Linear in the length of the text."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", _calmed(text)).casefold()
    return unicodedata.normalize("NFKC", "".join(c for c in plain if c not in ACCENTS))


def spaced(text: str) -> str:
    """`folded`, and every run of white space one space: the form in which quotes are compared."""
    return " ".join(folded(text).split())


def _calmed(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MARKS and unicodedata.category(character) != "Cf":
            kept.append(character)
    return "".join(kept)


@dataclass(frozen=True, slots=True)
class Form:
    """A folded text with white space folded too, and where each of its characters comes from:
    `text[i]` stands for [starts[i], ends[i]) of the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """Each character is folded with the marks that follow it, so both texts of a comparison
        have to be made by this."""
        made: list[tuple[str, int, int]] = []
        for start, end in _groups(text):
            part = text[start:end]
            plain = " " if part.isspace() else folded(part)
            made.extend((character, start, end) for character in plain)
        return cls(
            "".join(each[0] for each in made),
            tuple(each[1] for each in made),
            tuple(each[2] for each in made),
        )

    def place(self, part: str) -> tuple[int, int] | None:
        """Where the original has a part (in this form) that neither begins nor ends inside a word;
        in scripts without spaces anywhere."""
        at = self.text.find(part) if part else -1
        while at >= 0:
            last = at + len(part)
            if not (_joined(self.text, at) or _joined(self.text, last)):
                return self.starts[at], self.ends[last - 1]
            at = self.text.find(part, at + 1)
        return None

    def covering(self, words: Sequence[str]) -> tuple[int, int] | None:
        """The stretch of the original from the first to the last of the words, each where it comes
        first; None where one of them is missing."""
        places = [self.place(word) for word in words]
        found = [place for place in places if place is not None]
        if not found or len(found) < len(words):
            return None
        return min(place[0] for place in found), max(place[1] for place in found)


def _groups(text: str) -> list[tuple[int, int]]:
    """Runs of white space, and single characters with the marks that follow them."""
    groups: list[tuple[int, int]] = []
    for found in re.finditer(r"\s+|\S", text):
        if groups and unicodedata.combining(found[0][0]):
            groups[-1] = (groups[-1][0], found.end())
        else:
            groups.append(found.span())
    return groups


def _joined(text: str, at: int) -> bool:
    """Whether a word of a script with spaces runs over a place."""
    if not 0 < at < len(text):
        return False
    return all(each.isalnum() and each < FIRST_UNSPACED for each in text[at - 1 : at + 1])
