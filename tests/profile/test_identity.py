"""Ids of propositions are keyed: the same fact has the same id, and nobody can read it off."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from habitus.profile.claim import Claim
from habitus.profile.identity import DIGITS, Identity
from habitus.types import Kind, Stance

SECRET = bytes(range(32))


def test_what_makes_no_difference_makes_none() -> None:
    identity = Identity.of_user(SECRET, "u")
    name = identity.of(Kind.PREFERENCE, "likes", "Hiking", "")
    assert name == identity.of(Kind.PREFERENCE, "avoids", "the hike", "")  # one matter
    assert name == identity.of_claim(
        Claim(Kind.PREFERENCE, "likes", "hiking", Stance.AGAINST, "", 0, 6, 0.9)
    )
    assert len(name) == DIGITS
    assert int(name, 16) >= 0


@pytest.mark.parametrize(
    "other",
    [
        (Kind.HABIT, "likes", "hiking", ""),
        (Kind.PREFERENCE, "has", "hiking", ""),
        (Kind.PREFERENCE, "likes", "biking", ""),
        (Kind.PREFERENCE, "likes", "hiking", "on Sundays"),
    ],
)
def test_another_fact_has_another_id(other: tuple[Kind, str, str, str]) -> None:
    identity = Identity.of_user(SECRET, "u")
    assert identity.of(Kind.PREFERENCE, "likes", "hiking", "") != identity.of(*other)


def test_ids_of_two_users_or_two_secrets_cannot_be_joined() -> None:
    fact = (Kind.PREFERENCE, "likes", "hiking", "")
    names = {
        Identity.of_user(secret, user).of(*fact)
        for secret in (SECRET, SECRET[::-1])
        for user in ("u", "v")
    }
    assert len(names) == 4


def test_parts_cannot_run_into_each_other() -> None:
    identity = Identity.of_user(SECRET, "u")
    parts = [("likes", "jazz", "now"), ("likes", "jazznow", ""), ("likesjazz", "", "now")]
    assert len({identity.of(Kind.FACT, *each) for each in parts}) == 3


def test_an_id_by_hand() -> None:
    own = hmac.new(SECRET, b"u", hashlib.sha256).digest()
    wanted = hmac.new(own, b"('preference', 'likes', 'jazz', '')", hashlib.sha256).hexdigest()
    assert (
        Identity.of_user(SECRET, "u").of(Kind.PREFERENCE, "likes", "JAZZ", " ") == wanted[:DIGITS]
    )
