"""Matters that are sensitive, and what a workspace allows to be known of them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from habitus.events.catalogue import Catalogue
from habitus.profile.constraint import Constraint, constraint_of
from habitus.profile.lexicon import read, texts
from habitus.profile.lexicon.folding import folded
from habitus.profile.lexicon.terms import Terms, outside, tokens
from habitus.types import HabitusError

__all__ = [
    "Category",
    "Constraint",
    "Policy",
    "category_of",
    "category_of_attribute",
    "category_of_stated",
    "constraint_of",
    "unreviewed",
]

HARMLESS = "none"
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Category(StrEnum):
    """The matters that are sensitive. The lexicon of each is lexicon/NAME.toml."""

    HEALTH = "health"
    RELIGION = "religion"
    POLITICS = "politics"
    ETHNICITY = "ethnicity"
    SEXUALITY = "sexuality"
    UNION = "union"
    BIOMETRICS = "biometrics"
    CRIME = "crime"
    PLACE = "place"  # home and work place


MARKS = frozenset({HARMLESS, *(category.value for category in Category)})


@dataclass(frozen=True, slots=True)
class _Lexicon:
    words: Terms
    near: Terms  # what only looks like those
    names: Terms  # names of attributes, to be met whole
    fine: Terms  # names that are known to be harmless


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    files = {category.value: read(category.value) for category in Category}
    return _Lexicon(
        Terms({name: texts(file["terms"]) for name, file in files.items()}),
        Terms({name: file["harmless"] for name, file in files.items()}),
        Terms({name: file["names"] for name, file in files.items()}),
        Terms({HARMLESS: read("harmless")["names"]}),
    )


def category_of(words: str) -> Category | None:
    """The sensitive category of a text or a value, None where the lexicon knows none. Of several
    the one that comes first. In doubt the answer is a category. Linear in the length."""
    text = folded(words)
    hits = _lexicon().words.hits(text)
    if not hits:
        return None
    sensitive = outside(hits, _lexicon().near.hits(text))
    return Category(sensitive[0].tag) if sensitive else None


def category_of_attribute(name: str, marked: Mapping[str, str]) -> Category | None:
    """The sensitive category of an attribute by its name: the marks of the schema decide (attribute
    → category, or "none"), then the lexicon. HabitusError where a mark is no category."""
    found = _known(name, marked)
    return None if found in (None, HARMLESS) else Category(str(found))


def category_of_stated(attribute: str, *words: str) -> Category | None:
    """The sensitive category of a statement: of its field ("lives"), else of its words, the first
    of which are its value, and of both together ("works" "at the mill")."""
    by_name = category_of_attribute(attribute, {})
    if by_name is not None:
        return by_name
    together = (f"{attribute} {words[0]}",) if words else ()
    return next((found for found in map(category_of, (*words, *together)) if found), None)


def unreviewed(catalogue: Catalogue, marked: Mapping[str, str]) -> list[str]:
    """The attributes and numbers of items that neither the marks nor the lexicon know, sorted."""
    names = {*catalogue.attributes, *catalogue.numbers}
    return sorted(name for name in names if _known(name, marked) is None)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a workspace allows. As made, nothing sensitive is known and no LLM is called.

    allow_stated_sensitive  keep what users say of sensitive matters
    inferred  attribute → purpose: sensitive attributes that may be read from behaviour all the same
    marked    attribute → category or "none"; "attribute=value" marks one value
    llm       texts may be sent to the language model that is configured
    llm_sensitive  the `sensitive` scope of those calls: sensitive texts may be sent too
    """

    allow_stated_sensitive: bool = False
    inferred: Mapping[str, str] = field(default_factory=dict)
    marked: Mapping[str, str] = field(default_factory=dict)
    llm: bool = False
    llm_sensitive: bool = False

    def __post_init__(self) -> None:
        for name in ("allow_stated_sensitive", "llm", "llm_sensitive"):
            if not isinstance(getattr(self, name), bool):
                raise HabitusError(f"The policy's {name} is not true or false.")
        for name in ("inferred", "marked"):
            _check_map(name, getattr(self, name))
        for name in self.marked:
            _mark(name, self.marked)
        for name, purpose in self.inferred.items():
            if not purpose.strip():
                raise HabitusError(
                    f"The policy names no purpose for which {name!r} is inferred.",
                    "Say in words what it is inferred for.",
                )

    def allows_stated(self, attribute: str, *words: str) -> bool:
        """Whether a statement may be kept."""
        return self.allow_stated_sensitive or category_of_stated(attribute, *words) is None

    def skipped(self, catalogue: Catalogue) -> frozenset[str]:
        """The attributes and numbers of items that are never read from behaviour."""
        names = {*catalogue.attributes, *catalogue.numbers}
        return frozenset(filter(self._silent, names))

    def silent_value(self, attribute: str, value: str) -> bool:
        """Whether nothing is inferred about one value of an attribute, such as one genre."""
        if attribute in self.inferred:
            return False
        mark = _mark(f"{attribute}={value}", self.marked)
        if mark is not None:
            return mark != HARMLESS
        return self._silent(attribute) or category_of(value) is not None

    def to_json(self) -> str:
        """As a JSON object, keys sorted."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        plain = {k: dict(v) if isinstance(v, Mapping) else v for k, v in fields.items()}
        return json.dumps(plain, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Policy:
        """The policy that `to_json` wrote; HabitusError where it is none."""
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise HabitusError(f"The policy is not JSON: {error}.") from error
        if not isinstance(found, dict):
            raise HabitusError("The policy is not a JSON object.")
        unknown = sorted(set(found) - set(cls.__slots__))
        if unknown:
            raise HabitusError(
                f"A policy has no {unknown[0]!r}.", f"It has {', '.join(cls.__slots__)}."
            )
        return cls(**found)

    def _silent(self, attribute: str) -> bool:
        if attribute in self.inferred:
            return False
        return category_of_attribute(attribute, self.marked) is not None


def _known(name: str, marked: Mapping[str, str]) -> str | None:
    """What is known of an attribute: a category, "none", or None for nothing."""
    mark = _mark(name, marked)
    if mark is not None:
        return mark
    text = " ".join(token.text for token in tokens(folded(_HUMP.sub(" ", name))))
    lexicon = _lexicon()
    for names in (lexicon.names, lexicon.fine):
        whole = [hit.tag for hit in names.hits(text) if hit.end - hit.start == len(text)]
        if whole:
            return whole[0]
    found = category_of(text)
    return None if found is None else found.value


def _mark(name: str, marked: Mapping[str, str]) -> str | None:
    mark = marked.get(name)
    if mark is None or mark in MARKS:
        return mark
    raise HabitusError(
        f"{name!r} is marked {mark!r}, which is no sensitive category.",
        f"Mark it {', '.join(Category)}, or {HARMLESS}.",
    )


def _check_map(name: str, found: Any) -> None:
    fine = isinstance(found, Mapping) and all(
        isinstance(key, str) and key and isinstance(value, str) for key, value in found.items()
    )
    if not fine:
        raise HabitusError(f"The policy's {name} is no map from attributes to words.")
