"""What all tests share: tests of real data skip, with the reason, where there is none."""

import os
from pathlib import Path

import pytest


def data_root() -> Path | None:
    """The folder with the public data sets, or None."""
    named = os.environ.get("HABITUS_DATA")
    return Path(named) if named and Path(named).is_dir() else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if data_root() is not None:
        return
    named = os.environ.get("HABITUS_DATA")
    reason = f"HABITUS_DATA={named} is no folder" if named else "HABITUS_DATA is not set"
    absent = pytest.mark.skip(reason=f"{reason}: it names the folder with the public data sets")
    for item in items:
        if "realdata" in item.keywords:
            item.add_marker(absent)
