"""The folder of a workspace's models: publish, list, activate, roll back, load.

`<folder>/<name>/` is one model with its content hash in `HASH`; `<folder>/CURRENT` names the model
that serves. A name is never reused, so an answer's model name always means the same weights.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from habitus.act.behaviour import Trained
from habitus.act.seen import Seen
from habitus.types import HabitusError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_HASH = "HASH"
_FACTS = "serving.json"
_CURRENT = "CURRENT"


@dataclass(frozen=True)
class ModelEntry:
    """One published model.

    `content` is the hash of its files, `current` whether it serves.
    """

    name: str
    content: str
    report: Mapping[str, Any]
    current: bool


@dataclass(frozen=True)
class Facts:
    """What serving needs beside the weights.

    seen        what answers do with items that the user has had, where the request does not say
    popularity  item_id → weight in the log that trained it: the order for a user without events
    log         the fingerprint of that log
    """

    seen: Seen = "mask"
    popularity: Mapping[str, float] = field(default_factory=dict)
    log: str = ""


class ModelFolder:
    """The published models of one workspace. Safe for several processes: every change is a rename."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._current = folder / _CURRENT

    def free_name(self, recipe: str) -> str:
        """The first of `recipe`, `recipe-2`, `recipe-3`, … that no model has yet."""
        taken = set(self.names())
        number = 1
        while (name := recipe if number == 1 else f"{recipe}-{number}") in taken:
            number += 1
        return name

    def check_new(self, name: str) -> None:
        """HabitusError where a model cannot be published under this name (ask before training)."""
        if not _NAME.fullmatch(name) or name.upper() == _CURRENT:
            raise HabitusError(
                f"{name!r} cannot name a model.",
                "Use 1 to 64 letters, digits, '-' and '_', beginning with a letter or digit.",
            )
        if (self.folder / name).exists():
            raise HabitusError(
                f"There is already a model named {name!r}.", "Choose another name, or none."
            )

    def half_done(self, recipe: str, of: str, resume: bool) -> Path:
        """Where a training by a recipe keeps what it can go on from; `of` says of what data and how.

        Without `resume` the folder is empty. With it, HabitusError where what lies there is of
        other data: its rows would not fit.
        """
        folder = self.folder / f".training-{recipe}"
        mark = folder / "OF"
        if not resume:
            shutil.rmtree(folder, ignore_errors=True)
        elif mark.is_file() and mark.read_text(encoding="utf-8") != of:
            raise HabitusError(
                f"The log or the options changed since the training by {recipe!r} was interrupted.",
                "Train without resuming.",
            )
        folder.mkdir(parents=True, exist_ok=True)
        mark.write_text(of, encoding="utf-8")
        return folder

    def publish(self, model: Trained, name: str, facts: Facts | None = None) -> ModelEntry:
        """Save the model with its facts under a new name and let it serve.

        Files and folder are on disk before one rename makes the name appear: another process sees
        the whole model or none of it.
        """
        self.check_new(name)
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".publishing-", dir=self.folder))
        try:
            model.save(temporary)
            facts_text = json.dumps(asdict(facts or Facts()), ensure_ascii=False)
            (temporary / _FACTS).write_text(facts_text + "\n", encoding="utf-8")
            (temporary / _HASH).write_text(content_hash(temporary) + "\n", encoding="utf-8")
            temporary.chmod(0o755)  # mkdtemp made it private; other users of the store read it too
            _sync_tree(temporary)
            self._rename(temporary, name)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        self.activate(name)
        return self.entry(name)

    def names(self) -> list[str]:
        """The published models, by name."""
        if not self.folder.is_dir():
            return []
        return sorted(found.parent.name for found in self.folder.glob(f"[!.]*/{_HASH}"))

    def entries(self) -> list[ModelEntry]:
        return [self.entry(name) for name in self.names()]

    def entry(self, name: str) -> ModelEntry:
        """One model's name, hash and report; HabitusError where there is none."""
        folder = self._find(name)
        report = folder / "report.json"
        return ModelEntry(
            name=name,
            content=self.content(name),
            report=json.loads(report.read_text(encoding="utf-8")) if report.is_file() else {},
            current=name == self.current(),
        )

    def content(self, name: str) -> str:
        """The hash of a model's files as it was published; HabitusError where there is none."""
        return (self._find(name) / _HASH).read_text(encoding="utf-8").strip()

    def facts(self, name: str) -> Facts:
        """What was published with a model; HabitusError where there is none of that name."""
        found = json.loads((self._find(name) / _FACTS).read_text(encoding="utf-8"))
        return Facts(**found)

    def current(self) -> str | None:
        """The model that serves; None where none was published yet."""
        return self._pointer().get("name")

    def stamp(self) -> tuple[int, int]:
        """Changes whenever another model becomes current; (0, 0) where there is none."""
        try:
            found = self._current.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_ino, found.st_mtime_ns

    def activate(self, name: str) -> None:
        """Let a published model serve from the next request on."""
        self._find(name)
        before = self._pointer()
        if before.get("name") == name:
            return
        _write_atomically(
            self.folder / _CURRENT, json.dumps({"name": name, "before": before.get("name")}) + "\n"
        )

    def previous(self) -> str:
        """The model that served before the current one; HabitusError where none did."""
        before = self._pointer().get("before")
        if before is None:
            raise HabitusError("No model served before this one.", "Activate one by its name.")
        return before

    def rollback(self) -> str:
        """Let the model serve that served before the current one; returns its name."""
        before = self.previous()
        self.activate(before)
        return before

    def load(self, name: str, loader: Callable[[Path], Trained]) -> Trained:
        """The model; HabitusError where its files are not those that were published."""
        folder = self._find(name)
        if content_hash(folder) != self.entry(name).content:
            raise HabitusError(
                f"The files of model {name!r} in {folder} are not those that were published.",
                "Train again, or activate another model.",
            )
        return loader(folder)

    def _find(self, name: str) -> Path:
        folder = self.folder / name
        if _NAME.fullmatch(name) and (folder / _HASH).is_file():
            return folder
        names = self.names()
        near = get_close_matches(name, names, n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        there = f"There are: {', '.join(names)}." if names else "None was trained here yet."
        raise HabitusError(f"There is no model {name!r}.", hint + there)

    def _pointer(self) -> dict[str, str | None]:
        try:
            found = json.loads((self.folder / _CURRENT).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return {key: found.get(key) for key in ("name", "before")}

    def _rename(self, temporary: Path, name: str) -> None:
        try:
            temporary.rename(self.folder / name)
        except OSError as error:
            # Another process published this name while this one trained.
            self.check_new(name)
            raise HabitusError(f"The model could not be published: {error}.") from error
        _sync(self.folder)


def content_hash(folder: Path) -> str:
    """SHA-256 over the names and bytes of a folder's files, `HASH` excepted."""
    total = hashlib.sha256()
    for file in sorted(found for found in folder.rglob("*") if found.is_file()):
        if file.name == _HASH:
            continue
        total.update(file.relative_to(folder).as_posix().encode() + b"\0")
        with file.open("rb") as opened:
            total.update(hashlib.file_digest(opened, "sha256").digest())
    return total.hexdigest()


def _write_atomically(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    Path(temporary).replace(path)
    _sync(path.parent)


def _sync_tree(folder: Path) -> None:
    for found in folder.rglob("*"):
        _sync(found)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
