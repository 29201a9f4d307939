"""A store moves between databases without loss, and never half."""

from pathlib import Path

import pytest

from habitus.events.migrate import migrate
from habitus.events.store import Store
from habitus.testing.postgres import Place
from habitus.types import Event, EventType, HabitusError, Item, Role, User

TIME = 1_700_000_000_000_000
ROUTES = [
    pytest.param(("sqlite", "postgres"), id="sqlite to postgres", marks=pytest.mark.postgres),
    pytest.param(("postgres", "sqlite"), id="postgres to sqlite", marks=pytest.mark.postgres),
    pytest.param(("sqlite", "sqlite"), id="sqlite to sqlite"),
]
Route = tuple[str | Path, str | Path]


@pytest.fixture
def route(request: pytest.FixtureRequest, tmp_path: Path) -> Route:
    """From where to where; the source is a store that has something of everything."""

    def place(kind: str, name: str) -> str | Path:
        if kind == "sqlite":
            return tmp_path / name
        make: Place = request.getfixturevalue("postgres")
        return make(name)

    source, target = request.param
    made = place(source, "from"), place(target, "to")
    fill(made[0])
    return made


def fill(place: str | Path) -> None:
    with Store.open(place) as store:
        store.observe(
            [
                Event(
                    f"u{n % 7}",
                    "view",
                    timestamp=TIME + n,
                    item_id=None if n % 5 == 0 else f"é{n % 11}",
                    value=n / 3 if n % 2 else None,
                    text='quoted ", comma,\nand line' if n % 3 else "",
                    context={"a": n, "b": None, "c": "\\N"},
                    sequence=(-1) ** n * (2**62),
                    position=2**63 - 1,
                    event_id=f"e{n}",
                )
                for n in range(300)
            ]
        )
        store.observe(Event("made", "view", timestamp=TIME, item_id="\\."))
        store.put_items([Item("new", "", {"genre": ("a", "b")}, {"year": 1e300}, available=False)])
        store.put_users([User("u1", {"plan": "free"}, "Europe/Paris"), User("idle")])
        store.set_event_types([EventType("view", Role.POSITIVE, 0.1), EventType("skip")])
        store.delete("e7")
        models = store.folder / "models" / "default" / "one"
        models.mkdir(parents=True)
        (models / "weights").write_bytes(b"\0\1")
    with Store.open(place, "other") as store:
        store.set_ordinal()
        store.observe([Event("u", "view", item_id=each) for each in "abc"])
        store.forget("gone")


@pytest.mark.parametrize("route", ROUTES, indirect=True)
def test_everything_arrives(route: Route) -> None:
    source, target = route
    moved = migrate(source, target)
    assert set(moved.fingerprints) == {"default", "other"}
    assert moved.rows["events"] == 303
    for name in ("default", "other"):
        with Store.open(source, name) as before, Store.open(target, name, create=False) as after:
            assert after.fingerprint() == before.fingerprint() == moved.fingerprints[name]
            for user in ("u1", "u", "made"):
                assert after.history(user) == before.history(user)
                assert after.revision(user) == before.revision(user)
            assert after.catalogue_revision() == before.catalogue_revision()
            assert (after.items(), after.users()) == (before.items(), before.users())
            assert after.forgotten(["gone", "u"]) == before.forgotten(["gone", "u"])
    with Store.open(target) as after:
        assert moved.models == 1
        assert (after.folder / "models/default/one/weights").read_bytes() == b"\0\1"
        again = after.observe(Event("u1", "view", timestamp=TIME, event_id="e1"))
        assert again.conflicted == 1  # ids are known
        assert after.observe(Event("u1", "view", timestamp=TIME + 10**6)).accepted == 1


class Stopped(Exception):  # noqa: N818  it stands for Ctrl-C
    pass


@pytest.mark.parametrize("route", ROUTES, indirect=True)
def test_a_broken_off_migration_is_no_store_and_begins_anew(
    route: Route, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = route
    monkeypatch.setattr("habitus.events.migrate.ROWS", 50)

    def stop(_label: str, done: float, _total: float | None, detail: str = "") -> None:
        if detail == "events" and done > 200:
            raise Stopped

    with pytest.raises(Stopped):
        migrate(source, target, progress=stop)
    with pytest.raises(HabitusError, match="part of a store: a migration into it was broken off"):
        Store.open(target)
    assert migrate(source, target).rows["events"] == 303
    with pytest.raises(HabitusError, match=r"There is a store in .* already"):
        migrate(source, target)
    with Store.open(target) as store:
        assert store.event_count == 300


@pytest.mark.parametrize("route", ROUTES, indirect=True)
def test_a_store_that_changes_meanwhile_is_told_of(route: Route) -> None:
    source, target = route
    with Store.open(source) as writing:

        def write(label: str, *_: object) -> None:
            if label == "copying rows":
                writing.observe(Event("late", "view", timestamp=TIME))

        with pytest.raises(HabitusError, match="'default' is not the same on both sides"):
            migrate(source, target, progress=write)
    with pytest.raises(HabitusError, match="part of a store"):
        Store.open(target)


def test_progress_counts_every_row(tmp_path: Path) -> None:
    fill(tmp_path / "from")
    seen: list[tuple[float, float | None]] = []

    def look(label: str, done: float, total: float | None, _detail: str = "") -> None:
        if label == "copying rows":
            seen.append((done, total))

    moved = migrate(tmp_path / "from", tmp_path / "to", progress=look)
    total = sum(moved.rows.values())
    assert seen[-1] == (total, total)
    assert seen == sorted(seen)


def test_there_must_be_a_store_to_move(tmp_path: Path) -> None:
    with pytest.raises(HabitusError, match="no store at"):
        migrate(tmp_path / "absent", tmp_path / "to")
    assert not (tmp_path / "to").exists()
