"""Whether a server may start: with keys anywhere, without only on this machine.

The supervisor does no more than this with a store, and loads neither an engine nor a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from habitus.events.database import open_database
from habitus.events.keys import BEGINNING, Keys
from habitus.language.llm import LLM
from habitus.serve.loopback import is_loopback
from habitus.serve.settings import HOME, Settings
from habitus.types import HabitusError

LABEL = "from the admin key file"


def has_keys(settings: Settings, admin_key_file: Path | None) -> bool:
    """Whether the store has keys, the one of the file among them from now on.

    HabitusError where the file holds no key.
    """
    database, _ = open_database(settings.store, create=True, models=settings.models)
    with closing(database):
        keys = Keys(database)
        if admin_key_file is not None:
            keys.adopt(secret_of(admin_key_file), HOME, {"admin"}, LABEL)
        return any(key.revoked_at is None for key in keys.list())


def insist_on_loopback(settings: Settings) -> None:
    """HabitusError for a server without keys that others could reach."""
    if not is_loopback(settings.host):
        raise HabitusError(
            f"Without keys nobody else may reach this server, and {settings.host} is not this "
            "machine's loopback address.",
            f"Make a key: habitus keys make {settings.store}. Or listen on 127.0.0.1.",
        )


def insist_on_language(settings: Settings, environ: Mapping[str, str]) -> None:
    """HabitusError where workers could not use the encoder, or the language model that is named."""
    LLM.from_environment(environ)
    name = settings.encoder
    if name is None or (Path(name) / "vocab.txt").is_file():
        return
    if find_spec("sentence_transformers") is None:
        raise HabitusError(
            "The encoder is no folder with a BERT encoder, and sentence-transformers, which could "
            "fetch it by its name, is not installed.",
            "Install habitus[text], or name a folder.",
        )


def secret_of(path: Path) -> str:
    """The one line of a key file; HabitusError where there is none."""
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise HabitusError(
            f"The admin key file {path} cannot be read.", "Name a file that holds one key."
        ) from error
    if not secret.startswith(BEGINNING):
        raise HabitusError(
            f"The admin key file {path} holds no key.",
            f"Write {BEGINNING} and at least 32 random characters into it, in one line.",
        )
    return secret
