"""Reads one sentence with one language's patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from habitus.profile.claim import Claim
from habitus.profile.objects import Span, objects
from habitus.profile.patterns import Frame, Pack
from habitus.profile.sentences import Sentence
from habitus.types import Kind, Stance

HEDGED = 0.75
"""By how much the certainty is multiplied where the writer hedges ("I think", "maybe")."""
CHAIN = 6
"""Predicates of one subject at most: "I love tea, hate coffee and avoid …"."""
NEAR = 200
"""Characters before a subject that may lead to it or limit it."""

_OVER = Frame(re.compile(""), Kind.HABIT, "does", Stance.FOR, 0.8, ends=True)
_SUBJECTS = re.compile(r"(?<![\w'])(?:she|he|they|we|you|it|who|which|my \w+|that)(?![\w])")
"""Another subject between a predicate and an "and" takes what comes after it."""

_DOING = re.compile(r"\w+ing\b.* and \w+ing\b.*")
_ASIDE = re.compile(
    r"(?!spending|being|going|having|getting|hanging|working|talking|looking)"
    r"(?P<deed>\w+ing(?: (?!and\b|on\b|in\b|to\b|with\b|at\b|around\b|near\b)[\w'-]+){1,5})"
    r" (?:on|in|to|with|at|around|near) $"
)
"""A deed before a preposition and a word that only the moment explains: "taking walks on this …"."""


class Reader:
    """The claims of one sentence in one language; `low` is the text as `readable` gives it."""

    def __init__(self, text: str, low: str, place: Sentence, pack: Pack) -> None:
        self.text, self.low, self.pack = text, low, pack
        self.start, self.end = place.start, place.end
        if place.asks:
            self.end = self._before_question()

    def claims(self) -> Iterator[Claim]:
        """The claims of the sentence."""
        if self.end - self.start < 2 or self.pack.unreal.match(self.low, self.start, self.end):
            return
        yield from self._after_subjects()
        yield from self._at_clauses()
        for frame in self.pack.anywhere:
            for match in frame.cue.finditer(self.low, self.start, self.end):
                yield from self._claims(frame, match, "", 1.0, False)

    def _before_question(self) -> int:
        """Where the question starts in a sentence that asks: "I love jazz, do you?"."""
        asked = self.pack.asked
        if asked is None:
            return self.start
        found = asked.search(self.low, self.start, self.end)
        return found.start() if found else self.start

    def _after_subjects(self) -> Iterator[Claim]:
        if self.pack.subject is None:
            return
        done = self.start
        for match in self.pack.subject.finditer(self.low, self.start, self.end):
            if match.start() < done:
                continue
            lead = self._lead(match.start())
            if lead is None:
                continue
            scope, weight = lead
            at: int | None = match.end()
            for _ in range(CHAIN):
                if at is None:
                    break
                made, at = self._predicate(at, scope, weight)
                yield from made
                done = max([done, *(each.end for each in made)])

    def _lead(self, place: int) -> tuple[str, float] | None:
        """The scope before a subject and its weight; None where the subject is not the writer now."""
        first = max(self.start, place - NEAR)
        lead = self._leading(self.start, place) if first == self.start else None
        if lead is not None:
            return lead
        for match in self.pack.clause.finditer(self.low, first, place):
            if not self._reported(match.start()):
                lead = self._leading(match.end(), place)
            if lead is not None:
                return lead
        return None

    def _leading(self, begin: int, place: int) -> tuple[str, float] | None:
        if self._others(begin, place):
            return None
        match = self.pack.leading.fullmatch(self.low, begin, place)
        if match is None:
            return None
        at, close = match.span("scope")
        if at >= 0 and self.pack.unlimited and self.pack.unlimited.match(self.low, at, close):
            at = close
        return self.text[at:close].strip(" ,"), self._weight(begin, place)

    def _weight(self, begin: int, close: int) -> float:
        hedged = self.pack.hedged is not None and self.pack.hedged.search(self.low, begin, close)
        return HEDGED if hedged else 1.0

    def _reported(self, place: int) -> bool:
        """Whether what stands before a clause says that another speaks in it."""
        return self._others(self.start, place + 1)

    def _others(self, begin: int, end: int) -> bool:
        others = self.pack.others
        return others is not None and bool(others.search(self.low, max(begin, end - 40), end))

    def _predicate(self, at: int, scope: str, weight: float) -> tuple[list[Claim], int | None]:
        """The claims after a subject, and where a second predicate of it starts."""
        passed = self.pack.adverbs.match(self.low, at, self.end) if self.pack.adverbs else None
        starts = [at + 1 if self.low[at : at + 1] == " " else at]
        if passed is not None and passed.end() > starts[0]:
            weight *= self._weight(at, passed.end())
            starts.append(passed.end())
        over = self.pack.ending.match(self.low, starts[0], self.end) if self.pack.ending else None
        if over is not None:
            starts = [over.end()]
        for start in starts:
            for frame in (*self.pack.following, *self._scoped(scope)):
                match = frame.cue.match(self.low, start, self.end)
                if match is not None:
                    return self._framed(frame, match, scope, weight, over is not None)
        if over is not None:
            return self._over(starts[0], scope, weight), None
        return [], self._joined(starts[-1], firm=True)

    def _framed(
        self, frame: Frame, match: re.Match[str], scope: str, weight: float, ends: bool
    ) -> tuple[list[Claim], int | None]:
        """What the first frame that matches states, and where the next predicate starts."""
        if frame.kind is None:
            return [], self._joined(match.end())
        made = list(self._claims(frame, match, scope, weight, ends))
        last = max([_close(match), *(each.end for each in made)])
        glad = frame.stance is Stance.FOR and not (ends or frame.ends)
        return made, self._joined(last, firm=glad)

    def _scoped(self, scope: str) -> list[Frame]:
        """The frames that hold only after such a time: "every morning", "next month"."""
        low = scope.lower()
        return [each for time, frames in self.pack.scoped if time.match(low) for each in frames]

    def _over(self, at: int, scope: str, weight: float) -> list[Claim]:
        """ "I used to …" with a verb that no frame knows: a habit that is over."""
        if self.pack.no_deed is None or self.pack.no_deed.match(self.low, at, self.end):
            return []
        spans = objects(self.low, at, self.end, None, self.pack)
        return [self._claim(_OVER, each, scope, weight) for each in spans]

    def _joined(self, at: int, firm: bool = False) -> int | None:
        """Where the next predicate of the same subject starts, after "and", "but" or a comma.

        `firm`: after "and" only a verb that is no noun as well counts ("the music and love theme").
        """
        if self.pack.joint is None:
            return None
        match = self.pack.joint.search(self.low, at, self.end)
        if match is None or self.low.startswith("i ", match.end()):
            return None
        plain = self.low[match.start() : match.end()].strip(" ,") == "and"
        firmly = self.pack.firm and self.pack.firm.match(self.low, match.end(), self.end)
        if firm and plain and not firmly:
            return None
        between = self.low[at : match.start()]
        return None if _SUBJECTS.search(between) else match.end()

    def _at_clauses(self) -> Iterator[Claim]:
        clauses = self.pack.clause.finditer(self.low, self.start, self.end)
        spans = [match.span() for match in clauses]
        for before, begin in [(self.start, self.start), *spans]:
            if before > self.start and self._reported(before):
                continue
            lead = self.pack.leading.match(self.low, begin, self.end)
            places = {begin} | ({lead.end()} if lead and "scope" not in _named(lead) else set())
            for place in sorted(places):
                initial = self.pack.initial if begin == self.start else ()
                yield from self._opening(place, (*self.pack.opening, *initial))

    def _opening(self, place: int, frames: tuple[Frame, ...]) -> Iterator[Claim]:
        for frame in frames:
            match = frame.cue.match(self.low, place, self.end)
            if match is not None:
                if frame.kind is not None:
                    yield from self._claims(frame, match, "", 1.0, False)
                return

    def _claims(
        self, frame: Frame, match: re.Match[str], scope: str, weight: float, ends: bool
    ) -> Iterator[Claim]:
        if frame.kind is None:
            return
        names = match.re.groupindex
        attribute = frame.attribute
        if "field" in names and match.group("field"):
            attribute = match.group("field")
        read = replace(frame, attribute=attribute or "likes", ends=ends or frame.ends)
        fixed = match.span("object") if "object" in names and match.group("object") else None
        for span in objects(self.low, match.end(), self.end, fixed, self.pack):
            kept = self._lasting(span) if read.stance is Stance.FOR and not span.more else span
            if kept is not None:
                yield self._claim(read, kept, scope, weight)
        if "next" in names:
            onto = Frame(frame.cue, frame.kind, attribute, Stance.FOR, frame.certainty)
            for span in objects(self.low, match.end(), self.end, match.span("next"), self.pack):
                yield self._claim(onto, span, scope, weight)

    def _claim(self, frame: Frame, span: Span, scope: str, weight: float) -> Claim:
        """One claim. "I don't like it any more" ends a liking: its stance is the one that is over."""
        assert frame.kind is not None
        return Claim(
            frame.kind,
            frame.attribute,
            self.text[span.start : span.end],
            Stance.FOR if span.more else frame.stance,
            "" if frame.kind is Kind.POSSESSION else self._scope(span, scope),
            span.start,
            span.end,
            round(frame.certainty * weight, 3),
            frame.ends or span.more,
        )

    def _lasting(self, span: Span) -> Span | None:
        """An object without what only the moment explains, None where that is all of it: nothing of
        "watching them play", "helping out" of "helping out and making it better"."""
        pattern = self.pack.deictic
        found = pattern.search(self.low, span.start, span.end) if pattern else None
        if found is None:
            return span
        joint = self.low.rfind(" and ", span.start, found.start())
        if joint > span.start and _DOING.fullmatch(self.low, span.start, span.end):
            return replace(span, end=joint)
        aside = _ASIDE.match(self.low, span.start, found.start())
        return replace(span, end=aside.end("deed")) if aside else None

    def _scope(self, span: Span, before: str) -> str:
        after = self.text[span.scope_start : span.scope_end].strip(" ,")
        return ", ".join(each for each in (before, after) if each)


def _named(match: re.Match[str]) -> set[str]:
    """The named groups that took part in a match."""
    return {name for name, words in match.groupdict().items() if words}


def _close(match: re.Match[str]) -> int:
    """Where a frame's own words end: those of its object where it has one."""
    has = "object" in match.re.groupindex and match.group("object")
    return match.end("object") if has else match.end()
