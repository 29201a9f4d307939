"""Allergies and diets as hard constraints: what must not be shown, and nothing else about a user.

In doubt an item is left out: its text has to say in so many words that it is free of a food.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from habitus.profile.lexicon import read, texts
from habitus.profile.lexicon.folding import FIRST_UNSPACED, folded
from habitus.profile.lexicon.terms import Hit, Terms, Token, outside, tokens, widest
from habitus.types import AttributeValue

MOST = 4  # words of a thing that the lexicon does not know, such as "red food dye"
_GRAMMAR = {name: frozenset(words) for name, words in read("foods")["grammar"].items()}
YES, NO, NOT = _GRAMMAR["yes"], _GRAMMAR["no"], _GRAMMAR["not"]
OWN, ALSO, CLOSING, SMALL = (_GRAMMAR[name] for name in ("own", "also", "closing", "small"))


@dataclass(frozen=True, slots=True)
class Constraint:
    """What must not be shown to a user.

    diets  names of diets ("vegan"): an item that is labelled so passes
    foods  names of foods of the lexicon that are left out ("peanut")
    words  other things that are left out, as the user called them ("kiwi")
    allergy  whether an allergy was named apart from the diets: then their labels are not enough
    """

    diets: tuple[str, ...] = ()
    foods: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    allergy: bool = False

    def excludes(self, text: str, attributes: Mapping[str, AttributeValue]) -> bool:
        """Whether an item of this text and these attributes must not be shown."""
        pairs = [
            (name, value)
            for name, values in attributes.items()
            for value in ((values,) if isinstance(values, str) else values)
        ]
        if any(_denied(self.diets, name, value) for name, value in pairs):
            return True
        refused = [_foods(self.foods, self._alone())]
        if self.words:
            refused.append(_things(self.words))
        stated = [pair for pair in pairs if _flag(pair[1]) is not False]
        found = any(
            foods.in_text(text) or any(_contains(foods, *pair) for pair in stated)
            for foods in refused
        )
        return found and not self._labelled(pairs)

    def _alone(self) -> str:
        """The one diet that all rests on, so that its label is enough; "" where there is more."""
        if len(self.diets) != 1 or self.allergy:
            return ""
        covered = set(_lexicon().diets[self.diets[0]].foods).issuperset(self.foods)
        return self.diets[0] if covered else ""

    def _labelled(self, pairs: list[tuple[str, str]]) -> bool:
        """Whether the attributes say that the item keeps all that is asked."""
        by_diet = {food for diet in self.diets for food in _lexicon().diets[diet].foods}
        if self.allergy or not by_diet.issuperset(self.foods):
            return False
        return bool(self.diets) and all(
            any(_keeps(diet, *pair) for pair in pairs) for diet in self.diets
        )


def constraint_of(claim_words: str) -> Constraint | None:
    """The constraint that a statement makes ("allergic to peanuts", "vegan", "halal food only"),
    None where it makes none. Of a faith or an illness only what must not be shown is kept."""
    text = folded(claim_words)
    lexicon = _lexicon()
    words = tokens(text)
    diets = _unique(hit.tag for hit in lexicon.said.hits(text) if _own(words, hit))
    refusals = [hit for hit in lexicon.refusals.hits(text) if not _negated(words, hit)]
    named: list[str] = []
    others: list[str] = []
    kinds = {hit.tag for hit in refusals}
    if refusals:
        near = lexicon.near.hits(text)
        named = [hit.tag for hit in outside(widest(lexicon.foods.hits(text)), near)]
        if not named and not diets and "allergy" in kinds:
            others = _others(words, refusals)
    foods = _unique([*named, *(food for diet in diets for food in lexicon.diets[diet].foods)])
    if not foods and not others:
        return None
    return Constraint(diets, foods, tuple(others), allergy="allergy" in kinds)


@dataclass(frozen=True, slots=True)
class _Diet:
    label: Terms
    foods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    refusals: Terms
    said: Terms
    foods: Terms
    near: Terms
    diets: Mapping[str, _Diet]
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Foods:
    """The terms of what is left out, and those that only look like them."""

    terms: Terms
    near: Terms

    def in_text(self, text: str) -> bool:
        """Whether the text names one, and does not say that it is free of it."""
        form = folded(text)
        hits = self.terms.hits(form)
        if not hits:
            return False
        words = tokens(form)
        near = [hit for hit in self.near.hits(form) if not _negated(words, hit)]
        return any(not _free(words, hit) for hit in outside(hits, near))


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    raw = read("foods")
    diets = raw["diets"]
    return _Lexicon(
        Terms(raw["refuses"]),
        Terms({name: diet["said"] for name, diet in diets.items()}),
        Terms(raw["foods"]),
        Terms({"near": texts(raw["near"])}),
        {
            name: _Diet(Terms({name: diet["label"]}), tuple(diet["foods"]))
            for name, diet in diets.items()
        },
        raw,
    )


def _things(words: tuple[str, ...]) -> _Foods:
    """Not kept between calls, as these are a user's own words."""
    return _Foods(Terms({word: _forms(word) for word in words}), Terms({}))


