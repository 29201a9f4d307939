"""Lexicons as data: the TOML files of this folder, and what finds their terms in a text.

A term is written as people write it, in any case. `stem*` is a word that begins so, `*ending` one
that ends so; `a|b` stands for either; `#` is a number and `_` any word. Several words are a phrase.
Terms in Han, kana or Hangul characters are found anywhere in a run of such characters, as these
have no spaces; a term all in katakana is a whole katakana word, unless it has a star.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any


def read(name: str) -> dict[str, Any]:
    """One file of this folder, without its ending: "health", "crime", "foods"."""
    folder = resources.files("habitus") / "profile" / "lexicon"
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


def texts(table: Any) -> list[str]:
    """All strings of a table of lists (or of a list), in order: the languages of one lexicon."""
    if isinstance(table, str):
        return [table]
    parts = table.values() if isinstance(table, dict) else table
    return [text for part in parts for text in texts(part)]
