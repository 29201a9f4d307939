"""Documentation runs: every Python block and every `habitus` line of README and guides, in order."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from habitus.cli import app, main

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(r"!\[[^]]*\]\(([^)]+)\)|\[[^]]*\]\(([^)#]+)(?:#[^)]*)?\)")


def blocks(page: Path, *languages: str) -> list[tuple[str, str]]:
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [(language, text) for language, text in found if language in languages]


def run_commands(text: str) -> None:
    """Runs the lines that begin with `habitus`; others (make, pip) are for a fresh machine."""
    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["habitus"]:
            with pytest.raises(SystemExit) as end:
                main(words[1:])
            assert end.value.code == 0, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_code_of_a_page_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "page"}
    for language, text in blocks(page, "python", "sh"):
        if language == "sh":
            run_commands(text)
        else:
            exec(compile(text, str(page), "exec"), namespace)


def test_there_are_pages_with_code() -> None:
    assert all(blocks(page, "python") for page in PAGES)
    assert len(PAGES) >= 2


def test_every_command_is_documented() -> None:
    written = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    missing = [name for name in commands if f"habitus {name}" not in written]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = [one or other for one, other in PICTURE.findall(page.read_text(encoding="utf-8"))]
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []
