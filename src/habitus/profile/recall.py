"""Finds again what somebody said: one user's memory of turns and propositions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from habitus.language.bm25 import Postings
from habitus.language.tokens import grams, terms, words
from habitus.profile.neighbours import Neighbours
from habitus.profile.signals import Question, Signals, question, signals
from habitus.profile.when import fold, phrases
from habitus.types import HabitusError, Interval, Proposition

QUESTION_MARKS = ("?", "？", "؟")
FAINT = 0.2  # cosine below which a meaning alone is no reason to bring something up

PROPOSITION = "proposition"  # what `why` of a found proposition begins with

Vectors = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing that was said: `time` in µs since 1970, UTC; `speaker` a name or the user's id."""

    event_id: str
    text: str
    time: int
    session_id: str | None
    speaker: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: the events it rests on, its words, when it was said (µs UTC), a score that
    compares within one answer only, and in plain words why it came up."""

    event_ids: tuple[str, ...]
    text: str
    time: int
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A turn or a proposition as it is searched."""

    event_ids: tuple[str, ...]
    text: str
    time: int
    session: str | None
    speaker: str
    asks: bool
    spans: tuple[Interval, ...]  # the times it speaks of
    proposition: bool = False


@dataclass(frozen=True, eq=False)
class Memory:
    """What is kept between calls for one user: n documents with their postings and vectors.

    vectors  float32 [n, D], unit rows; zero rows where a document has none; D = 0 without encoder
    user     the speaker who is the user: the one that "I" in a query means
    zone     where the user's clocks hang, for time phrases; None = UTC
    """

    documents: tuple[Document, ...]
    terms: Postings
    grams: Postings
    vectors: NDArray[np.float32]
    user: str = ""
    zone: str | None = None

    def __len__(self) -> int:
        return len(self.documents)

    @classmethod
    def build(
        cls,
        utterances: Sequence[Utterance],
        propositions: Sequence[Proposition] = (),
        vectors: Vectors | None = None,
        *,
        user: str = "",
        zone: str | None = None,
    ) -> Memory:
        """A memory of turns, oldest first within a session, and of propositions.

        `vectors` are by event id, those of propositions by proposition id. HabitusError where
        their widths differ.
        """
        empty = Postings.empty()
        user = user or next((each.user_id for each in propositions), "")
        blank = cls((), empty, empty, np.zeros((0, 0), np.float32), user, zone)
        return blank.added(utterances, vectors).knowing(propositions, vectors)

    def added(self, utterances: Sequence[Utterance], vectors: Vectors | None = None) -> Memory:
        """This memory with more turns; the old one stays as it is."""
        turns = [_turn(each, self.zone) for each in utterances]
        keys = [each.event_id for each in utterances]
        return self._with(turns, [each.text for each in utterances], keys, vectors)

    def knowing(
        self, propositions: Sequence[Proposition], vectors: Vectors | None = None
    ) -> Memory:
        """This memory with propositions beside the turns; cheap, so that a memory of turns alone
        can be kept and joined with whatever is known by now."""
        facts = [_fact(each, self.user or each.user_id) for each in propositions]
        texts = [f"{each.sentence} {each.words}" for each in propositions]
        return self._with(facts, texts, [each.proposition_id for each in propositions], vectors)

    def recall(
        self,
        query: str,
        k: int,
        now: int,
        zone: str | None = None,
        vector: NDArray[np.float32] | None = None,
    ) -> list[Found]:
        """The k documents that answer a query best, the best first; fewer where nothing speaks
        for more.

        `now` (µs UTC) and `zone` are those of the question; `vector` float32 [D] is the encoder's
        for `to_encode(query)`. Ties go to the later document, then to the smaller event id.
        """
        asked, found = self._signals(query, now, zone, vector)
        scores = found.scores()
        rows = np.flatnonzero(self._spoken_for(found))
        order = sorted(rows.tolist(), key=lambda row: self._rank(row, scores))[: max(k, 0)]
        return [
            Found(
                self.documents[row].event_ids,
                self.documents[row].text,
                self.documents[row].time,
                float(scores[row]),
                self._why(row, asked, found),
            )
            for row in order
        ]

    def sessions(
        self,
        query: str,
        now: int,
        zone: str | None = None,
        vector: NDArray[np.float32] | None = None,
    ) -> list[str]:
        """The named sessions, the one that most likely holds the answer first."""
        _, found = self._signals(query, now, zone, vector)
        best: dict[str, float] = {}
        for each, score in zip(self.documents, found.scores().tolist(), strict=True):
            if each.session is not None:
                best[each.session] = max(score, best.get(each.session, score))
        return sorted(best, key=lambda name: (-best[name], name))

    def to_encode(self, query: str) -> str:
        """A query as an encoder should read it: a speaker's name is "I", as speakers say it.

        Names would find the turns that address somebody, not those in which they speak.
        """
        return question(query, self.people, self.user, 0, None).spoken

    @cached_property
    def people(self) -> Mapping[str, frozenset[str]]:
        """The speakers that a word names: word → speakers."""
        named: dict[str, set[str]] = {}
        for speaker in sorted({each.speaker for each in self.documents if each.speaker}):
            for word in words(speaker) or [fold(speaker).strip()]:
                named.setdefault(word, set()).add(speaker)
        return {word: frozenset(who) for word, who in named.items()}

    @cached_property
    def neighbours(self) -> Neighbours:
        """Which document stands beside which."""
        return Neighbours.of(
            [each.session for each in self.documents],
            np.array([each.time for each in self.documents], np.int64),
            np.array([each.proposition for each in self.documents], bool),
        )

    def _signals(
        self, query: str, now: int, zone: str | None, vector: NDArray[np.float32] | None
    ) -> tuple[Question, Signals]:
        if vector is not None and self.vectors.shape[1] not in (0, len(vector)):
            raise _widths(self.vectors.shape[1])
        asked = question(query, self.people, self.user, now, zone or self.zone)
        return asked, signals(self, asked, vector)

    def _spoken_for(self, found: Signals) -> NDArray[np.bool_]:
        """Documents with a reason to come up, bool [n]: a word, a neighbour's, a date, a meaning."""
        held = (found.raw["around"] > 0) | (found.raw["pieces"] > 0) | (found.raw["date"] > 0)
        return held | (found.raw["meaning"] >= FAINT) if "meaning" in found.raw else held

    def _why(self, row: int, asked: Question, found: Signals) -> tuple[str, ...]:
        document = self.documents[row]
        lead = (PROPOSITION,) if document.proposition else ()
        return lead + found.why(row, asked, document.text)

    def _rank(self, row: int, scores: NDArray[np.float64]) -> tuple[float, int, tuple[str, ...]]:
        return -float(scores[row]), -self.documents[row].time, self.documents[row].event_ids

    def _with(
        self,
        documents: Sequence[Document],
        texts: Sequence[str],
        keys: Sequence[str],
        vectors: Vectors | None,
    ) -> Memory:
        return replace(
            self,
            documents=self.documents + tuple(documents),
            terms=self.terms.added([terms(each) for each in texts]),
            grams=self.grams.added([grams(each) for each in texts]),
            vectors=_stacked(self.vectors, keys, vectors or {}),
        )


