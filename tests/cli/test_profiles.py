"""Profile, evidence and edit: pages, JSON, refusals in plain words."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import habitus
from habitus.cli import profiles
from habitus.cli.profiles import chosen
from habitus.testing.worlds import shop
from habitus.types import DAY, EventType, HabitusError, Kind, Origin, Proposition, Role, Stance

Run = Callable[..., Any]

MARCH = 20_150 * DAY  # 2025-03-03
SAID = (
    "I love jazz.",
    "I have a dog and I can't stand horror films.",
    "I am allergic to peanuts.",
    "I moved on from jazz.",
)
WATCHED = 5
VIEWER = "visitor-0003"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop in which Ada says something on each of four days of March 2025, and then watches."""
    folder = tmp_path_factory.mktemp("shop") / "store"
    world = shop(users=60, seed=3)
    with habitus.open(folder) as engine:
        engine.set_event_types([EventType("said", Role.UTTERANCE, 0.0)])
        engine.put_items(world.items)
        engine.observe(world.events)
        engine.observe(
            [
                {
                    "user_id": "ada",
                    "event_type": "said",
                    "text": text,
                    "event_id": f"said-{place}",
                    "timestamp": MARCH + place * DAY,
                }
                for place, text in enumerate(SAID)
            ]
        )
        crime = [item.item_id for item in world.items if "crime" in item.attributes["genre"]]
        engine.observe(
            [
                {
                    "user_id": "ada",
                    "event_type": "watched",
                    "item_id": crime[place],
                    "timestamp": MARCH + (10 + place) * DAY,
                }
                for place in range(WATCHED)
            ]
        )
        engine.learn_everybody()
    return folder


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    """A copy of that shop, to be written to."""
    return Path(shutil.copytree(made, tmp_path / "store"))


def read(run: Run, store: Path, user: str, *words: object) -> dict[str, Any]:
    ran = run("profile", store, user, "--json", *words)
    assert ran.status == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def named(found: dict[str, Any], words: str) -> dict[str, Any]:
    (one,) = [each for each in found["propositions"] if words in each["sentence"]]
    return dict(one)


def test_a_page_has_a_summary_and_sections(run: Run, store: Path) -> None:
    ran = run("profile", store, "ada")
    assert ran.status == 0, ran.err
    assert "9 events between 3 March 2025 and 17 March 2025; nothing in the" in ran.out
    assert "Says of themselves" in ran.out
    assert "Dislikes horror films." in ran.out
    assert "Likes jazz." not in ran.out
    assert "1 thing held once: --past" in ran.out
    assert all(len(line) <= 100 for line in ran.out.splitlines())


def test_past_things_come_with_their_dates(run: Run, store: Path) -> None:
    ran = run("profile", store, "ada", "--past")
    _, past = ran.out.split("In the past")
    assert "Likes jazz. [3 March 2025 – 6 March 2025]" in " ".join(past.split())
    assert read(run, store, "ada")["past"] == []
    assert len(read(run, store, "ada", "--past")["past"]) == 1


def test_as_of_asks_about_an_earlier_moment(run: Run, store: Path) -> None:
    ran = run("profile", store, "ada", "--as-of", "2025-03-03T12:00")
    assert ran.out.splitlines()[1] == "User ada on 3 March 2025"
    assert "1 event on 3 March 2025." in ran.out
    assert "Likes jazz." in ran.out
    assert "dog" not in ran.out


def test_known_at_counts_only_what_was_recorded(run: Run, store: Path) -> None:
    found = read(run, store, "ada", "--known-at", "2025-03-10")
    assert (found["events"], found["propositions"]) == (0, [])
    ran = run("profile", store, "ada", "--known-at", "2025-03-10")
    assert ran.status == 0
    assert "Nothing is known of this user." in ran.out


def test_a_time_that_is_none_names_its_option(run: Run, store: Path) -> None:
    ran = run("profile", store, "ada", "--as-of", "soon")
    assert (ran.status, ran.err.split(" is no time")[0]) == (1, "--as-of 'soon'")


