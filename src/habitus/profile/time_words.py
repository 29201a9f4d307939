"""How languages speak of time: words for numbers, units, months and weekdays, and the phrases they
stand in. A phrase is a regular expression over folded text with names in braces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Count = tuple[int, int]  # from … to: "a few" is two to five


@dataclass(frozen=True, eq=False)
class Language:
    """One language's words. `fixed` phrases are whole units of the calendar, counted from today's;
    `rules` name a meaning of `habitus.profile.when`; `sides` open a stretch at one end."""

    fixed: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    rules: tuple[tuple[str, str], ...] = ()
    numbers: Mapping[str, Count] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    weekdays: Mapping[str, int] = field(default_factory=dict)
    seasons: Mapping[str, int] = field(default_factory=dict)
    sides: Mapping[str, str] = field(default_factory=dict)
    spaced: bool = True  # words are parted by spaces


def _listed(words: str, start: int = 0) -> dict[str, int]:
    """Each group's number for each of its words: groups by spaces, words by bars."""
    groups = enumerate(words.split(), start)
    return {word: number for number, group in groups for word in group.split("|")}


def _counts(words: str) -> dict[str, Count]:
    return {word: (number, number) for word, number in _listed(words, 1).items()}


def _units(**words: str) -> dict[str, str]:
    return {word: unit for unit, group in words.items() for word in group.split("|")}


ENGLISH = Language(
    fixed={
        "today|tonight|this morning|this afternoon|this evening": ("day", 0),
        "yesterday|last night|last evening": ("day", -1),
        "the day before yesterday": ("day", -2),
        "tomorrow": ("day", 1),
        "the day after tomorrow": ("day", 2),
    },
    rules=(
        (r"(?:about |around )?{n} {unit} (?:ago|back|earlier)", "ago"),
        (r"(?:the )?(?:last|past) {n} {unit}", "past"),
        (r"(?:last|the past|the previous) {unit}", "last_unit"),
        (r"this (?:past )?{unit}", "this_unit"),
        (r"(?:the )?next {unit}", "next_unit"),
        (r"(?:last|this past) {weekday}", "last_weekday"),
        (r"on {weekday}|{weekday} (?:night|morning|evening|afternoon)", "last_weekday"),
        (r"(?:next|this|coming) {weekday}", "next_weekday"),
        (r"last {month}", "last_month"),
        (r"next {month}", "next_month"),
        (
            r"(?:in|during|this|of|since|by|until|before|after) (?:early |mid |late )?{month}",
            "month",
        ),
        (r"(?:in |of |during )?(?:early |mid |late )?{month},? (?:of )?{year}", "month"),
        (r"(?:on )?(?:the )?{day}(?:st|nd|rd|th)?(?: of)? {month}(?:,? {year})?", "date"),
        (r"(?:on )?{month} (?:the )?{day}(?:st|nd|rd|th)?(?:,? {year})?", "date"),
        (r"last {season}", "last_season"),
        (
            r"(?:in|during|this|over)(?: the)? {season}(?: of)?(?: {year})?|{season} (?:of )?{year}",
            "season",
        ),
        (r"next {season}", "next_season"),
        (r"(?:in|during|since|of|by|until|before|after|year) {year}", "year"),
    ),
    numbers=_counts("a|an|one two three four five six seven eight nine ten eleven twelve")
    | {
        "a couple of": (2, 2),
        "a couple": (2, 2),
        "a few": (2, 5),
        "few": (2, 5),
        "several": (3, 7),
    },
    units=_units(
        day="day|days",
        week="week|weeks",
        weekend="weekend|weekends",
        month="month|months",
        year="year|years",
    ),
    months=_listed(
        "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug "
        "september|sept|sep october|oct november|nov december|dec",
        1,
    ),
    weekdays=_listed("monday tuesday wednesday thursday friday saturday sunday"),
    seasons=_listed("spring summer autumn|fall winter"),
    sides={"since": "since", "before": "before", "until": "before", "after": "after"},
)

