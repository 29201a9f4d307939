"""Named values are the workspace's own, and the same for every process."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

from habitus.events.store import Store
from habitus.testing.postgres import Place


def test_a_value_is_found_by_every_process_of_its_workspace_alone(place: Place) -> None:
    with Store.open(place()) as store, Store.open(place()) as same:
        store.values.put("policy", "{}")
        assert same.values.get("policy") == "{}"
        assert same.values.get("other") is None
        store.values.put("policy", '{"llm": true}')
        assert same.values.get("policy") == '{"llm": true}'
        with Store.open(place(), "else") as other:
            assert other.values.get("policy") is None


def test_the_moment_tells_one_text_from_another(place: Place) -> None:
    with Store.open(place(), clock=lambda: 1_750_000_000_000_000) as store:
        assert store.values.written_at("policy") is None
        moments = [store.values.put("policy", text) for text in ("{}", "[]", "{}")]
        assert len(set(moments)) == 3
        assert store.values.written_at("policy") == moments[-1]


def test_whoever_settles_a_value_gets_the_first(place: Place) -> None:
    numbers = count()
    with Store.open(place()) as store, ThreadPoolExecutor(8) as threads:
        found = list(
            threads.map(
                lambda _: store.values.settle("secret", lambda: str(next(numbers))), range(16)
            )
        )
    assert len(set(found)) == 1
