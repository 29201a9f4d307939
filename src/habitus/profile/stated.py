"""Claims that a writer makes about themselves, found by patterns: no model, no download.

Silence is preferred to junk. A sentence is read only where it does not ask, suppose, quote or order
something else; in it the places where the writer speaks of themselves are found, and at each the
first frame of the language's pack that matches says what is stated. Time is linear in the length:
every pattern is matched at such places with bounded repetition, inside sentences of bounded length.
"""

from __future__ import annotations

from habitus.profile.claim import Claim
from habitus.profile.packs import packs
from habitus.profile.reader import Reader
from habitus.profile.sentences import readable, sentences
from habitus.profile.wording import sentence

__all__ = ["MOST", "Claim", "claims", "sentence"]

MOST = 40
"""Claims of one text at most: what gives more is a list of something else."""


def claims(text: str) -> list[Claim]:
    """What the writer of a text states about themselves, in the order of the text.

    Reads the first 20,000 characters. Never raises for a string; [] where nothing is stated or the
    language has no pack.
    """
    low = readable(text)
    found: list[Claim] = []
    likely = [pack for pack in packs() if pack.hint.search(low)]
    for each in sentences(low) if likely else ():
        for pack in likely:
            found.extend(Reader(text, low, each, pack).claims())
        if len(found) >= MOST:
            break
    return _apart(found)[:MOST]


def _apart(found: list[Claim]) -> list[Claim]:
    """Sorted, and of two claims about overlapping words only the first that was found."""
    kept: list[Claim] = []
    taken: set[int] = set()
    for each in found:
        span = range(each.start, each.end)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)