GERMAN = Language(
    fixed={
        "heute": ("day", 0),
        "gestern": ("day", -1),
        "vorgestern": ("day", -2),
        "übermorgen": ("day", 2),
        "voriges jahr": ("year", -1),
    },
    rules=(
        (r"vor {n} {unit}", "ago"),
        (r"(?:in den )?letzten {n} {unit}", "past"),
        (r"(?:letzte|vorige|vergangene)[nrsm]? {unit}", "last_unit"),
        (r"diese[nrsm]? {unit}", "this_unit"),
        (r"(?:nächste|kommende)[nrsm]? {unit}", "next_unit"),
        (r"(?:letzte|vergangene|vorige)[nrsm]? {weekday}|am {weekday}", "last_weekday"),
        (r"(?:nächste|kommende)[nrsm]? {weekday}", "next_weekday"),
        (r"(?:letzte|vergangene|vorige)[nrsm]? {month}", "last_month"),
        (r"(?:im|seit|ab) {month}(?: {year})?|{month} {year}", "month"),
        (r"(?:am |den |dem )?{day}\. ?{month}(?: {year})?", "date"),
        (r"(?:am |den |dem )?{day}\.{m}\.{year}", "date"),
        (r"(?:letzte|vergangene|vorige)[nrsm]? {season}", "last_season"),
        (r"im {season}(?: {year})?|{season} {year}", "season"),
        (r"(?:in|seit|im jahre?) {year}", "year"),
    ),
    numbers=_counts("einem|einer|ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf")
    | {"ein paar": (2, 5), "einigen": (2, 5)},
    units=_units(
        day="tag|tage|tagen",
        week="woche|wochen",
        weekend="wochenende",
        month="monat|monate|monaten",
        year="jahr|jahre|jahren",
    ),
    months=_listed(
        "januar|jänner februar märz april mai juni juli august september oktober november dezember",
        1,
    ),
    weekdays=_listed("montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag"),
    seasons=_listed("frühling|frühjahr sommer herbst winter"),
    sides={"seit": "since", "vor": "before", "bis": "before", "nach": "after"},
)

SPANISH = Language(
    fixed={
        "hoy|esta mañana|esta noche": ("day", 0),
        "ayer|anoche": ("day", -1),
        "anteayer|antier": ("day", -2),
        "pasado mañana": ("day", 2),
    },
    rules=(
        (r"hace {n} {unit}", "ago"),
        (r"(?:los|las) últim[oa]s {n} {unit}", "past"),
        (r"(?:el|la)? ?{unit} pasad[oa]|(?:el|la) pasad[oa] {unit}", "last_unit"),
        (r"est[ea] {unit}", "this_unit"),
        (r"(?:el|la) (?:próxim[oa] {unit}|{unit} que viene)", "next_unit"),
        (r"(?:el )?{weekday} pasado|el (?:pasado )?{weekday}", "last_weekday"),
        (r"el próximo {weekday}", "next_weekday"),
        (r"(?:el )?pasado {month}|{month} pasado", "last_month"),
        (r"(?:en|desde) {month}(?: del? {year})?|{month} del? {year}", "month"),
        (r"(?:el )?{day} de {month}(?: del? {year})?", "date"),
        (r"(?:el|la) {season} pasad[oa]|(?:el|la) pasad[oa] {season}", "last_season"),
        (r"en {season}(?: del? {year})?|{season} del? {year}", "season"),
        (r"(?:en|desde|en el año) {year}", "year"),
    ),
    numbers=_counts("un|una dos tres cuatro cinco seis siete ocho nueve diez once doce")
    | {"unos": (2, 5), "unas": (2, 5)},
    units=_units(
        day="día|días",
        week="semana|semanas",
        weekend="fin de semana",
        month="mes|meses",
        year="año|años",
    ),
    months=_listed(
        "enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre "
        "diciembre",
        1,
    ),
    weekdays=_listed("lunes martes miércoles jueves viernes sábado domingo"),
    seasons=_listed("primavera verano otoño invierno"),
    sides={
        "desde": "since",
        "antes del": "before",
        "antes de": "before",
        "hasta": "before",
        "después de": "after",
    },
)

FRENCH = Language(
    fixed={
        "aujourd'hui|ce matin|ce soir": ("day", 0),
        "hier": ("day", -1),
        "avant-hier": ("day", -2),
        "après-demain": ("day", 2),
    },
    rules=(
        (r"il y a {n} {unit}", "ago"),
        (r"(?:les|ces) {n} derni(?:ers|ères) {unit}", "past"),
        (r"(?:l'|la |le )?{unit} (?:derni(?:er|ère)|passée?)", "last_unit"),
        (r"ce(?:t|tte)? {unit}", "this_unit"),
        (r"(?:l'|la |le )?{unit} prochaine?", "next_unit"),
        (r"{weekday} dernier", "last_weekday"),
        (r"{weekday} prochain", "next_weekday"),
        (r"{month} dernier", "last_month"),
        (r"(?:en|depuis) {month}(?: {year})?|{month} {year}", "month"),
        (r"(?:le )?{day}(?:er)? {month}(?: {year})?", "date"),
        (r"(?:l'|le ){season} dernier|{season} dernier", "last_season"),
        (r"(?:en|au) {season}(?: {year})?|{season} {year}", "season"),
        (r"(?:en|depuis) {year}", "year"),
    ),
    numbers=_counts("un|une deux trois quatre cinq six sept huit neuf dix onze douze")
    | {"quelques": (2, 5)},
    units=_units(
        day="jour|jours",
        week="semaine|semaines",
        weekend="week-end|weekend",
        month="mois",
        year="an|ans|année|années",
    ),
    months=_listed(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre", 1
    ),
    weekdays=_listed("lundi mardi mercredi jeudi vendredi samedi dimanche"),
    seasons=_listed("printemps été automne hiver"),
    sides={"depuis": "since", "avant": "before", "jusqu'à": "before", "après": "after"},
)

