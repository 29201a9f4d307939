"""The store keeps what it is given, once, and says what it did."""

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from habitus.events.characters import CONTROL
from habitus.events.staging import Staging
from habitus.events.store import Store
from habitus.testing.postgres import Place
from habitus.types import Event, EventType, HabitusError, Item, Role, User

TIME = 1_700_000_000_000_000
NOW = 1_750_000_000_000_000


@pytest.fixture
def store(place: Place) -> Any:
    with Store.open(place("store"), clock=lambda: NOW) as opened:
        yield opened


def event(user: str = "u", item: str | None = "i", at: int = 0, **fields: Any) -> Event:
    return Event(user, "view", timestamp=TIME + at, item_id=item, **fields)


def plain(events: list[Event]) -> list[tuple[Any, ...]]:
    return [(each.timestamp, each.item_id, each.event_id) for each in events]


ids = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(
    lambda text: not CONTROL.search(text)
)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
whole = st.integers(-(2**63) + 1, 2**63 - 1)
numbers = st.floats(allow_nan=False, allow_infinity=False)
events_of_any_kind = st.builds(
    Event,
    user_id=ids,
    event_type=ids,
    timestamp=st.integers(TIME, NOW),
    item_id=st.none() | ids,
    value=st.none() | numbers,
    text=st.none() | texts,
    session_id=st.none() | ids,
    request_id=st.none() | ids,
    position=st.none() | st.integers(0, 2**63 - 1),
    propensity=st.none() | st.floats(0, 1, exclude_min=True),
    timezone=st.none() | st.sampled_from(["Europe/Berlin", "UTC"]),
    context=st.none() | st.dictionaries(texts, texts | numbers | whole | st.booleans(), min_size=1),
    sequence=whole,
    event_id=st.none() | ids,
)


@given(given_event=events_of_any_kind)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_event_comes_back_as_it_was(store: Store, given_event: Event) -> None:
    if given_event.event_id is not None:
        store.delete(given_event.event_id)
    store.observe(given_event)
    back = next(
        each
        for each in store.history(given_event.user_id)
        if given_event.event_id in (None, each.event_id)
        and (each.timestamp, each.sequence) == (given_event.timestamp, given_event.sequence)
        and each.event_type == given_event.event_type
    )
    for name in Event.__slots__:
        if name == "recorded_at" or (name == "event_id" and given_event.event_id is None):
            continue
        assert getattr(back, name) == getattr(given_event, name), name
    assert back.recorded_at == NOW
    assert store.observe(back).duplicates == 1
    assert back.event_id is not None
    assert store.delete(back.event_id)


def test_everything_is_there_after_reopening(place: Place) -> None:
    with Store.open(place()) as first:
        first.observe([event(at=2, item="b"), event(at=1, item="a"), event("v")])
        first.put_items([Item("c", "words", {"genre": ("x", "y"), "studio": "z"}, {"year": 1999})])
        first.put_users([User("w", {"plan": "free"}, "Europe/Paris")])
        first.set_event_types([EventType("skip", Role.NEGATIVE, 0.5)])
        fingerprint = first.fingerprint()
    with Store.open(place(), create=False) as again:
        assert [each.item_id for each in again.history("u")] == ["a", "b"]
        assert again.event_count == 3
        assert again.user_count == 3
        assert again.items()[2] == Item(
            "c", "words", {"genre": ("x", "y"), "studio": "z"}, {"year": 1999.0}
        )
        assert again.users()[2] == User("w", {"plan": "free"}, "Europe/Paris")
        assert again.event_types() == {
            "view": EventType("view"),
            "skip": EventType("skip", Role.NEGATIVE, 0.5),
        }
        assert again.fingerprint() == fingerprint


