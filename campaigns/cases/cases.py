"""Campaigns and cases: open, find, move, history. A status changes here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, Select, bindparam, select

from campaigns.cases.encodings import Encoding
from campaigns.cases.models import CallCase, Campaign, CaseMove, LentList, LentListState
from campaigns.cases.states import CaseStatus, CloseReason, move, reopen
from campaigns.errors import CampaignDatesInvalid, CampaignExists
from campaigns.profile.contract import current_profile
from dialer.api import requeue
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, require, require_receivable
from secure_store.audit.tags import Tag
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CampaignView:
    """One receivable in one month, as other packages see it."""

    code: str
    receivable: str
    month: date
    calls_from: date
    calls_until: date
    callbacks_until: date
    is_erased: bool

    def takes_calls_on(self, day: date) -> bool:
        """Calls may be made on this day (S4-7.2a-1)."""
        return self.calls_from <= day <= self.calls_until

    def takes_callbacks_on(self, day: date) -> bool:
        """Somebody who rings back is answered on this day."""
        return self.calls_from <= day <= self.callbacks_until


def view_of(row: Campaign | Row[*tuple[Any, ...]]) -> CampaignView:
    return CampaignView(
        row.code,
        row.receivable,
        row.month,
        row.calls_from,
        row.calls_until,
        row.callbacks_until,
        row.erased_at is not None,
    )


def campaign_code(receivable: str, month: date) -> str:
    """``A01-202209``"""
    return f"{receivable}-{month:%Y%m}"


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """What opening a campaign needs: receivable, month (its first day) and three last days."""

    receivable: str
    month: date
    calls_from: date
    calls_until: date
    callbacks_until: date


def open_campaign(work: UnitOfWork, plan: CampaignPlan) -> CampaignView:
    """Opens a campaign. Raises NotFound, CampaignExists, CampaignDatesInvalid (S4-7.1, 7.2a-1)."""
    require(work.actor, Permission.MANAGE_CAMPAIGNS)
    profile = current_profile(work)
    receivable = profile.receivable(plan.receivable)
    require_receivable(work.actor, receivable.code)
    ordered = plan.calls_from <= plan.calls_until <= plan.callbacks_until
    inside = (
        profile.preparation_until < plan.calls_from
        and plan.callbacks_until <= profile.contract_until
    )
    if not ordered or not inside:
        raise CampaignDatesInvalid(
            preparation_until=profile.preparation_until.isoformat(),
            contract_until=profile.contract_until.isoformat(),
        )
    code = campaign_code(receivable.code, plan.month)
    if work.session.get(Campaign, code) is not None:
        raise CampaignExists(campaign=code)
    row = Campaign(
        code=code,
        receivable=receivable.code,
        month=plan.month.replace(day=1),
        calls_from=plan.calls_from,
        calls_until=plan.calls_until,
        callbacks_until=plan.callbacks_until,
        opened_at=work.now,
        opened_by=work.actor.code,
    )
    work.session.add(row)
    work.session.flush()
    work.audit(Tag.CAMPAIGN_OPENED, receivable=receivable.code, batch=code)
    return view_of(row)


def get_campaign(work: UnitOfWork, code: str) -> CampaignView:
    """The campaign, if this person may know of it. Raises NotFound."""
    view = work.known.once(("campaign", code), (Campaign,), lambda: _view(work, code))
    if view is None or not work.actor.sees(view.receivable):
        raise NotFound(kind="campaign")
    return view


_CAMPAIGN = select(*Campaign.__table__.columns).where(Campaign.code == bindparam("campaign"))


def _view(work: UnitOfWork, code: str) -> CampaignView | None:
    row = work.run(_CAMPAIGN, {"campaign": code}).one_or_none()
    return None if row is None else view_of(row)


def list_campaigns(work: UnitOfWork) -> list[CampaignView]:
    """The campaigns of this person's receivables, newest first."""
    rows = work.session.scalars(
        select(Campaign).order_by(Campaign.month.desc(), Campaign.receivable)
    )
    return [view_of(row) for row in rows if work.actor.sees(row.receivable)]


