"""The shape of a language's patterns: data that `stated` reads, one `Pack` a language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from habitus.types import Kind, Stance


@dataclass(frozen=True, slots=True)
class Frame:
    """One way of stating something, and what it states.

    cue        where it is matched is the list's affair (see `Pack`). The object follows the match,
               or is its group "object"; its group "field", where there is one, names the attribute
    certainty  near the share of right claims of its family on the texts it was made with, in (0, 1)
    kind       None = a known phrase that states nothing: the search for a frame ends there
    """

    cue: re.Pattern[str]
    kind: Kind | None = None
    attribute: str = ""
    stance: Stance = Stance.FOR
    certainty: float = 0.9
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Pack:
    """A language's patterns. All are matched in readable text: lower case, plain apostrophes.

    hint      what a text holds if the language may be in it at all; else the pack is not tried
    subject   the first person as a subject; `following` are matched after it
    leading   what may stand between the start of a clause and the subject; group "scope" limits
    adverbs   words between the subject and a frame that are passed over
    hedged    words before a frame that make it less certain
    ending    words between them that say it is over ("used to")
    following frames after the subject and its adverbs
    scoped    frames after a subject whose leading scope is such a time ("every morning I …")
    opening   frames at the start of a clause
    initial   frames at the start of a sentence
    anywhere  frames found anywhere in a sentence that does not ask
    joint     what joins a second predicate of the same subject
    firm      what a joined predicate starts with where the one before it stated nothing
    clause    what starts a new clause
    stop      where an object ends at the latest
    scope     words at the end of an object that limit the claim
    unlimited words before a subject that look like a scope and limit nothing ("for example")
    asked     where a question starts at the end of a sentence that stated something before
    tail      words at the end of an object that are no part of it
    more      the end of an object that says "not any more"
    junk      objects that state nothing (pronouns, the other person's things, the moment)
    deictic   words in an object, of something liked, that only the moment explains ("them")
    no_deed   what after `ending` is no habit ("used to be")
    unreal    the start of sentences that state nothing whatever they hold (suppositions, wishes, orders)
    others    what stands before a subject that is not the writer ("she said")
    """

    hint: re.Pattern[str]
    clause: re.Pattern[str]
    stop: re.Pattern[str]
    junk: re.Pattern[str]
    unreal: re.Pattern[str]
    leading: re.Pattern[str]
    scope: re.Pattern[str] | None = None
    firm: re.Pattern[str] | None = None
    deictic: re.Pattern[str] | None = None
    no_deed: re.Pattern[str] | None = None
    unlimited: re.Pattern[str] | None = None
    asked: re.Pattern[str] | None = None
    tail: re.Pattern[str] | None = None
    more: re.Pattern[str] | None = None
    others: re.Pattern[str] | None = None
    hedged: re.Pattern[str] | None = None
    subject: re.Pattern[str] | None = None
    adverbs: re.Pattern[str] | None = None
    ending: re.Pattern[str] | None = None
    joint: re.Pattern[str] | None = None
    following: tuple[Frame, ...] = ()
    scoped: tuple[tuple[re.Pattern[str], tuple[Frame, ...]], ...] = ()
    opening: tuple[Frame, ...] = ()
    initial: tuple[Frame, ...] = ()
    anywhere: tuple[Frame, ...] = ()
    spaced: bool = True
    longest: int = 20


def taste(
    cue: str,
    stance: Stance,
    certainty: float = 0.88,
    *,
    attribute: str = "likes",
    ends: bool = False,
) -> Frame:
    """A frame of a liking, a dislike or something avoided; an allergy is a fact."""
    kind = Kind.FACT if attribute == "allergic to" else Kind.PREFERENCE
    return Frame(re.compile(cue), kind, attribute, stance, certainty, ends)
