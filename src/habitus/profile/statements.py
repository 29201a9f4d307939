"""From single statements to what holds: what was said again, taken back, or has come to an end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from habitus.language.tokens import terms
from habitus.profile.claim import Claim
from habitus.profile.lexicon.folding import spaced
from habitus.profile.when import phrases
from habitus.profile.wording import WORDINGS, sentence
from habitus.types import DAY, Interval, Kind, Origin, Proposition, Stance

SURE: Final = 0.99  # as sure as words make anything
FADED: Final = 0.3  # part of the confidence that no age takes away
# Days in which what was said once loses half of what age can take.
HALF_LIFE: Final = {
    Kind.PREFERENCE: 730,
    Kind.HABIT: 365,
    Kind.POSSESSION: 1_095,
    Kind.ROLE: 1_095,
    Kind.PLAN: 60,
    Kind.SKILL: 1_825,
    Kind.STYLE: 730,
    Kind.FACT: 3_650,
}
# Fields that speak of the same: "I love X" and "I avoid X" contradict each other.
SAME_MATTER: Final = {
    **dict.fromkeys(("prefers", "avoids", "is into", "fears"), "likes"),
    **dict.fromkeys(("is used to", "takes"), "does"),
}
# Fields that have one value at a time, as has whatever is a favourite.
SINGLE: Final = frozenset({"name", "age", "birthday", "lives", "from"})
# Words for whatever a product has: said with a value they add nothing to it.
THINGS: Final = (
    "film movie show series book novel story song music track album game item product article news "
    "video podcast recipe dish food restaurant place genre kind type thing stuff"
)
OTHER: Final = {Stance.FOR: Stance.AGAINST, Stance.AGAINST: Stance.FOR}


@dataclass(frozen=True, slots=True)
class Said:
    """A claim in an event: when it was said and when Habitus knew it, µs since 1970, UTC.

    `sensitive` is the category of the sentence it was made in, "" = none.
    """

    event_id: str
    time: int
    recorded: int
    claim: Claim
    origin: Origin = Origin.STATED
    sensitive: str = ""


@dataclass(slots=True, eq=False)
class _Fact:
    """One value of one matter, while it holds or after."""

    claim: Claim
    said: list[Said] = field(default_factory=list)
    against: list[Said] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return not self.against

    def proposition(self, user_id: str, now: int) -> Proposition:
        first, claim = self.said[0], self.claim
        end = self.against[0] if self.against else None
        over = self._due() if end is None else end.time
        origins = {one.origin for one in self.said}
        return Proposition(
            proposition_id="",
            user_id=user_id,
            kind=claim.kind,
            attribute=claim.attribute,
            value=claim.value,
            stance=_stance(claim),
            confidence=self._confidence(now if over is None else min(now, over)),
            events_for=tuple(dict.fromkeys(one.event_id for one in self.said)),
            sentence=sentence(claim),
            origin=Origin.STATED if Origin.STATED in origins else Origin.INFERRED,
            scope=claim.scope,
            events_against=tuple(dict.fromkeys(one.event_id for one in self.against)),
            valid=Interval(first.time, over),
            known=Interval(
                min(one.recorded for one in self.said), None if end is None else end.recorded
            ),
            sensitive=next((one.sensitive for one in self.said if one.sensitive), ""),
            words=claim.value,
        )

    def _due(self) -> int | None:
        """When the time is over that a plan names ("next month"), µs UTC; None where it names none."""
        if self.claim.kind is not Kind.PLAN:
            return None
        last = max(self.said, key=lambda one: one.time)
        ends = [each.interval.end for each in phrases(last.claim.scope, last.time)]
        return max((each for each in ends if each is not None and each > last.time), default=None)

    def _confidence(self, now: int) -> float:
        """1 − Π(1 − certainty) over the events that say it, faded since the last of them."""
        by_event = {one.event_id: one.claim.certainty for one in self.said}
        doubt = 1.0
        for certainty in by_event.values():
            doubt *= 1 - certainty
        last = max(one.time for one in self.said)
        age = max(now - last, 0) / (DAY * HALF_LIFE[self.claim.kind])
        left: float = 0.5**age
        return min(1 - doubt, SURE) * (FADED + (1 - FADED) * left)


def propositions(user_id: str, said: Iterable[Said], now: int) -> list[Proposition]:
    """What claims come to, those that hold and those that held, oldest first.

    Of the same user, matter and scope the newer claim supersedes the older, which keeps its dates;
    the same claim once more is more evidence for it, never a second proposition.
    """
    facts: dict[tuple[str, str], list[_Fact]] = {}
    for one in sorted(said, key=lambda each: (each.time, each.recorded, each.event_id)):
        _take(facts, one)
    made = [fact.proposition(user_id, now) for matter in facts.values() for fact in matter]
    return sorted(made, key=lambda each: each.valid.start or 0)


def _take(facts: dict[tuple[str, str], list[_Fact]], one: Said) -> None:
    claim = one.claim
    matter = facts.setdefault((family(claim.attribute), spaced(claim.scope)), [])
    over = [fact for fact in matter if fact.open and _contradicts(fact.claim, claim)]
    if claim.ends:
        over += [fact for fact in _ended(facts, one) if fact not in over]
    for fact in over:
        fact.against.append(one)
    same = next((fact for fact in matter if fact.open and _same(fact.claim, claim)), None)
    if same is None:
        same = _Fact(claim)
        matter.append(same)
    same.said.append(one)


def _ended(facts: dict[tuple[str, str], list[_Fact]], one: Said) -> Iterator[_Fact]:
    """The open facts that a claim says are over: in its scope, or in all where it names none."""
    scope = spaced(one.claim.scope)
    for (_, where), matter in facts.items():
        if scope and where != scope:
            continue
        for fact in matter:
            stands = fact.open and not fact.claim.ends and fact.claim.stance is one.claim.stance
            if stands and _speaks_of(one.claim, fact.claim):
                yield fact


def _speaks_of(ending: Claim, claim: Claim) -> bool:
    """Whether what is over is what was claimed: the words of one are all among the other's.

    Whatever the field: "I gave up tennis" ends "plays tennis" as well as "likes tennis".
    """
    one, other = set(_words(ending.value)), set(_words(claim.value))
    return bool(one and other) and (one <= other or other <= one)


def _contradicts(before: Claim, now: Claim) -> bool:
    """Whether two claims of one matter and scope cannot both hold."""
    if _value(before) == _value(now):
        return _stance(before) is not _stance(now)
    return _single(now) and _stance(before) is _stance(now) is Stance.FOR


def _same(before: Claim, now: Claim) -> bool:
    return _value(before) == _value(now) and _stance(before) is _stance(now)


def _stance(claim: Claim) -> Stance:
    """What holds from now on: where something is over, the other stance."""
    return OTHER[claim.stance] if claim.ends else claim.stance


def _single(claim: Claim) -> bool:
    favourite = claim.kind is Kind.PREFERENCE and claim.attribute not in WORDINGS
    return favourite or claim.attribute in SINGLE


def family(attribute: str) -> str:
    """The field that stands for all that speak of the same matter."""
    return SAME_MATTER.get(attribute, attribute)


def canonical(value: str) -> str:
    """A value without what makes no difference: case, width, endings, small words."""
    return " ".join(_words(value)) or spaced(value)


def _value(claim: Claim) -> str:
    return canonical(claim.value)


def _words(value: str) -> list[str]:
    return terms(value)


def meant(value: str) -> str:
    """`canonical` without the words that name what items are: "horror films" is horror."""
    words = canonical(value).split(" ")
    kept = [word for word in words if word not in _things()]
    return " ".join(kept or words)


@cache
def _things() -> frozenset[str]:
    return frozenset(canonical(THINGS).split(" "))
