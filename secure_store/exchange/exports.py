"""書き出し: nothing leaves without a purpose of the list and the city's approval in force.

S4-8.6-1, S4-14.4-1, S4-16.2; the place is one that was designated (S3-B2-4.3), and a copy of lent
material is a purpose like any other (S3-B2-8).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid4

from sqlalchemy import func, select

from secure_store.access import Actor, Permission, require
from secure_store.audit.tags import Result, Tag
from secure_store.canonical import JST
from secure_store.errors import NotFound
from secure_store.exchange.exchange_errors import (
    ExportApprovalInvalid,
    ExportLimitReached,
    ExportRefused,
)
from secure_store.exchange.handlers import require_handler
from secure_store.exchange.models import ExportApproval, ExportRun
from secure_store.orders.stopped_work import StoppedWork
from secure_store.orders.suspension import require_not_suspended
from secure_store.people.caps import USUAL
from secure_store.work import SecureStore, UnitOfWork


@dataclass(frozen=True, slots=True)
class NewApproval:
    """The city's letter as entered. ``receivable`` None: for the whole contract."""

    document_no: str
    signer: str
    purpose: str
    place: str
    receivable: str | None
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """One approval, and how often it was used."""

    id: UUID
    document_no: str
    signer: str
    purpose: str
    place: str
    receivable: str | None
    valid_from: date
    valid_until: date
    entered_at: datetime
    entered_by: str
    ended_at: datetime | None
    runs: int

    def holds_on(self, day: date) -> bool:
        """In force on a business day."""
        return self.ended_at is None and self.valid_from <= day <= self.valid_until


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What somebody wants to take out: under which approval, for what purpose, to which place."""

    approval_id: UUID
    purpose: str
    place: str
    receivables: frozenset[str | None]


@dataclass(frozen=True, slots=True)
class RunView:
    """One export that happened."""

    document_no: str
    purpose: str
    place: str
    what: str
    files: int
    digest: str
    at: datetime
    by: str


def enter_approval(
    work: UnitOfWork, new: NewApproval, purposes: Collection[str], places: Collection[str]
) -> ApprovalView:
    """Enters the city's approval. Raises ExportApprovalInvalid outside the closed lists."""
    require(work.actor, Permission.EXPORT_DATA)
    require_handler(work)
    wrong = {
        "purpose": new.purpose not in purposes,
        "place": new.place not in places,
        "document_no": not new.document_no.strip(),
        "signer": not new.signer.strip(),
        "valid_until": new.valid_until < new.valid_from,
        "receivable": new.receivable is not None and not work.actor.sees(new.receivable),
    }
    faulty = [name for name, is_wrong in wrong.items() if is_wrong]
    if faulty:
        raise ExportApprovalInvalid(field=faulty[0])
    row = ExportApproval(
        id=uuid4(),
        document_no=new.document_no,
        signer=new.signer,
        purpose=new.purpose,
        place=new.place,
        receivable=new.receivable,
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        entered_at=work.now,
        entered_by=work.actor.code,
    )
    work.session.add(row)
    work.session.flush()
    _note(work, Tag.EXPORT_APPROVED, row)
    return _view(row, 0)


