"""How a profile, and the evidence of a proposition, look on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rich.table import Table
from rich.text import Text

from habitus.cli.profile_sections import Line, Section, lines_of, sections, summary
from habitus.cli.screen import console, note, say, say_all, title
from habitus.events.catalogue import Catalogue
from habitus.profile.profile import Profile
from habitus.types import DAY, Event, Proposition

SHORT = 8  # digits of an id on a page; any unique beginning is taken
LINES = 8  # of a section
CELLS = 5  # of a bar
FULL, EMPTY = "█", "░"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WORDS = ((0.95, "very sure"), (0.8, "sure"), (0.65, "likely"), (0.0, "perhaps"))
STALE = 30 * DAY  # how old the last event may be before the page says so


@dataclass(frozen=True, slots=True)
class Seen:
    """The events that a profile was read from: how many, the first and the last time (µs UTC)."""

    events: int
    first: int | None = None
    last: int | None = None


def show_profile(
    profile: Profile, seen: Seen, *, past: bool = False, everything: bool = False
) -> None:
    """The page of one user."""
    title(f"User {profile.user_id}")
    say_all([f"{_counted(seen, profile.now)} {summary(profile.propositions)}".strip()])
    note(profile.note)
    for section in sections(profile.propositions):
        _show(section, everything)
    if profile.constraints:
        title("Never to be shown")
        for each in profile.constraints:
            say(Text(", ".join((*each.diets, *each.foods, *each.words))))
    if past and profile.past:
        _show(Section("In the past", tuple(lines_of(profile.past))), everything)
    elif profile.past:
        say()
        _aside(f"{count(len(profile.past), 'thing')} held once: --past")
    if profile.propositions:
        note("Why: habitus evidence STORE USER ID. Wrong: habitus edit STORE USER ID reject")


def show_evidence(
    one: Proposition, events: Mapping[str, Event], catalogue: Catalogue, most: int | None
) -> None:
    """A proposition and the events it rests on, the latest first; `most` of each side."""
    title(one.sentence)
    say_all(_facts(one))
    for heading, ids in (("For", one.events_for), ("Against", one.events_against)):
        found = [events[each] for each in reversed(ids) if each in events]
        if found:
            _show_events(f"{heading}: {count(len(ids), 'event')}", found, catalogue, most)


def bar(confidence: float) -> str:
    """Five cells, as many full as the confidence says; plain signs where the stream has no blocks."""
    full = round(CELLS * min(max(confidence, 0.0), 1.0))
    drawn = FULL * full + EMPTY * (CELLS - full)
    try:
        drawn.encode(console().encoding)
    except UnicodeEncodeError:
        return "#" * full + "-" * (CELLS - full)
    return drawn


def sure(confidence: float) -> str:
    """A confidence in a word."""
    return next(word for least, word in WORDS if confidence >= least)


def percent(confidence: float) -> str:
    """A probability in per cent; nothing is certain."""
    return ">99 %" if confidence > 0.99 else f"{100 * confidence:.0f} %"


def day(moment: int | None) -> str:
    """A time as its day; "" for none, and for one outside the calendar."""
    if moment is None:
        return ""
    try:
        found = EPOCH + timedelta(microseconds=moment)
    except OverflowError:
        return ""
    return f"{found.day} {found:%B %Y}"


def minute(moment: int | None) -> str:
    """A time as ISO 8601 to the minute, UTC; "" for none, and for one outside the calendar."""
    try:
        return "" if moment is None else f"{EPOCH + timedelta(microseconds=moment):%Y-%m-%d %H:%M}"
    except OverflowError:
        return ""


def count(number: int, noun: str) -> str:
    """1,204 events, 1 event."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def item_title(catalogue: Catalogue, item_id: str | None) -> str:
    """An item's first line of text, its id where it has none, "" for no item."""
    row = catalogue.rows.get(item_id or "", 0)
    return catalogue.text[row].partition("\n")[0] or item_id or ""


