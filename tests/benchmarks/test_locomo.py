"""The LoCoMo benchmark on a made-up conversation: what counts as evidence, and what is reported."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.locomo import (
    Conversation,
    figures,
    found_share,
    number,
    read,
    tables,
    tune,
    words_alone,
)


@pytest.fixture
def talk(tmp_path: Path) -> Conversation:
    turns = [f"filler number {place}" for place in range(12)]
    record = {
        "conversation": {
            "speaker_a": "Ada",
            "session_1_date_time": "1:56 pm on 8 May, 2023",
            "session_1": [
                {"speaker": "Ada", "dia_id": "D1:1", "text": "I keep bees"},
                {"speaker": "Bo", "dia_id": "D1:2", "text": "Look", "blip_caption": "a red kayak"},
            ],
            "session_2_date_time": "9:00 am on 9 May, 2023",
            "session_2": [
                {"speaker": "Bo", "dia_id": f"D2:{place}", "text": text}
                for place, text in enumerate(turns)
            ],
        },
        "qa": [
            {"question": "Who keeps bees?", "evidence": ["D1:1"], "category": 4},
            {"question": "What of the kayak?", "evidence": ["D:1:2; D9:9"], "category": 1},
            {"question": "What is not there?", "evidence": ["D1:1"], "category": 5},
            {"question": "Without evidence?", "evidence": [], "category": 3},
        ],
    }
    path = tmp_path / "Chat_1_Ada_Bo.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    return read(path, None)


def test_categories_one_to_four_with_evidence_count_and_captions_are_read(
    talk: Conversation,
) -> None:
    assert talk.questions == ["Who keeps bees?", "What of the kayak?"]
    assert talk.evidence == [["D1:1"], ["D1:2", "D9:9"]]
    assert talk.turns[1].text == "Look a red kayak"
    assert talk.now == talk.turns[-1].time > talk.turns[0].time
    assert number(Path("Chat_7_A_B.json")) == 7


def test_a_turn_that_does_not_exist_counts_as_not_found(talk: Conversation) -> None:
    assert found_share(talk, words_alone) == [1, 0.5]
    nothing = found_share(talk, lambda of, place: np.arange(len(of.turns), dtype=np.float64))
    assert nothing == [0, 0]


def test_means_are_over_questions_of_the_tuned_of_the_others_and_of_all(talk: Conversation) -> None:
    other = replace(talk, number=2)
    values = {1: [1.0, 0.0], 2: [1.0]}
    found = tables([talk, other], lambda each: values[each.number])
    assert found == {"tuned": 0.5, "others": 1.0, "all": 0.6667, "questions": 3}


def test_fitted_weights_favour_what_the_evidence_has(talk: Conversation) -> None:
    weights = tune([talk])
    assert weights["around"] + weights["best"] > 0


def test_the_record_has_every_figure(talk: Conversation) -> None:
    found = figures([talk, replace(talk, number=2)])
    assert found["evidence_found"]["all"] == 0.75
    assert found["evidence_session_first"]["all"] == 1
    assert {"bm25_alone", "write", "recall", "turns"} <= set(found)
