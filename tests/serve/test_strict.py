"""What `json` would let pass is refused, with its place and without its value."""

from __future__ import annotations

import pytest

from habitus.serve.problems import Problem
from habitus.serve.strict import check_address, load

REFUSED = {
    b'{"value": NaN}': (422, "NaN"),
    b'{"value": -Infinity}': (422, "Infinity"),
    b'{"value": 1e400}': (422, "64 bits"),
    b'{"value": 9223372036854775808}': (422, "64 bits"),
    b'{"value": -9223372036854775809}': (422, "64 bits"),
    b'{"value": ' + b"9" * 5_000 + b"}": (422, "64 bits"),
    b'{"a": {"b": "\\ud800"}}': (422, "a.b: contains half characters"),
    b'{"a": ["x", "\\udfff"]}': (422, "a.1: contains half characters"),
    b'{"\\ud800": 1}': (422, "half characters"),
    b'{"a": 1, "a": 1}': (422, "twice"),
    b'{"a": {"b": 1, "b": 2}}': (422, "twice"),
    b"[" * 100_000 + b"]" * 100_000: (422, "within each other"),
    b'{"a":' * 6 + b"1" + b"}" * 6: (422, "within each other"),
    b'"\xff"': (400, "UTF-8"),
    b"\xed\xa0\x80": (400, "UTF-8"),
    b"": (400, "line 1"),
    b"{'a': 1}": (400, "line 1"),
    b"[1] 2": (400, "line 1"),
    b"\xef\xbb\xbf{}": (400, "line 1"),
}


@pytest.mark.parametrize("body", REFUSED, ids=lambda body: body[:20].decode("latin-1"))
def test_what_is_doubtful_is_refused(body: bytes) -> None:
    status, words = REFUSED[body]
    with pytest.raises(Problem) as refused:
        load(body, nesting=5)
    assert refused.value.kind.status == status
    assert words in refused.value.detail


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (
            b'{"a": [1, -2.5, "\\u00e9\\ud83d\\ude00", null, true]}',
            {"a": [1, -2.5, "é😀", None, True]},
        ),
        (b"9223372036854775807", 2**63 - 1),
        (b"-9223372036854775808", -(2**63)),
        ('"ü/\u2028"'.encode(), "ü/\u2028"),
        (b"[[[[[1]]]]]", [[[[[1]]]]]),
        (b"[" + b"[]," * 50 + b"[]]", [[]] * 51),
    ],
)
def test_what_is_json_is_read(body: bytes, value: object) -> None:
    assert load(body, nesting=5) == value


def test_an_address_that_is_not_utf8_would_be_another_id() -> None:
    check_address(b"/v1/users/a%2Fb%C3%BC/state", b"cursor=%E2%82%AC")
    for path, query in ((b"/v1/users/%FF/state", b""), (b"/", b"cursor=%ED%A0%80")):
        with pytest.raises(Problem, match="UTF-8"):
            check_address(path, query)
    with pytest.raises(Problem, match="control characters"):
        check_address(b"/v1/users/ann%0A", b"")
