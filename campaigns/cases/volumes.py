"""Numbers of a receivable and month before its calls: planned, and notified (S4-6.3, S4-11.1a).

Rows are added, the newest holds. Nothing here is about a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from campaigns.cases.schedule_models import PlannedVolume, VolumeNotice
from campaigns.errors import CityPaperInvalid, VolumeUnusable
from campaigns.profile.contract import current_profile
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, require, require_receivable
from secure_store.audit.tags import Tag
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork

MOST = 10_000_000


@dataclass(frozen=True, slots=True)
class VolumeNoticeView:
    """What a department notified; ``confirmed_at`` None until a supervisor has confirmed it."""

    id: UUID
    receivable: str
    month: date
    cases: int
    received_on: date
    entered_at: datetime
    entered_by: str
    confirmed_at: datetime | None
    confirmed_by: str | None


def enter_volume_notice(
    work: UnitOfWork, receivable: str, month: date, cases: int, received_on: date
) -> UUID:
    """Notes the approximate number of a month; a later notice takes its place, unconfirmed.

    Raises NotAllowed, NotFound, VolumeUnusable, CityPaperInvalid (a day to come).
    """
    _require(work, receivable, cases)
    if received_on > business_day(work.now):
        raise CityPaperInvalid(field="received_on")
    row = VolumeNotice(
        id=uuid4(),
        receivable=receivable,
        month=month.replace(day=1),
        cases=cases,
        received_on=received_on,
        entered_at=work.now,
        entered_by=work.actor.code,
    )
    work.session.add(row)
    work.session.flush()
    _note(work, Tag.CAMPAIGN_VOLUME_NOTIFIED, row, "volume_notice", cases)
    return row.id


def confirm_volume_notice(work: UnitOfWork, notice_id: UUID) -> None:
    """A supervisor confirms the number with the department. Twice changes nothing.

    Raises NotAllowed, NotFound (a notice that another one replaced, too).
    """
    require(work.actor, Permission.MANAGE_CAMPAIGNS)
    row = work.session.get(VolumeNotice, notice_id, with_for_update=True)
    if row is None or not work.actor.sees(row.receivable):
        raise NotFound(kind="volume_notice")
    newest = volume_notices(work, row.month).get(row.receivable)
    if newest is None or newest.id != row.id:
        raise NotFound(kind="volume_notice")
    if row.confirmed_at is None:
        row.confirmed_at = work.now
        row.confirmed_by = work.actor.code
        _note(work, Tag.CAMPAIGN_VOLUME_CONFIRMED, row, "volume_notice", row.cases)


def plan_volume(work: UnitOfWork, receivable: str, month: date, calls: int) -> None:
    """委託予定件数 of one receivable and month; a later entry takes its place (S4-6.3).

    Raises NotAllowed, NotFound, VolumeUnusable.
    """
    _require(work, receivable, calls)
    row = PlannedVolume(
        id=uuid4(),
        receivable=receivable,
        month=month.replace(day=1),
        calls=calls,
        entered_at=work.now,
        entered_by=work.actor.code,
    )
    work.session.add(row)
    work.session.flush()
    _note(work, Tag.CAMPAIGN_VOLUME_PLANNED, row, "planned_volume", calls)


def _require(work: UnitOfWork, receivable: str, number: int) -> None:
    require(work.actor, Permission.MANAGE_CAMPAIGNS)
    current_profile(work).receivable(receivable)
    require_receivable(work.actor, receivable)
    if not 0 <= number <= MOST:
        raise VolumeUnusable


def _note(
    work: UnitOfWork, tag: Tag, row: VolumeNotice | PlannedVolume, kind: str, count: int
) -> None:
    work.audit(tag, receivable=row.receivable, object_kind=kind, object_id=row.id, count=count)


def volume_notices(work: UnitOfWork, month: date) -> dict[str, VolumeNoticeView]:
    """The notice that holds for each receivable in a month."""
    rows = work.session.scalars(
        select(VolumeNotice)
        .where(VolumeNotice.month == month.replace(day=1))
        .order_by(VolumeNotice.entered_at)
    )
    return {row.receivable: _view(row) for row in rows}


def _view(row: VolumeNotice) -> VolumeNoticeView:
    return VolumeNoticeView(
        row.id,
        row.receivable,
        row.month,
        row.cases,
        row.received_on,
        row.entered_at,
        row.entered_by,
        row.confirmed_at,
        row.confirmed_by,
    )


def planned_volumes(work: UnitOfWork, month: date) -> dict[str, int]:
    """The planned number of calls of each receivable in a month."""
    rows = work.session.scalars(
        select(PlannedVolume)
        .where(PlannedVolume.month == month.replace(day=1))
        .order_by(PlannedVolume.entered_at)
    )
    return {row.receivable: row.calls for row in rows}