def _turn(said: Utterance, zone: str | None) -> Document:
    spans = tuple(each.interval for each in phrases(said.text, said.time, zone))
    ends = said.text.rstrip().endswith(QUESTION_MARKS)
    return Document(
        (said.event_id,), said.text, said.time, said.session_id, said.speaker, ends, spans
    )


def _fact(known: Proposition, user: str) -> Document:
    """A proposition, said by the user at the time from which it holds."""
    time = known.valid.start or known.known.start or 0
    spans = (known.valid,) if known.valid.start is not None else ()
    return Document(known.events_for, known.sentence, time, None, user, False, spans, True)


def _stacked(
    held: NDArray[np.float32], keys: Sequence[str], vectors: Vectors
) -> NDArray[np.float32]:
    given = [np.asarray(vectors[key], np.float32) for key in keys if key in vectors]
    width = held.shape[1] or (given[0].shape[0] if given else 0)
    if any(each.shape != (width,) for each in given):
        raise _widths(width)
    rows = [
        np.asarray(vectors[key], np.float32) if key in vectors else np.zeros(width) for key in keys
    ]
    old = held if held.shape[1] == width else np.zeros((len(held), width), np.float32)
    return np.concatenate([old, np.array(rows, np.float32).reshape(len(keys), width)])


def _widths(width: int) -> HabitusError:
    return HabitusError(
        f"The memory's vectors are {width} wide, and one that was given is not.",
        "Encode all texts of a user with one encoder, and build the memory anew after a change.",
    )
