"""A store on a PostgreSQL server: what it refuses, what it survives, what it never says."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from habitus.events import schema
from habitus.events.database import open_database
from habitus.events.store import Store
from habitus.testing.postgres import Place, Server, programs
from habitus.types import Event, HabitusError, Item, User

pytestmark = pytest.mark.postgres
TIME = 1_700_000_000_000_000


@pytest.fixture
def store(postgres: Place) -> Iterator[Store]:
    with Store.open(postgres()) as opened:
        yield opened


def event(user: str = "u", at: int = 0, **fields: Any) -> Event:
    return Event(user, "view", timestamp=TIME + at, **{"item_id": "i", **fields})


# Opening


def test_a_store_must_be_there_unless_it_is_to_be_made(postgres: Place) -> None:
    with pytest.raises(HabitusError, match=r"no store in postgresql://habitus@127.0.0.1:\d+/"):
        Store.open(postgres(), create=False)
    Store.open(postgres()).close()
    Store.open(postgres(), create=False).close()


def test_files_lie_in_the_folder_that_is_named(
    postgres: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(postgres(), models=tmp_path / "here") as store:
        assert store.folder == tmp_path / "here"
    with Store.open(postgres()) as store:
        assert store.folder == tmp_path / "files"  # HABITUS_MODELS
    monkeypatch.delenv("HABITUS_MODELS")
    monkeypatch.chdir(tmp_path)
    with Store.open(postgres()) as store:
        assert store.folder == tmp_path / "habitus-models"
    with pytest.raises(HabitusError, match="is a folder, and its models lie in it"):
        Store.open(tmp_path / "store", models=tmp_path / "here")
    with pytest.raises(HabitusError, match="neither a folder nor the URL"):
        Store.open(Path("postgresql://user@host/database"))


def test_tables_of_something_else_are_left_alone(postgres: Place, postgres_server: Server) -> None:
    schema_name = postgres().rpartition("%3D")[2]  # type: ignore[union-attr]
    postgres_server.execute(f"CREATE TABLE {schema_name}.users (name text)")
    with pytest.raises(HabitusError, match="has a table 'users', but is no Habitus store"):
        Store.open(postgres())


def test_another_version_is_refused(postgres: Place) -> None:
    with Store.open(postgres()) as store, store._database.write() as connection:
        connection.execute(schema.store.update().values(version=99))
    with pytest.raises(HabitusError, match="of version 99; this Habitus reads up to version"):
        Store.open(postgres())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("p%40ss", "wrong-secret", r"refuses the user \(.*password"),
        ("p%40ss@", "@", "refuses the user"),
        ("/postgres", "/absent-database", r"is no database of that server \(.*absent-database"),
        ("habitus:", "nobody-known:", "refuses the user"),
        ("127.0.0.1:", "127.0.0.1:1", "does not answer|cannot be read"),
        ("?options=", "?sslmode=require&options=", "does not answer.*SSL"),
        ("?options=", "?no_such_option=wrong-secret&options=", "cannot be read"),
        ("%3Dt", "%3Dabsent_", "has no schema to keep tables in"),
    ],
)
def test_what_cannot_be_opened_says_why_and_tells_no_secret(
    postgres: Place, old: str, new: str, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    url = str(postgres())
    assert old in url
    with caplog.at_level(logging.DEBUG), pytest.raises(HabitusError, match=message) as failure:
        Store.open(url.replace(old, new, 1))
    said = [repr(failure.value), caplog.text]
    error: BaseException | None = failure.value
    while error is not None:
        said.append(str(error))
        error = error.__cause__
    for secret in ("p%40ss", "p@ss", "wrong-secret"):
        assert secret not in "".join(said)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:secret@host:port/database",
        "postgresql://user:1/secret@host:54x2/database",
    ],
)
def test_a_url_that_cannot_be_read_is_not_repeated(url: str) -> None:
    with pytest.raises(HabitusError, match="URL of the PostgreSQL database cannot be read") as it:
        open_database(url, create=True)
    assert it.value.__cause__ is None
    assert "secret" not in str(it.value)


def test_no_repr_tells_the_password(store: Store) -> None:
    database = store._database
    texts = [repr(store), repr(database), database.place, repr(vars(database))]
    assert all("p@ss" not in text and "p%40ss" not in text for text in texts)


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [("fsync", "off", "runs with fsync = off"), ("server_version_num", "120022", "PostgreSQL 12;")],
)
def test_a_server_that_does_not_keep_its_word_is_refused(
    postgres: Place, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, message: str
) -> None:
    from habitus.events import postgres_database

    real = postgres_database.text

    def answers(statement: str) -> Any:
        return real(f"SELECT '{value}'" if statement == f"SHOW {setting}" else statement)

    monkeypatch.setattr(postgres_database, "text", answers)
    with pytest.raises(HabitusError, match=message):
        Store.open(postgres())


def test_commits_wait_for_the_disk_whatever_the_server_says(postgres: Place) -> None:
    url = f"{postgres()}%20-csynchronous_commit%3Doff%20-cstatement_timeout%3D7s"
    with Store.open(url) as store, store._database.read() as connection:

        def setting(name: str) -> Any:
            return connection.exec_driver_sql(f"SHOW {name}").scalar()

        assert setting("synchronous_commit") == "on"
        assert setting("statement_timeout") == "7s"  # the URL's
        assert setting("lock_timeout") == "1min"
        assert setting("transaction_isolation") == "repeatable read"
        assert setting("transaction_read_only") == "on"


def test_without_psycopg_one_error_says_what_to_install() -> None:
    script = """
