"""Tastes and interests as propositions: the sentence, and the events on either side."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from habitus.profile.columns import Columns, Ints, described, expanded
from habitus.profile.log import UserLog
from habitus.types import Interval, Kind, Origin, Proposition, Stance

MOST_ELSEWHERE: Final = 50  # events without a value that are cited where it is taken less


@dataclass(frozen=True, eq=False)
class TasteWords:
    """Propositions about the values of one attribute of one user's `columns`.

    ids  object [E], the ids of the columns' events
    """

    log: UserLog
    columns: Columns
    ids: NDArray[np.object_]
    attribute: str

    def taste(
        self, value: str, stance: Stance, confidence: float, mean: float, own: float
    ) -> Proposition:
        """That the user rates the value above (or below) their own mean: `mean` against `own`."""
        has = self._having(value)
        given = self.columns.value[has]
        sides = has[given >= own], has[given < own]
        word = "above" if stance is Stance.FOR else "below"
        digits = 1 if f"{mean:.1f}" != f"{own:.1f}" else 2
        sentence = (
            f"Rates {value} {word} their own average ({mean:.{digits}f} against {own:.{digits}f})."
        )
        ordered = sides if stance is Stance.FOR else sides[::-1]
        return self._made(Kind.TASTE, value, stance, confidence, ordered, sentence, mean - own)

    def interest(
        self, value: str, stance: Stance, confidence: float, share: float, everybody: float
    ) -> Proposition:
        """That the user takes the value more (or less) often than others: `share` of their events.

        What speaks for "less often" is what was taken instead: the last `MOST_ELSEWHERE` of it.
        """
        has = self._having(value)
        taken = self.columns.sign[has] > 0
        sides = has[taken], has[~taken]
        if stance is Stance.AGAINST:
            other = np.ones(len(self.columns), bool)
            other[has] = False
            latest = self._positive[-MOST_ELSEWHERE - len(has) :]
            instead = latest[other[latest]][-MOST_ELSEWHERE:]
            sides = np.sort(np.concatenate((instead, has[~taken]))), has[taken]
        word = "more" if stance is Stance.FOR else "less"
        sentence = (
            f"Takes {value} {word} often than others do "
            f"({_percent(share, everybody)} of events against {_percent(everybody, share)})."
        )
        ratio = share / everybody
        return self._made(Kind.INTEREST, value, stance, confidence, sides, sentence, ratio)

    def _having(self, value: str) -> Ints:
        """The events on items that have the value, oldest first."""
        event, begin = self._by_value
        values = self.log.catalogue.attributes[self.attribute].values
        place = bisect_left(values, value)
        if place == len(values) or values[place] != value:
            return event[:0]
        return event[begin[place] : begin[place + 1]]

    @cached_property
    def _by_value(self) -> tuple[Ints, list[int]]:
        """The events on items with each value, oldest first, value after value, and where each value
        begins."""
        attribute = self.log.catalogue.attributes[self.attribute]
        every = np.arange(len(attribute.values), dtype=np.int64)
        event, code = expanded(self.columns.item, attribute, every)
        order = np.argsort(code, kind="stable")
        begin = np.searchsorted(code[order], np.arange(len(every) + 1))
        return event[order], begin.tolist()

    @cached_property
    def _positive(self) -> Ints:
        """The positive events on items that have the attribute, oldest first."""
        about = described(self.columns.item, self.log.catalogue.attributes[self.attribute])
        return np.flatnonzero(about & (self.columns.sign > 0))

    def _made(
        self,
        kind: Kind,
        value: str,
        stance: Stance,
        confidence: float,
        sides: tuple[Ints, Ints],
        sentence: str,
        strength: float,
    ) -> Proposition:
        since = None
        if len(sides[0]) and not self.log.ordinal:
            since = int(self.log.time[self.columns.place[sides[0][0]]])
        return Proposition(
            proposition_id="",
            user_id=self.log.user_id,
            kind=kind,
            attribute=self.attribute,
            value=value,
            stance=stance,
            confidence=confidence,
            events_for=tuple(self.ids[sides[0]].tolist()),
            sentence=sentence,
            origin=Origin.OBSERVED,
            events_against=tuple(self.ids[sides[1]].tolist()),
            valid=Interval(start=since),
            strength=strength,
        )


def _percent(share: float, beside: float) -> str:
    """A share in words, in as few digits as tell it from the one beside it."""
    for digits in (0, 1, 2):
        if f"{100 * share:.{digits}f}" != f"{100 * beside:.{digits}f}":
            break
    return f"{100 * share:.{digits}f} %"
