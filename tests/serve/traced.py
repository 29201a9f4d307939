"""`habitus serve` under strace, and the system calls that it made."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.serve.servers import PATIENCE, until

# All that changes a file, syncs it or answers a client; `?` marks what some processors lack.
CALLS = (
    *("?open", "?creat", "openat", "?openat2", "?unlink", "unlinkat", "?link", "linkat"),
    *("?rename", "?renameat", "?renameat2", "truncate", "ftruncate", "fallocate", "mmap"),
    *("lseek", "write", "writev", "pwrite64", "pwritev", "?pwritev2"),
    *("sendto", "sendmsg", "sendfile", "splice", "?copy_file_range"),
    *("sync", "syncfs", "fsync", "fdatasync", "?sync_file_range"),
)
LONGEST = 70_000  # bytes of a write that are shown; the largest page of SQLite has 65,536
STRACE = (
    # all threads and processes, only these calls (the rest at full speed), paths of descriptors,
    # texts in hexadecimal, no signals
    *("strace", "-f", "--seccomp-bpf", "-e", f"trace={','.join(CALLS)}"),
    *("-y", "-xx", "-s", str(LONGEST), "-e", "signal=none"),
)

WHOLE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)(.*)")
BEGUN = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>")
RESUMED = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)\) += (-?\d+)(.*)")


def reason_to_skip() -> str | None:
    """Why nothing can be traced here; None where it can."""
    if sys.platform != "linux":
        return "strace is a program for Linux"
    if shutil.which("strace") is None:
        return "strace is not installed: apt install strace"
    tried = subprocess.run(
        [*STRACE, "-o", os.devnull, "true"], capture_output=True, text=True, check=False
    )
    if tried.returncode == 0:
        return None
    lines = tried.stderr.strip().splitlines() or [f"it ends with status {tried.returncode}"]
    return f"strace cannot trace here: {lines[0]}"


@dataclass(frozen=True, slots=True)
class Call:
    """A system call that returned.

    `began` and `ended` are places in the trace. strace stops a thread while it writes down that a
    call begins or has returned, so a call that ended had taken effect before any call was made
    that began at a later place.
    """

    thread: int
    name: str
    arguments: str  # as strace writes them
    result: int
    opened: str  # <path> where the result is a descriptor
    began: int
    ended: int


def calls(trace: Path) -> Iterator[Call]:
    """The calls of a trace in the order in which they returned."""
    begun: dict[str, tuple[str, str, int]] = {}  # by thread
    with trace.open(encoding="ascii") as lines:
        for place, line in enumerate(lines):
            if found := WHOLE.match(line):
                thread, name, arguments, result, opened = found.groups()
                yield Call(int(thread), name, arguments, int(result), opened, place, place)
            elif found := BEGUN.match(line):
                begun[found[1]] = found[2], found[3], place
            elif found := RESUMED.match(line):
                thread, rest, result, opened = found.groups()
                name, arguments, began = begun.pop(thread)
                arguments += rest.rstrip()
                yield Call(int(thread), name, arguments, int(result), opened, began, place)


def shown(text: str) -> str:
    """A text as the arguments of a call show it."""
    return "".join(f"\\x{byte:02x}" for byte in os.fsencode(text))


def said(text: str) -> bytes:
    """The reverse."""
    return bytes.fromhex(text.replace("\\x", ""))


class Traced:
    """A server of two workers whose calls all go into the file `trace`, whole once it has ended."""

    def __init__(self, store: Path, trace: Path, log: Path, environment: Mapping[str, str]) -> None:
        with log.open("wb") as output:
            self._strace = subprocess.Popen(
                [
                    *STRACE, "-o", str(trace),
                    sys.executable, "-c", "from habitus.cli import main; main()",
                    "serve", str(store), "--port=0", "--workers=2",
                ],
                stdout=subprocess.PIPE, stderr=output, text=True, env={**os.environ, **environment},
            )  # fmt: skip
        assert self._strace.stdout is not None
        line = self._strace.stdout.readline()
        assert "listens on" in line, log.read_text()
        self.url = line.split()[-1]

    def __enter__(self) -> Traced:
        return self

    def __exit__(self, *_: object) -> None:
        traced = Path(f"/proc/{self._strace.pid}/task/{self._strace.pid}/children")
        for server in traced.read_text().split():
            os.kill(int(server), signal.SIGTERM)
        self._strace.wait(PATIENCE)  # it ends with the last process that it traces
        assert self._strace.stdout is not None
        self._strace.stdout.close()

    def ready(self) -> Traced:
        until(self._is_ready, "the server is ready")
        return self

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=PATIENCE).status_code == 200
        except httpx.TransportError:
            return False
