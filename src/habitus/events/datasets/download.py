"""Fetching a data set's files: time-outs, whole files only, archives that cannot escape."""

from __future__ import annotations

import tempfile
import urllib.error
import urllib.request
import zipfile
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from habitus.types import HabitusError, Progress, silent

TIMEOUT_SECONDS = 20
CHUNK = 1 << 16
LARGEST = 1 << 30  # bytes of an archive's content: no data set here is near it


def download(url: str, folder: Path, progress: Progress = silent) -> Path:
    """Fetch `url` into `folder` under its own name, or take what an earlier call fetched whole.

    HabitusError where it cannot be reached.
    """
    target = folder / PurePosixPath(urlsplit(url).path).name
    if target.is_file():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=folder) as unfinished:
            part = Path(unfinished) / target.name
            _fetch(url, part, progress)
            part.replace(target)
    except urllib.error.HTTPError as error:
        with error:  # it holds the connection
            raise _unreachable(url, target, f"the server answers {error.code}") from error
    except (urllib.error.URLError, TimeoutError, ConnectionError, HTTPException) as error:
        raise _unreachable(url, target, str(getattr(error, "reason", error))) from error
    return target


def extract(archive: Path, folder: Path) -> Path:
    """Unpack a zip into `folder` (once); HabitusError where it is damaged or reaches outside."""
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (
            zipfile.ZipFile(archive) as packed,
            tempfile.TemporaryDirectory(dir=folder.parent) as unfinished,
        ):
            inside = Path(unfinished) / "content"
            inside.mkdir()
            _refuse_escapes(archive, packed)
            packed.extractall(inside)
            inside.rename(folder)
    except zipfile.BadZipFile as error:
        raise HabitusError(
            f"{archive} is not a readable zip archive ({error}).",
            "Delete it and repeat the command to download it again.",
        ) from error
    return folder


def _unreachable(url: str, target: Path, reason: str) -> HabitusError:
    return HabitusError(
        f"{url} could not be downloaded: {reason}.",
        f"Check the connection, or put the file at {target} and repeat the command.",
    )


def _fetch(url: str, part: Path, progress: Progress) -> None:
    with (
        urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer,
        part.open("wb") as out,
    ):
        length = answer.headers.get("Content-Length")
        total = int(length) if length else None
        done = 0
        while chunk := answer.read(CHUNK):
            out.write(chunk)
            done += len(chunk)
            progress(f"Downloading {part.name}", done, total)
    if total is not None and done != total:
        raise ConnectionError(f"it broke off after {done:,} of {total:,} bytes")


def _refuse_escapes(archive: Path, packed: zipfile.ZipFile) -> None:
    for member in packed.infolist():
        path = PurePosixPath(member.filename.replace("\\", "/"))
        is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or is_link:
            raise HabitusError(
                f"{archive} holds {member.filename!r}, which would be written outside its folder.",
                "It is not the archive that it should be: delete it.",
            )
    if sum(member.file_size for member in packed.infolist()) > LARGEST:
        raise HabitusError(f"{archive} unpacks to more than 1 GiB.", "It is not the right file.")
