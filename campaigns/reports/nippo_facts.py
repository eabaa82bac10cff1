"""The facts of 業務日報: a day over all receivables, as it stood at the close."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from campaigns.calling.collected import Collected
from campaigns.calling.day_close import DailyClose
from campaigns.calling.models import CallRecord, CaseHandling, FollowUp
from campaigns.calling.outcomes import Direction
from campaigns.profile.contract import ContractProfile, current_profile
from campaigns.profile.hours import calling_hours
from campaigns.reports.call_facts import call_fact
from campaigns.reports.counts import CampaignCounts, Rate
from campaigns.reports.day_facts import CampaignDay
from campaigns.reports.kpis import contact_rate
from campaigns.reports.nippo import (
    AgentMinutes,
    BandStaff,
    InboundCounts,
    NippoDay,
    ReceivableDay,
)
from campaigns.reports.rows import CallFact
from dialer.calendar.bands import Band
from dialer.calendar.holidays import TOKYO, day_kind, load_holidays
from secure_store.models import Duty
from secure_store.work import UnitOfWork

NUMBERS_BAD, NOT_CALLABLE, WITHDRAWN = "96", "95", "92"


def nippo_day(
    work: UnitOfWork, closed: DailyClose, revision: int, campaigns: Sequence[CampaignDay]
) -> NippoDay:
    """Everything the report of a closed day says."""
    day = closed.business_day
    profile = current_profile(work)
    unassigned = _unassigned(work, day, closed.closed_at)
    calls = [fact for one in campaigns for fact in one.calls] + unassigned
    inbound = [fact for fact in calls if fact.call.direction is Direction.INBOUND]
    return NippoDay(
        business_day=day,
        contract_title=profile.title,
        is_rehearsal=work.store.is_rehearsal,
        day_kind=day_kind(day, load_holidays()),
        windows=calling_hours(work).windows_on(day),
        supervisors=_supervisors(work, day),
        staffing=_staffing(calls),
        built_at=closed.closed_at,
        revision=revision,
        receivables=_receivables(profile, campaigns),
        unassigned=tuple(unassigned),
        inbound=InboundCounts(
            offered=len(inbound),
            answered=len(inbound),
            follow_ups_made=_follow_ups_made(work, inbound, closed.closed_at),
        ),
        agents=_agents(work, day, closed.closed_at),
    )


def _day_bounds(day: date) -> tuple[datetime, datetime]:
    start = datetime(day.year, day.month, day.day, tzinfo=TOKYO)
    return start, start + timedelta(days=1)


def _supervisors(work: UnitOfWork, day: date) -> tuple[str, ...]:
    start, end = _day_bounds(day)
    codes = work.session.scalars(
        select(Duty.staff_code).where(Duty.began_at >= start, Duty.began_at < end)
    )
    return tuple(sorted(set(codes)))


def _staffing(calls: Sequence[CallFact]) -> tuple[BandStaff, ...]:
    agents: dict[Band, set[str]] = defaultdict(set)
    for fact in calls:
        if fact.band is not None:
            agents[fact.band].add(fact.agent)
    return tuple(BandStaff(band, len(agents[band])) for band in Band if band in agents)


def _agents(work: UnitOfWork, day: date, closed_at: datetime) -> tuple[AgentMinutes, ...]:
    """The time each agent had a case in hand; one still in hand at the close is not in the day."""
    start, end = _day_bounds(day)
    rows = work.session.execute(
        select(CaseHandling.agent, CaseHandling.opened_at, CaseHandling.closed_at).where(
            CaseHandling.opened_at >= start,
            CaseHandling.opened_at < min(end, closed_at),
            CaseHandling.closed_at <= closed_at,
        )
    )
    spent: dict[str, timedelta] = defaultdict(timedelta)
    for agent, opened, ended in rows:
        spent[agent] += (ended or closed_at) - opened
    return tuple(
        AgentMinutes(agent, int(length.total_seconds() // 60))
        for agent, length in sorted(spent.items())
    )


def _unassigned(work: UnitOfWork, day: date, closed_at: datetime) -> list[CallFact]:
    rows = work.session.scalars(
        select(CallRecord)
        .where(
            CallRecord.campaign_code.is_(None),
            CallRecord.business_day == day,
            CallRecord.recorded_at <= closed_at,
        )
        .order_by(CallRecord.started_at, CallRecord.id)
    )
    return [
        call_fact(record, record.id, 0, serial, Collected(), "")
        for serial, record in enumerate(rows, start=1)
    ]


def _follow_ups_made(work: UnitOfWork, inbound: Sequence[CallFact], closed_at: datetime) -> int:
    """Calls to the registered number that callbacks of this day led to (S4-11.3a-2)."""
    records = {fact.call.record_id for fact in inbound}
    made: set[UUID] = set(
        work.session.scalars(select(FollowUp.call_record_id).where(FollowUp.made_at <= closed_at))
    )
    return len(records & made)


def _receivables(
    profile: ContractProfile, campaigns: Sequence[CampaignDay]
) -> tuple[ReceivableDay, ...]:
    """One line per receivable; two campaigns of one receivable on a day are added up."""
    together: dict[str, list[CampaignDay]] = defaultdict(list)
    for one in campaigns:
        together[one.campaign.receivable].append(one)
    return tuple(
        _receivable(profile, receivable, days) for receivable, days in sorted(together.items())
    )


def _receivable(
    profile: ContractProfile, receivable: str, days: Sequence[CampaignDay]
) -> ReceivableDay:
    calls = tuple(fact for one in days for fact in one.calls)
    rates = [
        contact_rate(campaign_counts(one), profile.parameters.contact_rate_formula) for one in days
    ]
    return ReceivableDay(
        receivable=receivable,
        name=profile.receivable(receivable).name,
        lent=sum(len(one.cases) for one in days),
        calls=calls,
        complaints=sum(
            fact.call.outcome_code in profile.complaint_codes for fact in calls if fact.counts
        ),
        contact_rate=sum(rates, Rate(0, 0)),
    )


def campaign_counts(day: CampaignDay) -> CampaignCounts:
    """The persons of a campaign as far as the contact rate asks for them (S4-6.3)."""
    closed = [case.close_code for case in day.cases]
    standing = {case.case_id for case in day.cases if case.close_code != WITHDRAWN}
    reached = {record.case_id for record in day.records if record.is_contact_person}
    wide = {record.case_id for record in day.records if record.is_contact_wide}
    return CampaignCounts(
        lent=len(day.cases),
        withdrawn=closed.count(WITHDRAWN),
        not_callable=closed.count(NOT_CALLABLE),
        numbers_unusable=closed.count(NUMBERS_BAD),
        reached=len(reached & standing),
        reached_wide=len((wide | reached) & standing),
    )
