"""What the board shows: figures of the day, seats, calls we owe, open tickets (S4-12.1a).

Counts, codes and states only; nothing sealed is opened and nobody's name is shown but staff's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from campaigns.calling.follow_up_turns import FollowUpSums
from campaigns.calling.follow_ups import open_follow_ups
from campaigns.calling.models import CallRecord, Revision
from campaigns.calling.outcomes import Direction, Mark
from campaigns.cases.cases import CampaignView, running_campaigns
from campaigns.cases.listings import CampaignNumbers, campaign_numbers
from campaigns.desk.owed_calls import OwedCall, calls_moved_by_rules, follow_up_sums, with_places
from campaigns.escalation.tickets import TicketView, list_tickets
from campaigns.profile.contract import current_profile
from campaigns.profile.window_view import WindowToday, window_today
from dialer.api import AgentActivity, OnDuty, live_leases, on_duty, seats
from dialer.calendar.due_dates import next_calendar_day_at
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, Role, require
from secure_store.orders.suspension import SuspensionView, standing
from secure_store.people.staff import list_staff
from secure_store.work import UnitOfWork

SOON = timedelta(hours=1)
AT_WORK = frozenset(AgentActivity) - {AgentActivity.ON_BREAK, AgentActivity.AWAY}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day of calls, each call in its present version.

    ``dials`` 発信, ``attempts`` 架電 (those that count), contacts 接触 in the wide sense and of the
    person, ``callbacks`` calls that came in. Marks count calls, urgent ones also by their mark.
    """

    dials: int = 0
    attempts: int = 0
    contacts_wide: int = 0
    contacts_person: int = 0
    promises: int = 0
    stars: int = 0
    white_stars: int = 0
    urgent: int = 0
    callbacks: int = 0

    def __add__(self, other: DayFigures) -> DayFigures:
        return DayFigures(
            self.dials + other.dials,
            self.attempts + other.attempts,
            self.contacts_wide + other.contacts_wide,
            self.contacts_person + other.contacts_person,
            self.promises + other.promises,
            self.stars + other.stars,
            self.white_stars + other.white_stars,
            self.urgent + other.urgent,
            self.callbacks + other.callbacks,
        )


@dataclass(frozen=True, slots=True)
class CampaignProgress:
    """One running campaign: what happened today, and where its cases stand."""

    campaign: CampaignView
    receivable_name: str
    day: DayFigures
    numbers: CampaignNumbers


@dataclass(frozen=True, slots=True)
class SeatView:
    """One agent: ``activity`` None when this person has not begun anything yet."""

    code: str
    display_name: str
    activity: AgentActivity | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board at one instant.

    ``owed``: due or late ones, soonest first; ``promised``: what was promised for today;
    ``calls_moved``: agreed calls that an order, a period or a suspension moved today.
    """

    now: datetime
    window: WindowToday
    duties: tuple[OnDuty, ...]
    is_on_duty: bool
    suspensions: tuple[SuspensionView, ...]
    campaigns: tuple[CampaignProgress, ...]
    total: DayFigures
    seats: tuple[SeatView, ...]
    at_work: int
    owed: tuple[OwedCall, ...]
    late: int
    due_soon: int
    promised: FollowUpSums
    calls_moved: int
    tickets: tuple[TicketView, ...]
    cases_in_hand: int
    files_due_at: datetime
    files_of: date
    contact_rate_target: float


def board(work: UnitOfWork) -> Board:
    """The board as of ``work.now``. Reads only."""
    require(work.actor, Permission.SEE_BOARD)
    profile = current_profile(work)
    today = business_day(work.now)
    campaigns = [one for one in running_campaigns(work, today) if work.actor.sees(one.receivable)]
    figures = {one.code: day_figures(work, one.code, today) for one in campaigns}
    names = {one.code: one.name for one in profile.receivables}
    follow_ups = open_follow_ups(work, until=work.now + SOON)
    due_at, files_of = _next_files(work.now, today, profile.parameters.daily_report_due)
    places = _seats(work)
    duties = tuple(on_duty(work))
    return Board(
        now=work.now,
        window=window_today(work),
        duties=duties,
        is_on_duty=any(one.staff_code == work.actor.code for one in duties),
        suspensions=tuple(standing(work)),
        campaigns=tuple(
            CampaignProgress(
                one, names[one.receivable], figures[one.code], campaign_numbers(work, one.code)
            )
            for one in campaigns
        ),
        total=_sum(figures.values()),
        seats=places,
        at_work=sum(1 for seat in places if seat.activity in AT_WORK),
        owed=tuple(with_places(work, [one for one in follow_ups if one.due_at <= work.now])),
        late=sum(1 for one in follow_ups if one.is_late),
        due_soon=sum(1 for one in follow_ups if one.due_at > work.now),
        promised=follow_up_sums(work, today),
        calls_moved=calls_moved_by_rules(work, today),
        tickets=tuple(list_tickets(work)),
        cases_in_hand=len(live_leases(work)),
        files_due_at=due_at,
        files_of=files_of,
        contact_rate_target=profile.parameters.contact_rate_target,
    )


def _sum(figures: Iterable[DayFigures]) -> DayFigures:
    return sum(figures, DayFigures())


def _next_files(now: datetime, today: date, due: time) -> tuple[datetime, date]:
    """When the next daily files are due, and of which business day they are (S4-13.1)."""
    yesterday = today - ONE_DAY
    due_today = next_calendar_day_at(yesterday, due)
    if now < due_today:
        return due_today, yesterday
    return next_calendar_day_at(today, due), today


def day_figures(work: UnitOfWork, campaign_code: str, day: date) -> DayFigures:
    """Counts the calls of one campaign on one business day, superseded versions left out."""
    later = aliased(CallRecord)
    query = select(
        _total(CallRecord.counts_dial.is_(True)),
        _total(CallRecord.counts_attempt.is_(True)),
        _total(CallRecord.is_contact_wide.is_(True)),
        _total(CallRecord.is_contact_person.is_(True)),
        _total(CallRecord.promised_on.is_not(None)),
        _total(CallRecord.mark == Mark.STAR),
        _total(CallRecord.mark == Mark.WHITE_STAR),
        _total(CallRecord.is_urgent.is_(True)),
        _total(CallRecord.direction == Direction.INBOUND),
    ).where(
        CallRecord.campaign_code == campaign_code,
        CallRecord.business_day == day,
        CallRecord.revision != Revision.CANCELLATION,
        ~select(later.id).where(later.supersedes == CallRecord.id).exists(),
    )
    row = work.session.execute(query).one()
    return DayFigures(*(int(value or 0) for value in row))


def _total(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _seats(work: UnitOfWork) -> tuple[SeatView, ...]:
    """Agents who may work now, and whoever has done something at a seat."""
    known = {seat.staff_code: seat for seat in seats(work)}
    places = []
    for person in list_staff(work):
        seat = known.get(person.code)
        if seat is None and (person.role is not Role.AGENT or person.bar is not None):
            continue
        places.append(
            SeatView(
                person.code,
                person.display_name,
                seat.activity if seat else None,
                seat.since if seat else None,
            )
        )
    return tuple(places)
