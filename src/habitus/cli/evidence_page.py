"""How the evidence of a proposition looks on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from habitus.cli.saying import bar, count, day, minute, percent, sure
from habitus.cli.screen import aside, console, say, say_all, title
from habitus.events.catalogue import Catalogue
from habitus.types import Event, Proposition


def show_evidence(
    one: Proposition, events: Mapping[str, Event], catalogue: Catalogue, most: int | None
) -> None:
    """A proposition and the events it rests on, the latest first; `most` of each side."""
    say()
    say(Text(one.sentence, style="bold"))
    say_all(_facts(one))
    for heading, ids in (("For", one.events_for), ("Against", one.events_against)):
        found = [events[each] for each in reversed(ids) if each in events]
        if found:
            _show_events(f"{heading}: {count(len(ids), 'event')}", found, catalogue, most)


def item_title(catalogue: Catalogue, item_id: str | None) -> str:
    """An item's first line of text, its id where it has none, "" for no item."""
    row = catalogue.rows.get(item_id or "", 0)
    return catalogue.text[row].partition("\n")[0] or item_id or ""


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
        aside(f"and {len(events) - most:,} earlier ones: --all")


def _event(event: Event, catalogue: Catalogue) -> Iterable[str]:
    text = f"“{event.text}”" if event.text else ""
    about = " ".join(filter(None, (item_title(catalogue, event.item_id), text)))
    value = "" if event.value is None else f"{event.value:g}"
    return minute(event.timestamp), event.event_type, value, about
