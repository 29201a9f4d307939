"""The ids of propositions: keyed hashes, so that a rejection is remembered without saying of what."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from habitus.profile.claim import Claim
from habitus.profile.lexicon.folding import spaced
from habitus.profile.statements import canonical, family
from habitus.types import Kind, Origin, Proposition

DIGITS = 32  # hexadecimal, of an id: 128 bits


@dataclass(frozen=True, slots=True)
class Identity:
    """Ids of one user's propositions: HMAC-SHA-256 (RFC 2104) under the secret of their workspace."""

    secret: bytes

    @classmethod
    def of_user(cls, workspace_secret: bytes, user_id: str) -> Self:
        """Two users' propositions never share an id, whatever they say."""
        return cls(hmac.digest(workspace_secret, user_id.encode(), "sha256"))

    def of(self, kind: Kind, attribute: str, value: str, scope: str) -> str:
        """The same for the same kind, field, value and scope, whatever their case and endings."""
        return self._of(kind, attribute, canonical(value), scope)

    def of_claim(self, claim: Claim) -> str:
        return self.of(claim.kind, claim.attribute, claim.value, claim.scope)

    def of_proposition(self, known: Proposition) -> str:
        if known.origin is not Origin.OBSERVED:  # a user's own words, of which nothing is kept
            return self.of(known.kind, known.attribute, known.value, known.scope)
        return self._of(known.kind, known.attribute, _canonical(known.value), known.scope)

    def _of(self, kind: Kind, attribute: str, same: str, scope: str) -> str:
        parts = (kind.value, family(attribute), same, spaced(scope))
        return hmac.digest(self.secret, repr(parts).encode(), "sha256").hex()[:DIGITS]


@lru_cache(65_536)
def _canonical(value: str) -> str:
    """`canonical` of a value of items, which many users have in common."""
    return canonical(value)
