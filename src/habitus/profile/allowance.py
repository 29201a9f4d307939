"""Which propositions a workspace allows to be known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from habitus.events.catalogue import Catalogue
from habitus.profile.sensitive import Policy, category_of, category_of_attribute, category_of_stated
from habitus.types import Kind, Origin, Proposition

OBSERVED = frozenset(list(Kind)[: list(Kind).index(Kind.RANGE) + 1])  # kinds read from behaviour
ITEM = "item"  # in place of an attribute, where a proposition is about one item


def allowed(
    found: Iterable[Proposition], catalogue: Catalogue, policy: Policy
) -> list[Proposition]:
    """What the workspace allows to be known, sensitive matters marked."""
    allowance = _Allowance(catalogue, policy)
    kept = []
    for one in found:
        if one.kind in OBSERVED and one.origin is Origin.OBSERVED:
            if not allowance.silent(one.attribute, one.value):
                category = allowance.category(one.attribute)
                kept.append(replace(one, sensitive=category) if category else one)
            continue
        matter = one.sensitive or category_of_stated(one.attribute, one.value, one.scope) or ""
        if not matter or policy.allow_stated_sensitive:
            kept.append(replace(one, sensitive=matter))
    return kept


class _Allowance:
    """What may be said of attributes and their values, each looked up once."""

    def __init__(self, catalogue: Catalogue, policy: Policy) -> None:
        self._catalogue, self._policy = catalogue, policy
        self._categories: dict[str, str] = {}

    def category(self, attribute: str) -> str:
        """The sensitive category of an attribute, "" = none."""
        if attribute not in self._categories:
            found = category_of_attribute(attribute, self._policy.marked)
            self._categories[attribute] = "" if found is None else found.value
        return self._categories[attribute]

    def silent(self, attribute: str, value: str) -> bool:
        """Whether nothing may be said of a value that behaviour is about."""
        if attribute != ITEM:
            return self._silent(attribute, value)
        row = self._catalogue.rows.get(value, 0)
        described = self._catalogue.values_of(row).items()
        return _is_sensitive(self._catalogue.text[row]) or any(
            self._silent(name, each) for name, values in described for each in values
        )

    def _silent(self, attribute: str, value: str) -> bool:
        policy = self._policy
        if attribute in policy.inferred:
            return False
        if policy.marked:
            return policy.silent_value(attribute, value)
        return bool(self.category(attribute)) or _is_sensitive(value)


@lru_cache(65_536)
def _is_sensitive(value: str) -> bool:
    """Of texts and values of items, which say nothing of a user."""
    return category_of(value) is not None
