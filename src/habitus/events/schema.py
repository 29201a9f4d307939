"""The tables of a store. Texts become integer codes once, so that the log is small and fast."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

VERSION = 1  # of the tables; raised with every change that an older Habitus cannot read

metadata = MetaData()

store = Table(
    "store",
    metadata,
    Column("version", Integer, primary_key=True),
    sqlite_with_rowid=False,
)

workspaces = Table(
    "workspaces",
    metadata,
    Column("code", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
    Column("ordinal", Boolean(create_constraint=False), nullable=False),
    # The last number given out: each event takes one (its ingestion number), each other change too.
    Column("change", BigInteger, nullable=False),
    Column("catalogue_revision", BigInteger, nullable=False),
)

# Where event ids come from. An id is (source, row, name): "prefix:row" of a file is its source's
# code, the row and ""; any other id is (0, 0, the id). Integers keep the unique key small and,
# as a file is read in order, sequential: random texts cost ten times as much.
sources = Table(
    "sources",
    metadata,
    Column("workspace", Integer, primary_key=True, autoincrement=False),
    Column("code", Integer, primary_key=True, autoincrement=False),
    Column("prefix", Text, nullable=False),
    # Ids that the store made itself are no content: the fingerprint leaves them out.
    Column("own", Boolean(create_constraint=False), nullable=False),
    Index("sources_by_prefix", "workspace", "prefix", unique=True),
    sqlite_with_rowid=False,
)

event_types = Table(
    "event_types",
    metadata,
    Column("workspace", Integer, primary_key=True, autoincrement=False),
    Column("code", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("weight", Float, nullable=False),
    Index("event_types_by_name", "workspace", "name", unique=True),
    sqlite_with_rowid=False,
)

users = Table(
    "users",
    metadata,
    Column("workspace", Integer, primary_key=True, autoincrement=False),
    Column("code", Integer, primary_key=True, autoincrement=False),
    Column("user_id", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("attributes", Text),  # JSON; null = never put
    Column("timezone", Text),
    Index("users_by_user_id", "workspace", "user_id", unique=True),
    sqlite_with_rowid=False,
)

items = Table(
    "items",
    metadata,
    Column("workspace", Integer, primary_key=True, autoincrement=False),
    Column("code", Integer, primary_key=True, autoincrement=False),
    Column("item_id", Text, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("text", Text),  # null = never put, only named by events
    Column("attributes", Text),  # JSON
    Column("numbers", Text),  # JSON
    Column("available", Boolean(create_constraint=False)),
    Index("items_by_item_id", "workspace", "item_id", unique=True),
    sqlite_with_rowid=False,
)

# Clustered: one user's latest events are one short range read, and equal times keep their order.
# `time` is µs since 1970; in an ordinal workspace it is the event's place (see placing.py).
events = Table(
    "events",
    metadata,
    Column("workspace", Integer, primary_key=True, autoincrement=False),
    Column("user", BigInteger, primary_key=True, autoincrement=False),
    Column("time", BigInteger, primary_key=True, autoincrement=False),
    Column("ingestion", BigInteger, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
    Column("type", Integer, nullable=False),
    Column("source", Integer, nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("item", BigInteger),
    Column("value", Float),
    Column("session_id", Text),
    Column("text", Text),
    Column("request_id", Text),
    Column("position", BigInteger),
    Column("propensity", Float),
    Column("timezone", Text),
    Column("context", Text),  # JSON, canonical
    sqlite_with_rowid=False,
)

# The unique key on event ids, as a table of its own: it is filled in the order of ids while the
# log is filled in the order of users, both sequentially. It says where the event lies.
event_ids = Table(
    "event_ids",
    metadata,
    Column("workspace", Integer, primary_key=True, autoincrement=False),
    Column("source", Integer, primary_key=True, autoincrement=False),
    Column("row", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("user", BigInteger, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("ingestion", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
