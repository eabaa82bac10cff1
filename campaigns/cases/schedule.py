"""架電等スケジュール: every receivable of a month with its dates, numbers and alarms (S4-11.1).

Reads only; counts and dates, nothing of a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from campaigns.cases.cases import CampaignView, list_campaigns
from campaigns.cases.deadlines import Comparison, Step, StepLine, StepState, due_days, step_lines
from campaigns.cases.listings import campaign_numbers
from campaigns.cases.models import LentList, LentListState
from campaigns.cases.period_changes import period_of
from campaigns.cases.periods import ClashSpan, clashes
from campaigns.cases.volumes import VolumeNoticeView, planned_volumes, volume_notices
from campaigns.profile.contract import current_profile
from campaigns.profile.instructions import calling_rules
from dialer.api import counts
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork

ONE_DAY = timedelta(days=1)
ARRIVED = (LentListState.STAGED, LentListState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One receivable in one month. ``campaign`` None: its dates are not fixed yet.

    ``steps`` are empty without dates. ``lent``: received rows against the notified number;
    ``calls``: calls made against the planned number; each None while one side is missing.
    """

    receivable: str
    receivable_name: str
    department: str
    campaign: CampaignView | None
    planned: int | None
    notice: VolumeNoticeView | None
    received: int
    dials: int
    steps: tuple[StepLine, ...]

    @property
    def lent(self) -> Comparison | None:
        """Rows received beside the notified number (S4-11.1b)."""
        if self.notice is None or not self.received:
            return None
        return Comparison(self.notice.cases, self.received)

    @property
    def calls(self) -> Comparison | None:
        """Calls made beside the planned number (S4-6.3)."""
        return None if self.planned is None else Comparison(self.planned, self.dials)


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One receivable and month in the overview of the contract."""

    month: date
    campaign: CampaignView | None
    overdue: int


@dataclass(frozen=True, slots=True)
class ScheduleAlarm:
    """A step that was not done by its last day, of a campaign whose calls are not over."""

    campaign: CampaignView
    step: Step
    due: date


def month_schedule(work: UnitOfWork, month: date) -> tuple[ScheduleRow, ...]:
    """Every receivable of the contract that this person sees, in a month."""
    require(work.actor, Permission.MANAGE_CAMPAIGNS)
    first = month.replace(day=1)
    profile = current_profile(work)
    campaigns = {one.receivable: one for one in list_campaigns(work) if one.month == first}
    notices, plans = volume_notices(work, first), planned_volumes(work, first)
    rows = []
    for one in profile.receivables:
        if not work.actor.sees(one.code):
            continue
        campaign = campaigns.get(one.code)
        rows.append(
            ScheduleRow(
                receivable=one.code,
                receivable_name=one.name,
                department=one.department,
                campaign=campaign,
                planned=plans.get(one.code),
                notice=notices.get(one.code),
                received=rows_received(work, campaign.code) if campaign else 0,
                dials=campaign_numbers(work, campaign.code).dials if campaign else 0,
                steps=campaign_steps(work, campaign) if campaign else (),
            )
        )
    return tuple(rows)


def campaign_steps(work: UnitOfWork, campaign: CampaignView) -> tuple[StepLine, ...]:
    """What must be done before the campaign's first call, and where it stands today."""
    parameters = calling_rules(work, campaign.receivable).parameters
    due = due_days(
        campaign.calls_from, parameters.volume_notice_lead_days, parameters.data_lead_days
    )
    return step_lines(due, _done(work, campaign), business_day(work.now))


def _done(work: UnitOfWork, campaign: CampaignView) -> dict[Step, date | None]:
    done: dict[Step, date | None] = {}
    notice = volume_notices(work, campaign.month).get(campaign.receivable)
    if notice is not None and notice.confirmed_at is not None:
        done[Step.VOLUME] = business_day(notice.confirmed_at)
    arrived = work.session.scalar(
        select(func.min(LentList.staged_at)).where(
            LentList.campaign_code == campaign.code, LentList.state.in_(ARRIVED)
        )
    )
    if arrived is not None:
        done[Step.DATA] = business_day(arrived)
    if has_call_list(work, campaign.code):
        done[Step.LIST] = None
    return done


def has_call_list(work: UnitOfWork, campaign_code: str) -> bool:
    """Does every published case to be called stand in the call list (S4-11.1c)?"""
    accepted = work.session.scalar(
        select(func.sum(LentList.accepted)).where(
            LentList.campaign_code == campaign_code, LentList.state == LentListState.PUBLISHED
        )
    )
    return bool(accepted) and sum(counts(work, campaign_code).values()) >= int(accepted or 0)


def rows_received(work: UnitOfWork, campaign_code: str) -> int:
    """Rows of all deliveries of a campaign that were not sent back."""
    query = select(func.sum(LentList.received)).where(
        LentList.campaign_code == campaign_code, LentList.state.in_(ARRIVED)
    )
    return int(work.session.scalar(query) or 0)


def schedule_alarms(work: UnitOfWork) -> tuple[ScheduleAlarm, ...]:
    """Overdue steps of every campaign this person sees whose calls are not over."""
    today = business_day(work.now)
    waiting = [
        one for one in list_campaigns(work) if not one.is_erased and today <= one.calls_until
    ]
    return tuple(
        ScheduleAlarm(campaign, line.step, line.due)
        for campaign in sorted(waiting, key=lambda one: (one.calls_from, one.code))
        for line in campaign_steps(work, campaign)
        if line.state is StepState.OVERDUE
    )


def contract_schedule(work: UnitOfWork) -> dict[str, tuple[MonthCell, ...]]:
    """Receivable by month over the whole contract, each with its number of overdue steps."""
    require(work.actor, Permission.MANAGE_CAMPAIGNS)
    profile = current_profile(work)
    campaigns = {(one.receivable, one.month): one for one in list_campaigns(work)}
    alarms = [alarm.campaign.code for alarm in schedule_alarms(work)]
    overview = {}
    for receivable in profile.receivables:
        if work.actor.sees(receivable.code):
            found = [campaigns.get((receivable.code, month)) for month in profile.months]
            overview[receivable.code] = tuple(
                MonthCell(month, one, alarms.count(one.code) if one else 0)
                for month, one in zip(profile.months, found, strict=True)
            )
    return overview


def month_clashes(work: UnitOfWork, month: date) -> tuple[ClashSpan, ...]:
    """Stretches of the month on which several receivables are called (domain X1)."""
    require(work.actor, Permission.MANAGE_CAMPAIGNS)
    first = month.replace(day=1)
    last = (first + 32 * ONE_DAY).replace(day=1) - ONE_DAY
    periods = [(one.receivable, period_of(one)) for one in list_campaigns(work)]
    return clashes(periods, first, last)
