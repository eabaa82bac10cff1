"""The city changes the period of a campaign: checked, applied, kept (S4-7.2a-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from campaigns.cases.cases import CampaignView, get_campaign, view_of
from campaigns.cases.models import Campaign
from campaigns.cases.periods import (
    CalledDay,
    ContractDays,
    Period,
    PeriodFault,
    is_late,
    period_fault,
)
from campaigns.cases.schedule_models import PeriodChange
from campaigns.errors import LateInstruction, PeriodChangeRefused
from campaigns.profile.city_papers import CityPaper, check_paper
from campaigns.profile.contract import current_profile
from dialer.api import called_days
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, require, require_receivable
from secure_store.audit.tags import Tag
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork

PREVIOUS_MONTH = "previous_month"


@dataclass(frozen=True, slots=True)
class PeriodChangeView:
    """One change of a campaign's dates; ``was_late``: it was confirmed all the same."""

    id: UUID
    paper: CityPaper
    old: Period
    new: Period
    was_late: bool
    entered_at: datetime
    entered_by: str


def period_of(campaign: CampaignView) -> Period:
    """The dates that hold for a campaign now."""
    return Period(campaign.calls_from, campaign.calls_until, campaign.callbacks_until)


def change_period(
    work: UnitOfWork, campaign_code: str, new: Period, paper: CityPaper, *, confirmed: bool = False
) -> CampaignView:
    """Moves the dates from this commit on; the row of the change keeps the old ones.

    Raises NotAllowed, NotFound, CityPaperInvalid, PeriodChangeRefused with the reason, and
    LateInstruction when it was received after the month before and ``confirmed`` is not given.
    """
    require(work.actor, Permission.MANAGE_CAMPAIGNS)
    row = _row(work, campaign_code)
    today = business_day(work.now)
    check_paper(paper, today)
    old = period_of(view_of(row))
    _refuse_faulty(work, row, old, new, today)
    late = is_late(paper.received_on, old, new, row.month)
    if late and not confirmed:
        raise LateInstruction(lateness=PREVIOUS_MONTH)
    change = _keep(work, row, (old, new), paper, late)
    row.calls_from = new.calls_from
    row.calls_until = new.calls_until
    row.callbacks_until = new.callbacks_until
    work.session.flush()
    work.audit(
        Tag.CAMPAIGN_PERIOD_CHANGED,
        receivable=row.receivable,
        batch=row.code,
        object_kind="period_change",
        object_id=change.id,
        reason=PREVIOUS_MONTH if late else None,
    )
    return view_of(row)


def _row(work: UnitOfWork, code: str) -> Campaign:
    get_campaign(work, code)
    row = work.session.get(Campaign, code, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(kind="campaign")
    require_receivable(work.actor, row.receivable)
    return row


def _refuse_faulty(work: UnitOfWork, row: Campaign, old: Period, new: Period, today: date) -> None:
    if row.erased_at is not None:
        raise PeriodChangeRefused(reason=PeriodFault.OVER.value)
    profile = current_profile(work)
    contract = ContractDays(profile.preparation_until, profile.contract_until)
    called = [CalledDay(day, outbound) for day, outbound in called_days(work, row.code)]
    fault = period_fault(old, new, contract, today, called)
    if fault is not None:
        raise PeriodChangeRefused(reason=fault.value)


def _keep(
    work: UnitOfWork, row: Campaign, dates: tuple[Period, Period], paper: CityPaper, late: bool
) -> PeriodChange:
    old, new = dates
    change = PeriodChange(
        id=uuid4(),
        campaign_code=row.code,
        received_on=paper.received_on,
        document_no=paper.document_no,
        signer=paper.signer,
        old_calls_from=old.calls_from,
        old_calls_until=old.calls_until,
        old_callbacks_until=old.callbacks_until,
        new_calls_from=new.calls_from,
        new_calls_until=new.calls_until,
        new_callbacks_until=new.callbacks_until,
        is_late=late,
        entered_at=work.now,
        entered_by=work.actor.code,
    )
    work.session.add(change)
    work.session.flush()
    return change


def period_changes(work: UnitOfWork, campaign_code: str) -> list[PeriodChangeView]:
    """All changes of a campaign's dates, the newest first. Raises NotFound."""
    get_campaign(work, campaign_code)
    rows = work.session.scalars(
        select(PeriodChange)
        .where(PeriodChange.campaign_code == campaign_code)
        .order_by(PeriodChange.entered_at.desc())
    )
    return [_view(row) for row in rows]


def _view(row: PeriodChange) -> PeriodChangeView:
    return PeriodChangeView(
        row.id,
        CityPaper(row.document_no, row.signer, row.received_on),
        Period(row.old_calls_from, row.old_calls_until, row.old_callbacks_until),
        Period(row.new_calls_from, row.new_calls_until, row.new_callbacks_until),
        row.is_late,
        row.entered_at,
        row.entered_by,
    )
