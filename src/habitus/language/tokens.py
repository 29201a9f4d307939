"""Cuts text of any language and script into the terms that are looked up and counted."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import groupby, pairwise

import snowballstemmer

GAP, WORD, DENSE, HAN = range(4)
APOSTROPHES = "'’ʼ"

# Scripts that put no spaces between words, and Hangul, whose particles cling to the word. The first
# word of a letter's Unicode name is its script.
_DENSE = "HIRAGANA KATAKANA KATAKANA-HIRAGANA BOPOMOFO HANGUL THAI LAO KHMER MYANMAR TIBETAN"
DENSE_SCRIPTS = frozenset(_DENSE.split())
# Latin takes English: a memory does not know its language word by word, and for other languages
# of that script the character arm of `habitus.profile.recall` evens out word forms.
STEMMERS = {
    "LATIN": "english",
    "CYRILLIC": "russian",
    "GREEK": "greek",
    "ARABIC": "arabic",
    "DEVANAGARI": "hindi",
    "ARMENIAN": "armenian",
    "TAMIL": "tamil",
}
FOLDED = frozenset({"LATIN", "GREEK"})  # scripts that are often typed without their accents

# Only words that say nothing of what a sentence is about: every one left in is a chance to match.
_STOPPED = """a an and are as at be been but by did do does for from had has have how i in is it its
of on or that the their they this to was were what when where which who whom whose why will with
would he she him her his you your my me we our us them am if so then than there these those i'm it's
i've i'll i'd don't didn't doesn't can could should"""
STOP_WORDS = frozenset(_STOPPED.split())


def terms(text: str) -> list[str]:
    """The terms of a text in their order, repeats kept, stop words dropped.

    NFKC and case folding first (Unicode Standard Annex 15); words of alphabetic scripts lose their
    accents where these are often left out and are cut to their stems (Snowball); scripts without
    spaces become overlapping pairs of characters, Chinese characters also stand alone.
    """
    return list(_terms(unicodedata.normalize("NFKC", text).casefold()))


def words(text: str) -> list[str]:
    """The words as they are written, folded in case: stop words kept, nothing stemmed."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [run for kind, run in _runs(folded) if kind is WORD]


def grams(text: str, size: int = 4) -> list[str]:
    """Overlapping pieces of `size` characters of each word, with its edges marked by "_".

    They match word forms and misspellings in any script; words shorter than a piece stay whole.
    """
    found = []
    folded = unicodedata.normalize("NFKC", text).casefold()
    for kind, run in _runs(folded):
        if kind is WORD and run not in STOP_WORDS:
            marked = f"_{_bare(run)}_"
            found += [marked[at : at + size] for at in range(max(1, len(marked) - size + 1))]
        elif kind is not WORD:
            found += _pairs(run)
    return found


def _terms(folded: str) -> Iterator[str]:
    for kind, run in _runs(folded):
        if kind is not WORD:
            yield from _pairs(run)
            if kind is HAN and len(run) > 1:
                yield from run
        elif run not in STOP_WORDS:
            yield stem(run)


def _runs(folded: str) -> Iterator[tuple[int, str]]:
    """Words, and stretches of scripts without spaces, each with its kind."""
    for kind, letters in groupby(folded, _kind):
        run = "".join(letters)
        if kind is GAP:
            continue
        if kind is WORD:
            run = run.strip(APOSTROPHES).replace("’", "'").replace("ʼ", "'")
        if run:
            yield kind, run


@lru_cache(65_536)
def stem(word: str) -> str:
    """A folded word without its accents and endings."""
    script = _script(word[0])
    bare = _bare(word)
    cut = _stemmer(STEMMERS[script]) if script in STEMMERS else None
    return (cut(bare) or bare) if cut else bare


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    found: Callable[[str], str] = snowballstemmer.stemmer(language).stemWord
    return found


def _bare(word: str) -> str:
    if word.isascii():
        return word.removesuffix("'s")
    if _script(word[0]) not in FOLDED:
        return word
    apart = unicodedata.normalize("NFD", word)
    return "".join(each for each in apart if not unicodedata.combining(each)).removesuffix("'s")


def _pairs(run: str) -> list[str]:
    """Overlapping pairs of characters, a mark counting with the letter that carries it."""
    units: list[str] = []
    for each in run:
        if units and unicodedata.category(each)[0] == "M":
            units[-1] += each
        else:
            units.append(each)
    return [a + b for a, b in pairwise(units)] or units


@lru_cache(65_536)
def _kind(letter: str) -> int:
    if letter in APOSTROPHES:
        return WORD
    category = unicodedata.category(letter)[0]
    if category not in "LMN":
        return GAP
    script = _script(letter)
    if script in ("CJK", "IDEOGRAPHIC"):
        return HAN
    return DENSE if script in DENSE_SCRIPTS else WORD


@lru_cache(65_536)
def _script(letter: str) -> str:
    """The first word of the letter's Unicode name: "LATIN", "CJK", "THAI", …"""
    return unicodedata.name(letter, "").split(" ", 1)[0]