def end_approval(work: UnitOfWork, approval_id: UUID) -> None:
    """Takes an approval out of force, on the city's word or because it was entered wrongly."""
    require(work.actor, Permission.EXPORT_DATA)
    row = work.session.get(ExportApproval, approval_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        raise NotFound(kind="export_approval")
    row.ended_at, row.ended_by = work.now, work.actor.code
    _note(work, Tag.EXPORT_APPROVAL_ENDED, row)


def list_approvals(work: UnitOfWork) -> list[ApprovalView]:
    """All approvals, newest first."""
    require(work.actor, Permission.SEE_TRANSFERS)
    counted = select(ExportRun.approval_id, func.count()).group_by(ExportRun.approval_id)
    runs = {key: count for key, count in work.session.execute(counted)}  # noqa: C416 - rows are no pairs
    rows = work.session.scalars(select(ExportApproval).order_by(ExportApproval.entered_at.desc()))
    return [_view(row, runs.get(row.id, 0)) for row in rows]


def list_runs(work: UnitOfWork) -> list[RunView]:
    """All exports that happened, newest first."""
    require(work.actor, Permission.SEE_TRANSFERS)
    query = (
        select(ExportRun, ExportApproval)
        .join(ExportApproval, ExportApproval.id == ExportRun.approval_id)
        .order_by(ExportRun.at.desc())
    )
    return [
        RunView(
            approval.document_no,
            approval.purpose,
            run.place,
            run.what,
            run.files,
            run.digest,
            run.at,
            run.by,
        )
        for run, approval in work.session.execute(query)
    ]


def require_approval(
    work: UnitOfWork, wanted: ExportRequest, purposes: Collection[str], places: Collection[str]
) -> ApprovalView:
    """The approval that covers an export. Raises ExportRefused with its reason, WorkSuspended.

    So many a day and person, and no more (ExportLimitReached, security.md 7.5).
    The closed lists are those of today: a purpose struck from the profile ends its approvals.
    """
    require(work.actor, Permission.EXPORT_DATA)
    require_handler(work)
    row = work.session.get(ExportApproval, wanted.approval_id)
    if row is None:
        raise ExportRefused(reason="no_approval")
    view = _view(row, 0)
    # An approval for one receivable covers neither another one nor a file of the whole contract.
    covered = row.receivable is None or wanted.receivables <= {row.receivable}
    tests = (
        (wanted.purpose not in purposes, "purpose_not_listed"),
        (wanted.purpose != row.purpose, "other_purpose"),
        (wanted.place not in places, "place_not_designated"),
        (wanted.place != row.place, "other_place"),
        (not view.holds_on(work.now.astimezone(JST).date()), "not_in_force"),
        (not covered, "other_receivable"),
    )
    for fails, reason in tests:
        if fails:
            raise ExportRefused(reason=reason)
    for receivable in wanted.receivables:
        if receivable is not None:
            require_not_suspended(work, receivable, StoppedWork.EXPORTS)
    _require_room_today(work)
    return view


def _require_room_today(work: UnitOfWork) -> None:
    began = datetime.combine(work.now.astimezone(JST).date(), time.min, JST)
    mine = select(func.count()).where(ExportRun.by == work.actor.code, ExportRun.at >= began)
    if (work.session.scalar(mine) or 0) >= USUAL.exports_a_day:
        raise ExportLimitReached(reason="too_many_today", most=USUAL.exports_a_day)


def note_run(work: UnitOfWork, wanted: ExportRequest, what: str, files: int, digest: str) -> None:
    """Puts an export on record: who, what, when, under which approval."""
    work.session.add(
        ExportRun(
            id=uuid4(),
            approval_id=wanted.approval_id,
            what=what,
            files=files,
            place=wanted.place,
            digest=digest,
            at=work.now,
            by=work.actor.code,
        )
    )
    work.session.flush()
    work.audit(
        Tag.EXPORT_RELEASED,
        object_kind="export_approval",
        object_id=wanted.approval_id,
        count=files,
        reason=wanted.purpose,
        ref=digest,
    )


def note_denied(store: SecureStore, actor: Actor, refusal: ExportRefused) -> None:
    """A refused export is on record, in a transaction of its own (S3-B2-11)."""
    with store.work(actor) as noting:
        reason = str(refusal.details["reason"])
        noting.audit(Tag.EXPORT_DENIED, result=Result.DENIED, reason=reason)


def _note(work: UnitOfWork, tag: Tag, row: ExportApproval) -> None:
    work.audit(
        tag,
        receivable=row.receivable,
        object_kind="export_approval",
        object_id=row.id,
        reason=row.purpose,
    )


def _view(row: ExportApproval, runs: int) -> ApprovalView:
    return ApprovalView(
        row.id,
        row.document_no,
        row.signer,
        row.purpose,
        row.place,
        row.receivable,
        row.valid_from,
        row.valid_until,
        row.entered_at,
        row.entered_by,
        row.ended_at,
        runs,
    )
