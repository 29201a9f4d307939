"""What one call may ask for. Every bound is in the API's description, too."""

from __future__ import annotations

ID_LENGTH = 256  # characters
TEXT_LENGTH = 10_000  # characters of an item, an utterance or a search
BATCH = 1_000  # events or items of one call
MOST_ITEMS = 1_000  # k, items to rank, items to leave out
QUERY_LENGTH = 2_000  # characters of a question to a memory
BUDGET = 100_000  # characters of a context
MOST_MARKS = 1_000  # attributes that a policy may name
MOST_NAMES = 100  # attributes, numbers, context entries or conditions of one thing
PAGE = 1_000  # events of one page of a history
LEAST_TIME = 631_152_000_000_000  # 1990-01-01 in µs since 1970
LAST_TIME = 7_258_118_400_000_000  # 2200-01-01
INT64 = (-(2**63), 2**63 - 1)