DATES = (  # the same in Chinese and Japanese, and with their own words in Korean
    (r"(?:{year}年)?{m}月{day}[日号]", "date"),
    (r"{year}年{m}月|{m}月", "month"),
    (r"{year}年", "year"),
)
DIGITS = _counts("一 二|两 三 四 五 六 七 八 九 十 十一 十二")

CHINESE = Language(
    fixed={
        "今天|今晚|今早|今日": ("day", 0),
        "昨天|昨晚": ("day", -1),
        "前天": ("day", -2),
        "明天": ("day", 1),
        "上周末|上个周末": ("weekend", -1),
        "上周|上星期|上个星期|上礼拜": ("week", -1),
        "这周|本周|这个星期": ("week", 0),
        "下周|下星期|下个星期": ("week", 1),
        "上个月|上月": ("month", -1),
        "这个月|本月": ("month", 0),
        "下个月": ("month", 1),
        "去年": ("year", -1),
        "前年": ("year", -2),
        "今年": ("year", 0),
        "明年": ("year", 1),
    },
    rules=(
        (r"{n}个?{unit}(?:以|之)?前", "ago"),
        (r"(?:最近|过去){n}个?{unit}", "past"),
        (r"去年{m}月", "month_last_year"),
        *DATES,
    ),
    numbers=DIGITS | {"几": (2, 5)},
    units=_units(day="天|日", week="周|星期|礼拜", month="月", year="年"),
    spaced=False,
)

JAPANESE = Language(
    fixed={
        "今日|今夜|今朝": ("day", 0),
        "昨日|昨夜": ("day", -1),
        "一昨日|おととい": ("day", -2),
        "明日": ("day", 1),
        "先週末": ("weekend", -1),
        "先週": ("week", -1),
        "今週": ("week", 0),
        "来週": ("week", 1),
        "先月": ("month", -1),
        "今月": ("month", 0),
        "来月": ("month", 1),
        "去年|昨年": ("year", -1),
        "今年": ("year", 0),
        "来年": ("year", 1),
    },
    rules=(
        (r"{n}{unit}前", "ago"),
        (r"(?:過去|ここ){n}{unit}", "past"),
        (r"(?:去年|昨年)の?{m}月", "month_last_year"),
        *DATES,
    ),
    numbers=DIGITS | {"数": (2, 5)},
    units=_units(day="日", week="週間", month="か月|ヶ月|カ月|ヵ月", year="年"),
    spaced=False,
)

KOREAN = Language(
    fixed={
        "오늘": ("day", 0),
        "어제": ("day", -1),
        "그제|그저께": ("day", -2),
        "내일": ("day", 1),
        "지난 ?주말": ("weekend", -1),
        "지난 ?주": ("week", -1),
        "이번 ?주": ("week", 0),
        "다음 ?주": ("week", 1),
        "지난 ?달": ("month", -1),
        "이번 ?달": ("month", 0),
        "작년|지난 ?해": ("year", -1),
        "올해": ("year", 0),
    },
    rules=(
        (r"{n} ?{unit} ?전", "ago"),
        (r"작년 ?{m}월", "month_last_year"),
        (r"(?:{year}년 ?)?{m}월 ?{day}일", "date"),
        (r"{year}년 ?{m}월|{m}월", "month"),
        (r"{year}년", "year"),
    ),
    numbers=_counts("한 두 세 네 다섯") | {"몇": (2, 5)},
    units=_units(day="일", week="주일|주", month="개월|달", year="년"),
    spaced=False,
)

# Of these languages only what needs no grammar. Hindi's word for yesterday also means tomorrow.
PLAIN = Language(
    fixed={
        "أمس|البارحة": ("day", -1),
        "اليوم": ("day", 0),
        "الأسبوع الماضي": ("week", -1),
        "الشهر الماضي": ("month", -1),
        "العام الماضي|السنة الماضية": ("year", -1),
        "आज": ("day", 0),
        "पिछले हफ्ते|पिछले सप्ताह": ("week", -1),
        "पिछले महीने": ("month", -1),
        "पिछले साल": ("year", -1),
        "เมื่อวานซืน": ("day", -2),
        "เมื่อวาน": ("day", -1),
        "วันนี้": ("day", 0),
        "สัปดาห์ที่แล้ว|อาทิตย์ที่แล้ว": ("week", -1),
        "เดือนที่แล้ว": ("month", -1),
        "ปีที่แล้ว": ("year", -1),
    },
    rules=((r"(?<!\d){year}-{m}-{day}(?!\d)", "date"),),
    spaced=False,
)

LANGUAGES = (ENGLISH, GERMAN, SPANISH, FRENCH, CHINESE, JAPANESE, KOREAN, PLAIN)

# Words that ask for a time.
ASKING = (
    r"(?<!\w)(?:when|how long|(?:what|which) (?:day|date|month|year|week|season|time)|wann|seit wann|"
    r"cuándo|quand|متى|कब)(?!\w)|什么时候|何时|几月|いつ|언제|เมื่อไหร่|เมื่อไร"
)
