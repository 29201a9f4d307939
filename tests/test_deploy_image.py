"""The steps of the Dockerfile run as a script in a fresh environment, without Docker, but for those
that download or need the rights of an image's root; what they make is started as a container is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest
from tests.serve.servers import PATIENCE, until
from tests.test_deploy import DEPLOY, ROOT, compose, last, steps

from habitus.testing.postgres import Server

KEY = "hk_" + "k" * 43
pytestmark = pytest.mark.skipif(os.name != "posix", reason="the files are for Linux")

# Steps that are not run: what they download is in the environment of the tests already, or they
# need the rights that only the root of an image has.
NOT_RUN = ("pip install -c constraints.txt", "useradd ")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Dockerfile's steps, run in a folder that stands for the image's root."""
    if find_spec("hatchling") is None:
        pytest.skip("hatchling, which builds the package, is not installed: pip install hatchling")
    root = tmp_path_factory.mktemp("image")
    build = root / "build"
    build.mkdir()
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for step in steps():
        if step.word == "COPY" and step.stage == 0:
            *names, target = step.rest.split()
            copy(names, build / target)
        if step.word == "RUN" and not any(part in step.rest for part in NOT_RUN):
            script = step.rest.replace("/opt/", f"{root}/opt/")
            done = subprocess.run(
                ["sh", "-euc", script], cwd=build, env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    lend_libraries(root / "opt" / "habitus")
    start = next(step.rest.split() for step in steps() if "start.sh" in step.rest)
    place = root / start[1].lstrip("/")
    place.parent.mkdir(parents=True)
    shutil.copy(ROOT / start[0], place)
    return root


def copy(names: list[str], target: Path) -> None:
    for name in names:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, target, ignore=ignored, dirs_exist_ok=True)
        else:
            shutil.copy(source, target)


def lend_libraries(fresh: Path) -> None:
    """Let a fresh environment find the libraries of this one, behind its own."""
    (site,) = fresh.glob("lib/python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")


def image_environment(image: Path, **more: str) -> dict[str, str]:
    """The image's environment, without what would lead to this working tree."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    path = f"{image}/opt/habitus/bin:{image}/usr/local/bin:/usr/bin:/bin"
    return own | {"PATH": path, "HABITUS_MODELS": str(image / "models")} | more


def test_the_requirements_are_those_of_the_package(image: Path) -> None:
    asked = (image / "build" / "requirements.txt").read_text(encoding="utf-8").split()
    assert any(line.startswith("fastapi>=") for line in asked)
    assert any(line.startswith("psycopg[binary]>=") for line in asked)
    assert not any("pytest" in line for line in asked)


def test_the_steps_make_a_server_that_answers(image: Path) -> None:
    """The entry point with the image's own command, as a container of it would run."""
    data = image / "data"
    data.mkdir(exist_ok=True)
    environment = image_environment(image)
    (entry,) = json.loads(last("ENTRYPOINT"))
    where = subprocess.run(
        ["python", "-c", "import habitus; print(habitus.__file__)"],
        env=environment, cwd=image, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.startswith(str(image)), "the environment of the tests answered"
    (image / "admin_key").write_text(KEY + "\n", encoding="utf-8")

    words = [word.replace("/data", str(data)) for word in json.loads(last("CMD"))]
    refused = subprocess.run(
        [entry, *words], env=environment, cwd=image, capture_output=True, text=True
    )
    assert refused.returncode == 1
    assert "habitus keys make" in refused.stderr  # it listens to everybody, and there is no key

    words[words.index("--port") + 1] = "0"
    words += ["--admin-key-file", str(image / "admin_key")]
    with started([entry, *words], environment, image) as url:
        check_server(url)
        check_health(environment, url)


class started:  # noqa: N801  reads as what it does
    """A server as a process; its loopback address. SIGTERM ends it with 0."""

    def __init__(self, words: list[str], environment: dict[str, str], folder: Path) -> None:
        self._log = folder / "log"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                words, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True
            )

    def __enter__(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if "listens on" not in line:
            self._process.kill()
            raise AssertionError(self._log.read_text(encoding="utf-8"))
        return f"http://127.0.0.1:{line.rpartition(':')[2].strip()}"

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        status = self._process.wait(PATIENCE)
        assert self._process.stdout is not None
        self._process.stdout.close()
        assert status == 0


def check_server(url: str) -> None:
    """A new store answers /healthz, and after its first event /readyz."""
    with httpx.Client(base_url=url, timeout=PATIENCE) as client:
        assert client.get("/healthz").json() == {"ready": True, "reason": ""}
        assert client.get("/readyz").status_code == 503
        event = {"user_id": "ada", "event_type": "view", "item_id": "a"}
        assert client.post("/v1/events", json=event).status_code == 401
        client.headers["Authorization"] = f"Bearer {KEY}"
        assert client.post("/v1/events", json=event).json()["accepted"] == 1
        until(lambda: client.get("/readyz").status_code == 200, "the server is ready")


def check_health(environment: dict[str, str], url: str) -> None:
    """The image's health check, on the port that is free here; it must fail where nobody listens."""
    words = json.loads(last("HEALTHCHECK").partition("CMD ")[2])
    here = [word.replace(f"http://127.0.0.1:{last('EXPOSE')}", url) for word in words]
    assert here != words
    away = [word.replace(f"127.0.0.1:{last('EXPOSE')}", "127.0.0.1:1") for word in words]
    codes = [
        subprocess.run(each, env=environment, capture_output=True, check=False).returncode
        for each in (here, away)
    ]
    assert codes == [0, 1]


@pytest.mark.postgres
def test_the_password_comes_from_its_file(image: Path, postgres_server: Server) -> None:
    """The start of a container, with a database that wants a password."""
    (image / "password").write_text("p@ss\n", encoding="utf-8")
    (image / "admin_key").write_text(KEY + "\n", encoding="utf-8")
    postgres_server.execute("CREATE SCHEMA deploy")
    place = f"127.0.0.1:{postgres_server.port}/postgres?options=-csearch_path%3Ddeploy"
    command = compose()["services"]["server-1"]["command"]
    words = [
        word.replace("db:5432/habitus", place)
        .replace("/run/secrets", str(image))
        .replace(f"--port={last('EXPOSE')}", "--port=0")
        for word in command
    ]
    environment = image_environment(image, PGPASSWORD_FILE=str(image / "password"))
    with started(["habitus-start", *words], environment, image) as url:
        check_server(url)


def test_backups_are_kept_so_many(image: Path, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    for name in ("2025-01-01T030000Z", "2025-01-02T030000Z", "by-hand"):
        (backups / name).mkdir(parents=True)
        (backups / name / "backup.json").write_text("{}", encoding="utf-8")
    environment = image_environment(image)
    store = tmp_path / "store"
    for words in (
        ["habitus", "keys", "make", str(store)],
        ["sh", str(DEPLOY / "backup.sh"), str(store), str(backups), "2"],
    ):
        subprocess.run(words, env=environment, cwd=tmp_path, check=True, capture_output=True)
    left = sorted(path.name for path in backups.iterdir())
    assert left[0] == "2025-01-02T030000Z"
    assert len(left) == 3
    assert left[2] == "by-hand"