def test_a_stranger_is_an_empty_page(run: Run, store: Path) -> None:
    ran = run("profile", store, "nobody")
    assert (ran.status, ran.err) == (0, "")
    assert "Nothing is known of this user." in ran.out


def test_behaviour_is_shown_with_counts_and_short_ids(run: Run, store: Path) -> None:
    found = read(run, store, VIEWER)
    assert found["propositions"]
    page = run("profile", store, VIEWER, "--all").out
    for one in found["propositions"]:
        assert one["proposition_id"][:8] in page
        assert f"+{len(one['events_for'])}" in page


def test_a_section_is_cut_and_says_so(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("habitus.cli.profile_page.LINES", 1)
    every = read(run, store, "ada")["propositions"]
    left = len([one for one in every if one["origin"] == "stated"]) - 1
    assert left > 0
    assert f"and {left} more: --all" in run("profile", store, "ada").out
    assert "more: --all" not in run("profile", store, "ada", "--all").out


def test_sensitive_matters_need_the_policy_and_the_option(run: Run, store: Path) -> None:
    assert "peanut" not in run("profile", store, "ada", "--sensitive").out
    assert run("policy", store, "--allow-stated-sensitive").status == 0
    assert "peanut" not in run("profile", store, "ada").out
    page = run("profile", store, "ada", "--sensitive").out
    assert "Is allergic to peanuts. [health]" in page
    assert page.split("Never to be shown")[1].split()[1] == "peanut"
    assert read(run, store, "ada", "--sensitive")["constraints"][0]["foods"] == ["peanut"]
    for command, *more in (("evidence",), ("edit", "delete")):
        ran = run(command, store, "ada", "allergic", *more)
        assert (ran.status, "peanut" in ran.err + ran.out) == (1, False)
        assert run(command, store, "ada", "allergic", *more, "--sensitive").status == 0
    assert "allergic" not in run("profile", store, "ada", "--sensitive").out


def test_a_profile_needs_a_user_unless_all_are_learned_of(run: Run, store: Path) -> None:
    assert "whose" in run("profile", store).err
    with habitus.open(store, create=False) as engine:
        engine.store.values.put("everybody", "of another version")
    ran = run("profile", store, "--learn")
    assert ran.status == 0, ran.err
    assert "fitted anew" in ran.out
    assert read(run, store, VIEWER)["propositions"]


def test_what_was_never_fitted_is_fitted_first(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted = read(run, store, VIEWER)
    with habitus.open(store, create=False) as engine:
        engine.store.values.put("everybody", "null")
    monkeypatch.setattr("habitus.profile.everybody.SMALL", 0)
    ran = run("profile", store, VIEWER, "--json")
    assert "fitted" in ran.err
    assert [each["sentence"] for each in json.loads(ran.out)["propositions"]][:3] == [
        each["sentence"] for each in fitted["propositions"]
    ][:3]


def test_evidence_shows_the_words_with_their_day(run: Run, store: Path) -> None:
    ran = run("evidence", store, "ada", "horror")
    assert ran.status == 0, ran.err
    assert "2025-03-04 00:00  said" in ran.out
    assert f"“{SAID[1]}”" in ran.out
    assert "For: 1 event" in ran.out
    assert "In the user's words: horror films" in ran.out


def test_evidence_of_behaviour_has_titles_and_both_sides(run: Run, store: Path) -> None:
    found = read(run, store, VIEWER)["propositions"]
    one = next(each for each in found if each["events_against"])
    ran = run("evidence", store, VIEWER, one["proposition_id"][:8], "--json")
    shown = json.loads(ran.out)
    assert shown["proposition"] == one
    assert [each["event_id"] for each in shown["for"]] == one["events_for"]
    assert [each["event_id"] for each in shown["against"]] == one["events_against"]
    page = run("evidence", store, VIEWER, one["proposition_id"][:8]).out
    assert f"Against: {len(one['events_against'])} event" in page
    with habitus.open(store, create=False) as engine:
        catalogue = engine.store.catalogue()
    title = catalogue.text[catalogue.rows[shown["for"][-1]["item_id"]]].partition(" (")[0]
    assert title in page


def test_a_long_evidence_is_cut_and_says_so(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = read(run, store, VIEWER)["propositions"]
    one = max(found, key=lambda each: len(each["events_for"]))
    left = len(one["events_for"]) - 2
    assert left > 0
    monkeypatch.setattr(profiles, "SHOWN", 2)
    cut = run("evidence", store, VIEWER, one["proposition_id"]).out
    assert f"and {left} earlier ones: --all" in cut
    assert "--all" not in run("evidence", store, VIEWER, one["proposition_id"], "--all").out


@pytest.mark.parametrize(
    ("which", "said"),
    [("ffffffffff", "nothing whose id begins with"), ("s", "may mean"), (" ", "No proposition")],
)
def test_an_id_that_names_none_or_several_is_refused(
    run: Run, store: Path, which: str, said: str
) -> None:
    ran = run("evidence", store, "ada", which)
    assert ran.status == 1
    assert said in ran.err


def known(name: str, sentence: str) -> Proposition:
    return Proposition(
        name, "ada", Kind.FACT, "is", "x", Stance.FOR, 0.9, ("e",), sentence, Origin.STATED
    )


def test_the_beginning_of_an_id_comes_before_words() -> None:
    first, second = known("dead01", "Has a dog."), known("dead02", "Is dead tired.")
    assert chosen([first, second], "dead02") == second
    assert chosen([first, second], "TIRED") == second
    with pytest.raises(HabitusError, match="2 propositions"):
        chosen([first, second], "dead")
    now, once = known("beef", "No longer likes jazz."), known("beef", "Likes jazz.")
    assert chosen([now, once], "jazz") == now


def test_rejecting_takes_away_and_pinning_puts_first(run: Run, store: Path) -> None:
    before = read(run, store, "ada")
    dog, horror = named(before, "dog"), named(before, "horror")
    ran = run("edit", store, "ada", dog["proposition_id"][:8], "reject")
    assert ran.status == 0, ran.err
    assert "Rejected" in ran.out
    assert "Has a dog." in ran.out
    assert "own words" in ran.out
    last = before["propositions"][-1]
    other = last if last != dog else horror
    assert run("edit", store, "ada", other["proposition_id"], "pin").status == 0
    after = read(run, store, "ada")
    assert "dog" not in str(after["propositions"])
    assert after["propositions"][0]["proposition_id"] == other["proposition_id"]
    page = run("profile", store, "ada").out
    assert "pinned" in page
    assert "9 events between 3 March 2025 and 17 March 2025" in page  # edits are not among them
    assert run("edit", store, "ada", other["proposition_id"], "unpin").status == 0
    assert "pinned" not in run("profile", store, "ada").out


def test_a_correction_says_what_holds_now(run: Run, store: Path) -> None:
    ran = run("edit", store, "ada", "horror", "correct", "--value", "slasher films")
    assert ran.status == 0, ran.err
    assert "Corrected: Dislikes horror films." in ran.out
    after = named(read(run, store, "ada"), "slasher films")
    assert after["origin"] == "edited"
    assert f"Now: {after['sentence']}" in ran.out


def test_deleting_as_json(run: Run, store: Path) -> None:
    dog = named(read(run, store, "ada"), "dog")
    ran = run("edit", store, "ada", "dog", "delete", "--json")
    done = {"action": "delete", "proposition_id": dog["proposition_id"], "now": None}
    assert json.loads(ran.out) == done


def test_a_value_belongs_to_a_correction(run: Run, store: Path) -> None:
    ran = run("edit", store, "ada", "dog", "reject", "--value", "a cat")
    assert ran.status == 1
    assert "correction" in ran.err
    assert run("edit", store, "ada", "dog", "praise").status == 2