@lru_cache(maxsize=256)
def _foods(names: tuple[str, ...], diet: str) -> _Foods:
    raw = _lexicon().raw
    labels = raw["diets"][diet]["label"] if diet else ()
    terms = {name: raw["foods"][name] for name in names}
    near = texts([raw["near"].get(name, []) for name in names])
    near += [f"{label} _" for label in labels]  # "vegan cheese"
    return _Foods(Terms(terms), Terms({"near": near}))


def _flag(value: str) -> bool | None:
    form = folded(value).strip()
    return True if form in YES else False if form in NO else None


def _denied(diets: tuple[str, ...], name: str, value: str) -> bool:
    """Whether an attribute says that a diet is not kept: {"vegan": "no"}."""
    form = _spaced(name)
    return _flag(value) is False and any(_lexicon().diets[diet].label.hits(form) for diet in diets)


def _contains(foods: _Foods, name: str, value: str) -> bool:
    """{"contains_peanuts": "yes"}, or a value such as {"ingredients": ("peanuts", …)}."""
    return foods.in_text(_spaced(name) if _flag(value) else value)


def _keeps(diet: str, name: str, value: str) -> bool:
    """{"vegan": "yes"} or {"diet": "vegan"}: the label alone, as "not vegan" keeps nothing."""
    form = _spaced(name if _flag(value) else value)
    return any(hit.end - hit.start == len(form) for hit in _lexicon().diets[diet].label.hits(form))


def _spaced(name: str) -> str:
    return " ".join(token.text for token in tokens(folded(name)))


def _free(words: list[Token], hit: Hit) -> bool:
    """Whether the words beside a food say that it is not there: "peanut-free", "free from nuts"."""
    before = _before(words, hit)
    if _after(words, hit) == "free":
        return not NOT.intersection(before)
    return before[-2:] in (["free", "from"], ["free", "of"]) and before[0] not in NOT


def _own(words: list[Token], hit: Hit) -> bool:
    """Whether a diet is somebody's own, and they keep it."""
    after = _after(words, hit)
    followed = bool(after) and after[0] < FIRST_UNSPACED and after not in OWN
    return not followed and not _negated(words, hit)


def _negated(words: list[Token], hit: Hit) -> bool:
    """Whether one of the three words before it says no: "not a vegan", "no longer allergic"."""
    return bool(NOT.intersection(_before(words, hit)))


def _before(words: list[Token], hit: Hit) -> list[str]:
    """The last three words before a hit."""
    place = bisect_right(words, hit.start, key=_end)
    return [word.text for word in words[max(place - 3, 0) : place]]


def _after(words: list[Token], hit: Hit) -> str:
    """The word after a hit, "" at the end."""
    place = bisect_right(words, hit.end - 1, key=_start)
    return words[place].text if place < len(words) else ""


def _start(word: Token) -> int:
    return word.start


def _end(word: Token) -> int:
    return word.end


def _others(words: list[Token], refusals: list[Hit]) -> list[str]:
    """What an allergy is to where the lexicon has no name for it: the words after "allergic to", or
    the word before "allergy"."""
    spot = next(hit for hit in refusals if hit.tag == "allergy")
    after = [word.text for word in words if word.start >= spot.end]
    if after[:1] and after[0] in ("to", "gegen", "a", "al", "aux", "au"):
        return _listed(after[1:])
    before = [word.text for word in words if word.end <= spot.start and word.text not in SMALL]
    return before[-1:] if len(before) <= MOST and before[-1:] != ["food"] else []


def _listed(words: list[str]) -> list[str]:
    """The things of "cats and red food dye": up to four words each, three of them."""
    things: list[list[str]] = [[]]
    for word in words:
        if word in ALSO:
            things.append([])
        elif word in CLOSING:
            break
        elif word not in SMALL:
            things[-1].append(word)
    return [" ".join(thing[:MOST]) for thing in things if thing][:3]


def _forms(words: str) -> list[str]:
    """Singular and plural of what a user named."""
    *first, last = words.split()
    stem = last[:-3] + "y" if last.endswith("ies") else last.removesuffix("s")
    ends = {last, stem, f"{stem}s", f"{stem}es", f"{stem[:-1]}ies", last.removesuffix("es")}
    return [" ".join([*first, end]) for end in sorted(ends) if len(end) > 1]


def _unique(names: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
