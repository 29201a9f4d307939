"""What the guides tell people to type exists: commands, options, calls, files."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer.main
from tests.test_docs import BLOCK, PAGES, ROOT, run_commands

import habitus
from habitus.cli import app, main
from habitus.serve import metrics
from habitus.serve.app import api

SERVICE = ROOT / "docs" / "guide" / "service.md"
OPERATIONS = ROOT / "docs" / "guide" / "operations.md"
PROGRAMS = ("habitus", "habitus-start")
LOCAL = "http://127.0.0.1:8080"
# Options of curl that the guides use → whether a value follows.
CURL = {"-X": True, "-H": True, "-d": True}


def written(page: Path) -> Iterator[tuple[str, list[str]]]:
    """(language, lines to type) of each block; lines that go on are one, output is left out."""
    for language, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        lines = text.replace("\\\n", " ").splitlines()
        if language == "console":
            lines = [line[2:] for line in lines if line.startswith("$ ")]
        if language in ("console", "sh"):
            yield language, lines


def commands(page: Path) -> list[list[str]]:
    """The words after `habitus` of every such command, whatever comes before: sudo, docker, $(…)."""
    found = []
    for _, lines in written(page):
        for line in lines:
            line = re.sub(r"\$\((habitus [^)]*)\)", r" \1", line).split(" > ")[0].split(" | ")[0]
            words = shlex.split(line, comments=True)
            places = [place for place, word in enumerate(words) if word in PROGRAMS]
            managing = {"useradd", "createuser", "createdb", "install"} & set(words)
            if places and not managing and not {"-m", "--owner"} & set(words[: places[0]]):
                found.append(words[places[0] + 1 :])
    return found


def parse(words: list[str]) -> None:
    """Read a command line as the program would, without doing anything; an error where it is wrong."""
    command: Any = typer.main.get_command(app)
    context = command.context_class(command, info_name="habitus")
    rest = list(words)
    while hasattr(command, "resolve_command") and rest and not rest[0].startswith("-"):
        name, command, rest = command.resolve_command(context, rest)
        context = command.context_class(command, info_name=name, parent=context)
    if not hasattr(command, "resolve_command"):
        command.make_context(context.info_name, rest, parent=context.parent)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_its_options_exist(page: Path) -> None:
    for words in commands(page):
        parse(words)


@pytest.mark.parametrize(
    "wrong",
    [
        "srve store",
        "serve store --prot 80",
        "serve",
        "keys mak store",
        "serve store --workers many",
    ],
)
def test_a_wrong_command_is_found(wrong: str) -> None:
    with pytest.raises(Exception, match=r"(?i)no such|missing|valid integer"):
        parse(shlex.split(wrong))


def test_the_guides_of_the_service_have_commands() -> None:
    assert ["serve", "films"] in commands(SERVICE)
    verbs = {words[0] for words in commands(OPERATIONS)}
    assert verbs >= {"serve", "migrate", "keys", "backup", "restore", "check", "retain", "forget"}


def test_the_calls_of_the_service_guide_are_all_calls() -> None:
    text = SERVICE.read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z]+) (/\S+)` \|", text, re.MULTILINE))
    described = api().openapi()["paths"]
    calls = {
        (method.upper(), address) for address, methods in described.items() for method in methods
    }
    assert listed == calls


def test_the_metrics_of_the_guide_are_all_metrics() -> None:
    rows = re.findall(r"^\| `(habitus_\w+)", OPERATIONS.read_text(encoding="utf-8"), re.MULTILINE)
    families = list(metrics.registry.collect())
    named = {one.name + ("_total" if one.type == "counter" else "") for one in families}
    assert set(rows) == named


@pytest.mark.parametrize("page", [SERVICE, OPERATIONS], ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"\bdeploy/[\w./-]*\w", text))
    named |= set(re.findall(r"`(Dockerfile|compose\.yaml|constraints\.txt)`", text))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def call(line: str, url: str, key: str) -> httpx.Response:
    """Do what a curl line does, against another server."""
    words = shlex.split(line.replace("$KEY", key))[1:]
    options: dict[str, list[str]] = {name: [] for name in CURL}
    addresses = []
    while words:
        word = words.pop(0)
        if word in options:
            options[word].append(words.pop(0))
        else:
            addresses.append(word)
    (address,) = addresses
    assert address.startswith(LOCAL), line
    body = options["-d"][0] if options["-d"] else None
    method = options["-X"][0] if options["-X"] else "GET" if body is None else "POST"
    headers = dict(header.split(": ", 1) for header in options["-H"])
    return httpx.request(
        method, url + address.removeprefix(LOCAL), content=body, headers=headers, timeout=60
    )


def test_every_call_of_the_service_guide_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page from its top, its curl lines too, against the server that its own code starts."""
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {"__name__": "page"}
    waiting: list[str] = []  # calls that stand before the page's own code has started a server
    called = 0
    for language, text in BLOCK.findall(SERVICE.read_text(encoding="utf-8")):
        if language == "python":
            if "server.terminate" in text:
                called += ask(waiting, namespace)
            exec(compile(text, str(SERVICE), "exec"), namespace)
        elif language == "sh":
            run_commands(text)
        elif language == "console":
            lines = text.replace("\\\n", " ").splitlines()
            waiting += [line[2:] for line in lines if line.startswith("$ curl ")]
        if "client" in namespace and namespace["server"].poll() is None:
            called += ask(waiting, namespace)
    assert waiting == []
    assert called >= 10


def ask(lines: list[str], namespace: dict[str, Any]) -> int:
    """Make the calls that wait; how many."""
    count = len(lines)
    while lines:
        line = lines.pop(0)
        response = call(line, namespace["url"], namespace["key"])
        assert response.is_success, (line, response.text)
    return count


@pytest.mark.postgres
def test_a_restored_database_forgets_by_way_of_a_folder(
    postgres: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the guide does with a restored dump and the list of who was forgotten since."""
    live = postgres("live")
    events = [
        {
            "user_id": user,
            "event_type": "view",
            "item_id": item,
            "event_id": user + item,
            "timestamp": 1_750_000_000_000_000,
        }
        for user in ("leaves", "stays")
        for item in "abc"
    ]
    with habitus.open(live) as engine:
        engine.observe(events)

    restored = postgres("restored")  # as a dump of that day would be
    run("migrate", live, restored)
    run("forget", live, "leaves")
    capsys.readouterr()
    run("forget", live, "--list")
    (tmp_path / "forgotten.jsonl").write_text(capsys.readouterr().out, encoding="utf-8")

    way, copy, clean = (tmp_path / name for name in ("on-the-way", "as-restored", "clean"))
    run("migrate", restored, way)
    run("backup", way, copy)
    run("restore", copy, clean, "--forgotten", tmp_path / "forgotten.jsonl")
    again = postgres("clean")
    run("migrate", clean, again)

    with habitus.open(again) as engine:
        assert not engine.user("leaves").known
        assert engine.user("stays").events == 3
        receipt = engine.observe(events)
    assert (receipt.forgotten, receipt.duplicates) == (3, 3)


def run(*words: object) -> None:
    with pytest.raises(SystemExit) as end:
        main([str(word) for word in words])
    assert end.value.code == 0, words
