"""What speaks for each document of a memory when something is asked, and how much each counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from habitus.language.bm25 import bm25
from habitus.language.tokens import grams, stem, terms, words
from habitus.profile.when import asks, fold, phrases
from habitus.types import Interval

if TYPE_CHECKING:
    from habitus.profile.recall import Memory

FIRST_PERSON = frozenset(
    {
        "i",
        "me",
        "my",
        "mine",
        "myself",
        "i've",
        "i'm",
        "i'd",
        "ich",
        "mich",
        "mir",
        "mein",
        "meine",
        "yo",
        "mi",
        "je",
        "moi",
        "mon",
        "ma",
    }
)
NEAR = 0.4  # cosine from which a meaning is named as a reason
SPREAD = ("around", "session", "best", "pieces", "meaning", "meaning_around", "meaning_best")

# Fitted by `python -m benchmarks.locomo --tune` on four conversations (a softmax over all turns of
# a conversation with the evidence turns as its target); rounded.
WORDS_ONLY = {
    "around": 0.61,
    "session": 0.21,
    "best": 0.32,
    "pieces": 0.09,
    "speaker": 2.55,
    "question": -0.81,
    "times": 1.64,
    "length": 0.83,
    "date": 3.8,
}
WITH_MEANING = {
    "around": 0.38,
    "session": 0.05,
    "best": 0.31,
    "pieces": 0.05,  # fitted .01; kept for languages that the encoder does not know
    "speaker": 2.51,
    "question": -0.93,
    "times": 1.64,
    "length": 0.75,
    "date": 3.7,
    "meaning": 0.42,
    "meaning_around": 0.36,
    "meaning_best": 0.33,
}


@dataclass(frozen=True, slots=True)
class Question:
    """A query as it is searched: its terms and pieces of words without the names of speakers, who
    is meant, the times it names and whether it asks for one."""

    terms: tuple[str, ...]
    grams: tuple[str, ...]
    speakers: frozenset[str]
    spoken: str
    spans: tuple[Interval, ...]
    times: bool


@dataclass(frozen=True, slots=True)
class Signals:
    """raw: name → float [n], in its own unit; weights: how much each counts.

    The score is Σ weight · signal. Signals of `SPREAD` are first put on one scale, as standard
    deviations from their mean over the memory; the others are 0, ½ or 1, or a logarithm.
    """

    raw: Mapping[str, NDArray[np.float64]]
    weights: Mapping[str, float]

    def scores(self) -> NDArray[np.float64]:
        """float64 [n]."""
        total = np.zeros(len(self.raw["around"]))
        for name, weight in self.weights.items():
            total += weight * self.scaled(name)
        return total

    def scaled(self, name: str) -> NDArray[np.float64]:
        values = self.raw[name]
        if name not in SPREAD or not len(values):
            return values
        spread: NDArray[np.float64] = (values - values.mean()) / (values.std() + 1e-6)
        return spread

    def why(self, row: int, asked: Question, text: str) -> tuple[str, ...]:
        """In plain words, why a document came up."""
        held = {stem(word): word for word in words(text)} | {word: word for word in terms(text)}
        shared = [held[term] for term in asked.terms if term in held]
        reasons = {
            "words: " + ", ".join(shared): bool(shared),
            "near a match": not shared and self.raw["around"][row] > 0,
            "time": self.raw["date"][row] > 0,
            "speaker": bool(asked.speakers) and self.raw["speaker"][row] == 1,
            "meaning": "meaning" in self.raw and self.raw["meaning"][row] >= NEAR,
        }
        return tuple(reason for reason, holds in reasons.items() if holds)


def question(
    query: str, people: Mapping[str, frozenset[str]], user: str, now: int, zone: str | None
) -> Question:
    """Reads a query: `people` are the folded words that name speakers.

    Words that name a time are not searched as words: the interval stands for them.
    """
    folded, timed = fold(query), phrases(query, now, zone)
    for start, end in reversed([each.at for each in timed]):
        folded = f"{folded[:start]} {folded[end:]}"
    named = [each for each in people if _name(each).search(folded)]
    who = frozenset().union(*(people[each] for each in named))
    if user and FIRST_PERSON & set(words(query)):
        who |= {user}
    rest, spoken = folded, query
    for each in named:
        rest = _name(each).sub(" ", rest)
        spoken = _name(each).sub(_first_person, spoken.replace("’", "'"))
    return Question(
        tuple(dict.fromkeys(terms(rest))),
        tuple(dict.fromkeys(grams(rest))),
        who,
        spoken,
        tuple(each.interval for each in timed),
        asks(query),
    )


def signals(memory: Memory, asked: Question, vector: NDArray[np.float32] | None) -> Signals:
    """All signals of a memory's n documents for a question; `vector` float32 [D] or None."""
    beside = memory.neighbours
    counts, lengths = memory.terms.counts(asked.terms), memory.terms.lengths
    own = bm25(counts, lengths)
    sums = bm25(beside.sums(counts), beside.sums(lengths[None])[0])
    raw: dict[str, NDArray[np.float32]] = {
        "around": bm25(beside.window(counts), beside.window(lengths)),
        "session": sums[beside.session],
        "best": beside.best(own),
        "pieces": bm25(memory.grams.counts(asked.grams), memory.grams.lengths),
        "length": np.log1p(lengths),
        **_flags(memory, asked),
    }
    weights = WORDS_ONLY
    if vector is not None and memory.vectors.shape[1]:
        near = memory.vectors @ np.asarray(vector, np.float32)
        one = np.ones_like(near)
        raw["meaning"] = near
        raw["meaning_around"] = beside.window(near) / beside.window(one)
        raw["meaning_best"] = beside.best(near)
        weights = WITH_MEANING
    return Signals({name: each.astype(np.float64) for name, each in raw.items()}, weights)


def _flags(memory: Memory, asked: Question) -> dict[str, NDArray[np.float32]]:
    """Signals that hold or do not; a speaker counts half where nobody, or everybody, is meant."""
    documents = memory.documents
    speakers = {each.speaker for each in documents}
    open_to_all = not asked.speakers or asked.speakers >= speakers
    return {
        "speaker": np.array(
            [0.5 if open_to_all else each.speaker in asked.speakers for each in documents],
            np.float32,
        ),
        "question": np.array([each.asks for each in documents], np.float32),
        "times": np.array([asked.times and bool(each.spans) for each in documents], np.float32),
        "date": np.array(
            [_dated(each.time, each.spans, asked.spans) for each in documents], np.float32
        ),
    }


def _dated(time: int, spans: tuple[Interval, ...], asked: tuple[Interval, ...]) -> float:
    """1 where a document was said in a time that is asked for or speaks of one, else 0."""
    return float(
        any(each.holds(time) or any(_overlap(each, span) for span in spans) for each in asked)
    )


def _overlap(a: Interval, b: Interval) -> bool:
    starts = a.start is None or b.end is None or a.start < b.end
    return starts and (b.start is None or a.end is None or b.start < a.end)


def _first_person(name: re.Match[str]) -> str:
    return "my" if name[0].casefold().endswith("'s") else "I"


@lru_cache(4096)
def _name(word: str) -> re.Pattern[str]:
    """A speaker's name in a text: a whole word, or anywhere in scripts without spaces."""
    edge = r"(?<!\w){}(?!\w)" if words(word) else "{}"
    return re.compile(edge.format(re.escape(word) + "(?:'s)?"), re.IGNORECASE)
