"""Time phrases at a known moment: Wednesday 19 July 2023, 15:00 UTC."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitus.profile.when import asks, phrases

NOW = int(datetime(2023, 7, 19, 15, tzinfo=UTC).timestamp()) * 1_000_000


def days(text: str, now: int = NOW) -> list[tuple[str | None, str | None]]:
    """The phrases' first and last days, in order."""

    def day(moment: int | None, back: int = 0) -> str | None:
        if moment is None:
            return None
        there = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)
        return (there.date() - timedelta(back)).isoformat()

    found = [each.interval for each in phrases(text, now)]
    return [(day(each.start), day(each.end, 1)) for each in found]


CASES = [
    ("yesterday", "2023-07-18", "2023-07-18"),
    ("the day before yesterday", "2023-07-17", "2023-07-17"),
    ("tomorrow", "2023-07-20", "2023-07-20"),
    ("last night", "2023-07-18", "2023-07-18"),
    ("three days ago", "2023-07-16", "2023-07-16"),
    ("a few days ago", "2023-07-14", "2023-07-17"),
    ("two weeks ago", "2023-07-02", "2023-07-08"),
    ("2 months ago", "2023-05-01", "2023-05-31"),
    ("a year ago", "2022-01-01", "2022-12-31"),
    ("last week", "2023-07-10", "2023-07-16"),
    ("last weekend", "2023-07-15", "2023-07-16"),
    ("this weekend", "2023-07-22", "2023-07-23"),
    ("next month", "2023-08-01", "2023-08-31"),
    ("last year", "2022-01-01", "2022-12-31"),
    ("in the last two weeks", "2023-07-05", "2023-07-19"),
    ("last May", "2023-05-01", "2023-05-31"),
    ("last July", "2022-07-01", "2022-07-31"),
    ("in July", "2023-07-01", "2023-07-31"),
    ("in December", "2022-12-01", "2022-12-31"),
    ("in June 2023", "2023-06-01", "2023-06-30"),
    ("February 2024", "2024-02-01", "2024-02-29"),
    ("last Friday", "2023-07-14", "2023-07-14"),
    ("last Wednesday", "2023-07-12", "2023-07-12"),
    ("next Friday", "2023-07-21", "2023-07-21"),
    ("on 3 March", "2023-03-03", "2023-03-03"),
    ("on the 3rd of December", "2022-12-03", "2022-12-03"),
    ("on March 3rd, 2021", "2021-03-03", "2021-03-03"),
    ("2021-03-04", "2021-03-04", "2021-03-04"),
    ("last summer", "2022-06-01", "2022-08-31"),
    ("in the winter of 2021", "2021-12-01", "2022-02-28"),
    ("in 2019", "2019-01-01", "2019-12-31"),
    ("the week before 3 July 2023", "2023-06-26", "2023-07-02"),
    ("the Sunday before 25 May 2023", "2023-05-21", "2023-05-21"),
    ("the weekend after 5 July 2023", "2023-07-08", "2023-07-09"),
    ("the week of 5 July 2023", "2023-07-03", "2023-07-09"),
    # German
    ("gestern", "2023-07-18", "2023-07-18"),
    ("vor zwei Wochen", "2023-07-02", "2023-07-08"),
    ("letzten Mai", "2023-05-01", "2023-05-31"),
    ("im Juni 2023", "2023-06-01", "2023-06-30"),
    ("am 3. März", "2023-03-03", "2023-03-03"),
    ("am 3.3.2023", "2023-03-03", "2023-03-03"),
    ("letzten Freitag", "2023-07-14", "2023-07-14"),
    # Spanish
    ("ayer", "2023-07-18", "2023-07-18"),
    ("hace dos semanas", "2023-07-02", "2023-07-08"),
    ("la semana pasada", "2023-07-10", "2023-07-16"),
    ("el viernes pasado", "2023-07-14", "2023-07-14"),
    ("en junio de 2023", "2023-06-01", "2023-06-30"),
    ("el 3 de marzo", "2023-03-03", "2023-03-03"),
    # French
    ("il y a deux semaines", "2023-07-02", "2023-07-08"),
    ("la semaine dernière", "2023-07-10", "2023-07-16"),
    ("vendredi dernier", "2023-07-14", "2023-07-14"),
    # Chinese, Japanese, Korean
    ("我昨天去了", "2023-07-18", "2023-07-18"),
    ("两周前", "2023-07-02", "2023-07-08"),
    ("去年五月", "2022-05-01", "2022-05-31"),
    ("2023年6月3日", "2023-06-03", "2023-06-03"),
    ("先週行きました", "2023-07-10", "2023-07-16"),
    ("三日前", "2023-07-16", "2023-07-16"),
    ("어제 갔어요", "2023-07-18", "2023-07-18"),
    ("2023년 6월", "2023-06-01", "2023-06-30"),
    # Arabic, Hindi, Thai
    ("الشهر الماضي", "2023-06-01", "2023-06-30"),
    ("पिछले महीने", "2023-06-01", "2023-06-30"),
    ("เมื่อวาน", "2023-07-18", "2023-07-18"),
]


