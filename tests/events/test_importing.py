"""Files into a real store: every bad row, every format, restarts, whole-file errors."""

import gzip
import json
import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as arrow_parquet
import pytest

from habitus.events import staging
from habitus.events.importing import EventOptions, import_files
from habitus.events.parsing import Layout, text
from habitus.events.store import Store
from habitus.events.times import TimeUnit
from habitus.types import SECOND, EventType, HabitusError, Role

NOON = 1_577_880_000  # 2020-01-01 12:00 UTC in seconds
NOW = (NOON + 86_400) * SECOND


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    with Store.open(tmp_path / "store") as opened:
        yield opened


def write(tmp_path: Path, content: str | bytes, name: str = "log.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def options(**given: object) -> EventOptions:
    return EventOptions(now=NOW, **given)  # type: ignore[arg-type]


def events(store: Store, *users: str) -> list[tuple[str, str | None, int | None]]:
    found = [event for user in users for event in store.history(user)]
    return [(event.user_id, event.item_id, event.timestamp) for event in found]


def test_every_bad_row_goes_to_the_rejects_file_and_the_good_ones_stay(
    tmp_path: Path, store: Store
) -> None:
    rows = [
        (f"u1,i1,{NOON},4.5,1", None),
        (f",i1,{NOON},1,1", "no user"),
        (f"  ,i1,{NOON},1,1", "no user"),
        ("u1,i1,,1,1", "no time"),
        ("u1,i1,soon,1,1", "the time cannot be read"),
        ("u1,i1,12,1,1", "the time is absurd: 1970-01-01T00:00:12Z is before 1990, read as seconds"),
        (f"u1,i1,{NOON + 90_000 * 2},1,1", "the time is absurd: 2020-01-03T14:00:00Z is in the future, read as seconds"),
        (f"u1,i1,{NOON},NaN,1", "value is not a finite number"),
        (f"u1,i1,{NOON},much,1", "value is not a finite number"),
        (f"u1,i1,{NOON},inf,1", "value is not a finite number"),
        (f"u1,,{NOON},1,1", "no item"),
        (f"{'u' * 257},i1,{NOON},1,1", "user_id is longer than 256 characters"),
        (f"u1,i\t1,{NOON},1,1", "item_id holds a control character"),
        (f"u1,i\x851,{NOON},1,1", "item_id holds a control character"),
        (f"u1,i1,{NOON},1,1.5", "position is not a whole number"),
        (f"u1,i1,{NOON},1,-1", "position is below 0"),
        (f"u1,i1,{NOON}", "wrong number of fields: it has 3, the table 5"),
        (f"{'é' * 256},i2,{NOON + 1},,", None),
    ]  # fmt: skip
    body = "\n".join(["user_id,item_id,timestamp,value,position", *(row for row, _ in rows)])
    path = write(tmp_path, body.encode() + f"\n\xff,i1,{NOON},1,1\n".encode("latin-1"))
    summary = import_files(store, [path], options=options())
    (file,) = summary.files
    expected = [(line, why) for line, (_, why) in enumerate(rows, 2) if why]
    expected.append((len(rows) + 2, "the text is not UTF-8"))
    assert file.rejects is not None
    assert file.rejects.is_relative_to(store.folder)
    found = [json.loads(line) for line in file.rejects.read_text().splitlines()]
    assert sorted((row["line"], row["reason"]) for row in found) == sorted(expected)
    raws = {row["line"]: row["raw"] for row in found}
    assert raws[3] == f",i1,{NOON},1,1"
    assert (summary.rows, summary.accepted, summary.rejected) == (19, 2, 17)
    assert events(store, "u1", "é" * 256) == [
        ("u1", "i1", NOON * SECOND),
        ("é" * 256, "i2", (NOON + 1) * SECOND),
    ]
    said = " ".join(summary.sentences())
    assert "log.csv: 2 rows of 19 taken in." in said
    assert "17 rows left out" in said
    assert str(file.rejects) in said


FORMATS = {
    "log.csv": "customer,sku,when,kind\nann,7,2020-01-01T13:00:00+01:00,view\nbob,8,2020-01-01T12:00:01Z,buy\n",
    "log.tsv": "when\tcustomer\tsku\tkind\n2020-01-01 12:00\tann\t7\tview\n2020-01-01 12:00:01\tbob\t8\tbuy\n",
    "log.jsonl": f'{{"customer":"ann","sku":7,"when":{NOON},"kind":"view"}}\n\n'
    f'{{"kind":"buy","customer":"bob","sku":"8","when":{NOON}1e-1}}\n'.replace(
        f"{NOON}1e-1", f"{NOON + 1}.0"
    ),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", [*FORMATS, "log.parquet"])
def test_every_format_with_a_mapping_plain_and_gzipped(
    tmp_path: Path, store: Store, name: str, packed: bool
) -> None:
    if name == "log.parquet":
        columns = {
            "customer": ["ann", "bob"],
            "sku": pa.array([7.0, 8.0]),
            "when": pa.array([NOON * 1_000, NOON * 1_000 + 1_000]),
            "kind": ["view", "buy"],
        }
        arrow_parquet.write_table(pa.table(columns), tmp_path / name)
    else:
        write(tmp_path, FORMATS[name], name)
    path = tmp_path / name
    if packed:
        content = path.read_bytes()
        path = write(tmp_path, gzip.compress(content), f"{name}.gz")
    mapping = {
        "user_id": "customer",
        "item_id": "sku",
        "timestamp": "when",
        "event_type": "kind",
    }
    types = (EventType("view", weight=0.5), EventType("buy", weight=3.0))
    summary = import_files(store, [path], mapping, options(event_types=types))
    assert summary.rejected == 0
    assert events(store, "ann", "bob") == [
        ("ann", "7", NOON * SECOND),
        ("bob", "8", (NOON + 1) * SECOND),
    ]
    assert [store.history(user)[0].event_type for user in ("ann", "bob")] == ["view", "buy"]
    assert store.event_types()["buy"] == EventType("buy", Role.POSITIVE, 3.0)


def test_a_plain_file_and_the_same_one_gzipped_are_the_same_events(
    tmp_path: Path, store: Store
) -> None:
    body = f"user_id,item_id,timestamp\nu,i,{NOON}\n"
    plain, packed = write(tmp_path, body), write(tmp_path, gzip.compress(body.encode()), "b.csv.gz")
    assert import_files(store, [plain], options=options()).accepted == 1
    again = import_files(store, [packed], options=options())
    assert (again.accepted, again.duplicates) == (0, 1)
    assert "had been taken in before" in " ".join(again.sentences())


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("seconds", 1), ("milliseconds", 1_000), ("microseconds", 10**6), (None, 1_000)],
)
def test_units_found_or_asked_for(
    tmp_path: Path, store: Store, unit: str | None, factor: int
) -> None:
    path = write(tmp_path, f"user_id,item_id,timestamp\nu,i,{NOON * factor}\n")
    chosen = TimeUnit(unit) if unit else None
    summary = import_files(store, [path], options=options(time_unit=chosen))
    assert events(store, "u") == [("u", "i", NOON * SECOND)]
    assert f"Times were read as {unit or 'milliseconds'}." in summary.sentences()


