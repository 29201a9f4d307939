"""Print what pyproject.toml asks for, with PostgreSQL: a layer that a change of the code leaves alone."""

import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
print(*project["dependencies"], *project["optional-dependencies"]["postgres"], sep="\n")
