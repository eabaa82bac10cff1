"""What must be done before the first call of a month, by when, and what is told as overdue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from campaigns.cases.deadlines import Comparison, Step, StepState, due_days, step_lines
from campaigns.errors import CityPaperInvalid
from campaigns.profile.calendar_view import missing_years
from campaigns.profile.city_papers import CityPaper, check_paper
from campaigns.profile.contract import read_profile, shipped_profile
from campaigns.profile.orders import Lateness, lateness_of
from campaigns.profile.parameters import Parameters
from dialer.calendar.holidays import HolidayTable, load_holidays

START = date(2022, 8, 15)
LEADS = Parameters()
DUE = due_days(START, LEADS.volume_notice_lead_days, LEADS.data_lead_days)


def state(step: Step, today: date, done: dict[Step, date | None] | None = None) -> StepState:
    return next(line.state for line in step_lines(DUE, done or {}, today) if line.step is step)


@pytest.mark.clause("S4-11.1a")
def test_the_volume_is_due_a_week_before_and_unconfirmed_raises_the_alarm_a_day_later() -> None:
    assert DUE[Step.VOLUME] == date(2022, 8, 8)
    assert state(Step.VOLUME, date(2022, 8, 8)) is StepState.OPEN
    assert state(Step.VOLUME, date(2022, 8, 9)) is StepState.OVERDUE
    confirmed: dict[Step, date | None] = {Step.VOLUME: date(2022, 8, 8)}
    assert state(Step.VOLUME, date(2022, 8, 9), confirmed) is StepState.DONE


@pytest.mark.clause("S4-11.1b")
def test_the_lent_data_is_due_two_days_before() -> None:
    assert DUE[Step.DATA] == date(2022, 8, 13)
    assert state(Step.DATA, date(2022, 8, 13)) is StepState.OPEN
    assert state(Step.DATA, date(2022, 8, 14)) is StepState.OVERDUE
    late: dict[Step, date | None] = {Step.DATA: date(2022, 8, 14)}
    assert state(Step.DATA, date(2022, 8, 14), late) is StepState.DONE_LATE


@pytest.mark.clause("S4-11.1c")
def test_the_call_list_is_needed_before_the_first_day_of_calls() -> None:
    assert state(Step.LIST, date(2022, 8, 14)) is StepState.OPEN
    assert state(Step.LIST, START) is StepState.OVERDUE
    assert state(Step.LIST, START, {Step.LIST: None}) is StepState.DONE


def test_the_leads_are_parameters() -> None:
    due = due_days(START, 10, 5)
    assert (due[Step.VOLUME], due[Step.DATA]) == (date(2022, 8, 5), date(2022, 8, 10))


@pytest.mark.clause("S4-11.1b")
@pytest.mark.parametrize(
    ("expected", "actual", "difference"), [(500, 520, 20), (500, 480, -20), (500, 500, 0)]
)
def test_rows_received_stand_beside_the_notified_number(
    expected: int, actual: int, difference: int
) -> None:
    assert Comparison(expected, actual).difference == difference


@pytest.mark.clause("S4-6.3-1")
def test_calls_made_stand_beside_the_planned_number() -> None:
    calls = Comparison(expected=500, actual=450)
    assert calls.ratio is not None
    assert f"{calls.ratio:.1%}" == "90.0%"
    assert Comparison(0, 450).ratio is None


def test_the_months_of_a_contract_follow_each_other_over_the_year() -> None:
    profile = read_profile(shipped_profile("004"))
    months = replace(profile, contract_from=date(2022, 4, 15)).months
    assert (months[0], months[-1], len(months)) == (date(2022, 4, 1), date(2023, 5, 1), 14)
    day = date(2022, 12, 31)
    assert replace(profile, contract_from=day, contract_until=day).months == (date(2022, 12, 1),)


@pytest.mark.parametrize(
    ("last_year", "today", "missing"),
    [
        (2023, date(2022, 9, 1), ()),
        (2022, date(2022, 9, 1), (2023,)),
        (2022, date(2023, 1, 1), (2023,)),
        (2021, date(2022, 9, 1), (2022, 2023)),
    ],
)
def test_a_calendar_without_this_year_or_the_next_is_told(
    last_year: int, today: date, missing: tuple[int, ...]
) -> None:
    table = HolidayTable({}, 2015, last_year)
    assert missing_years(table, today, date(2023, 5, 31)) == missing


def test_a_year_after_the_contract_is_not_missed() -> None:
    table = HolidayTable({}, 2015, 2023)
    assert missing_years(table, date(2023, 2, 1), date(2023, 5, 31)) == ()
    assert missing_years(load_holidays(), date(2022, 9, 1), date(2023, 5, 31)) == ()


@pytest.mark.parametrize(
    ("text", "post"),
    [
        ("管財課長", True),
        ("財政局税政部長", True),
        ("債権管理担当", True),
        ("見本太郎", False),
        ("管財課長 見本", False),
        ("課長\n", False),
        ("服部", False),
        ("市" * 29 + "課長", False),
    ],
)
def test_a_signer_is_a_post_and_no_person(text: str, post: bool) -> None:
    assert CityPaper("1", text, START).names_a_post is post


@pytest.mark.parametrize(
    ("paper", "field"),
    [
        (CityPaper(" ", "管財課長", START), "document_no"),
        (CityPaper("札子企\n1号", "管財課長", START), "document_no"),
        (CityPaper("号" * 61, "管財課長", START), "document_no"),
        (CityPaper("札子企第1号", "見本太郎", START), "signer"),
        (CityPaper("札子企第1号", "管財課長", date(2022, 8, 16)), "received_on"),
    ],
)
def test_a_document_that_lacks_something_is_refused_by_its_field(
    paper: CityPaper, field: str
) -> None:
    with pytest.raises(CityPaperInvalid) as refused:
        check_paper(paper, START)
    assert refused.value.details == {"field": field}


@pytest.mark.clause("S4-7.2b-3")
@pytest.mark.parametrize(
    ("clock", "opens", "lateness"),
    [
        ("2022-09-14T23:59:59+09:00", "11:30", None),
        ("2022-09-15T00:00:00+09:00", "11:30", Lateness.ON_THE_DAY),
        ("2022-09-14T15:00:00+00:00", "11:30", Lateness.ON_THE_DAY),  # midnight in Tokyo
        ("2022-09-15T11:29:59+09:00", "11:30", Lateness.ON_THE_DAY),
        ("2022-09-15T11:30:00+09:00", "11:30", Lateness.DAY_RUNNING),
        ("2022-09-15T23:00:00+09:00", "11:30", Lateness.DAY_RUNNING),
        ("2022-09-15T23:00:00+09:00", None, Lateness.ON_THE_DAY),
    ],
)
def test_an_order_is_late_from_the_first_instant_of_its_day(
    clock: str, opens: str | None, lateness: Lateness | None
) -> None:
    day = date(2022, 9, 15)
    opening = datetime.fromisoformat(f"2022-09-15T{opens}:00+09:00") if opens else None
    assert lateness_of(day, datetime.fromisoformat(clock), opening) is lateness