def test_the_same_id_with_the_same_content_changes_nothing(store: Store) -> None:
    one = event(event_id="e", value=3.0, context={"a": 1})
    assert store.observe(one).accepted == 1
    before = store.revision("u"), store.catalogue_revision(), store.fingerprint()
    receipt = store.observe([one, one])
    assert (receipt.accepted, receipt.duplicates, receipt.conflicts) == (0, 2, [])
    assert (store.revision("u"), store.catalogue_revision(), store.fingerprint()) == before


def test_a_retry_without_a_time_is_the_same_event(place: Place) -> None:
    ticks = iter(range(NOW, NOW + 1_000_000))
    with Store.open(place(), clock=lambda: next(ticks)) as store:
        one = {"user_id": "u", "event_type": "view", "event_id": "e"}
        assert store.observe(one).accepted == 1
        assert store.observe(one).duplicates == 1


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"user": "other"}, ("user_id",)),
        ({"item": "other"}, ("item_id",)),
        ({"item": None}, ("item_id",)),
        ({"at": 1, "value": 2.0}, ("timestamp", "value")),
        ({"context": {"a": 2}}, ("context",)),
        ({"sequence": 4}, ("sequence",)),
    ],
)
def test_the_same_id_with_other_content_is_a_conflict(
    store: Store, changes: dict[str, Any], fields: tuple[str, ...]
) -> None:
    store.observe(event(event_id="e", value=1.0))
    history, fingerprint = store.history("u"), store.fingerprint()
    receipt = store.observe([event(**{"event_id": "e", "value": 1.0, **changes}), event(at=9)])
    assert receipt.accepted == 1
    [conflict] = receipt.conflicts
    assert (conflict.event_id, conflict.fields) == ("e", fields)
    assert store.history("u")[0] == history[0]
    assert store.event_count == 2
    assert store.history("other") == []
    assert fingerprint != store.fingerprint()


def test_one_call_with_an_id_twice(store: Store) -> None:
    receipt = store.observe(
        [event(event_id="e"), event(event_id="e"), event(event_id="e", item="x")]
    )
    assert (receipt.accepted, receipt.duplicates, receipt.conflicted) == (1, 1, 1)
    assert store.event_count == 1


def test_bad_rows_are_refused_and_good_ones_stay(store: Store) -> None:
    receipt = store.observe([event(), {"user_id": "u", "event_type": "view", "value": "x"}])
    assert (receipt.accepted, len(receipt.rejected), store.event_count) == (1, 1, 1)
    with pytest.raises(HabitusError, match="value: is a str"):
        receipt.raise_if_rejected()


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
@pytest.mark.parametrize("name", ["text", "context", "user_id", "event_id"])
def test_texts_that_a_database_cannot_keep_are_refused(store: Store, name: str, text: str) -> None:
    said = {name: {"k": text} if name == "context" else text}
    with pytest.raises(HabitusError, match=f"{name}.*: contains"):
        store.observe({"user_id": "u", "event_type": "view", **said})
    assert store.event_count == 0


def test_one_bad_event_alone_is_an_error(store: Store) -> None:
    with pytest.raises(HabitusError, match="user_id: is missing"):
        store.observe({"event_type": "view"})
    assert store.event_count == 0


def test_delete(store: Store) -> None:
    store.observe([event(event_id="e", item="only"), event(at=1, item="stays")])
    revision, catalogue = store.revision("u"), store.catalogue_revision()
    assert store.delete("e")
    assert store.revision("u") > revision
    assert store.catalogue_revision() > catalogue
    assert [each.item_id for each in store.history("u")] == ["stays"]
    assert store.catalogue().item_ids == ("", "stays")
    assert not store.delete("e")
    assert store.observe(event(event_id="e", item="only")).accepted == 1


def test_deleting_as_if_it_had_never_been(place: Place, store: Store) -> None:
    with Store.open(place("other")) as other:
        other.observe(event())
        store.observe([event(), event("v", "w", event_id="e")])
        store.delete("e")
        assert store.fingerprint() == other.fingerprint()


