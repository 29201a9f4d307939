"""Reading text files in pieces that end with a line, plain or gzipped, in any encoding."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from habitus.types import HabitusError

PIECE = 8 << 20  # bytes read at once: some 100,000 rows, and little memory
GZIP_MAGIC = b"\x1f\x8b"
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@contextmanager
def open_bytes(path: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """(the content, unpacked if it is gzip; the file itself, whose position says how far we are)."""
    try:
        with path.open("rb") as file:
            magic = file.read(2)
            file.seek(0)
            if magic == GZIP_MAGIC:
                with gzip.open(file, "rb") as unpacked:
                    yield cast(BinaryIO, unpacked), file
            elif path.suffix == ".gz" and magic:
                raise HabitusError(
                    f"{path.name} ends in .gz but is not gzipped.", "Unpack it or rename it."
                )
            else:
                yield file, file
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise HabitusError(
            f"{path.name} is damaged: its gzip data breaks off or is wrong ({error}).",
            "Fetch the file again, then repeat the import: rows that were taken are not taken twice.",
        ) from error
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise HabitusError(
            f"{path} cannot be read: {error.strerror}.", "Check the path."
        ) from error


def pieces(path: Path, encoding: str) -> Iterator[tuple[bytes, float, bool]]:
    """(UTF-8 bytes, part of the file read so far, whether it is the last piece).

    Pieces are cut anywhere. Bytes that are not `encoding` become U+FFFD, except in UTF-8, which
    passes unchanged so that single rows can be rejected.
    """
    size = max(path.stat().st_size, 1) if path.exists() else 1
    recode = _recoder(encoding)
    with open_bytes(path) as (content, file):
        piece = content.read(PIECE)
        _refuse_binary(path, piece, encoding)
        piece = piece.removeprefix(codecs.BOM_UTF8)
        while True:
            following = content.read(PIECE) if piece else b""
            last = not following
            yield recode(piece, last), min(file.tell() / size, 1.0), last
            if last:
                return
            piece = following


def line_ends(data: bytes, last: bool) -> NDArray[np.int64]:
    """Where each line ends (after its newline); the last piece's rest counts as a line."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1
    if last and len(data) and (not len(ends) or ends[-1] != len(data)):
        ends = np.append(ends, len(data))
    return ends.astype(np.int64)


def shown(raw: bytes) -> str:
    """Raw bytes for a person to read; what is not UTF-8 stays visible as \\xNN."""
    return raw.rstrip(b"\r\n").decode("utf-8", "backslashreplace")


def _recoder(encoding: str) -> _Recode:
    try:
        codec = codecs.lookup(encoding)
    except LookupError as error:
        raise HabitusError(
            f"There is no encoding {encoding!r}.", "Try utf-8, latin-1, cp1252 or utf-16."
        ) from error
    return _Recode(None if codec.name == "utf-8" else codec)


class _Recode:
    """Any encoding to UTF-8, piece by piece."""

    def __init__(self, codec: codecs.CodecInfo | None) -> None:
        self._decoder = None if codec is None else codec.incrementaldecoder("replace")

    def __call__(self, piece: bytes, last: bool) -> bytes:
        if self._decoder is None:
            return piece
        return self._decoder.decode(piece, last).encode("utf-8")


def _refuse_binary(path: Path, start: bytes, encoding: str) -> None:
    if encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32")):
        return
    if start.startswith(UTF16_MARKS):
        raise HabitusError(f"{path.name} is UTF-16 text.", "Pass --encoding utf-16.")
    if start.startswith(b"PAR1"):
        raise HabitusError(f"{path.name} is a Parquet file.", "Pass --format parquet.")
    if b"\0" in start[:4096]:
        raise HabitusError(
            f"{path.name} is not a table: it holds binary data.",
            "Give CSV, TSV, JSON Lines or Parquet (each may be gzipped).",
        )
