"""A suite without pytest: for a notebook, and for trying the suites on parts that are wrong."""

from __future__ import annotations

from unittest import SkipTest


def check(suite: type) -> dict[str, str]:
    """Run every test of a conformance class: test → "passed" or why it does not apply.

    Raises the AssertionError of the first test that fails.
    """
    found = {}
    for name in sorted(name for name in dir(suite) if name.startswith("test_")):
        try:
            getattr(suite(), name)()
            found[name] = "passed"
        except SkipTest as reason:
            found[name] = str(reason)
    return found
