"""What was worked out of an event goes with it."""

from sqlalchemy import func, select

from habitus.events import schema
from habitus.events.store import Store
from habitus.testing.postgres import Place
from habitus.types import Event

NOW = 1_750_000_000_000_000


def said(number: int, user: str = "u") -> Event:
    return Event(user, "said", NOW + number, text=f"text {number}", event_id=f"{user}:{number}")


def left(store: Store) -> int:
    with store._database.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(schema.derived)) or 0)


def test_it_is_kept_by_user_and_maker(place: Place) -> None:
    with Store.open(place(), clock=lambda: NOW) as store, Store.open(place(), "else") as other:
        store.observe([said(1), said(2), said(1, "v")])
        assert store.derived.put("encoder", {"u:1": "a", "u:2": "b", "v:1": "c"}) == 3
        assert store.derived.put("llm", {"u:1": "d"}) == 1
        assert store.derived.put("llm", {"u:1": "e"}) == 1
        assert store.derived.of("u", "encoder") == {"u:1": "a", "u:2": "b"}
        assert store.derived.of("u", "llm") == {"u:1": "e"}
        assert store.derived.of("nobody", "llm") == {}
        assert other.derived.of("u", "encoder") == {}


def test_nothing_is_kept_of_an_event_that_is_not_there(place: Place) -> None:
    with Store.open(place(), clock=lambda: NOW) as store:
        store.observe([said(1)])
        assert store.delete("u:1")
        assert store.derived.put("encoder", {"u:1": "a", "other": "b"}) == 0
        assert left(store) == 0


def test_it_goes_with_the_event_and_with_the_user(place: Place) -> None:
    with Store.open(place(), clock=lambda: NOW + 10) as store:
        store.observe([said(1), said(2), said(3, "v")])
        store.derived.put("encoder", {"u:1": "a", "u:2": "b", "v:3": "c"})
        store.derived.put("llm", {"u:1": "a"})
        store.delete("u:1")
        assert store.derived.of("u", "encoder") == {"u:2": "b"}
        assert store.derived.of("u", "llm") == {}
        store.forget("u")
        assert left(store) == 1
        store.observe(Event("u", "said", NOW + 20, text="again", event_id="u:2"))
        assert store.derived.of("u", "encoder") == {}
