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
    literal_column,
)
from sqlalchemy.dialects import postgresql

VERSION = 4  # of the tables; raised with every change that an older Habitus cannot read

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
    # What can be had changes far more often than what is known of the items.
    Column("availability_revision", BigInteger, nullable=False),
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

# Who may call the service. A secret is kept as its SHA-256 only; `scopes` are words with spaces
# between. The workspace is its name: a key may be made before the workspace is.
api_keys = Table(
    "api_keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("workspace", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Index("api_keys_by_hash", "hash", unique=True),
    sqlite_with_rowid=False,
)

# What was shown, one row a place. Clustered by time: written at the end, dropped from the front.
# A slate is found by its row of place 0, so that the two indices have one entry a slate.
slates = Table(
    "slates",
    metadata,
    Column("workspace", Integer, primary_key=True, autoincrement=False),
    Column("shown_at", BigInteger, primary_key=True, autoincrement=False),
    Column("request_id", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("user", BigInteger, nullable=False),
    Column("item", BigInteger, nullable=False),
    Column("score", Float, nullable=False),
    Column("propensity", Float, nullable=False),
    Column("model", Text, nullable=False),
    sqlite_with_rowid=False,
)
FIRST_PLACE = slates.c.position == literal_column("0")
Index(
    "slates_by_request",
    slates.c.workspace,
    slates.c.request_id,
    sqlite_where=FIRST_PLACE,
    postgresql_where=FIRST_PLACE,
)
Index(
    "slates_by_user",
    slates.c.workspace,
    slates.c.user,
    sqlite_where=FIRST_PLACE,
    postgresql_where=FIRST_PLACE,
)

# Who was forgotten: HMAC-SHA256 of the user id under a random key of the workspace (hex), and the
# moment up to which events of that id are refused.
forgotten = Table(
    "forgotten",
    metadata,
    Column("workspace", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("hash", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Ranked lists that somebody is turning the pages of, for a few minutes.
pages = Table(
    "pages",
    metadata,
    Column("workspace", Integer, primary_key=True, autoincrement=False),
    Column("page_id", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("content", Text, nullable=False),
    Index("pages_by_made_at", "workspace", "made_at"),
    sqlite_with_rowid=False,
)

# What the workspace is told or has learned, each a JSON text under its name.
named_values = Table(
    "named_values",
    metadata,
    Column("workspace", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("content", Text, nullable=False),
    Column("written_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What was worked out of single events at some cost (the vector of a text, what a language model
# proposed), under the name of what made it. It goes with the event.
derived = Table(
    "derived",
    metadata,
    Column("workspace", Integer, primary_key=True, autoincrement=False),
    Column("user", BigInteger, primary_key=True, autoincrement=False),
    Column("maker", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("content", Text, nullable=False),
    sqlite_with_rowid=False,
)

# The processes that answer, and the model each of them serves (null = none yet).
workers = Table(
    "workers",
    metadata,
    Column("workspace", Integer, primary_key=True, autoincrement=False),
    Column("worker_id", Text, primary_key=True),
    Column("model", Text),
    Column("seen_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Texts are ordered and compared by their bytes on every database, as Python orders them.
for _table in metadata.tables.values():
    for _column in _table.columns:
        if isinstance(_column.type, Text):
            _column.type = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
