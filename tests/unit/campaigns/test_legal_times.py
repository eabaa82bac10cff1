"""Only legal times are offered, and an illegal one moves to the next that is legal."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calling.call_report import CaseLimits, OutcomeReport
from campaigns.calling.care import CareCode
from campaigns.calling.follow_up_sweep import release_reason
from campaigns.calling.follow_up_turns import TurnReason
from campaigns.calling.legal_times import LegalTimes, offered_times
from campaigns.calling.outcome_files import sample_table
from campaigns.calling.required_fields import FaultKind, missing_fields
from campaigns.cases.states import IdentityResult
from campaigns.profile.parameters import Parameters
from dialer.calendar.holidays import load_holidays
from dialer.calendar.windows import CallingHours, DatedOrder, Interval

THURSDAY = date(2022, 9, 15)
FRIDAY = date(2022, 9, 16)
MONDAY_HOLIDAY = date(2022, 9, 19)


def at(text: str, day: date = THURSDAY) -> datetime:
    return datetime.fromisoformat(f"{day}T{text}+09:00")


def hours(*orders: DatedOrder) -> CallingHours:
    return CallingHours(
        weekday=(Interval(time(11, 30), time(13, 30)), Interval(time(16, 30), time(20, 30))),
        weekend_or_holiday=(Interval(time(10), time(16)),),
        holidays=load_holidays(),
        orders={order.day: (order,) for order in orders},
    )


CLOSED_FRIDAY = DatedOrder(FRIDAY, (), "市財第7号")


@pytest.mark.clause("S4-7.2b-1", "S4-7.2b-2", "S4-11.2f")
@pytest.mark.parametrize(
    ("wanted", "margin", "care", "named", "found"),
    [
        (at("12:00"), 0, None, True, at("12:00")),
        (at("13:29"), 0, None, True, at("13:29")),
        (at("13:30"), 0, None, True, at("16:30")),
        (at("13:28"), 5, None, True, at("16:30")),
        (at("13:24"), 5, None, True, at("13:24")),
        (at("14:00"), 0, None, True, at("16:30")),
        (at("21:00"), 0, None, True, at("10:00", date(2022, 9, 17))),
        (at("20:00", MONDAY_HOLIDAY), 0, None, True, at("11:30", date(2022, 9, 20))),
        (at("09:00", MONDAY_HOLIDAY), 0, None, True, at("10:00", MONDAY_HOLIDAY)),
        # The person named an hour that the care code would not have offered: it stands.
        (at("19:00"), 0, CareCode.NO_EVENING, True, at("19:00")),
        (at("19:00"), 0, CareCode.NO_EVENING, False, at("10:00", date(2022, 9, 17))),
        (at("14:00"), 0, CareCode.WEEKDAY_EVENING_ONLY, True, at("18:30")),
        (at("14:00"), 0, CareCode.SATURDAY_SUNDAY_ONLY, True, at("10:00", date(2022, 9, 17))),
    ],
)
def test_a_wanted_time_becomes_the_next_legal_one(
    wanted: datetime, margin: int, care: str | None, named: bool, found: datetime
) -> None:
    legal = LegalTimes(hours=hours(CLOSED_FRIDAY), last_minutes=margin, care_code=care)
    assert legal.first_from(wanted, named=named) == found


def test_no_time_after_the_last_day_of_the_campaign() -> None:
    legal = LegalTimes(hours=hours(), last_day=THURSDAY)
    assert legal.first_from(at("20:29"), named=True) == at("20:29")
    assert legal.first_from(at("20:30"), named=True) is None


def test_no_time_before_the_first_day_of_a_moved_campaign() -> None:
    legal = LegalTimes(hours=hours(), first_day=MONDAY_HOLIDAY)
    assert legal.first_from(at("12:00"), named=True) == at("10:00", MONDAY_HOLIDAY)


def test_a_year_without_a_calendar_offers_nothing() -> None:
    far = datetime.fromisoformat("2199-09-15T12:00+09:00")
    assert offered_times(hours(), far, far.date()) == ()
    assert LegalTimes(hours=hours()).first_from(far, named=True) is None


@pytest.mark.clause("S4-11.2f")
def test_the_times_offered_are_quarters_of_the_open_hours_up_to_the_last_day() -> None:
    found = offered_times(hours(), at("13:00"), FRIDAY, last_minutes=10)
    assert [f"{one:%d %H:%M}" for one in found[:4]] == [
        "15 13:15",
        "15 16:30",
        "15 16:45",
        "15 17:00",
    ]
    assert found[-1] == at("20:15", FRIDAY)
    assert at("13:30") not in found


def test_a_closed_day_is_not_offered() -> None:
    found = offered_times(hours(CLOSED_FRIDAY), at("20:00"), date(2022, 9, 17))
    assert {one.date() for one in found} == {THURSDAY, date(2022, 9, 17)}


INSTANTS = st.integers(0, 60 * 24 * 20).map(
    lambda minutes: at("00:00") + timedelta(minutes=minutes)
)


@given(
    INSTANTS,
    st.integers(0, 20),
    st.sampled_from([None, *CareCode]),
    st.integers(0, 20),
    st.sampled_from([5, 15, 20]),
)
def test_whatever_is_offered_may_be_called(
    now: datetime, margin: int, care: str | None, days: int, step: int
) -> None:
    open_hours = hours(CLOSED_FRIDAY)
    until = now.date() + timedelta(days=days)
    legal = LegalTimes(hours=open_hours, last_minutes=margin, care_code=care, last_day=until)
    found = offered_times(
        open_hours, now, until, timedelta(minutes=step), last_minutes=margin, care_code=care
    )
    assert list(found) == sorted(set(found))
    for slot in found:
        assert slot > now
        assert legal.is_legal(slot)
        assert legal.first_from(slot, named=False) == slot


@given(INSTANTS, INSTANTS, st.sampled_from([None, *CareCode]))
def test_asked_again_before_its_time_a_moved_call_stays_where_it_is(
    wanted: datetime, now: datetime, care: str | None
) -> None:
    legal = LegalTimes(hours=hours(CLOSED_FRIDAY), care_code=care)
    due = legal.first_from(wanted, named=True)
    assert due is not None
    if wanted <= now < due:
        assert legal.first_from(now, named=False) == due


RULES = Parameters()


@pytest.mark.clause("S4-12.1a")
@pytest.mark.parametrize(
    ("minutes", "at_work", "holder", "found"),
    [
        (0, True, False, TurnReason.HOLDER_NOT_AT_WORK),
        (4, False, True, None),
        (5, False, True, TurnReason.HOLDER_NOT_AT_WORK),
        (29, True, True, None),
        (30, True, True, TurnReason.NOT_CALLED_IN_TIME),
    ],
)
def test_a_call_that_is_not_made_goes_to_everybody(
    minutes: int, at_work: bool, holder: bool, found: TurnReason | None
) -> None:
    now = at("12:00") + timedelta(minutes=minutes)
    reason = release_reason(
        at("12:00"), now, holder_at_work=at_work, has_holder=holder, rules=RULES
    )
    assert reason is found


@pytest.mark.clause("S4-7.2a-1", "S4-11.2e")
@pytest.mark.parametrize(
    ("now", "named", "refused"),
    [
        (at("12:00", FRIDAY), at("20:24", FRIDAY), False),
        (at("12:00", FRIDAY), at("20:25", FRIDAY), True),
        (at("12:00", THURSDAY), at("21:00", THURSDAY), False),
        # The last minute of the last day: the call must have its outcome all the same.
        (at("20:29", FRIDAY), at("21:00", FRIDAY), False),
    ],
)
def test_a_time_with_nothing_left_after_it_is_refused_while_a_sooner_one_may_be_agreed(
    now: datetime, named: datetime, refused: bool
) -> None:
    legal = LegalTimes(hours=hours(), last_minutes=5, last_day=FRIDAY)
    limits = CaseLimits(unpaid_yen=0, codec="cp932", follow_ups_until=FRIDAY, legal_times=legal)
    found = missing_fields(
        [sample_table().row("31")],
        OutcomeReport(follow_up_at=named),
        IdentityResult.PENDING,
        RULES,
        now,
        limits,
    )
    assert (FaultKind.NO_LEGAL_TIME in {fault.kind for fault in found}) is refused
