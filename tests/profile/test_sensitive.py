"""Sensitive matters: canaries of each category in six languages, near misses, and the policy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitus.events.catalogue import Attribute, Catalogue, attribute_column
from habitus.profile.sensitive import (
    Category,
    Policy,
    category_of,
    category_of_attribute,
    category_of_stated,
    unreviewed,
)
from habitus.profile.stated import claims
from habitus.types import HabitusError

# Each holds a token that occurs nowhere else, for whoever searches the ways out for it.
CANARIES = {
    Category.HEALTH: [
        "I was diagnosed with Crohn's last spring, says note hq71xv.",
        "My psychiatrist upped the dose after episode hq72xv.",
        "I'm allergic to penicillin, tag hq73xv.",
        "I'm seven months pregnant, code hq74xv.",
        "I have been in a wheelchair since the accident hq75xv.",
        "I have to watch my blood sugar hq76xv.",
        "Ich habe Diabetes und spritze Insulin hq77xv.",
        "Bei mir wurde Brustkrebs festgestellt hq78xv.",
        "Soy alérgico a los frutos secos hq79xv.",
        "Estoy embarazada de tres meses hq80xv.",
        "Je suis atteint d'une maladie rare hq81xv.",
        "Je prends des antidépresseurs contre la dépression hq82xv.",
        "我去年被确诊为糖尿病 hq83xv。",
        "我对花生过敏 hq84xv。",
        "うつ病で通院しています hq85xv。",
        "小麦アレルギーがあります hq86xv。",
    ],
    Category.RELIGION: [
        "I go to mosque every Friday, rq71xv.",
        "As a Catholic I fast before Easter, rq72xv.",
        "We are observant Jews, rq73xv.",
        "I stopped believing, I'm an atheist now rq74xv.",
        "I pray five times a day rq75xv.",
        "Ich bin Muslim und faste im Ramadan rq76xv.",
        "Wir gehen jeden Sonntag in die Kirche rq77xv.",
        "Voy a misa los domingos rq78xv.",
        "Soy evangélico desde niño rq79xv.",
        "Je suis juive pratiquante rq80xv.",
        "Nous allons à l'église le dimanche rq81xv.",
        "我是基督徒 rq82xv。",
        "我们全家信佛，常去礼拜 rq83xv。",
        "毎週教会に通っています rq84xv。",
        "私はムスリムです rq85xv。",
    ],
    Category.POLITICS: [
        "I voted for the Greens again, pq71xv.",
        "I've been a registered Republican for years pq72xv.",
        "I canvassed for Labour, I am a Labour voter pq73xv.",
        "My views are pretty left-wing pq74xv.",
        "I am a member of the Communist Party pq75xv.",
        "Ich wähle seit Jahren die SPD pq76xv.",
        "Ich bin Mitglied der CDU pq77xv.",
        "Soy de izquierdas y voté al PSOE pq78xv.",
        "Milito en un partido político pq79xv.",
        "Je suis de gauche pq80xv.",
        "J'ai voté pour Macron pq81xv.",
        "我是共产党员 pq82xv。",
        "我一直投票给民进党 pq83xv。",
        "選挙ではいつも自民党に入れています pq84xv。",
        "共産党を支持しています pq85xv。",
    ],
    Category.ETHNICITY: [
        "As a Black woman I look for this, eq71xv.",
        "I'm Latina eq72xv.",
        "I am of Armenian descent eq73xv.",
        "We are Roma people eq74xv.",
        "I'm mixed-race eq75xv.",
        "Ich habe einen Migrationshintergrund eq76xv.",
        "Ich bin Kurdin eq77xv.",
        "Soy gitano eq78xv.",
        "Mi familia es indígena eq79xv.",
        "Je suis d'origine maghrébine eq80xv.",
        "Je suis métis eq81xv.",
        "我是维吾尔族 eq82xv。",
        "我是华裔 eq83xv。",
        "私はアイヌです eq84xv。",
        "在日韓国人の三世です eq85xv。",
    ],
    Category.SEXUALITY: [
        "I'm gay, sq71xv.",
        "I came out as bi last year sq72xv.",
        "My transition started in May sq73xv.",
        "I am a non-binary person sq74xv.",
        "I'm straight sq75xv.",
        "Ich bin lesbisch sq76xv.",
        "Ich bin schwul sq77xv.",
        "Soy bisexual sq78xv.",
        "Soy una mujer trans sq79xv.",
        "Je suis homosexuel sq80xv.",
        "Je suis une femme trans sq81xv.",
        "我是同性恋 sq82xv。",
        "我去年向父母出柜了 sq83xv。",
        "私はゲイです sq84xv。",
        "トランスジェンダーとして暮らす sq85xv。",
    ],
    Category.UNION: [
        "I'm a union member, uq71xv.",
        "I pay my union dues uq72xv.",
        "I've been a shop steward since June uq73xv.",
        "Our plant voted to unionize uq74xv.",
        "We've been on the picket line uq75xv.",
        "Ich bin in der Gewerkschaft uq76xv.",
        "Ich bin bei der IG Metall uq77xv.",
        "Estoy afiliado a un sindicato uq78xv.",
        "Soy delegada de Comisiones Obreras uq79xv.",
        "Je suis syndiqué à la CGT uq80xv.",
        "J'ai adhéré au syndicat uq81xv.",
        "我加入了工会 uq82xv。",
        "我是工會代表 uq83xv。",
        "労働組合に入っています uq84xv。",
        "組合員として春闘に出る uq85xv。",
    ],
    Category.BIOMETRICS: [
        "They keep my fingerprints on file, bq71xv.",
        "My iris scan is stored as bq72xv.",
        "Here is my voiceprint bq73xv.",
        "My DNA results came back bq74xv.",
        "The gate knows me by facial recognition bq75xv.",
        "Mein Fingerabdruck ist hinterlegt bq76xv.",
        "Die Gesichtserkennung lässt mich ein bq77xv.",
        "Tienen mis huellas dactilares bq78xv.",
        "Me hicieron una prueba de ADN bq79xv.",
        "Mes empreintes digitales sont au dossier bq80xv.",
        "Je passe par la reconnaissance faciale bq81xv.",
        "公司录了我的指纹 bq82xv。",
        "我用人脸识别进门 bq83xv。",
        "指紋を登録しました bq84xv。",
        "会社では顔認証を使う bq85xv。",
    ],
    Category.CRIME: [
        "I have a criminal record, cq71xv.",
        "I was arrested in March cq72xv.",
        "I spent two years in prison cq73xv.",
        "I'm on probation until May cq74xv.",
        "I got a DUI cq75xv.",
        "Ich bin vorbestraft cq76xv.",
        "Ich saß zwei Jahre im Gefängnis cq77xv.",
        "Tengo antecedentes penales cq78xv.",
        "Estuve en la cárcel cq79xv.",
        "J'ai un casier judiciaire cq80xv.",
        "J'ai fait de la prison cq81xv.",
        "我有前科 cq82xv。",
        "我坐过牢 cq83xv。",
        "逮捕されたことがあります cq84xv。",
        "刑務所にいました cq85xv。",
    ],
    Category.PLACE: [
        "I live at 14 Larkspur Lane, lq71xv.",
        "My home address is lq72xv.",
        "I work at the brewery lq73xv.",
        "We just moved to Gdynia lq74xv.",
        "My office is on the third floor of lq75xv.",
        "Ich wohne in Kassel lq76xv.",
        "Ich arbeite bei der Sparkasse lq77xv.",
        "Vivo en Zaragoza lq78xv.",
        "Trabajo en una panadería lq79xv.",
        "J'habite à Brest lq80xv.",
        "Je travaille chez un notaire lq81xv.",
        "我住在苏州 lq82xv。",
        "我家住三楼 lq83xv。",
        "札幌に住んでいます lq84xv。",
        "勤務先は銀行です lq85xv。",
    ],
}
ALL = [(category, text) for category, found in CANARIES.items() for text in found]

# What only looks sensitive. Each decision is one line, so that it can be argued about.
NEAR = [
    *("Crime", "crime fiction", "true crime podcasts", "a murder mystery", "Arrested Development"),
    *("union jack socks", "credit union", "Rugby union", "European Union", "Union Square", "reunion"),
    *("race car", "a 10 km race", "straight road", "straight hair", "cell phone", "host", "ghost"),
    *("political map", "conservative estimate", "liberal arts degree", "trump card", "party tricks"),
    *("Cancer Bats", "Tropic of Cancer", "the Great Depression", "depressing songs", "Doctor Who"),
    *("Christian Bale", "Hans Christian Andersen", "Black Sabbath", "Judas Priest", "Quaker Oats"),
    *("Enrique Iglesias", "rabbit holes", "I lent him a book", "thank god it's Friday", "a database agnostic tool"),
    *("black dress", "black coffee", "white wine", "Italian food", "Chinese films", "Asian noodles"),
    *("transport", "trans fats", "Trans-Siberian railway", "virgin olive oil", "Sex Pistols records"),
    *("a fingerprint reader", "retina display", "an audio fingerprint", "live music", "live albums"),
    *("I work at night", "street food", "email address", "oh my god", "God of War", "home office", "works for me", "3 hour drive"),
    *("sick beats", "patient people", "that killed me", "eine schwüle Nacht", "die Messe in Hannover"),
    *("guilty pleasure", "kidney beans", "nun gut, das ist schön", "a la izquierda hay un bar"),
    *("tourner à gauche", "スポーツが好きです", "毎日がんばっています", "我喜欢爵士乐", "我的同事喜欢男同学的歌"),
    *("hiking", "jazz", "science fiction", "I like long walks and dark chocolate", "", "   ", "😀"),
]  # fmt: skip

IN_DOUBT = {
    "church architecture": Category.RELIGION,
    "gospel music": Category.RELIGION,
    "Christian": Category.RELIGION,
    "Politics": Category.POLITICS,
    "Gay & Lesbian": Category.SEXUALITY,
    "Health": Category.HEALTH,
    "prison films": Category.CRIME,
    "vegan restaurants": Category.HEALTH,
    "I live in Boston": Category.PLACE,
}


@pytest.mark.parametrize(("category", "text"), ALL)
def test_each_canary_is_of_its_category(category: Category, text: str) -> None:
    assert category_of(text) is category


@pytest.mark.parametrize("text", NEAR)
def test_near_misses_are_not_sensitive(text: str) -> None:
    assert category_of(text) is None


@pytest.mark.parametrize(("text", "category"), IN_DOUBT.items())
def test_in_doubt_it_is_sensitive(text: str, category: Category) -> None:
    assert category_of(text) is category


def test_what_looks_harmless_hides_nothing_beside_it() -> None:
    assert category_of("I love Christian Bale and I am a Christian.") is Category.RELIGION
    assert category_of("Cancer Bats played when I had cancer") is Category.HEALTH


@pytest.mark.parametrize(
    "text",
    [
        "I AM DIABETIC",
        "I am ｄｉａｂｅｔｉｃ",
        "I am dia\u200bbetic",
        "I am dia\u00adbetic",
        "Soy ale\u0301rgica",
        "soy alergica",
        "left wing",
        "ﾑｽﾘﾑ",
    ],
)
def test_spelling_does_not_hide_it(text: str) -> None:
    assert category_of(text) is not None


def test_an_attribute_is_known_by_its_mark_then_by_its_name() -> None:
    marks = {"diagnosis": "none", "mood": "health", "religion": "politics"}
    assert category_of_attribute("diagnosis", {}) is Category.HEALTH
    assert category_of_attribute("diagnosis", marks) is None
    assert category_of_attribute("mood", {}) is None
    assert category_of_attribute("mood", marks) is Category.HEALTH
    assert category_of_attribute("religion", marks) is Category.POLITICS


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("homeAddress", Category.PLACE),
        ("home_address", Category.PLACE),
        ("ZIP-Code", Category.PLACE),
        ("lives in", Category.PLACE),
        ("dietary_restrictions", Category.HEALTH),
        ("bloodType", Category.HEALTH),
        ("race", Category.ETHNICITY),
        ("gender", Category.SEXUALITY),
        ("party_affiliation", Category.POLITICS),
        ("union", Category.UNION),
        ("face_embedding", Category.BIOMETRICS),
        ("criminal_record", Category.CRIME),
        ("宗教", Category.RELIGION),
        ("genre", None),
        ("race_distance", None),
        ("phone_case", None),
    ],
)
def test_names_of_attributes(name: str, category: Category | None) -> None:
    assert category_of_attribute(name, {}) is category


def test_a_mark_that_is_no_category_is_refused() -> None:
    with pytest.raises(HabitusError, match="'helth'"):
        category_of_attribute("mood", {"mood": "helth"})


def test_a_statement_is_sensitive_by_its_field_or_by_its_words() -> None:
    assert category_of_stated("lives in", "Boston") is Category.PLACE
    assert category_of_stated("likes", "jazz", "I am gay and like jazz") is Category.SEXUALITY
    assert category_of_stated("likes", "jazz") is None
    assert category_of_stated("works", "as a nurse") is None


@pytest.mark.parametrize(
    ("attribute", "value", "category"),
    [
        ("works", "at the mill", Category.PLACE),
        ("works", "at night", None),
        ("works", "from home", None),
        ("lives", "in Ghent", Category.PLACE),
        ("moved", "to Berlin", Category.PLACE),
        ("is", "bi", Category.SEXUALITY),
        ("is", "black", Category.ETHNICITY),
        ("is", "tall", None),
        ("allergic to", "pollen", Category.HEALTH),
    ],
)
def test_a_field_and_its_value_are_read_together(
    attribute: str, value: str, category: Category | None
) -> None:
    assert category_of_stated(attribute, value, "") is category


@pytest.mark.parametrize(("category", "text"), ALL)
def test_what_the_extractor_makes_of_a_canary_is_sensitive_too(
    category: Category, text: str
) -> None:
    for claim in claims(text):
        assert category_of_stated(claim.attribute, claim.value, claim.scope) is category


def catalogue(**attributes: Attribute) -> Catalogue:
    rows = 2
    return Catalogue(
        item_ids=("", "a"),
        text=("", "A"),
        attributes=attributes or {},
        numbers={"price": np.zeros(rows), "latitude": np.zeros(rows), "zorp": np.zeros(rows)},
        available=np.array([False, True]),
    )


def column(value: str) -> Attribute:
    return attribute_column([[], [value]])


def test_what_nobody_knows_is_listed_for_review() -> None:
    items = catalogue(genre=column("War"), diagnosis=column("flu"), quux=column("x"))
    assert unreviewed(items, {}) == ["quux", "zorp"]
    assert unreviewed(items, {"quux": "none", "zorp": "crime"}) == []


def test_sensitive_attributes_are_not_read_from_behaviour_unless_named_with_a_purpose() -> None:
    items = catalogue(genre=column("War"), diagnosis=column("flu"), quux=column("x"))
    assert Policy().skipped(items) == {"diagnosis", "latitude"}
    assert Policy(marked={"quux": "union"}).skipped(items) == {"diagnosis", "latitude", "quux"}
    policy = Policy(inferred={"diagnosis": "to hide what harms"}, marked={"latitude": "none"})
    assert policy.skipped(items) == set()


def test_one_sensitive_value_of_a_mixed_attribute_is_passed_over() -> None:
    policy = Policy()
    assert policy.silent_value("genre", "Gay & Lesbian")
    assert policy.silent_value("genre", "Christian")
    assert policy.silent_value("diagnosis", "whatever")
    assert not policy.silent_value("genre", "Crime")
    assert not policy.silent_value("genre", "War")
    marked = Policy(marked={"genre": "none", "genre=Christian": "none", "genre=War": "politics"})
    assert not marked.silent_value("genre", "Christian")
    assert marked.silent_value("genre", "War")
    assert marked.silent_value("genre", "Gay & Lesbian")  # its name is fine, not all its values
    assert not Policy(inferred={"genre": "shelves"}).silent_value("genre", "Christian")


@pytest.mark.parametrize("text", [text for _, text in ALL[::7]])
def test_stated_matters_are_kept_only_where_allowed(text: str) -> None:
    assert not Policy().allows_stated("is", text)
    assert Policy(allow_stated_sensitive=True).allows_stated("is", text)


def test_a_policy_is_written_and_read() -> None:
    policy = Policy(
        allow_stated_sensitive=True,
        inferred={"diagnosis": "doses"},
        marked={"genre": "none", "genre=ñ": "crime"},
        llm=True,
        llm_sensitive=True,
    )
    assert Policy.from_json(policy.to_json()) == policy
    assert Policy.from_json("{}") == Policy()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"lllm": true}', "no 'lllm'"),
        ('{"llm": 1}', "llm is not true or false"),
        ('{"llm": "yes"}', "llm is not true or false"),
        ('{"inferred": {"diagnosis": " "}}', "no purpose"),
        ('{"inferred": ["diagnosis"]}', "inferred is no map"),
        ('{"marked": {"mood": "helth"}}', "'helth'"),
        ('{"marked": {"mood": null}}', "marked is no map"),
    ],
)
def test_a_policy_that_is_none_is_refused(text: str, said: str) -> None:
    with pytest.raises(HabitusError, match=said):
        Policy.from_json(text)


SECRET = b"0123456789abcdef"


@given(st.text(max_size=200))
def test_any_text_is_decided(text: str) -> None:
    assert category_of(text) in {None, *Category}
    assert category_of(text) == category_of(text.upper().lower()) or not text.isascii()
