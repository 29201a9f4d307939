"""What was said is found again, in any language, with the reasons that it came up."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habitus.profile.recall import Memory, Utterance
from habitus.types import (
    DAY,
    MINUTE,
    HabitusError,
    Interval,
    Kind,
    Origin,
    Proposition,
    Stance,
)

START = int(datetime(2023, 5, 1, 9, tzinfo=UTC).timestamp()) * 1_000_000
NOW = START + 100 * DAY


def said(
    *texts: str, session: str | None = "one", speaker: str = "user", at: int = START
) -> list[Utterance]:
    """Turns of one session, a minute apart."""
    return [
        Utterance(f"{session}-{place}", text, at + place * MINUTE, session, speaker)
        for place, text in enumerate(texts)
    ]


def known(sentence: str, *events: str, words: str = "") -> Proposition:
    return Proposition(
        proposition_id=f"p-{sentence}",
        user_id="user",
        kind=Kind.PREFERENCE,
        attribute="likes",
        value=sentence,
        stance=Stance.FOR,
        confidence=0.9,
        events_for=events,
        sentence=sentence,
        origin=Origin.STATED,
        valid=Interval(START, None),
        words=words,
    )


def ids(memory: Memory, query: str, k: int = 1) -> list[str]:
    return [name for each in memory.recall(query, k, NOW) for name in each.event_ids]


OTHERS = ["The weather stays grey", "Work was long and the train late", "We watched a film at home"]

LANGUAGES = {
    "English": (
        ["I started pottery lessons", "My sister moved to the coast", "The bakery sells rye bread"],
        "Which lesson was started?",
    ),
    "German": (
        ["Ich habe mit dem Töpfern begonnen", "Meine Schwester wohnt am Meer", "Der Zug war spät"],
        "Wer begann das Toepfern, das Töpfern?",
    ),
    "Spanish": (
        ["Empecé clases de cerámica", "Mi hermana vive en la costa", "El tren llegó tarde"],
        "¿Qué clase de ceramica empecé?",
    ),
    "Arabic": (
        ["بدأت دروس الخزف في الربيع", "أختي تعيش قرب البحر", "وصل القطار متأخرا"],
        "متى بدأت دروس الخزف؟",
    ),
    "Hindi": (
        ["मैंने मिट्टी के बर्तन बनाना सीखा", "मेरी बहन समुद्र के पास रहती है", "रेलगाड़ी देर से आई"],
        "मिट्टी का बर्तन किसने बनाया?",
    ),
    "Chinese": (["我开始学陶艺了", "我姐姐住在海边", "火车今天晚点"], "陶艺是谁在学？"),
    "Japanese": (
        ["陶芸を習い始めました", "姉は海の近くに住んでいます", "電車が遅れた"],
        "陶芸はどうですか",
    ),
    "Korean": (
        ["도자기 수업을 시작했어요", "언니는 바닷가에 살아요", "기차가 늦었어요"],
        "도자기를 배우나요?",
    ),
    "Thai": (["ฉันเริ่มเรียนปั้นเซรามิก", "พี่สาวอยู่ใกล้ทะเล", "รถไฟมาสาย"], "เรียนเซรามิกเมื่อไหร่"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_right_sentence_comes_first(language: str) -> None:
    sentences, query = LANGUAGES[language]
    turns = [
        Utterance(f"{place}", text, START + place * DAY, f"s{place}", "user")
        for place, text in enumerate([*sentences[1:], sentences[0], *OTHERS])
    ]
    assert ids(Memory.build(turns, user="user"), query) == ["2"]


def test_nothing_comes_up_where_nothing_speaks_for_it() -> None:
    memory = Memory.build(said(*OTHERS))
    assert memory.recall("volcano?", 5, NOW) == []
    assert memory.recall("", 5, NOW) == []
    assert memory.recall("weather", 0, NOW) == []
    assert Memory.build([]).recall("weather", 5, NOW) == []


def test_the_answer_comes_up_before_its_question() -> None:
    """ "Luna" shares no word with the query; the question before it does."""
    turns = said("What is the name of your cat?", "Luna") + said(
        *OTHERS, session="two", at=START + DAY
    )
    memory = Memory.build(turns)
    found = memory.recall("name of the cat", 2, NOW)
    assert [each.event_ids[0] for each in found] == ["one-1", "one-0"]
    assert found[0].why == ("near a match",)
    assert "words: name, cat" in found[1].why


def test_a_session_lifts_its_turns() -> None:
    garden = said(
        "Roses need sun",
        "Mine grow by the wall",
        "Pruning roses is done in March",
        session="garden",
    )
    radio = said(
        "The wall has a crack", "Buy milk", "Call the plumber", session="wall", at=START + DAY
    )
    assert ids(Memory.build(garden + radio), "roses by the wall", 3)[0].startswith("garden")
    assert Memory.build(garden + radio).sessions("roses by the wall", NOW)[0] == "garden"


def test_a_name_means_the_speaker_and_i_means_the_user() -> None:
    turns = [
        Utterance("a", "I play the cello", START, "s", "Ada"),
        Utterance("b", "I play the drums", START, "t", "Bo"),
        Utterance("c", "Ada, do come over", START, "u", "Bo"),
    ]
    memory = Memory.build(turns, user="Bo")
    assert ids(memory, "What does Ada play?") == ["a"]
    assert ids(memory, "What does Bo play?") == ["b"]
    assert ids(memory, "What do I play?") == ["b"]
    assert "speaker" in memory.recall("What does Ada play?", 1, NOW)[0].why


def test_names_in_scripts_without_spaces_mean_the_speaker_too() -> None:
    turns = [
        Utterance("a", "我弹钢琴", START, "s", "小明"),
        Utterance("b", "我弹吉他", START, "t", "小红"),
    ]
    assert ids(Memory.build(turns), "小明弹什么？") == ["a"]


def test_an_encoder_reads_names_as_the_speaker_says_them() -> None:
    memory = Memory.build([Utterance("a", "I swim", START, "s", "Ada")])
    assert memory.to_encode("Where does Ada swim?") == "Where does I swim?"
    assert memory.to_encode("Where is ada’s pool?") == "Where is my pool?"
    assert memory.to_encode("Where does Adamant swim?") == "Where does Adamant swim?"


def test_time_phrases_choose_by_the_day_it_was_said() -> None:
    """The same words in May and in July; asked on 9 August."""
    may = said("I went hiking", session="may", at=START + 10 * DAY)
    july = said("I went hiking", session="july", at=START + 70 * DAY)
    memory = Memory.build(may + july)
    assert ids(memory, "hiking last May", 2) == ["may-0", "july-0"]
    assert ids(memory, "hiking in July", 2) == ["july-0", "may-0"]
    assert "time" in memory.recall("hiking in July", 1, NOW)[0].why


def test_time_phrases_choose_by_the_day_that_is_spoken_of() -> None:
    """Said on the same day of June, of May and of June."""
    june = START + 33 * DAY
    turns = said("We sailed last month") + said("We sailed yesterday", session="two")
    turns = [Utterance(each.event_id, each.text, june, each.session_id, "user") for each in turns]
    memory = Memory.build(turns)
    assert ids(memory, "sailed in May") == ["one-0"]


def test_a_question_of_when_prefers_turns_with_a_time() -> None:
    turns = said("Sailing was lovely with everybody") + said(
        "Sailing was yesterday with everybody", session="two"
    )
    assert ids(Memory.build(turns), "When was the sailing?") == ["two-0"]


def test_a_proposition_is_found_with_its_events() -> None:
    memory = Memory.build(
        said(*OTHERS), [known("Likes hiking.", "e7", "e9", words="I adore trekking")]
    )
    for query in ("hike", "trekking"):
        (found,) = memory.recall(query, 1, NOW)
        assert found.event_ids == ("e7", "e9")
        assert found.text == "Likes hiking."
        assert found.why[0] == "proposition"
        assert found.time == START


def test_propositions_join_a_memory_of_turns() -> None:
    facts = [known("Likes hiking.", "e7"), known("Owns a grey cat.", "e8")]
    turns = said(*OTHERS)
    joined, built = Memory.build(turns, user="user").knowing(facts), Memory.build(turns, facts)
    for query in ("hike", "grey", "train"):
        assert joined.recall(query, 3, NOW) == built.recall(query, 3, NOW)


def test_vectors_find_what_shares_no_word() -> None:
    turns = said("A violin at dawn", session="one") + said("Soup with leeks", session="two")
    made = {"one-0": np.array([1, 0], np.float32), "two-0": np.array([0, 1], np.float32)}
    memory = Memory.build(turns, vectors=made)
    found = memory.recall("music", 2, NOW, vector=np.array([1, 0], np.float32))
    assert [each.event_ids for each in found] == [("one-0",)]
    assert "meaning" in found[0].why
    assert memory.recall("music", 2, NOW) == []


def test_a_turn_without_a_vector_is_still_found_by_its_words() -> None:
    memory = Memory.build(said("A violin"), vectors={"one-0": np.array([1, 0], np.float32)})
    memory = memory.added(said("Soup with leeks", session="two"))
    found = memory.recall("leeks", 2, NOW, vector=np.array([1, 0], np.float32))
    assert memory.vectors.shape == (2, 2)
    assert "two-0" in {name for each in found for name in each.event_ids}


def test_vectors_of_another_width_are_refused() -> None:
    memory = Memory.build(said("A violin"), vectors={"one-0": np.ones(2, np.float32)})
    with pytest.raises(HabitusError, match="2 wide"):
        memory.added(said("Soup", session="two"), {"two-0": np.ones(3, np.float32)})
    with pytest.raises(HabitusError, match="2 wide"):
        memory.recall("soup", 1, NOW, vector=np.ones(3, np.float32))


def test_adding_leaves_the_old_memory_as_it_was() -> None:
    old = Memory.build(said("A violin"))
    new = old.added(said("Another violin", session="two", at=START + DAY))
    assert (len(old), len(new)) == (1, 2)
    assert ids(old, "violin", 5) == ["one-0"]


TEXTS = st.lists(st.text(alphabet="ab 猫", min_size=1, max_size=8), min_size=1, max_size=8)


@settings(max_examples=50)
@given(TEXTS, st.integers(0, 8), st.text(alphabet="ab 猫", max_size=6))
def test_one_by_one_is_the_same_as_all_at_once(texts: list[str], cut: int, query: str) -> None:
    turns = said(*texts)
    whole = Memory.build(turns)
    grown = Memory.build(turns[:cut])
    for each in turns[cut:]:
        grown = grown.added([each])
    assert grown.recall(query, 5, NOW) == whole.recall(query, 5, NOW)


@settings(max_examples=50)
@given(TEXTS, st.text(max_size=12), st.integers(0, 12))
def test_any_query_gives_at_most_k_and_never_twice(texts: list[str], query: str, k: int) -> None:
    found = Memory.build(said(*texts)).recall(query, k, NOW)
    names = [name for each in found for name in each.event_ids]
    assert len(found) <= k
    assert len(names) == len(set(names))
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_a_turn_that_arrives_late_finds_its_place() -> None:
    turns = said("What is the name of your cat?", "Luna", "How sweet")
    memory = Memory.build([turns[0], turns[2]]).added([turns[1]])
    assert memory.neighbours.before.tolist() == [-1, 2, 0]
