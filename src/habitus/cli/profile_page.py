"""How a profile looks on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from rich.table import Table
from rich.text import Text

from habitus.cli.profile_sections import Line, Section, lines_of, sections, summary
from habitus.cli.saying import bar, count, day, percent, span, sure
from habitus.cli.screen import aside, console, note, say, say_all, title
from habitus.profile.edits import EDIT
from habitus.profile.profile import Profile
from habitus.types import DAY, Event, Kind, Origin, Proposition

SHORT = 8  # digits of an id on a page; any unique beginning is taken
LINES = 8  # of a section
STALE = 30 * DAY  # how old the last event may be before the page says so


@dataclass(frozen=True, slots=True)
class Seen:
    """The events that a profile was read from: how many, the first and the last time (µs UTC)."""

    events: int
    first: int | None = None
    last: int | None = None

    @classmethod
    def of(cls, profile: Profile, events: Sequence[Event], known_at: int | None) -> Self:
        """Those of a user's events that count, oldest first; what users do to their profile is no
        part of what they did. `known_at` in µs UTC, None: all."""
        times = [
            event.timestamp or 0
            for event in events
            if event.event_type != EDIT.name
            and (event.timestamp or 0) <= profile.now
            and (known_at is None or (event.recorded_at or 0) <= known_at)
        ]
        return cls(len(times), times[0], times[-1]) if times else cls(0)


def show_profile(
    profile: Profile,
    seen: Seen,
    *,
    dated: bool = False,
    past: bool = False,
    everything: bool = False,
) -> None:
    """The page of one user, with its day where that is not today."""
    title(f"User {profile.user_id}" + (f" on {day(profile.now)}" if dated else ""))
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
        aside(f"{count(len(profile.past), 'thing')} held once: --past")
    if profile.propositions:
        note("+ events for it, - against it: habitus evidence STORE USER ID")


def _counted(seen: Seen, now: int) -> str:
    """The first sentence of a page."""
    if not seen.events:
        return "Nothing is known of this user."
    if seen.first is None or seen.last is None:
        return f"{count(seen.events, 'event')}."
    first, last = day(seen.first), day(seen.last)
    when = f"on {first}" if first == last else f"between {first} and {last}"
    stale = "" if now - seen.last < STALE else f"; nothing in the {span(now - seen.last)} since"
    return f"{count(seen.events, 'event')} {when}{stale}."


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
        aside(f"and {left:,} more: --all")


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
    end = "" if one.kind is Kind.RETURN else day(one.valid.end)  # a return is about an interval
    said = [
        line.label,
        "pinned" if one.pinned else "",
        str(one.sensitive),
        f"{day(one.valid.start)} – {end}" if end else "",
        "proposed by a language model" if one.origin is Origin.INFERRED else "",
    ]
    found = ", ".join(each for each in said if each)
    return f" [{found}]" if found else ""


def _evidence(one: Proposition) -> str:
    """How many events speak for it, and how many against it: +12 -3."""
    against = len(one.events_against)
    return f"+{len(one.events_for)}" + (f" -{against}" if against else "")