def test_made_ids_are_found_again(store: Store) -> None:
    store.observe([event(), event(at=1)])
    first, second = store.history("u")
    assert first.event_id != second.event_id
    assert store.observe([first, second]).duplicates == 2
    assert second.event_id is not None
    assert store.delete(second.event_id)


def test_made_ids_never_meet_given_ones(store: Store) -> None:
    store.observe(event())
    made = store.history("u")[0].event_id
    assert made is not None
    prefix = made.rpartition(":")[0]
    store.observe([event(at=n, event_id=f"{prefix}:{n}") for n in range(3, 8)])
    assert store.observe([event(at=n) for n in range(20, 30)]).accepted == 10
    assert store.event_count == 16


def test_revisions(store: Store) -> None:
    assert store.revision("u") == 0
    store.observe(event(at=5))
    first, catalogue = store.revision("u"), store.catalogue_revision()
    store.observe(event("v", at=6))
    assert store.revision("u") == first
    assert store.catalogue_revision() == catalogue
    store.observe(event(at=1))  # backdated
    assert store.revision("u") > first
    store.observe(event(item="new"))
    assert store.catalogue_revision() > catalogue
    user = store.revision("u")
    assert store.put_users([User("u", {"a": "b"})]) == 1
    assert store.put_users([User("u", {"a": "b"})]) == 0
    assert store.revision("u") > user


def test_the_catalogue_is_made_anew_only_when_it_changes(store: Store) -> None:
    assert store.put_items([Item("b", "x", {"genre": ("p", "q")}, {"year": 3}), Item("a")]) == 2
    store.observe(event(item="c"))
    first = store.catalogue()
    assert first.item_ids == ("", "a", "b", "c")
    assert first.values_of(2) == {"genre": ("p", "q")}
    np.testing.assert_array_equal(first.numbers["year"], [np.nan, np.nan, 3, np.nan])
    store.observe(event(item="c"))
    assert store.put_items([Item("a")]) == 0
    assert store.catalogue() is first
    store.put_items([{"item_id": "a", "available": False}])
    assert store.catalogue().available.tolist() == [False, False, True, True]


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({"item_id": "a", "titel": "x"}, "unknown fields: titel"),
        ({"text": "x"}, "has no item_id"),
        ({"item_id": "a", "numbers": {"n": float("nan")}}, "numbers.n: is nan"),
        ({"item_id": "a", "attributes": {"g": 3}}, "attributes.g: is a int"),
        ("a", "is a str"),
    ],
)
def test_a_bad_item_stores_nothing(store: Store, item: Any, message: str) -> None:
    with pytest.raises(HabitusError, match=message):
        store.put_items([{"item_id": "good"}, item])
    assert store.items() == []


def test_ties_keep_their_order(store: Store) -> None:
    store.observe([event(item="c", sequence=2), event(item="a"), event(item="b")])
    store.observe([event(item="d", sequence=1)])
    assert [each.item_id for each in store.history("u")] == ["a", "b", "d", "c"]
    assert [each.item_id for each in store.history("u", 2)] == ["d", "c"]
    catalogue = store.catalogue()
    for found in (
        store.histories(catalogue),
        store.histories(catalogue, ["u"]),
        store.histories(catalogue, ["u"], limit=4),
    ):
        assert [catalogue.item_ids[row] for row in found.item] == ["a", "b", "d", "c"]


