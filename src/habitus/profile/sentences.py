"""Where the sentences of a text lie, and what in it is not the writer speaking of now."""

from __future__ import annotations

import re
from dataclasses import dataclass

LIMIT = 20_000
"""Characters of a text that are read; what comes after is left alone."""
LONGEST = 1_000
"""Characters of a sentence that are read: longer ones are tables, logs or noise."""

QUOTED = "\ue000"
"""What a quoted character is read as: part of a word, but of none that a pattern knows."""

_QUOTES = re.compile(
    r'"[^"\n]{1,400}"|“[^”\n]{1,400}”|„[^“”\n]{1,400}[“”]|«[^»\n]{1,400}»|»[^«\n]{1,400}«'
    r"|「[^」\n]{1,400}」|『[^』\n]{1,400}』|‘[^’\n]{1,400}’(?!\w)"
    r"|(?<![\w'])'(?!cause\b|em\b|bout\b|til\b|n\b|s\b|\s)[^'\n]{1,200}(?:'\w[^'\n]{1,100}){0,6}'(?!\w)"
    r"|`[^`\n]{1,400}`",
    re.IGNORECASE,
)
_CODE = re.compile(r"```.{0,8000}?(?:```|\Z)", re.DOTALL)
_BLOCK = re.compile(r"^[ \t]*(?:>|\|)[^\n]*", re.MULTILINE)
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|(?<![^\s<(])[^\s@]{1,64}@\S{1,200}")
_END = re.compile(
    r"(?<=[.!?…])[\"'”’)\]]*\s+|[.!?…]+\Z|\n+|[。！？!?]+(?=[^\s.!?)])|(?<=[。！？])|;\s+|\s\*\s+|\s[•·]\s+"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|st|vs|e\.g|i\.e|etc|no|z\.b|sr|jr|prof)\.\s*$", re.IGNORECASE
)
_SMART = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "\u00a0": " ", "\t": " ", "，": ",", "；": ";"}
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of the text, `start` to `end`, and whether it asks."""

    start: int
    end: int
    asks: bool


def readable(text: str) -> str:
    """The text as the patterns read it: same length, lower case, plain apostrophes, what is quoted,
    code or an address replaced by `QUOTED`, cut off at `LIMIT`. "I'm no longer" is turned to "I no longer'm", so that
    what is over stands before its verb."""
    cut = text[:LIMIT]
    low = cut.lower()
    if len(low) != len(cut):
        low = "".join(each.lower() if len(each.lower()) == 1 else each for each in cut)
    for pattern in (_CODE, _BLOCK, _ADDRESS):
        low = pattern.sub(_hidden, low)
    plain = _unwrapped(low).translate(_SMART)
    return plain.replace("'m no longer ", " no longer'm ").replace("am no longer ", "no longer am ")


def sentences(low: str) -> list[Sentence]:
    """The sentences of a readable text, oldest first, without those longer than `LONGEST`."""
    found: list[Sentence] = []
    start = 0
    for match in _END.finditer(low):
        if _ABBREVIATION.search(low, max(start, match.start() - 8), match.start() + 1):
            continue
        _add(found, low, start, match.end())
        start = match.end()
    _add(found, low, start, len(low))
    return found


def _add(found: list[Sentence], low: str, start: int, end: int) -> None:
    while start < end and (low[start].isspace() or low[start] in "-*•#\"'"):
        start += 1
    closed = end
    while closed > start and (low[closed - 1].isspace() or low[closed - 1] in "\"')]"):
        closed -= 1
    asks = low[max(start, closed - 3) : closed].strip("!.").endswith(("?", "？"))
    while closed > start and low[closed - 1] in ".!?…。！？;, ":
        closed -= 1
    if 1 < closed - start <= LONGEST:
        found.append(Sentence(start, closed, asks))


def _unwrapped(low: str) -> str:
    """Quotations hidden, except quotation marks that hold the whole text."""
    inner = low.strip()
    if len(inner) > 2 and inner[0] in '"“' and inner[-1] in '"”' and inner.count('"') <= 2:
        at = low.index(inner[0])
        last = at + len(inner) - 1
        return low[:at] + " " + _QUOTES.sub(_hidden, low[at + 1 : last]) + " " + low[last + 1 :]
    return _QUOTES.sub(_hidden, low)


def _hidden(match: re.Match[str]) -> str:
    return "".join(QUOTED if each != "\n" else each for each in match.group())
