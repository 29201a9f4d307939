"""What a user said of themselves in one place of one text, before it is a proposition."""

from __future__ import annotations

from dataclasses import dataclass

from habitus.types import Kind, Stance


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement about the writer, in the writer's words.

    attribute   a short field: "likes", "avoids", "has", "is", "plans", "can", "answers", "does",
                "lives in", …; of a favourite its domain ("colour"). "likes" and "avoids" with
                `AGAINST` speak of the same tastes; "allergic to" is a fact, `FOR` where it holds
    value       the object, always `text[start:end]`
    stance      for or against it; where `ends` is set, the stance that is over
    scope       the words that limit it ("for breakfast", "every Sunday"), "" = always
    start, end  character offsets of the value in the text
    certainty   the probability in (0, 1) that the statement was meant so: the share of right claims
                of its pattern's family on the material the patterns were made with (packs/), less
                where the writer hedged
    ends        whether it says that something no longer holds
    """

    kind: Kind
    attribute: str
    value: str
    stance: Stance
    scope: str
    start: int
    end: int
    certainty: float
    ends: bool = False