def test_histories(store: Store) -> None:
    store.observe(
        [
            event("v", "x", at=3, value=0.5, session_id="s"),
            event("v", None, at=1, session_id="s"),
            event("u", "y", at=2, session_id="s"),
            Event("v", "buy", timestamp=TIME + 4, item_id="y"),
        ]
    )
    catalogue = store.catalogue()
    found = store.histories(catalogue)
    assert found.user_ids.tolist() == ["u", "v"]
    assert found.offsets.tolist() == [0, 1, 4]
    assert found.item.tolist() == [2, 0, 1, 2]
    assert (found.time - TIME).tolist() == [2, 1, 3, 4]
    assert [found.types[code].name for code in found.type] == ["view", "view", "view", "buy"]
    np.testing.assert_array_equal(found.value, np.array([np.nan, np.nan, 0.5, np.nan], np.float32))
    assert found.session[1] == found.session[2] > 0
    assert found.session[3] == 0
    asked = store.histories(catalogue, ["v", "nobody", "u", "v"], limit=2)
    assert asked.user_ids.tolist() == ["v", "nobody", "u", "v"]
    assert asked.lengths.tolist() == [2, 0, 1, 2]
    assert asked.item.tolist() == [1, 2, 2, 1, 2]
    assert store.histories(catalogue, limit=1).item.tolist() == [2, 2]
    store.observe(event("u", "z", at=9))
    assert store.histories(catalogue, ["u"]).item.tolist() == [2, 0]  # not in that catalogue


def test_histories_in_many_blocks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("habitus.events.ranges.BLOCK", 7)
    chance = random.Random(0)
    truth: dict[str, list[int]] = {}
    events = []
    for at in range(200):
        user = f"u{chance.randrange(30)}"
        truth.setdefault(user, []).append(at)
        events.append(event(user, f"i{at}", at=at))
    chance.shuffle(events)
    store.observe(events)
    found = store.histories(store.catalogue())
    assert found.user_ids.tolist() == sorted(truth)
    for row, user in enumerate(sorted(truth)):
        cut = slice(found.offsets[row], found.offsets[row + 1])
        assert (found.time[cut] - TIME).tolist() == truth[user]


def test_an_empty_store(store: Store) -> None:
    catalogue = store.catalogue()
    assert catalogue.item_ids == ("",)
    assert len(store.histories(catalogue)) == 0
    assert store.histories(catalogue, ["u"]).lengths.tolist() == [0]
    assert store.history("u") == []
    assert store.observe([]).accepted == 0
    assert (store.user_count, store.event_count) == (0, 0)


def test_fingerprints_do_not_depend_on_order(place: Place) -> None:
    events = [
        event(f"u{n % 5}", f"i{n % 3}", at=n, value=n / 3, event_id=f"e{n}") for n in range(40)
    ]
    made = set()
    for seed in range(3):
        random.Random(seed).shuffle(events)
        with Store.open(place(str(seed))) as store:
            if seed:
                store.put_items([Item("i0", "text")])
            store.observe(events[:20])
            store.observe(events[20:])
            if not seed:
                store.put_items([Item("i0", "text")])
            made.add(store.fingerprint())
    assert len(made) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store.observe(event(at=1)),
        lambda store: store.observe(event()),
        lambda store: store.delete("e"),
        lambda store: store.put_items([Item("i", "text")]),
        lambda store: store.put_users([User("u", {"a": "b"})]),
        lambda store: store.set_event_types([EventType("view", Role.NEGATIVE)]),
    ],
)
def test_every_change_of_content_changes_the_fingerprint(store: Store, change: Any) -> None:
    store.observe(event(event_id="e"))
    before = store.fingerprint()
    change(store)
    assert store.fingerprint() != before


def test_workspaces_cannot_cross(place: Place) -> None:
    with (
        Store.open(place(), "one") as one,
        Store.open(place(), "two") as two,
    ):
        one.observe([event(event_id="e", item="a"), event(at=1, item="b")])
        one.put_items([Item("only", "one")])
        one.put_users([User("named", {"x": "y"})])
        one.set_event_types([EventType("view", Role.NEGATIVE)])
        empty = two.fingerprint()
        assert two.history("u") == []
        assert two.items() == []
        assert two.users() == []
        assert two.event_types() == {}
        assert two.revision("u") == 0
        assert two.catalogue().item_ids == ("",)
        assert len(two.histories(two.catalogue())) == 0
        assert not two.delete("e")
        before = one.fingerprint(), one.revision("u")
        assert two.observe(event(event_id="e", item="other")).accepted == 1  # no conflict
        two.put_items([Item("only", "two")])
        assert two.delete("e")
        assert (one.fingerprint(), one.revision("u")) == before
        assert one.items()[2].text == "one"
        assert one.event_count == 2
        assert two.fingerprint() != empty
        two.set_ordinal()
        assert not one.ordinal


