"""What the extraction benchmark counts, on made-up texts; and its figures where the data is there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from benchmarks import extraction
from habitus.profile.stated import claims
from habitus.types import Stance


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("I prefer plums over pears.", Stance.FOR),
        ("I prefer not to eat plums.", Stance.AGAINST),
        ("I avoid plums and prefer pears.", Stance.AGAINST),
        ("I love pears but hate plums.", Stance.FOR),
        ("I do not enjoy plums.", Stance.AGAINST),
    ],
)
def test_polarity_is_that_of_the_first_cue(text: str, stance: Stance) -> None:
    told = extraction.polarity(text)
    assert told is not None
    assert told[0] is stance


def test_no_cue_no_polarity() -> None:
    assert extraction.polarity("Plums grow here.") is None


def test_what_is_over_holds_the_other_way_round() -> None:
    assert extraction.holding(claims("I used to love plums.")[0]) is Stance.AGAINST
    assert extraction.holding(claims("I love plums.")[0]) is Stance.FOR


def test_locomo_counts(tmp_path: Path) -> None:
    """One right claim, one of the wrong stance, one lenient, one missed statement: 1/2 and 1/2."""
    texts = ["I love plums.", "I hate pears. I love figs.", "Hello there."]
    turns = [{"dia_id": f"D1:{n}", "text": text} for n, text in enumerate(texts)]
    (tmp_path / "locomo").mkdir()
    talk = {"conversation": {"session_1": turns, "session_1_date_time": "now"}}
    (tmp_path / "locomo" / "Talk.json").write_text(json.dumps(talk))

    def label(start: int, end: int, stance: str, lenient: bool) -> dict[str, object]:
        return {
            "kind": "preference",
            "stance": stance,
            "start": start,
            "end": end,
            "lenient": lenient,
        }

    said = [
        [label(7, 12, "for", False)],
        [label(7, 12, "for", False), label(21, 25, "for", True)],
        [],
    ]
    labelled = [
        {"conversation": "Talk", "dia_id": f"D1:{n}", "statements": each}
        for n, each in enumerate(said)
    ]
    found = extraction.locomo(tmp_path, labelled)
    assert (found["claims"], found["lenient"]) == (3, 1)
    assert found["precision"] == found["recall"] == 0.5
    assert found["kind_agreement"] == 1.0


@pytest.mark.realdata
def test_figures() -> None:
    data = Path(os.environ["HABITUS_DATA"])
    preferences = extraction.prefeval(data)[0]
    assert preferences["all"] >= 0.85
    assert preferences["held_out"] >= 0.85
    assert preferences["rule_agrees_with_hand"] >= 0.95
    systems = extraction.multiwoz(data)[0]
    assert systems["all"] <= 0.02
    assert systems["held_out"] <= 0.02