import sys
sys.modules["psycopg"] = None
import habitus
from habitus.events.store import Store
from habitus.types import HabitusError
try:
    Store.open("postgresql://user:secret@host/database")
except HabitusError as error:
    print(error)
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "pip install 'habitus[postgres]'" in ran.stdout
    assert "secret" not in ran.stdout


# Failing and coming back


@pytest.fixture
def mortal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that a test may stop."""
    monkeypatch.setenv("HABITUS_MODELS", str(tmp_path))
    found = programs()
    assert found is not None
    server = Server(found)
    server.start()
    yield server
    server.remove()


def test_a_server_that_goes_and_comes_back(mortal: Server) -> None:
    with Store.open(mortal.url()) as store:
        store.observe(event(event_id="before"))
        catalogue = store.catalogue()
        store.history("u")
        mortal.stop("immediate")
        for call in (
            lambda: store.observe(event()),
            lambda: store.history("u"),
            lambda: store.event_count,
            lambda: store.put_items([Item("i")]),
        ):
            with pytest.raises(HabitusError, match=r"server of postgresql://\S+ does not answer"):
                call()
        with pytest.raises(HabitusError, match="does not answer"):
            Store.open(mortal.url())
        mortal.start()
        assert [each.event_id for each in store.history("u")] == ["before"]  # a crash lost nothing
        assert store.observe(event(event_id="before")).duplicates == 1
        assert store.observe(event(at=1)).accepted == 1
        assert store.histories(catalogue, ["u"]).events == 2
        mortal.stop()
        mortal.start()  # an idle connection is dead, and nobody need know
        assert store.reading(catalogue, "u").history.events == 2
        assert store.observe(event(at=2)).accepted == 1


def test_a_writer_that_is_cut_off_leaves_nothing_and_no_lock(
    store: Store, postgres_server: Server
) -> None:
    with pytest.raises(HabitusError, match="does not answer"):
        cut_off(store, postgres_server)
    assert store.items() == []
    assert store.put_items([Item("i")]) == 1


def cut_off(store: Store, server: Server) -> None:
    with store._database.write() as connection:
        connection.execute(schema.items.insert().values(workspace=1, code=1, item_id="i", events=1))
        process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        server.execute(f"SELECT pg_terminate_backend({process})")
        connection.exec_driver_sql("SELECT 1")


def test_a_commit_of_which_nobody_knows_says_so(store: Store, postgres_server: Server) -> None:
    with pytest.raises(HabitusError, match="may be stored or not") as failure:
        cut_off_at_the_end(store, postgres_server)
    assert "same event_id" in failure.value.mend


def cut_off_at_the_end(store: Store, server: Server) -> None:
    with store._database.write() as connection:
        process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        server.execute(f"SELECT pg_terminate_backend({process})")


def test_a_lock_that_is_held_too_long_is_a_clear_error(postgres: Place) -> None:
    url = f"{postgres()}%20-clock_timeout%3D50ms"
    with (
        Store.open(url) as one,
        Store.open(url) as other,
        one._database.write(),
        pytest.raises(HabitusError, match=r"has been writing to \S+ for too long"),
    ):
        other.observe(event())


def test_texts_that_the_server_refuses_are_named(store: Store) -> None:
    for text in ("\0", "\ud800"):
        for call in (store.history, store.delete, store.revision):
            with pytest.raises(HabitusError, match="NUL character or half a character"):
                call(text)
        with pytest.raises(HabitusError, match="NUL character or half a character"):
            store.histories(store.catalogue(), [text])
    assert store.observe(event()).accepted == 1


# Order and privacy


def test_ids_are_ordered_as_python_orders_them(store: Store) -> None:
    names = ["a", "B", "b", "é", "Z", "_", "zz", "\U0001f600", "\uffee", "ä", "aa", "A"]
    store.put_items([Item(name) for name in names])
    store.put_users([User(name) for name in names])
    assert [each.item_id for each in store.items()] == sorted(names)
    assert [each.user_id for each in store.users()] == sorted(names)
    assert store.catalogue().item_ids[1:] == tuple(sorted(names))


def test_no_reader_misses_a_smaller_number(postgres: Place) -> None:
    """Several writers at once: whoever has read up to a number has all that are smaller."""
    stores = [Store.open(postgres()) for _ in range(4)]
    reader = stores[0]
    reader.observe(event("w0"))

    def write(store: Store, name: str) -> None:
        for n in range(15):
            store.observe(event(name, at=n))

    threads = [
        threading.Thread(target=write, args=(store, f"w{n}")) for n, store in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    known: dict[str, Any] = {}
    catalogue = reader.catalogue()
    while any(thread.is_alive() for thread in threads):
        for name in ("w0", "w1", "w2", "w3"):
            known[name] = reader.reading(catalogue, name, known.get(name))
    for name in ("w0", "w1", "w2", "w3"):
        found = reader.reading(catalogue, name, known.get(name)).history
        assert found.events == 15 + (name == "w0")
        assert found.time.tolist() == sorted(found.time.tolist())
    for store in stores:
        store.close()


def test_no_query_finds_a_forgotten_user(store: Store) -> None:
    token = "unguessable-7f3a9c"
    store.observe(
        [
            event(token, text=f"{token} said", session_id=token, context={"k": token}, at=n)
            for n in range(60)
        ]
    )
    store.put_users([User(token, {"likes": token})])
    store.observe(event("stays"))
    store.pages.keep("page", token, token)
    assert found(store, token)
    store.forget(token)
    assert found(store, token) == []
    assert store.observe(event(token)).forgotten == 1
    assert found(store, token) == []
    assert store.history("stays")


def found(store: Store, token: str) -> list[str]:
    """The tables of the database, ours or not, that hold a text."""
    with store._database.read() as connection:
        named = connection.exec_driver_sql(
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        ).all()
        assert len(named) == len(schema.metadata.tables)
        return [
            name
            for place, name in named
            if connection.exec_driver_sql(
                f'SELECT 1 FROM {place}."{name}" AS t WHERE CAST(t AS text) LIKE %s LIMIT 1',
                (f"%{token}%",),
            ).scalar()
        ]
