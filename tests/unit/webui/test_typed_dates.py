"""Days and times as agents type them."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webui.forms.dates import (
    DayFault,
    DayUnreadable,
    TimeUnreadable,
    Toward,
    distance_text,
    parse_day,
    parse_time,
)

TUESDAY = date(2022, 9, 20)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("今日", date(2022, 9, 20)),
        ("明日", date(2022, 9, 21)),
        ("あさって", date(2022, 9, 22)),
        ("金", date(2022, 9, 23)),
        ("金曜", date(2022, 9, 23)),
        ("火", date(2022, 9, 27)),  # the bare weekday of today is the next one
        ("今週金", date(2022, 9, 23)),
        ("今週の月曜日", date(2022, 9, 19)),
        ("来週金", date(2022, 9, 30)),
        ("再来週の日", date(2022, 10, 9)),
        ("月末", date(2022, 9, 30)),
        ("今月末", date(2022, 9, 30)),
        ("来月末", date(2022, 10, 31)),
        ("来月5日", date(2022, 10, 5)),
        ("9/30", date(2022, 9, 30)),
        ("930", date(2022, 9, 30)),
        ("1005", date(2022, 10, 5)),
        ("9月30日", date(2022, 9, 30)),
        ("30日", date(2022, 9, 30)),
        ("5日", date(2022, 10, 5)),
        ("31日", date(2022, 10, 31)),
        ("3日後", date(2022, 9, 23)),
        ("2週間後", date(2022, 10, 4)),
        ("令和4年9月30日", date(2022, 9, 30)),
        ("R4.9.30", date(2022, 9, 30)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("2022-09-30", date(2022, 9, 30)),
        ("２０２２年９月３０日", date(2022, 9, 30)),
        ("９／３０", date(2022, 9, 30)),
        (" 来週 金 ", date(2022, 9, 30)),
        ("9/19", date(2023, 9, 19)),  # this year's is over
        ("9/20", date(2022, 9, 20)),
        ("2/29", date(2024, 2, 29)),
        ("20220930", date(2022, 9, 30)),
    ],
)
def test_a_day_is_read_as_it_is_said(text: str, wanted: date) -> None:
    assert parse_day(text, TUESDAY) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("昨日", date(2022, 9, 19)),
        ("9/10", date(2022, 9, 10)),
        ("12/25", date(2021, 12, 25)),
        ("金", date(2022, 9, 16)),
        ("10日", date(2022, 9, 10)),
        ("25日", date(2022, 8, 25)),
        ("3日前", date(2022, 9, 17)),
        ("先月末", date(2022, 8, 31)),
    ],
)
def test_a_day_of_payment_is_looked_for_in_the_past(text: str, wanted: date) -> None:
    assert parse_day(text, TUESDAY, Toward.PAST) == wanted


@pytest.mark.parametrize(
    "text", ["", "いつか", "金曜ごろ", "13/1", "0/5", "0", "00日", "9999999", "日々"]
)
def test_what_names_no_day_is_told_so(text: str) -> None:
    with pytest.raises(DayUnreadable) as refused:
        parse_day(text, TUESDAY)
    assert refused.value.fault is DayFault.UNREADABLE


def test_a_day_the_month_does_not_have_names_the_month() -> None:
    with pytest.raises(DayUnreadable) as refused:
        parse_day("9/31", TUESDAY)
    assert (refused.value.fault, refused.value.month, refused.value.days) == (
        DayFault.NO_SUCH_DAY,
        9,
        30,
    )


@given(st.text(max_size=30), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_any_text_is_a_day_or_is_refused(text: str, today: date) -> None:
    for toward in Toward:
        try:
            parse_day(text, today, toward)
        except DayUnreadable:
            continue


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 360))
def test_month_and_day_never_lead_backwards(today: date, ahead: int) -> None:
    day = date.fromordinal(today.toordinal() + ahead)
    if (day.month, day.day) == (2, 29):
        return
    assert parse_day(f"{day.month}/{day.day}", today) == day


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("18:30", time(18, 30)),
        ("１８：３０", time(18, 30)),
        ("1830", time(18, 30)),
        ("930", time(9, 30)),
        ("18時", time(18)),
        ("18時半", time(18, 30)),
        ("18時05分", time(18, 5)),
        ("午後6時半", time(18, 30)),
        ("午後12時", time(12)),
        ("午前10時", time(10)),
    ],
)
def test_a_time_is_read_as_it_is_said(text: str, wanted: time) -> None:
    assert parse_time(text) == wanted


@pytest.mark.parametrize("text", ["", "夕方", "25:00", "18:60", "18", "9999"])
def test_what_names_no_time_is_told_so(text: str) -> None:
    with pytest.raises(TimeUnreadable):
        parse_time(text)


def test_the_distance_is_told_in_days() -> None:
    assert distance_text(date(2022, 9, 30), TUESDAY) == "10日後"
    assert distance_text(date(2022, 9, 17), TUESDAY) == "3日前"
    assert distance_text(TUESDAY, TUESDAY) == "今日"
