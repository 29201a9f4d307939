"""Schemathesis sends what the description allows and what it does not: never a 500, always as
described. On SQLite and PostgreSQL, with keys, a fixed seed, and training stubbed at the process
boundary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.serve.servers import Here, Spot

from habitus.serve.app import api
from habitus.serve.trainer import Order, Outcome

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


class Ended:
    """A training that has ended when it begins."""

    def start(self, order: Order) -> Ended:
        del order
        return self

    def progress(self) -> str:
        return ""

    def outcome(self) -> Outcome:
        return Outcome(None, "stubbed")

    def wait(self, seconds: float) -> None: ...

    def cancel(self) -> None: ...


@pytest.fixture(scope="module")
def keyed(home: Spot) -> Iterator[tuple[Here, str]]:
    home.fill()
    with home.open() as engine:
        secret = engine.store.keys.make("default", {"admin"})[1]
    with Here(home.settings(open_workspace=None), Ended()) as server:
        yield server.ready(), secret


@pytest.fixture(scope="module")
def described(keyed: tuple[Here, str]) -> Any:
    return schemathesis.openapi.from_url(f"{keyed[0].url}/openapi.json")


CALLS = [
    (address, method.upper())
    for address, methods in api().openapi()["paths"].items()
    for method in methods
]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_nothing_that_is_sent_breaks_the_server(
    keyed: tuple[Here, str], described: Any, call: tuple[str, str], mode: GenerationMode
) -> None:
    address, method = call
    headers = {"Authorization": f"Bearer {keyed[1]}"}
    cases = described[address][method].as_strategy(generation_mode=mode)

    @seed(7)
    @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def send(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    try:
        send()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # nothing that such a call could send is wrong
