"""The extractor of self-statements on made-up sentences: what is said, and where silence is right."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from habitus.profile.sentences import LIMIT
from habitus.profile.stated import MOST, claims
from habitus.profile.wording import _retold as retold
from habitus.profile.wording import sentence
from habitus.types import Kind, Stance

FOR, AGAINST = Stance.FOR, Stance.AGAINST
LIKES, AVOIDS = (Kind.PREFERENCE, "likes"), (Kind.PREFERENCE, "avoids")

# text, (kind, attribute), stance, value, scope, ends
SAID = [
    ("I love hiking.", LIKES, FOR, "hiking", "", False),
    ("i love pizza", LIKES, FOR, "pizza", "", False),
    ("Thanks, I love hiking", LIKES, FOR, "hiking", "", False),
    ("I really enjoy long train journeys.", LIKES, FOR, "long train journeys", "", False),
    ("I'm into techno these days.", LIKES, FOR, "techno", "these days", False),
    ("I'm a big fan of jazz.", LIKES, FOR, "jazz", "", False),
    ("I'm a huge chess fan.", LIKES, FOR, "chess", "", False),
    ("I've always loved the sea.", LIKES, FOR, "the sea", "", False),
    ("ive always loved chess", LIKES, FOR, "chess", "", False),
    ("I have a soft spot for old films.", LIKES, FOR, "old films", "", False),
    ("I'm passionate about pottery.", LIKES, FOR, "pottery", "", False),
    ("I prefer tea to coffee.", LIKES, FOR, "tea", "", False),
    ("I prefer trains over planes.", LIKES, FOR, "trains", "", False),
    ("When travelling, I prefer aisle seats.", LIKES, FOR, "aisle seats", "When travelling", False),
    ("On weekends I like to hike.", LIKES, FOR, "to hike", "On weekends", False),
    ("I like eggs for breakfast.", LIKES, FOR, "eggs", "for breakfast", False),
    ("I love rock and roll.", LIKES, FOR, "rock and roll", "", False),
    ('I love "The Glass Orchard".', LIKES, FOR, '"The Glass Orchard"', "", False),
    ("I only drink decaf.", LIKES, FOR, "decaf", "", False),
    ("I follow a vegan diet.", LIKES, FOR, "a vegan diet", "", False),
    ("I find gardening relaxing.", LIKES, FOR, "gardening", "", False),
    ("Dancing makes me so happy.", LIKES, FOR, "Dancing", "", False),
    ("I started getting into board games.", LIKES, FOR, "board games", "", False),
    ("I like plums, do you?", LIKES, FOR, "plums", "", False),
    ("My favourite food is ramen.", (Kind.PREFERENCE, "food"), FOR, "ramen", "", False),
    ("My favorite colour is dark blue.", (Kind.PREFERENCE, "colour"), FOR, "dark blue", "", False),
    ("Ramen is my favourite food.", (Kind.PREFERENCE, "food"), FOR, "Ramen", "", False),
    ("My least favourite chore is ironing.", (Kind.PREFERENCE, "chore"), AGAINST, "ironing", "", False),
    ("I don't like olives.", LIKES, AGAINST, "olives", "", False),
    ("I don’t really like olives.", LIKES, AGAINST, "olives", "", False),
    ("I do not enjoy horror films.", LIKES, AGAINST, "horror films", "", False),
    ("I'm not a fan of crowded beaches.", LIKES, AGAINST, "crowded beaches", "", False),
    ("im not into golf", LIKES, AGAINST, "golf", "", False),
    ("Not a fan of olives.", LIKES, AGAINST, "olives", "", False),
    ("I can't stand loud restaurants.", LIKES, AGAINST, "loud restaurants", "", False),
    ("I wouldn't say I like opera.", LIKES, AGAINST, "opera", "", False),
    ("I don't think I like opera.", LIKES, AGAINST, "opera", "", False),
    ("I've never liked mushrooms.", LIKES, AGAINST, "mushrooms", "", False),
    ("I hate the cold.", LIKES, AGAINST, "the cold", "", False),
    ("I have no interest in cricket.", LIKES, AGAINST, "cricket", "", False),
    ("I have a strong aversion to seafood.", LIKES, AGAINST, "seafood", "", False),
    ("I find podcasts boring.", LIKES, AGAINST, "podcasts", "", False),
    ("Running isn't really my thing.", LIKES, AGAINST, "Running", "", False),
    ("Horror films don't interest me.", LIKES, AGAINST, "Horror films", "", False),
    ("I'm scared of spiders.", (Kind.PREFERENCE, "fears"), AGAINST, "spiders", "", False),
    ("I avoid gluten for breakfast.", AVOIDS, AGAINST, "gluten", "for breakfast", False),
    ("I try to avoid motorways.", AVOIDS, AGAINST, "motorways", "", False),
    ("I prefer not to fly.", AVOIDS, AGAINST, "fly", "", False),
    ("I prefer to avoid seafood.", AVOIDS, AGAINST, "seafood", "", False),
    ("I never eat meat on Fridays.", AVOIDS, AGAINST, "meat", "on Fridays", False),
    ("I refuse to wear fur.", AVOIDS, AGAINST, "wear fur", "", False),
    ("I don't drink alcohol.", AVOIDS, AGAINST, "alcohol", "", False),
    ("I stay away from gambling.", AVOIDS, AGAINST, "gambling", "", False),
    ("I'm allergic to peanuts.", (Kind.FACT, "allergic to"), FOR, "peanuts", "", False),
    ("I have a severe nut allergy.", (Kind.FACT, "allergic to"), FOR, "nut", "", False),
    ("I'm lactose intolerant.", (Kind.FACT, "allergic to"), FOR, "lactose", "", False),
    ("I usually go running on Sundays.", (Kind.HABIT, "does"), FOR, "go running", "on Sundays", False),
    ("I go to the gym three times a week.", (Kind.HABIT, "does"), FOR, "go to the gym", "three times a week", False),
    ("Every morning I drink coffee.", (Kind.HABIT, "does"), FOR, "drink coffee", "Every morning", False),
    ("I rarely watch television.", (Kind.HABIT, "does"), AGAINST, "watch television", "", False),
    ("I usually have porridge for breakfast.", (Kind.HABIT, "does"), FOR, "have porridge", "for breakfast", False),
    ("I play tennis on Sundays.", (Kind.HABIT, "plays"), FOR, "tennis", "on Sundays", False),
    ("I play the piano.", (Kind.HABIT, "plays"), FOR, "piano", "", False),
    ("I collect stamps.", (Kind.HABIT, "collects"), FOR, "stamps", "", False),
    ("I volunteer at the food bank.", (Kind.HABIT, "volunteers"), FOR, "at the food bank", "", False),
    ("I've been learning the violin for two years.", (Kind.HABIT, "is used to"), FOR, "learning the violin", "for two years", False),
    ("I just started playing chess.", (Kind.HABIT, "is used to"), FOR, "playing chess", "", False),
    ("I have a dog.", (Kind.POSSESSION, "has"), FOR, "a dog", "", False),
    ("I have two cats named Tom and Kit.", (Kind.POSSESSION, "has"), FOR, "two cats", "", False),
    ("I own a red bicycle.", (Kind.POSSESSION, "has"), FOR, "a red bicycle", "", False),
    ("I've got three kids.", (Kind.POSSESSION, "has"), FOR, "three kids", "", False),
    ("We have two dogs.", (Kind.POSSESSION, "has"), FOR, "two dogs", "", False),
    ("My dog kept me awake.", (Kind.POSSESSION, "has"), FOR, "dog", "", False),
    ("I don't have a car.", (Kind.POSSESSION, "has"), AGAINST, "a car", "", False),
    ("I'm a nurse.", (Kind.ROLE, "is"), FOR, "a nurse", "", False),
    ("I am a software engineer at a small company.", (Kind.ROLE, "is"), FOR, "a software engineer", "", False),
    ("I'm vegan.", (Kind.ROLE, "is"), FOR, "vegan", "", False),
    ("I'm not religious.", (Kind.ROLE, "is"), AGAINST, "religious", "", False),
    ("I'm not really a morning person.", (Kind.ROLE, "is"), AGAINST, "a morning person", "", False),
    ("I recently moved to Denver.", (Kind.FACT, "moved"), FOR, "to Denver", "", False),
    ("I lost my job.", (Kind.ROLE, "has"), FOR, "my job", "", True),
    ("It reminds me why I love painting.", LIKES, FOR, "painting", "", False),
    ("I've rediscovered my love of sailing.", LIKES, FOR, "sailing", "", False),
    ("We love board games.", LIKES, FOR, "board games", "", False),
    ("Next month I'm running a marathon.", (Kind.PLAN, "is"), FOR, "running a marathon", "Next month", False),
    ("I work as a nurse.", (Kind.ROLE, "works"), FOR, "as a nurse", "", False),
    ("I work as a data analyst for a bank.", (Kind.ROLE, "works"), FOR, "as a data analyst for a bank", "", False),
    ("I work from home.", (Kind.ROLE, "works"), FOR, "from home", "", False),
    ("I run a small bakery.", (Kind.ROLE, "runs"), FOR, "a small bakery", "", False),
    ("I'm studying law.", (Kind.ROLE, "studies"), FOR, "law", "", False),
    ("I teach maths.", (Kind.ROLE, "teaches"), FOR, "maths", "", False),
    ("I'm planning to run a marathon next spring.", (Kind.PLAN, "plans"), FOR, "to run a marathon", "next spring", False),
    ("I want to learn Japanese.", (Kind.PLAN, "wants"), FOR, "to learn Japanese", "", False),
    ("I'm saving for a house.", (Kind.PLAN, "is"), FOR, "saving for a house", "", False),
    ("I've always wanted to see the northern lights.", (Kind.PLAN, "wants"), FOR, "to see the northern lights", "", False),
    ("My goal is to write a novel.", (Kind.PLAN, "plans"), FOR, "write a novel", "", False),
    ("I'm thinking of adopting a cat.", (Kind.PLAN, "thinks of"), FOR, "adopting a cat", "", False),
    ("I speak French.", (Kind.SKILL, "speaks"), FOR, "French", "", False),
    ("I don't speak German.", (Kind.SKILL, "speaks"), AGAINST, "German", "", False),
    ("I can't swim.", (Kind.SKILL, "can"), AGAINST, "swim", "", False),
    ("I'm good at chess.", (Kind.SKILL, "good at"), FOR, "chess", "", False),
    ("I'm terrible at cooking.", (Kind.SKILL, "good at"), AGAINST, "cooking", "", False),
    ("I live in Leeds.", (Kind.FACT, "lives"), FOR, "in Leeds", "", False),
    ("I'm from Poland.", (Kind.FACT, "from"), FOR, "Poland", "", False),
    ("I was born in 1987.", (Kind.FACT, "born"), FOR, "in 1987", "", False),
    ("I grew up in Ghana.", (Kind.FACT, "grew up"), FOR, "in Ghana", "", False),
    ("I'm 34 years old.", (Kind.FACT, "age"), FOR, "34", "", False),
    ("My name is Ada.", (Kind.FACT, "name"), FOR, "Ada", "", False),
    ("My birthday is on 3 May.", (Kind.FACT, "birthday"), FOR, "3 May", "", False),
    ("I'm married.", (Kind.FACT, "is"), FOR, "married", "", False),
    ('I loved "The Glass Orchard".', LIKES, FOR, '"The Glass Orchard"', "", False),
    ("Baking and pottery are my main hobbies.", LIKES, FOR, "Baking and pottery", "", False),
    ("Baking bread for my friends is my happy place.", LIKES, FOR, "Baking bread for my friends", "", False),
    ("I've been blogging about gardening.", (Kind.HABIT, "is used to"), FOR, "blogging about gardening", "", False),
    ("I'm trying out yoga.", (Kind.HABIT, "is used to"), FOR, "trying out yoga", "", False),
    ("I started streaming games.", (Kind.HABIT, "is used to"), FOR, "streaming games", "", False),
    ("I started a pottery class with a friend.", (Kind.HABIT, "did"), FOR, "started a pottery class", "", False),
    ("I donate to a food bank.", (Kind.HABIT, "does"), FOR, "donate to a food bank", "", False),
    ("Guess what - I got a puppy last week!", (Kind.POSSESSION, "has"), FOR, "a puppy", "", False),
    ("We've got a garden.", (Kind.POSSESSION, "has"), FOR, "a garden", "", False),
    ("Just got some new shoes!", (Kind.POSSESSION, "has"), FOR, "new shoes", "", False),
    ("I need new signs for my bakery.", (Kind.ROLE, "runs"), FOR, "bakery", "", False),
    ("Two days ago I signed up for a cooking class.", (Kind.FACT, "did"), FOR, "signed up for a cooking class", "", False),
    ("Just yesterday I joined a choir.", (Kind.FACT, "did"), FOR, "joined a choir", "", False),
    ("I won a chess tournament.", (Kind.FACT, "did"), FOR, "won a chess tournament", "", False),
    ("I'm gonna write a novel.", (Kind.PLAN, "plans"), FOR, "write a novel", "", False),
    ("I'm going to a jazz festival this summer.", (Kind.PLAN, "is"), FOR, "going to a jazz festival", "this summer", False),
    ("We're planning to adopt a child.", (Kind.PLAN, "plans"), FOR, "to adopt a child", "", False),
    ("We're considering adopting a dog.", (Kind.PLAN, "thinks of"), FOR, "adopting a dog", "", False),
    ("I'm considering a career in nursing.", (Kind.PLAN, "thinks of"), FOR, "a career in nursing", "", False),
    ("I've been meaning to try pottery.", (Kind.PLAN, "wants"), FOR, "to try pottery", "", False),
    ("It made me want to write poems.", (Kind.PLAN, "wants"), FOR, "to write poems", "", False),
    ("I'm starting my own bakery.", (Kind.PLAN, "is"), FOR, "starting my own bakery", "", False),
    ("I have a piano recital coming up.", (Kind.PLAN, "has"), FOR, "a piano recital", "", False),
    ("I'm excited to mentor young players.", (Kind.PLAN, "wants"), FOR, "to mentor young players", "", False),
    ("I'm looking forward to trying new flavours.", (Kind.PLAN, "looks forward to"), FOR, "trying new flavours", "", False),
    ("Please keep your answers short.", (Kind.STYLE, "answers"), FOR, "short", "", False),
    ("Keep it short.", (Kind.STYLE, "answers"), FOR, "short", "", False),
    ("Be concise please.", (Kind.STYLE, "answers"), FOR, "concise", "", False),
    ("No emojis please.", (Kind.STYLE, "answers"), AGAINST, "emojis", "", False),
    ("Don't use bullet points.", (Kind.STYLE, "answers"), AGAINST, "bullet points", "", False),
    ("Answer in French.", (Kind.STYLE, "answers"), FOR, "in French", "", False),
    ("Please reply in Spanish from now on.", (Kind.STYLE, "answers"), FOR, "in Spanish", "", False),
    ("Explain things like I'm five.", (Kind.STYLE, "answers"), FOR, "like I'm five", "", False),
    ("I prefer short answers.", (Kind.STYLE, "answers"), FOR, "short answers", "", False),
    ("Use metric units.", (Kind.STYLE, "answers"), FOR, "metric units", "", False),
    ("I used to love jazz.", LIKES, FOR, "jazz", "", True),
    ("I don't like olives any more.", LIKES, FOR, "olives", "", True),
    ("I'm not into golf anymore.", LIKES, FOR, "golf", "", True),
    ("I no longer like golf.", LIKES, FOR, "golf", "", True),
    ("I moved on from video games.", LIKES, FOR, "video games", "", True),
    ("I no longer play tennis.", (Kind.HABIT, "plays"), FOR, "tennis", "", True),
    ("I don't play tennis any more.", (Kind.HABIT, "does"), FOR, "play tennis", "", True),
    ("I don't smoke anymore.", (Kind.HABIT, "does"), FOR, "smoke", "", True),
    ("I quit smoking.", (Kind.HABIT, "is used to"), FOR, "smoking", "", True),
    ("I stopped eating meat.", (Kind.HABIT, "is used to"), FOR, "eating meat", "", True),
    ("I gave up coffee.", (Kind.HABIT, "takes"), FOR, "coffee", "", True),
    ("I'm no longer vegan.", (Kind.ROLE, "is"), FOR, "vegan", "", True),
    ("I used to be a teacher.", (Kind.ROLE, "is"), FOR, "a teacher", "", True),
    ("I used to live in Paris.", (Kind.FACT, "lives"), FOR, "in Paris", "", True),
    ("I sold my car.", (Kind.POSSESSION, "has"), FOR, "car", "", True),
    ("Ich mag Jazz.", LIKES, FOR, "Jazz", "", False),
    ("Ich mag keinen Kaffee.", LIKES, AGAINST, "Kaffee", "", False),
    ("Ich mag Oliven nicht.", LIKES, AGAINST, "Oliven", "", False),
    ("Ich mag Techno nicht mehr.", LIKES, FOR, "Techno", "", True),
    ("Ich esse kein Fleisch.", AVOIDS, AGAINST, "Fleisch", "", False),
    ("Me gusta el jazz.", LIKES, FOR, "el jazz", "", False),
    ("No me gustan los perros.", LIKES, AGAINST, "los perros", "", False),
    ("Ya no me gusta el fútbol.", LIKES, FOR, "el fútbol", "", True),
    ("Evito el gluten.", AVOIDS, AGAINST, "el gluten", "", False),
    ("J'aime le jazz.", LIKES, FOR, "le jazz", "", False),
    ("Je n’aime pas le café.", LIKES, AGAINST, "le café", "", False),
    ("Je n'aime plus le foot.", LIKES, FOR, "le foot", "", True),
    ("Je ne mange pas de viande.", AVOIDS, AGAINST, "viande", "", False),
    ("我喜欢爵士乐。", LIKES, FOR, "爵士乐", "", False),
    ("我不喜欢咖啡。", LIKES, AGAINST, "咖啡", "", False),
    ("我不再喜欢足球了。", LIKES, FOR, "足球", "", True),
    ("我不吃肉。", AVOIDS, AGAINST, "肉", "", False),
    ("私はコーヒーが好きです。", LIKES, FOR, "コーヒー", "", False),
    ("ジャズが嫌いです。", LIKES, AGAINST, "ジャズ", "", False),
    ("もうサッカーは好きじゃない。", LIKES, FOR, "サッカー", "", True),
    ("肉を食べません。", AVOIDS, AGAINST, "肉", "", False),
]  # fmt: skip

QUESTIONS = [
    "Do I like jazz?",
    "I like jazz?",
    "What should I do if I love jazz?",
    "Do you love hiking?",
    "Should I avoid gluten?",
    "Magst du Jazz?",
    "¿Te gusta el jazz?",
    "Aimes-tu le jazz ?",
    "你喜欢咖啡吗？",
    "コーヒーは好きですか",
]
QUOTATIONS = [
    'She said "I love jazz".',
    "She said 'I love jazz'.",
    "He wrote “I hate olives” on the wall.",
    "> I love jazz",
    "```\nI love jazz\n```",
    "The song goes: I love rock and roll.",
    "Translate 'I love jazz' into French.",
    "Translate: I love jazz",
    "他说：“我喜欢爵士乐”",
    "Er sagte: „Ich mag Jazz“",
]
THIRD_PERSONS = [
    "My brother loves jazz.",
    "My wife hates olives and avoids gluten.",
    "She says I love jazz too much.",
    "He told me that I hate olives.",
    "They love hiking.",
    "You love hiking.",
    "My friend's dog is sick.",
    "Her cat is lovely.",
    "I have a friend who loves jazz.",
    "My mother is a nurse.",
    "They have energy and love meeting people.",
    "Who says I like jazz?",
    "I think my brother loves jazz.",
    "As an AI I love helping you.",
    "A man I like plays jazz.",
    "The people I love are far away.",
    "Mein Bruder mag Jazz.",
    "A mi hermano le gusta el jazz.",
    "Mon frère aime le jazz.",
    "我妈妈喜欢跳舞。",
    "母はジャズが好きです。",
]
SUPPOSITIONS = [
    "If I liked jazz, I would go.",
    "If I had a dog, I would call it Rex.",
    "I wish I had a dog.",
    "Imagine I love jazz.",
    "Let's say I hate olives.",
    "Pretend I am a pilot.",
    "Suppose I live in Rome.",
    "Wenn ich Jazz mag, ist das gut.",
    "如果我喜欢爵士乐",
]
MOMENTS = [
    "I'd like a table for two.",
    "I want to book a hotel.",
    "I need a train to Leeds.",
    "I am looking for a cheap restaurant.",
    "I would like to know the address.",
    "I would love to visit Japan.",
    "I would prefer a nightclub.",
    "I want to visit a dentist on Monday.",
    "I need a taxi to my restaurant reservation.",
    "I'm working on a project.",
    "I'm saving money for my own bakery.",
    "I'd love to start my own bakery.",
    "It never made me want to write poems.",
    "It didn't make me want to write poems.",
    "Nothing inspires me to paint pictures.",
    "I'm just researching right now.",
    "I'm starting some big new things.",
    "I prefer a window seat please.",
    "I don't care about the price.",
    "I am not interested in booking anything.",
    "I want to travel on Saturday to Leeds.",
    "I don't want spicy food tonight.",
    "I feel like pizza tonight.",
    "I'm hungry.",
    "I am a bit tired.",
    "I'm enjoying the weather.",
    "I'm tired of waiting.",
    "I have a question.",
    "I have a headache.",
    "I have a meeting tomorrow.",
    "I liked the film.",
    "I didn't like the film.",
    "I like the blue one.",
    "I like the second option.",
    "I'm going to book a taxi.",
    "Ich hätte gern einen Kaffee.",
    "Me gustaría reservar una mesa.",
    "J'aimerais réserver une table.",
]
POLITENESS = [
    "I'm happy to help.",
    "I love that!",
    "I love it.",
    "I like your idea.",
    "I love the way you explain things.",
    "I love you.",
    "I hope you like it.",
    "I'm afraid I can't come.",
    "I hate to bother you.",
    "I like to think so.",
    "I appreciate your help.",
    "J'aime ton idée.",
    "Thank you so much!",
    "Call me later.",
    "Keep it up!",
]
JUNK = [
    "",
    " ",
    "ok",
    "!!!",
    "I",
    "I love",
    "I don't know.",
    "I don't like it.",
    "I don't dislike opera.",
    "It's not that I don't like opera.",
    "I hate when people are late.",
    "I'm really into it.",
    "I find it hard.",
    "My favourite part was the ending.",
    "https://example.org/i-love-jazz",
    "I can help with that.",
    "I have booked a table for you.",
    "I have 3 guesthouses in the north.",
    "I am sorry, I am unable to book that.",
    "Я люблю джаз.",
    "나는 재즈를 좋아해요.",
]


@pytest.mark.parametrize(("text", "what", "stance", "value", "scope", "ends"), SAID)
def test_says(
    text: str, what: tuple[Kind, str], stance: Stance, value: str, scope: str, ends: bool
) -> None:
    found = claims(text)
    assert [(each.value, each.kind, each.attribute) for each in found] == [(value, *what)]
    claim = found[0]
    assert (claim.stance, claim.scope, claim.ends) == (stance, scope, ends)
    assert text[claim.start : claim.end] == claim.value
    assert 0 < claim.certainty < 1


@pytest.mark.parametrize(
    "text",
    [*QUESTIONS, *QUOTATIONS, *THIRD_PERSONS, *SUPPOSITIONS, *MOMENTS, *POLITENESS, *JUNK],
)
def test_is_silent(text: str) -> None:
    assert claims(text) == []


def test_reads_both_halves_of_a_sentence() -> None:
    old, new = claims("I used to love jazz but now prefer techno.")
    assert (old.value, old.stance, old.ends) == ("jazz", FOR, True)
    assert (new.value, new.stance, new.ends) == ("techno", FOR, False)
    tea, coffee = claims("I hate coffee and love tea.")[::-1]
    assert (tea.value, tea.stance, coffee.value, coffee.stance) == ("tea", FOR, "coffee", AGAINST)
    assert [each.value for each in claims("I'm a nurse and I live in Leeds.")] == [
        "a nurse",
        "in Leeds",
    ]


def test_lists_give_one_claim_a_thing() -> None:
    found = claims("I enjoy reading, hiking, and cooking.")
    assert [each.value for each in found] == ["reading", "hiking", "cooking"]
    assert [each.value for each in claims("I like cats and dogs.")] == ["cats", "dogs"]


def test_a_switch_ends_one_thing_and_starts_another() -> None:
    old, new = claims("I switched from coffee to tea.")
    assert (old.value, old.ends, new.value, new.ends) == ("coffee", True, "tea", False)


def test_hedges_are_less_certain() -> None:
    plain = claims("I prefer tea.")[0].certainty
    for hedged in ("I think I prefer tea.", "Maybe I prefer tea.", "I guess I prefer tea."):
        assert [each.value for each in claims(hedged)] == ["tea"]
        assert claims(hedged)[0].certainty < plain


def test_a_text_in_quotation_marks_is_the_writers() -> None:
    assert [each.value for each in claims('"I prefer tea."')] == ["tea"]


def test_statements_around_a_quotation_are_kept() -> None:
    found = claims('I hate olives. She said "I love jazz". I live in Leeds.')
    assert [each.value for each in found] == ["olives", "in Leeds"]


def test_claims_do_not_overlap_and_stand_in_order() -> None:
    found = claims("I love tea. My dog and I hike every Sunday. I'm a nurse, I speak French.")
    assert len(found) >= 4
    for before, after in pairwise(found):
        assert before.end <= after.start


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I like hiking.", "Likes hiking."),
        ("I hate olives.", "Dislikes olives."),
        ("I avoid gluten for breakfast.", "Avoids gluten (for breakfast)."),
        ("I work as a nurse.", "Works as a nurse."),
        ("I no longer play tennis.", "No longer plays tennis."),
        ("My favourite colour is blue.", "Favourite colour: blue."),
        ("My favourite name is Otto.", "Favourite name: Otto."),
        ("My dog is asleep.", "Has a dog."),
        ("I don't have a car.", "Does not have a car."),
        ("I quit smoking.", "Stopped smoking."),
        ("I can't swim.", "Cannot swim."),
        ("No emojis please.", "Wants answers without emojis."),
        ("I'm planning to run a marathon.", "Plans to run a marathon."),
        ("I used to live in Paris.", "No longer lives in Paris."),
        ("I'm allergic to peanuts.", "Is allergic to peanuts."),
        ("I'm gonna write a novel.", "Plans to write a novel."),
        ("I'm excited to mentor players.", "Wants to mentor players."),
        ("I need a sign for my bakery.", "Runs a bakery."),
    ],
)
def test_sentence(text: str, said: str) -> None:
    assert sentence(claims(text)[0]) == said


PIECES = st.sampled_from(
    [
        "I",
        "I'm",
        "i've",
        "don't",
        "not",
        "never",
        "really",
        "love",
        "like",
        "hate",
        "prefer",
        "used to",
        "no longer",
        "and",
        "but",
        ",",
        ".",
        "?",
        "!",
        '"',
        "'",
        "“",
        "”",
        ">",
        "\n",
        "```",
        "(",
        ")",
        "-",
        "—",
        "my",
        "favourite",
        "is",
        "are",
        "a",
        "the",
        "dog",
        "jazz",
        "to",
        "of",
        "for breakfast",
        "every day",
        "when",
        "if",
        "she said",
        "that",
        "it",
        "any more",
        "ich mag",
        "nicht",
        "me gusta",
        "j'aime",
        "我",
        "喜欢",
        "不",
        "が好き",
        "です",
        "。",
        "\x00",
        "İ",
        "\ue000",
        "é",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map(" ".join)))
@example("İ love I hate İstanbul and I love tea")
@example("\ud800 I love tea")
@example("I love " + "\ue000" * 50)
def test_never_raises_and_always_cites(text: str) -> None:
    found = claims(text)
    assert len(found) <= MOST
    for claim in found:
        assert claim.value == text[claim.start : claim.end]
        assert claim.value.strip() == claim.value != ""
        assert 0 < claim.certainty < 1
        assert retold(claim.value).casefold() in sentence(claim).casefold()


@pytest.mark.parametrize(
    "unit",
    [
        "I really ",
        "I love a, ",
        "and I love ",
        "'",
        '"',
        "I have a very ",
        "in the ",
        "- ",
        "I find a ",
        "as a nurse ",
        "I'm the ",
        "((",
        "我很",
        "please ",
        "for breakfast, ",
        "I love tea and and ",
        "my favourite ",
        "I used to no longer ",
    ],
)
def test_time_is_linear_in_the_length(unit: str) -> None:
    """Long texts made of what patterns repeat over end: a pattern that backtracks would not."""
    for length in (LIMIT // 8, LIMIT, 5 * LIMIT):
        claims((unit * (length // len(unit) + 1))[:length])
    claims(unit.replace(" ", "") * 2_000)
    claims("I love tea. " + unit * 60 + ".")


def test_reads_no_more_than_its_limit() -> None:
    assert claims("x. " * (LIMIT // 3 + 10) + "I love tea.") == []
    assert len(claims("I love tea. " * 3_000)) == MOST


@pytest.mark.parametrize(
    "text",
    [
        "I quit last year.",
        "I quit two years ago.",
        "I gave up yesterday.",
        "I quit cold turkey.",
        "I used to smoke but I quit last year.",
    ],
)
def test_when_something_was_given_up_is_not_what(text: str) -> None:
    assert not any(each.attribute == "takes" for each in claims(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("I quit coffee two years ago.", "coffee"),
        ("I quit smoking last year.", "smoking"),
        ("I gave up gluten a few months back.", "gluten"),
        ("I stopped drinking years ago.", "drinking"),
    ],
)
def test_when_is_no_part_of_what_is_over(text: str, value: str) -> None:
    assert [(each.value, each.ends) for each in claims(text)] == [(value, True)]