def _counted(seen: Seen, now: int) -> str:
    """The first sentence of a page."""
    if not seen.events:
        return "Nothing is known of this user."
    if seen.first is None or seen.last is None:
        return f"{count(seen.events, 'event')}."
    first, last = day(seen.first), day(seen.last)
    when = f"on {first}" if first == last else f"between {first} and {last}"
    stale = "" if now - seen.last < STALE else f"; nothing in the {_span(now - seen.last)} since"
    return f"{count(seen.events, 'event')} {when}{stale}."


def _span(micros: int) -> str:
    days = micros // DAY
    for length, name in ((365, "year"), (30, "month")):
        if days >= 2 * length:
            return f"{days // length} {name}s"
    return f"{days} days"


def _show(section: Section, everything: bool) -> None:
    shown = section.lines if everything else section.lines[:LINES]
    title(section.heading)
    grid = Table.grid(padding=(0, 2, 0, 0))
    for side in ("left", "right", "left", "left", "right", "left"):
        grid.add_column(justify="right" if side == "right" else "left", no_wrap=True)
    grid.columns[3].no_wrap = False
    grid.columns[3].ratio = 1
    grid.expand = True
    for line in shown:
        grid.add_row(*_cells(line))
    console().print(grid)
    if left := len(section.lines) - len(shown):
        _aside(f"and {left:,} more: --all")


def _cells(line: Line) -> list[Text]:
    """Bar, number, word, sentence, events for and against, id; a merged line has two of the last."""
    top = line.first
    every = line.propositions
    return [
        Text(bar(top.confidence), style="cyan"),
        Text("\n".join(percent(one.confidence) for one in every)),
        Text("\n".join(sure(one.confidence) for one in every), style="dim"),
        Text(line.sentence + _marks(line)),
        Text("\n".join(_evidence(one) for one in every), style="dim"),
        Text("\n".join(one.proposition_id[:SHORT] for one in every), style="dim"),
    ]


def _marks(line: Line) -> str:
    """What is to be known beside the sentence: of which attribute the value is, that it is pinned
    or a sensitive matter, when it held."""
    one = line.first
    end = day(one.valid.end)
    said = [
        line.label,
        "pinned" if one.pinned else "",
        str(one.sensitive),
        f"{day(one.valid.start)} – {end}" if end else "",
        "proposed by a language model" if one.origin == "inferred" else "",
    ]
    found = ", ".join(each for each in said if each)
    return f" [{found}]" if found else ""


def _evidence(one: Proposition) -> str:
    against = len(one.events_against)
    return f"{len(one.events_for)} for" + (f", {against} not" if against else "")


def _facts(one: Proposition) -> list[str]:
    """What there is to say of a proposition beside its sentence."""
    until = day(one.valid.end)
    facts = {
        "Confidence": f"{bar(one.confidence)} {percent(one.confidence)}, {sure(one.confidence)}",
        "Kind": f"{one.kind}, {one.origin}" + (", pinned" if one.pinned else ""),
        "About": f"{one.attribute} {one.value}".strip() + f" {one.scope}".rstrip(),
        "In the user's words": one.words,
        "Sensitive": str(one.sensitive),
        "Holds": f"{day(one.valid.start) or 'always'} – {until}"
        if until
        else f"since {day(one.valid.start)}"
        if one.valid.start
        else "",
        "Known since": day(one.known.start),
        "Id": one.proposition_id,
    }
    return [f"{name}: {value}" for name, value in facts.items() if value]


def _show_events(
    heading: str, events: Sequence[Event], catalogue: Catalogue, most: int | None
) -> None:
    title(heading)
    grid = Table.grid(padding=(0, 2, 0, 0))
    for event in events[:most]:
        grid.add_row(*(Text(cell) for cell in _event(event, catalogue)))
    console().print(grid)
    if most is not None and len(events) > most:
        _aside(f"and {len(events) - most:,} earlier ones: --all")


def _aside(line: str) -> None:
    """Something small that belongs to the answer."""
    say(Text(line, style="dim"))


def _event(event: Event, catalogue: Catalogue) -> Iterable[str]:
    text = f"“{event.text}”" if event.text else ""
    about = " ".join(filter(None, (item_title(catalogue, event.item_id), text)))
    value = "" if event.value is None else f"{event.value:g}"
    return minute(event.timestamp), event.event_type, value, about
