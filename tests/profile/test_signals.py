"""How a query is read, and what speaks for a document."""

from datetime import UTC, datetime

import numpy as np
import pytest

from habitus.profile.recall import Memory, Utterance
from habitus.profile.signals import SPREAD, WITH_MEANING, WORDS_ONLY, Signals, question, signals
from habitus.types import MINUTE

NOW = int(datetime(2023, 7, 19, tzinfo=UTC).timestamp()) * 1_000_000
PEOPLE = {"ada": frozenset({"Ada"}), "bo": frozenset({"Bo"})}


def test_names_and_times_are_not_searched_as_words() -> None:
    asked = question("When did Ada's sister sail last May?", PEOPLE, "", NOW, None)
    assert asked.terms == ("sister", "sail")
    assert asked.speakers == {"Ada"}
    assert len(asked.spans) == 1
    assert asked.times
    assert asked.spoken == "When did my sister sail last May?"


def test_i_is_the_user_where_one_is_known() -> None:
    assert question("What do I like?", PEOPLE, "Bo", NOW, None).speakers == {"Bo"}
    assert question("What do I like?", PEOPLE, "", NOW, None).speakers == frozenset()


def test_signals_are_put_on_one_scale() -> None:
    values = np.array([0.0, 0.0, 3.0])
    made = Signals({"around": values, "speaker": values}, {"around": 2.0, "speaker": 1.0})
    scaled = np.array([-1, -1, 2]) / np.sqrt(2)
    np.testing.assert_allclose(made.scaled("around"), scaled, rtol=1e-5)
    np.testing.assert_allclose(made.scores(), 2 * scaled + values, rtol=1e-5)


@pytest.mark.parametrize("weights", [WORDS_ONLY, WITH_MEANING])
def test_every_weight_has_its_signal(weights: dict[str, float]) -> None:
    turns = [Utterance("a", "tea", 0, "s", "Ada"), Utterance("b", "jam?", MINUTE, "s", "Bo")]
    vectors = {"a": np.array([1, 0], np.float32), "b": np.array([0, 1], np.float32)}
    memory = Memory.build(turns, vectors=vectors)
    asked = question("Ada and tea", memory.people, "", NOW, None)
    made = signals(memory, asked, np.array([0.6, 0.8], np.float32))
    assert set(weights) <= set(made.raw)
    assert set(SPREAD) <= set(made.raw)
    assert all(each.shape == (2,) for each in made.raw.values())
    np.testing.assert_allclose(made.raw["meaning"], [0.6, 0.8], rtol=1e-6)
    np.testing.assert_allclose(
        made.raw["meaning_around"], np.array([0.6 + 0.75 * 0.8, 0.8 + 0.75 * 0.6]) / 1.75, rtol=1e-6
    )
    assert made.raw["speaker"].tolist() == [1, 0]
    assert made.raw["question"].tolist() == [0, 1]


def test_without_a_name_every_speaker_counts_half() -> None:
    memory = Memory.build([Utterance("a", "tea", 0, "s", "Ada")])
    asked = question("tea", memory.people, "", NOW, None)
    assert signals(memory, asked, None).raw["speaker"].tolist() == [0.5]
