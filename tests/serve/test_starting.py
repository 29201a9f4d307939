"""The supervisor looks at keys, and loads nothing that answers requests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from habitus.events.store import Store
from habitus.serve.settings import Settings
from habitus.serve.starting import has_keys

HEAVY = ("torch", "numpy", "scipy", "sklearn", "pyarrow", "duckdb", "fastapi", "uvicorn")
SUPERVISING = f"""
import sys
import habitus.cli
import habitus.serve.starting, habitus.serve.supervisor
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_the_supervisor_loads_nothing_that_answers() -> None:
    found = subprocess.run(
        [sys.executable, "-c", SUPERVISING], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def test_the_key_of_the_file_is_the_stores_from_then_on(tmp_path: Path) -> None:
    settings = Settings(store=str(tmp_path / "store"))
    assert not has_keys(settings, None)
    (tmp_path / "key").write_text("hk_" + "a" * 40 + "\n")
    assert has_keys(settings, tmp_path / "key")
    assert has_keys(settings, None)
    with Store.open(tmp_path / "store", create=False) as store:
        (key,) = store.keys.list()
        assert (key.workspace, key.scopes) == ("default", {"admin"})
        store.keys.revoke(key.key_id)
    assert not has_keys(settings, None)
