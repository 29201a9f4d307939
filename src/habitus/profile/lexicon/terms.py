"""Finds the terms of a lexicon in a text, in time linear in its length."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from habitus.profile.lexicon.folding import folded

KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff"
UNSPACED = "\u3005\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKEN = re.compile(rf"[{KATAKANA}]+|[{UNSPACED}]+|(?:(?![{KATAKANA}{UNSPACED}])[^\W_])+")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_BREAK = re.compile(r"[.,!?;:。、，！？；：](?:\s|$)|\n")  # no phrase reaches over it
_NUMBER = re.compile(r"\d{1,6}[a-z]?")  # of a house: 12, 12b
_RUN = re.compile(f"[{KATAKANA}{UNSPACED}]+")

Rest = tuple[str, ...]  # the parts of a phrase after its first
Entry = tuple[Rest, str]  # those, and the tag


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A term found: [start, end) in the folded text, and the tag of the term."""

    start: int
    end: int
    tag: str


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a folded text, or a run of characters of a script without spaces."""

    start: int
    end: int
    text: str


def tokens(text: str) -> list[Token]:
    """The words of a folded text. Apostrophes, hyphens and underscores part words."""
    return [Token(*found.span(), found[0]) for found in _TOKEN.finditer(text)]


class Terms:
    """Terms, each with a tag; the notation is that of the package. Work per character is bounded by
    the lexicon (its longest term, its most frequent first word), never by the text."""

    def __init__(self, tagged: Mapping[str, Iterable[str]]) -> None:
        """`tagged` is tag → terms."""
        self._whole: dict[str, list[Entry]] = defaultdict(list)
        # Phrases by their first two words: "i" alone begins hundreds of them.
        self._pairs: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._begins: dict[str, list[Entry]] = defaultdict(list)
        self._ends: dict[str, list[Entry]] = defaultdict(list)
        self._inside: dict[str, str] = {}
        for tag, terms in tagged.items():
            for term in terms:
                self._add(term, tag)
        self._begin_lengths = _lengths(self._begins)
        self._end_lengths = _lengths(self._ends)
        self._inside_lengths = _lengths(self._inside)

    def hits(self, text: str) -> list[Hit]:
        """All terms in a folded text, by where they begin."""
        words = tokens(text)
        found = [
            hit
            for place in range(len(words))
            for hit in self._at(words, place)
            if not _BREAK.search(text, hit.start, hit.end)
        ]
        found.extend(hit for run in _RUN.finditer(text) for hit in self._within(run))
        return sorted(found)

    def _add(self, term: str, tag: str) -> None:
        form = folded(term).strip()
        if _UNSPACED.search(form) and " " not in form:
            self._inside.setdefault(form, tag)
            return
        for first, *rest in product(*(part.split("|") for part in _parts(form))):
            entry = (tuple(rest), tag)
            if first.endswith("*"):
                self._begins[first[:-1]].append(entry)
            elif first.startswith("*"):
                self._ends[first[1:]].append(entry)
            elif rest and rest[0].isalnum():
                self._pairs[first, rest[0]].append(entry)
            else:
                self._whole[first].append(entry)

    def _at(self, words: list[Token], place: int) -> Iterator[Hit]:
        word = words[place]
        following = words[place + 1].text if place + 1 < len(words) else ""
        for rest, tag in self._opening(word.text, following):
            last = place + len(rest)
            if last < len(words) and all(
                _fits(part, words[place + 1 + far].text) for far, part in enumerate(rest)
            ):
                yield Hit(word.start, words[last].end, tag)

    def _opening(self, word: str, following: str) -> Iterator[Entry]:
        yield from self._whole.get(word, ())
        yield from self._pairs.get((word, following), ())
        if _NUMBER.fullmatch(word):
            yield from self._whole.get("#", ())
            yield from self._pairs.get(("#", following), ())
        for length in self._begin_lengths:
            if length > len(word):
                break
            yield from self._begins.get(word[:length], ())
        for length in self._end_lengths:
            if length > len(word):
                break
            yield from self._ends.get(word[-length:], ())

    def _within(self, run: re.Match[str]) -> Iterator[Hit]:
        first, last = run.span()
        for start in range(first, last):
            for length in self._inside_lengths:
                tag = self._inside.get(run.string[start : start + length])
                if tag is not None and start + length <= last:
                    yield Hit(start, start + length, tag)


def widest(hits: Iterable[Hit]) -> list[Hit]:
    """The hits that lie in no longer one: of 猪肉 (pork) not 肉 (meat). Linear, once sorted."""
    kept: list[Hit] = []
    reach = Hit(-1, -1, "")
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.end > reach.end or (hit.start, hit.end) == (reach.start, reach.end):
            kept.append(hit)
            reach = hit
    return kept


def outside(hits: Iterable[Hit], harmless: Iterable[Hit]) -> list[Hit]:
    """The hits that share no character with a harmless span: "credit union" takes the offence out
    of "credit union member"."""
    starts: list[int] = []
    ends: list[int] = []
    for span in sorted(harmless):
        if ends and span.start < ends[-1]:
            ends[-1] = max(ends[-1], span.end)
        else:
            starts.append(span.start)
            ends.append(span.end)
    return [hit for hit in hits if not _shared(hit, starts, ends)]


def _shared(hit: Hit, starts: list[int], ends: list[int]) -> bool:
    """Whether a hit meets one of the disjoint spans, of which the starts and the ends are given."""
    place = bisect_left(starts, hit.end) - 1
    return place >= 0 and ends[place] > hit.start


def _parts(form: str) -> list[str]:
    """The words of a term; the signs of the notation stay with them."""
    return re.sub(r"[^\w*|#]+", " ", form).split()


def _fits(part: str, word: str) -> bool:
    if part == "_":
        return True
    if part == "#":
        return _NUMBER.fullmatch(word) is not None
    if part.endswith("*"):
        return word.startswith(part[:-1])
    return word.endswith(part[1:]) if part.startswith("*") else word == part


def _lengths(keys: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted({len(key) for key in keys}))
