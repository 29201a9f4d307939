"""What a statement is about: where the object starts and ends, and the words that limit it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from habitus.profile.patterns import Pack

_SPACE = " \t\n"
_TRIM = " \t\n,.;:!-*_~'\"“”‘’()[]"
_PAIRS = frozenset({"rock and roll", "mac and cheese", "fish and chips", "r and b", "drum and bass",
    "bed and breakfasts", "peanut butter and jelly", "salt and pepper", "country and western",
    "dungeons and dragons", "arts and crafts", "black and white", "gin and tonic", "search and rescue"})  # fmt: skip
_LISTED = re.compile(r",? (?:and|or|&) |, ")


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets of an object and of the words after it that limit it; `more` = it is over."""

    start: int
    end: int
    scope_start: int = 0
    scope_end: int = 0
    more: bool = False


def objects(
    low: str, start: int, end: int, fixed: tuple[int, int] | None, pack: Pack
) -> list[Span]:
    """The objects of a statement in readable text, [] where it is about nothing to keep.

    start, end  where the object may lie: after the match, up to the end of the sentence
    fixed       where the frame says that it lies
    """
    begin, limit = fixed or (start, end)
    limit = _stop(low, begin, limit, pack)
    over = pack.more.search(low, begin, _stop(low, begin, end, pack)) if pack.more else None
    if over is not None:
        limit = min(limit, over.start())
    last, scope = _scope(low, begin, limit, pack)
    if fixed and not scope[1]:
        scope = _scope_after(low, limit, end, pack)
    begin, last = _trimmed(low, begin, last, pack)
    if last - begin < 1 or pack.junk.match(low, begin, last) or not _worded(low[begin:last]):
        return []
    parts = [(begin, last)] if fixed else _split(low, begin, last)
    return [Span(a, b, *scope, over is not None) for a, b in parts]


def _scope_after(low: str, begin: int, end: int, pack: Pack) -> tuple[int, int]:
    """The words that limit an object that the frame named, where they follow it at once."""
    rest, scope = _scope(low, begin, _stop(low, begin, end, pack), pack)
    return (0, 0) if low[begin:rest].strip(_TRIM) else scope


def _stop(low: str, begin: int, limit: int, pack: Pack) -> int:
    """Where an object that starts at `begin` ends at the latest."""
    while begin < limit and low[begin] in _SPACE:
        begin += 1
    for pattern in (pack.stop, pack.joint):
        found = pattern.search(low, begin, limit) if pattern else None
        if found is not None:
            limit = found.start()
    comma = low.find(",", begin, limit)
    if comma >= 0 and not _enumerates(low[begin:limit], comma - begin):
        limit = comma
    return limit


def _enumerates(words: str, comma: int) -> bool:
    """Whether a comma stands in a list: "pizza, sushi and tacos", "wool, including merino"."""
    rest = words[comma + 1 :].strip()
    if re.match(r"(?:including|especially|such as|like|whether|even|both)\b", rest):
        return True
    pieces = [each for each in _LISTED.split(words) if each.strip()]
    closed = re.search(r"\b(?:and|or)\b|&", rest) is not None
    opener = re.search(r"\b(?:including|like|such as|involves?|involving|from)\b", words[:comma])
    return (
        closed
        and all(
            len(each.split()) <= (6 if opener and not n else 4) for n, each in enumerate(pieces)
        )
    ) or bool(opener and closed)


def _scope(low: str, begin: int, limit: int, pack: Pack) -> tuple[int, tuple[int, int]]:
    """The end of the object without the words that limit it, and where those lie."""
    found = pack.scope.search(low, begin, limit) if pack.scope else None
    if found is None:
        return limit, (0, 0)
    return found.start(), found.span("scope")


def _trimmed(low: str, begin: int, last: int, pack: Pack) -> tuple[int, int]:
    if pack.spaced:
        words = list(re.finditer(r"\S+", low[begin:last]))
        if len(words) > pack.longest:
            last = begin + words[pack.longest - 1].end()
    else:
        last = min(last, begin + pack.longest)
    if pack.tail is not None:
        found = pack.tail.search(low, max(begin, last - 80), last)
        if found is not None and found.start() > begin:
            last = found.start()
    while begin < last and low[begin] in _TRIM:
        begin += 1
    if low.startswith("also ", begin):
        begin += 5
    while last > begin and low[last - 1] in _TRIM:
        last -= 1
    return begin, last


def _worded(words: str) -> bool:
    return any(each.isalpha() or each == "\ue000" for each in words) or words.isdigit()


def _split(low: str, begin: int, last: int) -> list[tuple[int, int]]:
    """The single things of a plain list; the whole where it may be one thing."""
    whole = low[begin:last]
    if whole in _PAIRS or not re.search(r" (?:and|or|&) ", whole):
        return [(begin, last)]
    parts, at = [], begin
    for gap in [*_LISTED.finditer(low, begin, last), None]:
        close = gap.start() if gap else last
        if low[at:close].strip():
            parts.append((at, close))
        at = gap.end() if gap else last
    counts = [len(low[a:b].split()) for a, b in parts]
    doing = [low[a:b].split()[0].endswith("ing") for a, b in parts]
    simple = (
        counts[-1] == 1 and max(counts) <= (1 if len(parts) == 2 else 2) and len(set(doing)) == 1
    )
    gerunds = all(doing) and max(counts) <= 3
    return parts if simple or gerunds else [(begin, last)]
