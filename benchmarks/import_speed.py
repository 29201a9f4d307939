"""Import speed: globo-news into an empty durable store, against a bare `sqlite3.executemany`.

    python -m benchmarks.import_speed [--data FOLDER] [--repeats 1] [--out FILE]

Both run in this command, each in a process and a folder of its own. The bare insert gets the same
rows ready made: presorted by user and time, with sequential ids, into one table without further
indexes, one transaction; only executemany and commit are timed. The import is timed from opening
the store to the last commit, parsing and checking included.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.report import emit

LIMITS = {"ratio": 5.0, "peak_rss_gib": 1.5}


def bare(clicks: Path, folder: Path) -> dict[str, Any]:
    """The same rows by executemany; seconds of the insert and its commit alone."""
    import duckdb

    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT (row_number() OVER (ORDER BY user_id, click_timestamp)) AS id, "
            "user_id::VARCHAR, 'click', click_timestamp * 1000, click_article_id::VARCHAR, "
            "session_id::VARCHAR FROM read_parquet(?) ORDER BY id",
            [str(clicks)],
        ).fetchall()
    with sqlite3.connect(folder / "bare.sqlite") as database:
        database.execute(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, user_id TEXT, event_type TEXT, "
            "timestamp INTEGER, item_id TEXT, session_id TEXT)"
        )
        database.commit()
        began, cpu = time.perf_counter(), time.process_time()
        database.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", rows)
        database.commit()
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    database.close()
    return {"seconds": seconds, "cpu_seconds": cpu, "rows": len(rows)}


def habitus_import(clicks: Path, folder: Path) -> dict[str, Any]:
    """`import_files` into a new store; all of it counts."""
    from habitus.events.datasets.news import CLICK, MAPPING
    from habitus.events.importing import EventOptions, import_files
    from habitus.events.store import Store

    began, cpu = time.perf_counter(), time.process_time()
    store = Store.open(folder / "store")
    options = EventOptions(event_type=CLICK.name, event_types=(CLICK,))
    summary = import_files(store, [clicks], MAPPING, options)
    store.close()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    size = sum(file.stat().st_size for file in (folder / "store").rglob("*") if file.is_file())
    return {
        "seconds": seconds,
        "cpu_seconds": cpu,
        "rows": summary.accepted,
        "store_mib": round(size / 2**20, 1),
    }


SIDES: dict[str, Callable[[Path, Path], dict[str, Any]]] = {
    "bare": bare,
    "habitus": habitus_import,
}


def measured(side: str, clicks: Path) -> dict[str, Any]:
    """Run one side in a fresh process and folder."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.import_speed",
        "--side",
        side,
        "--clicks",
        str(clicks.absolute()),
    ]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def run_side(side: str, clicks: Path) -> None:
    """In the child: do the work, say how long and with how much memory."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("HABITUS_BENCH_TMP")) as folder:
        answer = SIDES[side](clicks, Path(folder))
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    print(json.dumps({**answer, "peak_rss_gib": round(peak / 2**30, 3)}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("HABITUS_DATA"))
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--clicks", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.side:
        run_side(arguments.side, arguments.clicks)
        return
    if arguments.data is None:
        parser.error("set HABITUS_DATA or pass --data: the folder that holds globo-news")
    clicks = arguments.data / "globo-news" / "clicks.parquet"
    runs = [
        (measured("bare", clicks), measured("habitus", clicks)) for _ in range(arguments.repeats)
    ]
    bare_seconds = statistics.median(bare["seconds"] for bare, _ in runs)
    seconds = statistics.median(ours["seconds"] for _, ours in runs)
    peak = max(ours["peak_rss_gib"] for _, ours in runs)
    ratio = seconds / bare_seconds
    fields = {
        "data": "globo-news",
        "rows": runs[0][1]["rows"],
        "same_rows": all(bare["rows"] == ours["rows"] for bare, ours in runs),
        "repeats": len(runs),
        "bare_seconds": round(bare_seconds, 2),
        "import_seconds": round(seconds, 2),
        "ratio": round(ratio, 2),
        # Of no claim: where these are far below the seconds, the machine was busy with other work.
        "bare_cpu_seconds": round(min(bare["cpu_seconds"] for bare, _ in runs), 2),
        "import_cpu_seconds": round(min(ours["cpu_seconds"] for _, ours in runs), 2),
        "peak_rss_gib": peak,
        "store_mib": runs[0][1]["store_mib"],
        "limits": LIMITS,
        "reached": ratio <= LIMITS["ratio"] and peak <= LIMITS["peak_rss_gib"],
    }
    emit("import_speed", fields, arguments.out)


if __name__ == "__main__":
    main()
