"""The demo on a small made-up shop: every section, and answers that change with one more event."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import habitus
from habitus.cli.demo import tell, what_next
from habitus.cli.demo_data import load_films, open_shop
from habitus.cli.demo_users import choose_users, popular, suppose, title_of
from habitus.engine import Engine
from habitus.testing.shop import shop
from habitus.types import HabitusError


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_shop(tmp_path / "shop", shop(users=80, seed=5, films=200)) as opened:
        yield opened


def test_the_whole_story(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    before = engine.store.fingerprint()
    tell(engine, minutes=0.02, seed=0, threads=1)
    what_next(engine)
    lines = capsys.readouterr().out.splitlines()
    text = "\n".join(lines)
    commands = [line for line in lines if str(engine.store.folder) in line]
    assert len(commands) == 5
    assert max(len(line) for line in lines if line not in commands) <= 100
    for said in ("80 users", "HR@10", "popularity", "Model default", "Suppose", "habitus train"):
        assert said in text
    assert text.count("recommended before") == 3
    assert engine.store.fingerprint() == before  # the supposed events are gone again


def test_a_supposed_event_is_never_recommended_after(engine: Engine) -> None:
    user = choose_users(engine.store, 1)[0]
    supposed = suppose(engine, user, 5)
    assert len(supposed.before) == len(supposed.after) == 5
    assert supposed.event not in [line.removeprefix("+ ") for line in supposed.after]
    assert not engine.delete(f"demo-{user}")


def test_users_of_a_middling_history_are_chosen(engine: Engine) -> None:
    chosen = choose_users(engine.store, 3)
    assert len(set(chosen)) == 3
    assert all(len(engine.history(user)) >= 20 for user in chosen)


def test_popular_leaves_out_what_the_user_had(engine: Engine) -> None:
    past = engine.history("visitor-0001")
    found = popular(engine.store, past)
    assert found
    assert not set(found) & {event.item_id for event in past}


def test_titles_are_one_line_that_fits() -> None:
    assert title_of("A title\nand a plot") == "A title"
    assert title_of("A title: the end (1999): a plot") == "A title: the end (1999)"
    assert title_of("x" * 60) == "x" * 43 + "…"


def test_without_data_the_reason_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise HabitusError(
            "The archive could not be downloaded: no route.", "Check the connection."
        )

    monkeypatch.setattr("habitus.cli.demo_data.load_dataset", unreachable)
    with habitus.open(tmp_path / "films") as engine:
        assert not load_films(engine)
    said = capsys.readouterr().out
    assert "no route" in said
    assert "made-up film shop" in said
