"""The files under which a server runs agree with each other and with the program.

No Docker is at hand: see test_deploy_image.py for what runs of the Dockerfile.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.test_guides_commands import parse

from habitus.events.database import shown
from habitus.serve import metrics
from habitus.serve.app import api
from habitus.serve.starting import secret_of

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
SYSTEMD = DEPLOY / "systemd"
pytestmark = pytest.mark.skipif(os.name != "posix", reason="the files are for Linux")


@dataclass(frozen=True)
class Step:
    """One instruction of the Dockerfile, and its stage."""

    word: str
    rest: str
    stage: int


def steps() -> list[Step]:
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.M)
    found: list[Step] = []
    stage = -1
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip():
            word, _, rest = line.partition(" ")
            stage += word == "FROM"
            found.append(Step(word, rest, stage))
    return found


def last(word: str) -> str:
    """The instruction of that name that counts."""
    return next(step.rest for step in reversed(steps()) if step.word == word)


def option(words: list[str], name: str) -> str:
    """The value of `--name value` or `--name=value`."""
    joined = [word for word in words if word.startswith(f"--{name}=")]
    return joined[0].partition("=")[2] if joined else words[words.index(f"--{name}") + 1]


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return found


def unit(name: str) -> dict[str, list[str]]:
    """Every setting of a unit file, sections joined."""
    found: dict[str, list[str]] = {}
    for line in (SYSTEMD / name).read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#[":
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


# --- Dockerfile ------------------------------------------------------------------------------


def test_what_is_copied_exists_and_is_not_ignored() -> None:
    rules = [
        line
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert rules[0] == "*"
    admitted = [rule[1:] for rule in rules if rule.startswith("!")]
    copied = [
        name
        for step in steps()
        if step.word == "COPY" and not step.rest.startswith("--from")
        for name in step.rest.split()[:-1]
    ]
    assert copied
    for name in copied:
        assert (ROOT / name).exists(), name
        assert name.removeprefix("./") in admitted, name
    assert sorted(copied) == sorted(admitted)
    assert not any(fnmatch("deploy/secrets/admin_key", rule) for rule in admitted)


def test_torch_is_the_pinned_one_for_the_cpu() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pin = re.search(r"^torch==(\S+)$", pins, re.MULTILINE)
    assert pin
    torch = next(step.rest for step in steps() if step.rest.endswith(" torch"))
    words = torch.split()
    assert words[words.index("-c") + 1] == "constraints.txt"
    assert option(words, "extra-index-url") == "https://download.pytorch.org/whl/cpu"
    assert f"{pin[1]}+cpu" in (ROOT / "Dockerfile").read_text(encoding="utf-8")  # the comment


def test_the_image_runs_without_rights_and_its_ports_agree() -> None:
    assert last("USER") == "10001:10001"
    user = next(step.rest for step in steps() if step.rest.startswith("useradd "))
    assert option(shlex.split(user), "uid") == "10001"
    words = json.loads(last("CMD"))
    parse(words)
    assert option(words, "port") == last("EXPOSE")
    assert f"http://127.0.0.1:{last('EXPOSE')}/healthz" in last("HEALTHCHECK")
    stores = json.loads(last("VOLUME"))
    assert Path(words[1]).parent.as_posix() in stores
    assert "HABITUS_MODELS=/models" in last("ENV").split()


# --- compose.yaml ----------------------------------------------------------------------------


def test_compose_names_what_there_is() -> None:
    found = compose()
    for server in ("server-1", "server-2"):
        made = found["services"][server]
        parse(made["command"])
        port = option(made["command"], "port")
        assert port == last("EXPOSE")
        for secret in made["secrets"]:
            assert secret in found["secrets"]
        assert option(made["command"], "admin-key-file") == "/run/secrets/admin_key"
        assert made["environment"]["PGPASSWORD_FILE"] == "/run/secrets/postgres_password"
        assert f"{server}:{port}" in found["services"]["proxy"]["environment"]["HABITUS_SERVERS"]
        assert made["environment"]["HABITUS_MODELS"] in [
            volume.partition(":")[2] for volume in made["volumes"]
        ]
    for name, service in found["services"].items():
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in found["volumes"] or (ROOT / source).is_file(), name
        assert set(service.get("depends_on", ())) <= set(found["services"])
        assert set(service.get("networks", ())) <= set(found["networks"])


def test_compose_says_one_database_and_no_password() -> None:
    found = compose()
    url = found["services"]["server-1"]["command"][1]
    base = found["services"]["db"]["environment"]
    assert (
        shown(url) == url == f"postgresql://{base['POSTGRES_USER']}@db:5432/{base['POSTGRES_DB']}"
    )
    assert [name for name, one in found["services"].items() if "ports" in one] == ["proxy"]
    assert found["networks"]["inside"]["internal"] is True
    assert found["services"]["server-1"]["networks"] == ["inside"]
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert not re.search(r"^\s+\w*PASSWORD:", text, re.MULTILINE)


def test_secrets_are_made_once_and_are_keys(tmp_path: Path) -> None:
    shutil.copy(DEPLOY / "make-secrets.sh", tmp_path)
    script = ["sh", str(tmp_path / "make-secrets.sh")]
    subprocess.run(script, check=True)
    folder = tmp_path / "secrets"
    named = [Path(one["file"]).name for one in compose()["secrets"].values()]
    assert sorted(path.name for path in folder.iterdir()) == sorted(named)
    first = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert len(secret_of(folder / "admin_key")) == len("hk_") + 64
    assert first["postgres_password"] != first["admin_key"].removeprefix("hk_")
    assert folder.stat().st_mode & 0o077 == 0
    subprocess.run(script, check=True)
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == first


# --- the proxy -------------------------------------------------------------------------------


def test_the_proxy_knows_the_addresses_of_the_program() -> None:
    text = (DEPLOY / "caddy" / "Caddyfile").read_text(encoding="utf-8")
    assert text.count("{\n") == text.count("}\n")
    described = api().openapi()["paths"]
    named = re.findall(r"^\s+@\w+ path (.+)$", text, re.MULTILINE)
    for address in " ".join(named).split() + re.findall(r"health_uri (\S+)", text):
        assert any(fnmatch(each, address) for each in described), address
    for address in described:
        if address.startswith("/v1/models"):
            assert any(fnmatch(address, each) for each in ["/v1/models", "/v1/models/*"])
    used = set(re.findall(r"\{\$(\w+)\}", text))
    assert used == set(compose()["services"]["proxy"]["environment"])


@pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy is not here")
def test_caddy_reads_its_file() -> None:
    names = compose()["services"]["proxy"]["environment"]
    done = subprocess.run(
        ["caddy", "adapt", "--adapter=caddyfile", "--config", str(DEPLOY / "caddy" / "Caddyfile")],
        env=os.environ | names | {"HABITUS_DOMAIN": "localhost"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    site = json.loads(done.stdout)["apps"]["http"]["servers"]["srv0"]["routes"]
    text = json.dumps(site)
    assert text.index('"/metrics"') < text.index(
        '"reverse_proxy"'
    )  # refused before it is passed on


# --- systemd ---------------------------------------------------------------------------------


def expanded(command: str, settings: dict[str, list[str]]) -> list[str]:
    """A command as systemd would run it."""
    values = {"CREDENTIALS_DIRECTORY": "/run/credentials/habitus.service"}
    for line in settings["Environment"]:
        values |= dict(word.split("=", 1) for word in line.split())
    return shlex.split(re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], command))


def test_the_units_run_commands_that_exist() -> None:
    settings = unit("habitus.service")
    program, *words = expanded(settings["ExecStart"][0], settings)
    assert program == "/opt/habitus/bin/habitus-start"
    parse(words)
    assert option(words, "host") == "127.0.0.1"
    credential = settings["LoadCredential"][0].partition(":")[0]
    assert Path(option(words, "admin-key-file")).name == credential
    assert words[1].startswith("/var/lib/" + settings["StateDirectory"][0])

    nightly = unit("habitus-nightly.service")
    retain, backup = (expanded(line, nightly) for line in nightly["ExecStart"])
    parse(retain[1:])
    assert (retain[0], backup[0]) == ("/opt/habitus/bin/habitus", "/opt/habitus/bin/habitus-backup")
    assert retain[2] == backup[1] == words[1]
    assert backup[2].removeprefix("/var/lib/") in nightly["StateDirectory"][0].split()


def test_the_addition_for_postgres_gives_the_password_by_its_file() -> None:
    settings = unit("postgres.conf")
    name = settings["LoadCredential"][0].partition(":")[0]
    assert settings["Environment"] == [f"PGPASSWORD_FILE=%d/{name}"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_finds_nothing_but_the_missing_programs() -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(SYSTEMD.glob("*.service")))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if "habitus" in line]
    assert [line for line in said if "is not executable" not in line] == []


# --- Prometheus ------------------------------------------------------------------------------


def test_alerts_name_metrics_that_there_are() -> None:
    folder = DEPLOY / "prometheus"
    scraping = yaml.safe_load((folder / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = scraping["scrape_configs"]
    assert job["metrics_path"] in api().openapi()["paths"]
    assert [(folder / name).is_file() for name in scraping["rule_files"]] == [True]
    rules = yaml.safe_load((folder / "alerts.yml").read_text(encoding="utf-8"))
    expressions = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    known = set(samples())
    for expression in expressions:
        for name, labels in re.findall(r"\b(habitus_\w+)(?:\{([^}]*)\})?", expression):
            assert name in known, name
            used = set(re.findall(r"(\w+)=~?\"|(\w+)!=", labels))
            assert {one or other for one, other in used} <= labels_of(name), expression


def samples() -> Iterator[str]:
    """The names under which Prometheus sees the metrics."""
    endings = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
    for family in metrics.registry.collect():
        for ending in endings[family.type]:
            yield family.name + ending


def labels_of(name: str) -> set[str]:
    every = (metrics.requests, metrics.seconds, metrics.events, metrics.slates, metrics.waiting)
    return {label for one in every if name.startswith(one._name) for label in one._labelnames}
