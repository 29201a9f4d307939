"""The environment is reused when finished, rebuilt when half made, refused with the mend."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_venv", ROOT / "tools" / "make_venv.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make_venv = load()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in make_venv.MADE_FROM:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    return tmp_path


def put_stamp(project: Path, torch: str) -> None:
    (project / ".venv" / "habitus-stamp").write_text(make_venv.stamp(project, torch))


def test_half_made_is_not_finished(project: Path) -> None:
    assert not make_venv.finished(project, None)


def test_a_finished_one_is_reused(project: Path) -> None:
    put_stamp(project, "cpu")
    assert make_venv.finished(project, None)
    assert make_venv.finished(project, "cpu")


def test_another_kind_of_torch_is_another_environment(project: Path) -> None:
    put_stamp(project, "cuda")
    assert make_venv.finished(project, None)
    assert not make_venv.finished(project, "cpu")


@pytest.mark.parametrize("name", make_venv.MADE_FROM)
def test_a_change_of_what_it_is_made_from_rebuilds(project: Path, name: str) -> None:
    put_stamp(project, "cpu")
    (project / name).write_text("changed")
    assert not make_venv.finished(project, None)


def test_a_vanished_python_rebuilds(project: Path) -> None:
    put_stamp(project, "cpu")
    (project / ".venv" / "bin" / "python").unlink()
    assert not make_venv.finished(project, None)


def test_a_broken_off_rebuild_is_not_finished(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    put_stamp(project, "cuda")
    monkeypatch.setattr(make_venv.subprocess, "run", break_off)
    with pytest.raises(KeyboardInterrupt):
        make_venv.build(project, "cuda")
    assert not make_venv.finished(project, None)


def test_an_old_python_is_refused_with_the_mend() -> None:
    make_venv.check_python(sys.version_info)
    with pytest.raises(make_venv.CannotBuild, match=r"this is 3\.10") as refusal:
        make_venv.check_python((3, 10, 4))
    assert "make PYTHON=" in str(refusal.value)


def test_a_python_without_venv_is_refused_with_the_mend() -> None:
    with pytest.raises(make_venv.CannotBuild, match=r"apt install python3\.\d+-venv"):
        make_venv.check_venv(lambda name: None if name == "ensurepip" else object())


def test_too_little_disk_is_refused() -> None:
    make_venv.check_disk(3_000_000_000, "cpu")
    with pytest.raises(make_venv.CannotBuild, match=r"needs 3 GB .* only 2\.9 GB"):
        make_venv.check_disk(2_900_000_000, "cpu")
