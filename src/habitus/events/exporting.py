"""Everything held about one user, record by record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import select

from habitus.events import schema
from habitus.events.database import Database
from habitus.events.rejected import rejected_of
from habitus.events.slates import named_item, slate_rows
from habitus.events.userstate import history_page, user_state

PAGE = 1_000  # events, or slates, of one short transaction


def export_user(
    database: Database, workspace: int, rejects: Path, user_id: str
) -> Iterator[dict[str, Any]]:
    """JSON-able records, each with its `kind`: the user first, then their events (newest first),
    slates, lists they were turning the pages of, and rejected rows that name them.

    Times are µs since 1970, UTC. Nothing is yielded for a user of whom nothing is held.
    """
    with database.read() as connection:
        state = user_state(connection, workspace, user_id)
    if state.known:
        yield {"kind": "user", **asdict(state)}
    yield from _events(database, workspace, user_id)
    yield from _slates(database, workspace, user_id)
    yield from _pages(database, workspace, user_id)
    for record in rejected_of(rejects, user_id):
        yield {"kind": "rejected", **record}


def _events(database: Database, workspace: int, user_id: str) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        with database.read() as connection:
            page = history_page(connection, workspace, user_id, PAGE, cursor)
        for event in page.events:
            yield {"kind": "event", **asdict(event)}
        if page.cursor is None:
            return
        cursor = page.cursor


def _slates(database: Database, workspace: int, user_id: str) -> Iterator[dict[str, Any]]:
    table, users = schema.slates, schema.users
    listed = (
        select(table.c.shown_at, table.c.request_id)
        .join_from(
            table, users, (users.c.workspace == table.c.workspace) & (users.c.code == table.c.user)
        )
        .where(table.c.workspace == workspace, users.c.user_id == user_id, schema.FIRST_PLACE)
        .order_by(table.c.shown_at, table.c.request_id)
    )
    with database.read() as connection:
        shown = connection.execute(listed).all()
    for start in range(0, len(shown), PAGE):
        part = shown[start : start + PAGE]
        first, last = part[0].shown_at, part[-1].shown_at
        wanted = {tuple(row) for row in part}
        query = (
            slate_rows(workspace)
            .where(table.c.shown_at.between(first, last), users.c.user_id == user_id)
            .order_by(table.c.shown_at, table.c.request_id, table.c.position)
        )
        with database.read() as connection:
            rows = connection.execute(query).all()
        for (at, request_id), places in groupby(
            rows, key=lambda row: (row.shown_at, row.request_id)
        ):
            if (at, request_id) in wanted:
                yield _slate(at, request_id, list(places))


def _slate(shown_at: int, request_id: str, rows: list[Any]) -> dict[str, Any]:
    items = [
        {
            "item_id": named_item(row.item_id),
            "position": row.position,
            "score": row.score,
            "propensity": row.propensity,
        }
        for row in rows
    ]
    return {
        "kind": "slate",
        "request_id": request_id,
        "shown_at": shown_at,
        "model": rows[0].model,
        "items": items,
    }


def _pages(database: Database, workspace: int, user_id: str) -> Iterator[dict[str, Any]]:
    table = schema.pages
    query = select(table.c.page_id, table.c.made_at, table.c.content).where(
        table.c.workspace == workspace, table.c.user_id == user_id
    )
    with database.read() as connection:
        rows = connection.execute(query).all()
    for row in rows:
        yield {"kind": "page", **row._asdict()}