def running_campaigns(work: UnitOfWork, day: date) -> list[CampaignView]:
    """Campaigns that owe a daily file for this day (S4-11.3b-3)."""
    rows = work.session.scalars(
        select(Campaign)
        .where(Campaign.calls_from <= day, Campaign.callbacks_until >= day)
        .order_by(Campaign.code)
    )
    return [view_of(row) for row in rows if row.erased_at is None]


def case_row(work: UnitOfWork, case_id: UUID, *, for_change: bool = False) -> CallCase:
    """The row of a published case this person's receivables include. Raises NotFound."""
    row = work.session.get(
        CallCase, case_id, with_for_update=for_change or None, populate_existing=for_change
    )
    if row is None or not work.actor.sees(row.receivable):
        raise NotFound(kind="case")
    if lent_list_of(work, row).state is not LentListState.PUBLISHED:
        raise NotFound(kind="case")
    return row


def published_lists(campaign_code: str) -> Select[UUID]:
    """The lent lists of a campaign whose rows may be seen; staged rows are invisible."""
    return select(LentList.id).where(
        LentList.campaign_code == campaign_code, LentList.state == LentListState.PUBLISHED
    )


def lent_list_of(work: UnitOfWork, row: CallCase) -> LentList:
    """The delivery a case came with."""
    list_id = row.lent_list_id
    return work.known.once(
        ("lent_list", list_id), (LentList,), lambda: work.session.get_one(LentList, list_id)
    )


_ENCODING = select(LentList.encoding).where(LentList.id == bindparam("lent_list"))


def encoding_of(work: UnitOfWork, row: CallCase) -> Encoding:
    """The encoding of the delivery a case came with."""
    list_id = row.lent_list_id

    def find() -> Encoding:
        return Encoding(work.run(_ENCODING, {"lent_list": list_id}).scalar_one())

    return work.known.once(("encoding", list_id), (LentList,), find)


def move_case(
    work: UnitOfWork,
    row: CallCase,
    target: CaseStatus,
    why: str,
    *,
    close_reason: CloseReason | None = None,
    not_before: datetime | None = None,
) -> None:
    """Changes a case's status and keeps the move. Raises IllegalMove."""
    origin = row.status
    row.status = move(origin, target)
    row.close_reason = close_reason if target is CaseStatus.CLOSED else None
    row.not_before = not_before
    if target is not CaseStatus.PROMISED:
        row.promise_until = None
    if origin is target and close_reason is None:
        return
    _keep_move(work, row, origin, why)


def _keep_move(work: UnitOfWork, row: CallCase, origin: CaseStatus, why: str) -> None:
    work.session.add(
        CaseMove(
            id=uuid4(),
            case_id=row.id,
            at=work.now,
            by=work.actor.code,
            origin=origin,
            target=row.status,
            close_reason=row.close_reason,
            why=why,
        )
    )
    work.audit(
        Tag.CASE_MOVED,
        receivable=row.receivable,
        batch=row.campaign_code,
        object_kind="case",
        object_id=row.id,
        subject=row.subject,
        reason=f"{origin.value}-{row.status.value}",
    )


def reopen_case(work: UnitOfWork, case_id: UUID, reason: str) -> None:
    """A supervisor takes a closed case back to waiting, with a reason (domain 1.4-4)."""
    require(work.actor, Permission.WITHDRAW_CASE)
    row = case_row(work, case_id, for_change=True)
    origin = row.status
    row.status = reopen(origin, reason)
    row.close_reason = None
    row.not_before = None
    _keep_move(work, row, origin, reason)
    requeue(work, case_id, rank=0, due_at=None)


def moves_of(work: UnitOfWork, case_id: UUID) -> list[CaseMove]:
    """The history of a case's status, oldest first."""
    return list(
        work.session.scalars(
            select(CaseMove).where(CaseMove.case_id == case_id).order_by(CaseMove.at)
        )
    )


def today(work: UnitOfWork) -> date:
    """The business day of this unit of work."""
    return business_day(work.now)