def test_ordinal(place: Place) -> None:
    with Store.open(place()) as store:
        store.set_ordinal()
        store.set_ordinal()
        made = [Event("u", "view", item_id=f"i{n}", sequence=n) for n in (3, 1, 2)]
        store.observe(made)
        store.observe(Event("u", "view", item_id="i4"))
        store.observe([Event("u", "view", item_id="i5"), Event("u", "view", item_id="i6")])
        assert [each.item_id for each in store.history("u")] == [f"i{n}" for n in range(1, 7)]
        assert store.history("u")[0].timestamp is None
        found = store.histories(store.catalogue(), ["u"])
        assert found.ordinal
        assert found.time.tolist() == [0, 1, 2, 3, 4, 5]
        last = store.history("u", 1)
        assert store.observe(last).duplicates == 1
        assert store.observe([event()]).rejected[0].field == "timestamp"
    with Store.open(place(), "timed") as timed:
        timed.observe(event())
        with pytest.raises(HabitusError, match="has events with times"):
            timed.set_ordinal()


# The bulk path


def table(rows: range, **more: Any) -> pa.Table:
    return pa.table(
        {
            "user_id": [f"u{n % 7}" for n in rows],
            "event_type": ["view"] * len(rows),
            "timestamp": [TIME + n // 3 for n in rows],
            "item_id": [None if n % 11 == 0 else f"i{n % 13}" for n in rows],
            "value": [None if n % 2 else n / 4 for n in rows],
            **more,
        }
    )


def as_events(rows: range) -> list[Event]:
    return [
        Event(**fields, event_id=f"file:{n}")
        for n, fields in zip(rows, table(rows).to_pylist(), strict=True)
    ]


def test_bulk_and_observe_store_the_same(place: Place) -> None:
    with Store.open(place("a")) as bulk, Store.open(place("b")) as single:
        receipt = bulk.append(table(range(250)), ids=("file", 0))
        assert (receipt.accepted, receipt.duplicates) == (250, 0)
        single.observe(as_events(range(250)))
        assert bulk.fingerprint() == single.fingerprint()
        assert plain(bulk.history("u3")) == plain(single.history("u3"))
        assert bulk.event_count == 250
        assert bulk.observe(as_events(range(250))).duplicates == 250
        assert single.append(table(range(250)), ids=("file", 0)).duplicates == 250
        assert single.append(table(range(250, 300)), ids=("file", 250)).accepted == 50
        assert single.delete("file:260")


def test_a_repeated_import_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("habitus.events.staging.TRANSACTION", 60)
    store.append(table(range(250)), ids=("file", 0))
    before = store.fingerprint(), store.revision("u1"), store.catalogue_revision()
    receipt = store.append(table(range(250)), ids=("file", 0))
    assert (receipt.accepted, receipt.duplicates) == (0, 250)
    assert (store.fingerprint(), store.revision("u1"), store.catalogue_revision()) == before


def test_a_broken_off_import_is_finished_by_the_next(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("habitus.events.staging.TRANSACTION", 60)

    def stop(_label: str, done: float, _total: float | None, _detail: str = "") -> None:
        if done >= 120:
            raise KeyboardInterrupt

    with Store.open(place("a")) as store, Store.open(place("b")) as whole:
        with pytest.raises(KeyboardInterrupt):
            store.append(table(range(250)), ids=("file", 0), progress=stop)
        assert store.event_count == 120
        receipt = store.append(table(range(250)), ids=("file", 0))
        assert (receipt.accepted, receipt.duplicates) == (130, 120)
        whole.append(table(range(250)), ids=("file", 0))
        assert store.fingerprint() == whole.fingerprint()
        assert not [*(store.folder / "staging").iterdir()]


def test_bulk_conflicts_are_named(store: Store) -> None:
    store.append(table(range(20)), ids=("file", 0))
    other = table(range(20)).set_column(0, "user_id", pa.array(["z"] * 20))
    receipt = store.append(other, ids=("file", 0))
    assert (receipt.accepted, receipt.conflicted) == (0, 20)
    assert {each.fields for each in receipt.conflicts} == {("user_id",)}
    assert store.history("z") == []


def test_several_tables_are_one_import(store: Store) -> None:
    with store.staging() as staged:
        assert isinstance(staged, Staging)
        staged.add(table(range(100, 200)), ids=("file", 100))
        staged.add(table(range(100), text=[f"t{n}" for n in range(100)]), ids=("file", 0))
        assert staged.commit().accepted == 200
    assert [each.text for each in store.history("u0")][:2] == ["t0", "t7"]
    with store.staging() as dropped:
        dropped.add(table(range(300, 310)))
    assert store.event_count == 200


def test_text_ids_and_made_ids_in_bulk(store: Store) -> None:
    named = table(range(120), event_id=[None if n % 3 else f"t{n}" for n in range(120)])
    assert store.append(named).accepted == 120
    receipt = store.append(named)
    assert (receipt.accepted, receipt.duplicates) == (80, 40)
    assert store.delete("t0")


def test_ids_seen_as_text_before_their_file(store: Store) -> None:
    store.observe(as_events(range(5)))
    store.observe(event(at=77, event_id="file:007"))  # no row number
    receipt = store.append(table(range(8)), ids=("file", 0))
    assert (receipt.accepted, receipt.duplicates) == (3, 5)
    assert store.observe(event(at=77, event_id="file:007")).duplicates == 1


def test_ties_in_bulk_keep_the_order_of_the_file(store: Store) -> None:
    count = 300
    rows = pa.table(
        {
            "user_id": ["u"] * count,
            "event_type": ["view"] * count,
            "timestamp": [TIME] * count,
            "item_id": [f"i{n:03}" for n in range(count)],
        }
    )
    store.append(rows)
    assert [each.item_id for each in store.history("u")] == rows["item_id"].to_pylist()


def test_ordinal_bulk(store: Store) -> None:
    store.set_ordinal()
    rows = table(range(30)).drop_columns(["timestamp"])
    store.append(rows, ids=("file", 0))
    store.append(rows, ids=("file", 30))
    want = [n for n in [*range(30), *range(30)] if n % 7 == 3]
    assert [each.value for each in store.history("u3")] == [None if n % 2 else n / 4 for n in want]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"customer": ["a"]}, "column 'customer' has no place"),
        ({"timestamp": pa.array([None], pa.int64())}, "'timestamp' of a bulk append has gaps"),
        ({"value": [float("nan")]}, "'value' of a bulk append contains NaN"),
        ({"position": ["x"]}, "'position' of a bulk append is string"),
    ],
)
def test_bulk_rows_are_checked_as_columns(
    store: Store, columns: dict[str, Any], message: str
) -> None:
    good = {"user_id": ["u"], "event_type": ["view"], "timestamp": [TIME]}
    with pytest.raises(HabitusError, match=message):
        store.append(pa.table({**good, **columns}))
    assert store.event_count == 0


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "x" * 65])
def test_bad_workspace_names_are_refused(place: Place, name: str) -> None:
    with pytest.raises(HabitusError, match="cannot name a workspace"):
        Store.open(place(), name)


def test_a_closed_store_says_so(place: Place) -> None:
    store = Store.open(place())
    store.close()
    store.close()
    with pytest.raises(HabitusError, match="was closed"):
        store.history("u")