def test_a_wrong_unit_is_one_clear_error_and_the_rows_can_be_looked_at(
    tmp_path: Path, store: Store
) -> None:
    path = write(tmp_path, f"user_id,item_id,timestamp\nu,i,{NOON}\nu,j,{NOON}\n")
    asked = options(time_unit=TimeUnit.MILLISECONDS)
    with pytest.raises(HabitusError, match="Not one of the 2 rows of log") as caught:
        import_files(store, [path], options=asked)
    assert "the time is absurd (2)" in caught.value.problem
    assert "--time-unit" in caught.value.mend
    (rejects,) = (store.folder / "rejects").rglob("*.jsonl")
    assert len(rejects.read_text().splitlines()) == 2
    assert store.event_count == 0
    import_files(store, [path], options=options())
    assert not rejects.exists()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", "customer,item_id,when\nu,i,1\n", "--map user_id=customer --map timestamp=when"),
        ("a.csv", f"user_id,timestamp,sku\nu,{NOON},i\n", "--map item_id=sku"),
        ("a.csv", f"user_id,item_id\nu,{NOON}\n", "--ordinal"),
        ("a.csv", "", "is empty"),
        ("a.csv", "user_id,item_id,timestamp\n", "has a header but no rows"),
        ("a.csv", "<html><body>hello</body></html>", "Its columns are: <html>"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0", "not a table"),
        ("a.jsonl", "hello\n", "not JSON Lines"),
        ("a.parquet", "hello", "not a readable Parquet file"),
        ("a.xls", "hello", "--format"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_one_error(
    tmp_path: Path, store: Store, name: str, content: str | bytes, says: str
) -> None:
    path = write(tmp_path, content, name)
    with pytest.raises(HabitusError) as caught:
        import_files(store, [path], options=options())
    assert says in str(caught.value)
    assert path.name in caught.value.problem
    assert store.event_count == 0


def test_one_bad_file_of_several_stops_before_anything_is_stored(
    tmp_path: Path, store: Store
) -> None:
    good = write(tmp_path, f"user_id,item_id,timestamp\nu,i,{NOON}\n")
    bad = write(tmp_path, "x\n1\n", "bad.csv")
    with pytest.raises(HabitusError, match=r"bad\.csv"):
        import_files(store, [good, bad], options=options())
    assert store.event_count == 0
    with pytest.raises(HabitusError, match="No file"):
        import_files(store, [])


def test_the_event_type_is_constant_a_column_or_event(tmp_path: Path, store: Store) -> None:
    path = write(tmp_path, f"user_id,item_id,timestamp\nu,i,{NOON}\n")
    import_files(store, [path], options=options())
    other = write(tmp_path, f"user_id,item_id,timestamp,event_type\nv,i,{NOON},x\n", "b.csv")
    import_files(store, [other], options=options(event_type="click"))
    assert [store.history(user)[0].event_type for user in "uv"] == ["event", "click"]
    with pytest.raises(HabitusError, match="given twice"):
        import_files(store, [other], {"event_type": "event_type"}, options(event_type="click"))


def test_what_was_said_or_searched_needs_no_item(tmp_path: Path, store: Store) -> None:
    body = f"user_id,item_id,timestamp,event_type,text\nu,,{NOON},search,red\nu,,{NOON},view,\n"
    types = (EventType("search", Role.SEARCH, 0.0),)
    summary = import_files(store, [write(tmp_path, body)], options=options(event_types=types))
    assert summary.files[0].reasons == {"no item": 1}
    assert store.history("u")[0].text == "red"


def test_all_other_fields_arrive(tmp_path: Path, store: Store) -> None:
    row = {
        "user_id": "u", "item_id": "i", "timestamp": NOON, "value": 2.5, "session_id": "s",
        "request_id": "r", "position": 3, "propensity": 0.25, "timezone": "Europe/Paris",
        "context": {"b": 1, "a": "x"}, "sequence": 9, "text": "hello", "event_type": "view",
    }  # fmt: skip
    lines = [json.dumps(row), json.dumps(row | {"context": {"a": {}}, "user_id": "bad"})]
    lines.append(json.dumps(row | {"timezone": "Mars/Base", "user_id": "bad"}))
    lines.append(json.dumps(row | {"propensity": 0, "user_id": "bad"}))
    summary = import_files(store, [write(tmp_path, "\n".join(lines), "a.jsonl")], options=options())
    assert summary.files[0].reasons == {
        "context is not a flat JSON object": 1,
        "timezone is not an IANA zone": 1,
        "propensity is not a probability above 0": 1,
    }
    (event,) = store.history("u")
    kept = {name: getattr(event, name) for name in row if name not in ("timestamp", "context")}
    assert kept == {name: row[name] for name in kept}
    assert event.context == {"a": "x", "b": 1}


def test_equal_times_keep_the_order_of_the_file(tmp_path: Path, store: Store) -> None:
    rows = "".join(f"u,{item},{NOON}\n" for item in "zyxab")
    import_files(store, [write(tmp_path, "user_id,item_id,timestamp\n" + rows)], options=options())
    assert [event.item_id for event in store.history("u")] == list("zyxab")


def test_ordinal_data_is_the_order_of_lines(tmp_path: Path, store: Store) -> None:
    path = write(tmp_path, "user_id,item_id\nu,c\nv,x\nu,a\nu,b\n")
    summary = import_files(store, [path], options=options(ordinal=True))
    assert store.ordinal
    assert [event.item_id for event in store.history("u")] == list("cab")
    assert import_files(store, [path], options=options()).duplicates == 4
    two = import_files(store, [path, path], options=options())
    assert "map a column to `sequence`" in two.sentences()[-1]
    assert len(summary.notes) == 0


def test_a_latin_1_file_when_named(tmp_path: Path, store: Store) -> None:
    path = write(tmp_path, f"user_id,item_id,timestamp\né,i,{NOON}\n".encode("latin-1"))
    import_files(store, [path], options=options(layout=Layout(encoding="latin-1")))
    assert events(store, "é") == [("é", "i", NOON * SECOND)]


def test_the_same_file_read_in_another_way_is_said_to_conflict(
    tmp_path: Path, store: Store
) -> None:
    path = write(tmp_path, f"user_id,item_id,other,timestamp\nu,i,j,{NOON}\n")
    import_files(store, [path], options=options())
    summary = import_files(store, [path], {"item_id": "other"}, options())
    assert (summary.accepted, summary.conflicts) == (0, 1)
    assert "with other content" in " ".join(summary.sentences())
    assert events(store, "u") == [("u", "i", NOON * SECOND)]


def many_rows(count: int = 600) -> str:
    """Rows of many users; every seventh is bad, so that ids are staged in many runs."""
    lines = ["user_id,item_id,timestamp"]
    for row in range(count):
        when = "" if row % 7 == 3 else NOON - row * 13
        lines.append(f"u{row * 31 % 17},i{row * 7 % 29},{when}")
    return "\n".join(lines) + "\n"


def test_an_import_broken_off_and_run_again_ends_with_the_same_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "TRANSACTION", 100)
    monkeypatch.setattr(text, "PIECE", 2_000)
    path = write(tmp_path, many_rows())
    with Store.open(tmp_path / "whole") as whole:
        import_files(whole, [path], options=options())
        wanted, count = whole.fingerprint(), whole.event_count
    seen = set()
    for stop in range(2, 40, 3):
        with Store.open(tmp_path / f"broken{stop}") as broken:
            calls = 0

            def progress(
                _label: str,
                _done: float,
                _total: float | None,
                /,
                detail: str = "",  # noqa: ARG001
            ) -> None:
                nonlocal calls
                calls += 1
                if calls == stop:  # noqa: B023
                    raise KeyboardInterrupt

            try:
                import_files(broken, [path], options=options(), progress=progress)
            except KeyboardInterrupt:
                seen.add(broken.event_count)
            import_files(broken, [path], options=options())
            assert broken.fingerprint() == wanted
            assert broken.event_count == count
            rejects = list((broken.folder / "rejects").rglob("*"))
            assert [file.suffix for file in rejects if file.is_file()] == [".jsonl"]
    assert len(seen) > 2, "the interruptions fell before, between and after transactions"


KILLED = """
import os, signal, sys
from pathlib import Path
from habitus.events import staging
from habitus.events.importing import EventOptions, import_files
from habitus.events.store import Store
staging.TRANSACTION = 100
stored = 0
def progress(label, done, total, /, detail=""):
    global stored
    if label == "storing events" and done >= 200:
        os.kill(os.getpid(), signal.SIGKILL)
import_files(Store.open(sys.argv[1]), [sys.argv[2]], options=EventOptions(now=int(sys.argv[3])), progress=progress)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill outright")
def test_an_import_killed_and_run_again_ends_with_the_same_fingerprint(tmp_path: Path) -> None:
    path = write(tmp_path, many_rows())
    folder = tmp_path / "store"
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(folder), str(path), str(NOW)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with Store.open(folder) as store, Store.open(tmp_path / "whole") as whole:
        assert store.event_count == 200
        summary = import_files(store, [path], options=options())
        import_files(whole, [path], options=options())
        assert summary.duplicates == 200
        assert store.fingerprint() == whole.fingerprint()


def test_importing_again_changes_nothing(tmp_path: Path, store: Store) -> None:
    path = write(tmp_path, many_rows(50))
    first = import_files(store, [path], options=options())
    before = store.fingerprint()
    again = import_files(store, [path], options=options())
    assert (again.accepted, again.duplicates) == (0, first.accepted)
    assert store.fingerprint() == before


def test_progress_says_how_far_it_is(tmp_path: Path, store: Store) -> None:
    told: list[tuple[str, float]] = []

    def progress(label: str, done: float, _total: float | None, /, detail: str = "") -> None:
        assert label.startswith("Reading") == bool(detail)
        told.append((label, done))

    import_files(store, [write(tmp_path, many_rows(50))], options=options(), progress=progress)
    assert ("Reading log.csv", 1.0) in told
    assert told[-1][0] == "storing events"


def test_arrow_times_in_parquet(tmp_path: Path, store: Store) -> None:
    table = pa.table(
        {
            "user_id": pa.array([1, 2, None]),
            "item_id": pa.array(["i", "j", "k"]).dictionary_encode(),
            "timestamp": pa.array([datetime(2020, 1, 1, 12, tzinfo=UTC)] * 3),
            "value": [1.0, float("nan"), 1.0],
        }
    )
    arrow_parquet.write_table(table, tmp_path / "log.parquet")
    summary = import_files(store, [tmp_path / "log.parquet"], options=options())
    assert summary.files[0].reasons == {"value is not a finite number": 1, "no user": 1}
    assert events(store, "1") == [("1", "i", NOON * SECOND)]