@pytest.mark.parametrize(("text", "first", "last"), CASES, ids=[row[0] for row in CASES])
def test_a_phrase_names_its_days(text: str, first: str, last: str) -> None:
    assert days(text) == [(first, last)]
    assert days(f"{text}.") == [(first, last)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("since March", "2023-03-01", None),
        ("before 2022", None, "2021-12-31"),
        ("after last week", "2023-07-17", None),
        ("vor dem 3. März 2023", None, "2023-03-02"),
        ("desde marzo", "2023-03-01", None),
    ],
)
def test_one_side_can_be_open(text: str, first: str | None, last: str | None) -> None:
    assert days(text) == [(first, last)]


@pytest.mark.parametrize(
    "text",
    ["May I ask you?", "I may march on", "an autumnal mood", "the week was fine", "20233"],
)
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert days(text) == []


def test_several_phrases_come_in_their_order_and_do_not_overlap() -> None:
    found = phrases(
        "Last May we moved, and yesterday, the week before 3 July 2023, it rained.", NOW
    )
    assert [each.words for each in found] == [
        "last may",
        "yesterday",
        "the week before 3 july 2023",
    ]
    places = [place for each in found for place in each.at]
    assert places == sorted(places)


def test_days_begin_at_midnight_where_the_user_is() -> None:
    """It is already the 20th in Auckland, twelve hours ahead in its winter."""
    (found,) = phrases("today", NOW, "Pacific/Auckland")
    noon_before = int(datetime(2023, 7, 19, 12, tzinfo=UTC).timestamp()) * 1_000_000
    assert found.interval.start == noon_before
    assert found.interval.end == noon_before + 86_400_000_000


def test_a_day_on_which_the_clocks_change_has_its_own_length() -> None:
    (found,) = phrases("on 26 March 2023", NOW, "Europe/Berlin")
    start, end = found.interval.start, found.interval.end
    assert start is not None
    assert end is not None
    assert end - start == 23 * 3_600_000_000


def test_an_unknown_zone_is_utc() -> None:
    assert phrases("today", NOW, "Nowhere/At_All") == phrases("today", NOW)


@pytest.mark.parametrize(
    "text", ["When was it?", "Wann war das?", "¿Cuándo fue?", "いつですか", "什么时候"]
)
def test_a_question_can_ask_for_a_time(text: str) -> None:
    assert asks(text)


def test_whenever_does_not_ask() -> None:
    assert not asks("whenever you like")


@given(st.integers(0, 4_000_000), st.sampled_from(["days", "weeks", "months", "years"]))
def test_any_count_gives_days_in_order(count: int, unit: str) -> None:
    for each in phrases(f"{count} {unit} ago", NOW):
        assert each.interval.start is not None
        assert each.interval.end is not None
        assert each.interval.start < each.interval.end


@given(st.dates(date(1971, 1, 1), date(2099, 12, 31)))
def test_yesterday_is_the_day_before_any_day(day: date) -> None:
    now = int(datetime(day.year, day.month, day.day, 9, tzinfo=UTC).timestamp()) * 1_000_000
    before = (day - timedelta(1)).isoformat()
    assert days("yesterday", now) == [(before, before)]


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(phrases(text, NOW), tuple)
