"""What a workspace does not allow to be known is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from habitus.events.catalogue import Catalogue, attribute_column
from habitus.profile.allowance import ITEM, OBSERVED, allowed
from habitus.profile.sensitive import Policy
from habitus.types import Kind, Origin, Proposition, Stance

SHOP = Catalogue(
    ("", "a", "b"),
    ("", "Apple pie", "Living with diabetes"),
    {"genre": attribute_column([[], ["food"], ["food"]])},
)
TASTE = Proposition(
    "", "u", Kind.TASTE, "genre", "food", Stance.FOR, 0.8, ("e",), "", Origin.OBSERVED
)
SAID = replace(TASTE, kind=Kind.PREFERENCE, attribute="likes", value="jazz", origin=Origin.STATED)


def test_kinds_from_behaviour_are_those_before_what_is_said() -> None:
    assert Kind.RETURN in OBSERVED
    assert Kind.RANGE in OBSERVED
    assert Kind.PREFERENCE not in OBSERVED


def test_harmless_things_pass_as_they_are() -> None:
    assert allowed([TASTE, SAID], SHOP, Policy()) == [TASTE, SAID]


@pytest.mark.parametrize(
    "one",
    [
        replace(TASTE, attribute="religion", value="any"),
        replace(TASTE, value="Christian"),
        replace(TASTE, kind=Kind.ROUTINE, attribute=ITEM, value="b"),
        replace(SAID, value="my insulin"),
        replace(SAID, sensitive="health"),  # the sentence said so
    ],
)
def test_sensitive_things_do_not(one: Proposition) -> None:
    assert allowed([one], SHOP, Policy()) == []


def test_what_is_allowed_is_marked() -> None:
    [said] = allowed([replace(SAID, value="my insulin")], SHOP, Policy(allow_stated_sensitive=True))
    assert said.sensitive == "health"
    policy = Policy(inferred={"religion": "a shop of religious books"})
    [taste] = allowed([replace(TASTE, attribute="religion", value="any")], SHOP, policy)
    assert taste.sensitive == "religion"


def test_marks_decide() -> None:
    christian = replace(TASTE, value="Christian")
    assert allowed([christian], SHOP, Policy(marked={"genre=Christian": "none"})) == [christian]
    assert allowed([TASTE], SHOP, Policy(marked={"genre": "politics"})) == []


def test_an_item_passes_by_its_text() -> None:
    one = replace(TASTE, kind=Kind.ROUTINE, attribute=ITEM, value="a")
    assert allowed([one], SHOP, Policy()) == [one]
