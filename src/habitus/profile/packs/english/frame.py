"""How an English frame is written: words that stand for many, and the short way to a `Frame`."""

from __future__ import annotations

import re

from habitus.profile.packs.english import words
from habitus.profile.patterns import Frame
from habitus.types import Kind, Stance

A = rf"(?:(?:{words.ADVERBS})[ ,]+)*+"
"""Adverbs, any number of them."""
NOT = r"(?:do not|don't|dont|never|can't say i|cannot say i|wouldn't say i|don't think i|don't even|did never)"
BE = r"(?:'m|am|be|have always been|'ve always been|have been|'ve been)"
HAVE = r"(?:'ve got|have got|have|'ve|got)"
BIG = rf"(?:(?:{words.DEGREES})(?:,)? )*+"
"""Words of degree, any number of them: "a really big"."""
ENJOY = r"(?:like|love|enjoy|adore|dig|fancy|appreciate)"
END = r"(?![\w'-])"


def frame(
    cue: str,
    kind: Kind | None = None,
    attribute: str = "",
    stance: Stance = Stance.FOR,
    certainty: float = 0.9,
    *,
    ends: bool = False,
) -> Frame:
    """A frame whose cue may leave the apostrophes of "I'm" and "I've" out."""
    loose = re.sub(r"(?<!\?)'(?=m\||ve\|)|(?<=\|)'(?=ve)", "'?", cue)
    return Frame(re.compile(loose), kind, attribute, stance, certainty, ends)
