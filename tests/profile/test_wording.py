"""A claim in plain words."""

from __future__ import annotations

from itertools import product

import pytest

from habitus.profile.claim import Claim
from habitus.profile.wording import WORDINGS, sentence
from habitus.types import Kind, Stance


def claim(attribute: str, value: str, *, kind: Kind = Kind.PREFERENCE, stance: Stance = Stance.FOR, ends: bool = False, scope: str = "") -> Claim:  # fmt: skip
    return Claim(kind, attribute, value, stance, scope, 0, len(value), 0.9, ends)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (claim("likes", "hiking"), "Likes hiking."),
        (claim("avoids", "gluten", stance=Stance.AGAINST, scope="for breakfast"), "Avoids gluten (for breakfast)."),
        (claim("likes", "olives", stance=Stance.AGAINST, ends=True), "No longer dislikes olives."),
        (claim("colour", "blue"), "Favourite colour: blue."),
        (claim("works", "as a nurse", kind=Kind.ROLE), "Works as a nurse."),
        (claim("plays", "tennis", kind=Kind.HABIT, ends=True), "No longer plays tennis."),
        (claim("plays", "tennis", kind=Kind.HABIT, stance=Stance.AGAINST), "Does not play tennis."),
        (claim("has", "dog", kind=Kind.POSSESSION), "Has a dog."),
        (claim("has", "guinea pig", kind=Kind.POSSESSION), "Has a guinea pig."),
        (claim("has", "old cat", kind=Kind.POSSESSION), "Has an old cat."),
        (claim("has", "two cats", kind=Kind.POSSESSION), "Has two cats."),
        (claim("has", "turtles", kind=Kind.POSSESSION), "Has turtles."),
        (claim("allergic to", "nuts", kind=Kind.FACT), "Is allergic to nuts."),
        (claim("age", "34", kind=Kind.FACT), "Is 34 years old."),
        (claim("has", "my job at the bank", kind=Kind.ROLE, ends=True), "No longer has their job at the bank."),
        (claim("likes", "walks with me and my dog"), "Likes walks with them and their dog."),
        (claim("likes", 'the song "My Way"'), 'Likes the song "My Way".'),
        (claim("likes", "Staying in shape"), "Likes staying in shape."),
        (claim("likes", "Paris"), "Likes Paris."),
        (claim("likes", "books on World War I"), "Likes books on World War I."),
        (claim("likes", "places where I can swim"), "Likes places where they can swim."),
        (claim("likes", "Sterling Moss"), "Likes Sterling Moss."),
        (claim("likes", "King of hearts"), "Likes King of hearts."),
        (claim("likes", "me lever tôt"), "Likes me lever tôt."),
        (claim("plays", "drums", kind=Kind.HABIT, scope="When I was young"), "Plays drums (when they were young)."),
        (claim("plans", "fly to Rome", kind=Kind.PLAN), "Plans to fly to Rome."),
        (claim("runs", "bakery", kind=Kind.ROLE), "Runs a bakery."),
        (claim("wants", "of flying", kind=Kind.PLAN), "Dreams of flying."),
        (claim("wants", "of flying", kind=Kind.PLAN, stance=Stance.AGAINST), "Does not dream of flying."),
        (claim("wants", "of flying", kind=Kind.PLAN, ends=True), "No longer dreams of flying."),
        (claim("runs", "business", kind=Kind.ROLE), "Runs a business."),
    ],
)  # fmt: skip
def test_sentences(given: Claim, said: str) -> None:
    assert sentence(given) == said


@pytest.mark.parametrize("attribute", [*WORDINGS, "something new"])
def test_every_claim_has_a_sentence_with_its_words(attribute: str) -> None:
    for kind, stance, ends in product(Kind, Stance, (False, True)):
        said = sentence(claim(attribute, "Zq x", kind=kind, stance=stance, ends=ends))
        assert "Zq x" in said
        assert said.endswith(".")
        assert "{" not in said
