"""Applies a confirmed notice: cases end, payments are kept, promises are judged.

A small notice is one unit of work; a large one goes slice by slice, each whole in itself, and is
taken up where it stood. Applying changes nothing a second time. A suspension does not keep a
notice out: it only ever ends calls.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import or_, select

from campaigns.calling.endings import end_case
from campaigns.calling.models import PaymentPromise
from campaigns.calling.notice_models import CityNotice, NoticeSource, NoticeState
from campaigns.calling.payment_facts import NoticeKind, PromiseStatus
from campaigns.calling.payments import (
    keep_payments,
    payments_known_until,
    payments_of,
    settle_debts,
)
from campaigns.calling.promise_keeping import AfterRules, PaymentsKnown, go_on, judge_promises
from campaigns.cases.cases import CampaignView, get_campaign, published_lists
from campaigns.cases.encodings import Encoding
from campaigns.cases.models import CallCase, LentList
from campaigns.cases.payment_data import cases_by_key, note_matching, open_debts
from campaigns.cases.states import CaseStatus, CloseReason
from campaigns.desk.notice_views import NoticeView, notice_row, notice_view
from campaigns.desk.notices import SLICE, note_notice, payment_lines
from campaigns.intake.layouts import SAMPLE_LAYOUTS
from campaigns.intake.lent_boxes import OpenedBoxes
from campaigns.intake.lent_files import destroy_notice_file, read_notice_file
from campaigns.intake.notice_files import CheckedFile, NoticeRow, read_checked
from campaigns.notice_errors import NoticeApplied
from campaigns.profile.hours import calling_hours
from campaigns.profile.instructions import calling_rules
from secure_store.access import Actor, Permission, require
from secure_store.audit.tags import Tag
from secure_store.live_work import alive
from secure_store.models import Transfer, TransferDirection
from secure_store.work import SecureStore, UnitOfWork

Progress = Callable[[int, int], None]


def _no_progress(_done: int, _all: int) -> None:
    """Nobody is watching."""


def apply_notice(
    store: SecureStore, actor: Actor, notice_id: UUID, progress: Progress = _no_progress
) -> NoticeView:
    """Applies a checked notice, or goes on with one that was interrupted.

    Raises NotFound, NotAllowed, NoticeApplied when it was applied before.
    """
    require(actor, Permission.WITHDRAW_CASE)
    with store.work(actor, readonly=True) as work:
        campaign_code = notice_row(work, notice_id).campaign_code
    with alive(store, f"notice-{campaign_code}"):
        _forget_file(store, actor, notice_id)  # of a notice that was cut off after its last row
        rows = _read(store, actor, notice_id)
        finished = False
        while not finished:
            with store.work(actor) as work:
                finished = _portion(work, notice_id, rows)
                done = notice_row(work, notice_id).done
            progress(done, len(rows))
        _forget_file(store, actor, notice_id)
    with store.work(actor, readonly=True) as work:
        return notice_view(notice_row(work, notice_id))


def _read(store: SecureStore, actor: Actor, notice_id: UUID) -> tuple[NoticeRow, ...]:
    with store.work(actor, readonly=True) as work:
        notice = notice_view(notice_row(work, notice_id))
        file_id = notice_row(work, notice_id).sealed_file_id
        unread = notice.file_name is None or notice.data_until is None or file_id is None
        if notice.state is NoticeState.APPLIED or unread:
            raise NoticeApplied(notice=notice.document_no)
        checked = CheckedFile(
            name=str(notice.file_name),
            kind=notice.kind,
            encoding=Encoding(notice.report["encoding"]),
            data_until=notice.data_until or date.max,
            rows=notice.received,
            data=read_notice_file(work, file_id) if file_id else b"",
        )
        return read_checked(checked, notice.receivable)


def _portion(work: UnitOfWork, notice_id: UUID, rows: Sequence[NoticeRow]) -> bool:
    """The next slice of rows, then the next slice of promises whose time is over. True at the end."""
    notice = notice_row(work, notice_id, for_change=True)
    if notice.state is NoticeState.APPLIED:
        return True
    notice.state = NoticeState.APPLYING
    campaign = get_campaign(work, notice.campaign_code)
    part = rows[notice.done : notice.done + SLICE]
    if notice.kind is NoticeKind.HIKINUKI:
        _withdraw(work, campaign, notice, part)
    else:
        _pay(work, campaign, notice, part)
    notice.done += len(part)
    if notice.done < notice.received:
        return False
    if notice.kind is NoticeKind.SHUNO and _promises_over(work, campaign, notice):
        return False
    _finish(work, notice)
    return True


def _withdraw(
    work: UnitOfWork, campaign: CampaignView, notice: CityNotice, rows: Sequence[NoticeRow]
) -> None:
    keys = [row.key for row in rows]
    known = cases_by_key(work, campaign.receivable, campaign.code, keys)
    for case in _locked(work, list(known.values())):
        notice.ended += end_case(work, case, CloseReason.WITHDRAWN, notice.document_no)


def _locked(work: UnitOfWork, case_ids: Sequence[UUID]) -> list[CallCase]:
    """In one order everywhere, so that two of us never wait for each other."""
    query = select(CallCase).where(CallCase.id.in_(case_ids)).order_by(CallCase.id)
    return list(
        work.session.scalars(query.with_for_update().execution_options(populate_existing=True))
    )


def _pay(
    work: UnitOfWork, campaign: CampaignView, notice: CityNotice, rows: Sequence[NoticeRow]
) -> None:
    keys = list({row.key for row in rows})
    known = cases_by_key(work, campaign.receivable, campaign.code, keys)
    lines = payment_lines(rows, known)
    cases = _locked(work, sorted({line.case_id for line in lines}))
    if not cases:
        return
    notice.repeated += len(lines) - keep_payments(work, campaign, notice.id, lines)
    known_until = payments_known_until(work, campaign.code)
    notice.ended += compare_payments(work, campaign, cases, known_until, notice.document_no)


def compare_payments(
    work: UnitOfWork,
    campaign: CampaignView,
    cases: Sequence[CallCase],
    known_until: date | None,
    why: str,
) -> int:
    """Judges promises and debts of these cases by all payments known; ends those fully paid.

    Returns how many ended.
    """
    rows = payments_of(work, campaign, [case.id for case in cases])
    paid = [case for case in cases if case.id in rows]
    unpaid, as_of = _lent_debts(work, paid)
    settled = settle_debts(rows, unpaid, as_of)
    payments = {case_id: [payment for _row, payment in told] for case_id, told in rows.items()}
    note_matching(work, campaign.receivable, campaign.code, len(cases))
    judge_promises(work, cases, PaymentsKnown(payments, settled, known_until))
    return sum(end_case(work, case, CloseReason.PAID, why) for case in cases if case.id in settled)


def _lent_debts(
    work: UnitOfWork, cases: Sequence[CallCase]
) -> tuple[dict[UUID, int], dict[UUID, date]]:
    """What was lent as unpaid, in yen, and to which day that was known, by case."""
    unpaid: dict[UUID, int] = {}
    as_of: dict[UUID, date] = {}
    opened = open_debts(work, cases)
    for case in cases:
        lent = work.session.get_one(LentList, case.lent_list_id)
        reader = OpenedBoxes(SAMPLE_LAYOUTS, case.receivable, lent.encoding)
        unpaid[case.id] = reader.debt(opened[case.id]).total_yen
        as_of[case.id] = lent.data_as_of
    return unpaid, as_of


def _promises_over(work: UnitOfWork, campaign: CampaignView, notice: CityNotice) -> bool:
    """Judges the next slice of promises whose time is over in the data. True while more may be."""
    if notice.data_until is None:
        return False
    before = payments_known_until(work, campaign.code)
    until = max(before, notice.data_until) if before else notice.data_until
    cases = _locked(work, _over(work, campaign, until))
    notice.ended += compare_payments(work, campaign, cases, until, notice.document_no)
    around = AfterRules(
        campaign,
        calling_hours(work, campaign.receivable),
        calling_rules(work, campaign.receivable),
    )
    for case in cases:
        go_on(work, case, until, around)
    return len(cases) == SLICE


def _over(work: UnitOfWork, campaign: CampaignView, until: date) -> list[UUID]:
    """Cases with a promise to be judged, or that wait for one whose time is over."""
    open_promise = select(PaymentPromise.case_id).where(
        PaymentPromise.status == PromiseStatus.OPEN, PaymentPromise.wait_until <= until
    )
    waiting = (CallCase.status == CaseStatus.PROMISED) & (CallCase.promise_until <= until)
    query = (
        select(CallCase.id)
        .where(
            CallCase.campaign_code == campaign.code,
            CallCase.lent_list_id.in_(published_lists(campaign.code)),
            or_(waiting, CallCase.id.in_(open_promise)),
        )
        .order_by(CallCase.id)
        .limit(SLICE)
    )
    return list(work.session.scalars(query))


def _finish(work: UnitOfWork, notice: CityNotice) -> None:
    notice.state = NoticeState.APPLIED
    notice.applied_at = work.now
    notice.applied_by = work.actor.code
    work.session.add(
        Transfer(
            id=uuid4(),
            direction=TransferDirection.RECEIVED,
            receivable=notice.receivable,
            name=notice.file_name,
            sha256=notice.digest,
            receipt_no=notice.document_no,
            at=work.now,
            by=work.actor.code,
        )
    )
    note_notice(work, Tag.NOTICE_APPLIED, notice)
    work.session.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """What a notice entered for single cases came to."""

    kind: NoticeKind
    document_no: str
    received: int
    ended: int = 0
    already_closed: int = 0
    repeated: int = 0


def note_by_hand(work: UnitOfWork, campaign: CampaignView, entered: ByHand) -> CityNotice:
    """A notice told by document and entered by a supervisor stands beside those in files."""
    notice_id = uuid4()
    row = CityNotice(
        id=notice_id,
        campaign_code=campaign.code,
        receivable=campaign.receivable,
        kind=entered.kind,
        source=NoticeSource.HAND,
        state=NoticeState.APPLIED,
        digest=hashlib.sha256(notice_id.bytes).hexdigest(),
        document_no=entered.document_no,
        received=entered.received,
        found=entered.received - entered.already_closed,
        already_closed=entered.already_closed,
        not_found=0,
        done=entered.received,
        ended=entered.ended,
        repeated=entered.repeated,
        report="{}",
        entered_at=work.now,
        entered_by=work.actor.code,
        applied_at=work.now,
        applied_by=work.actor.code,
    )
    work.session.add(row)
    work.session.flush()
    note_notice(work, Tag.NOTICE_APPLIED, row)
    return row


def _forget_file(store: SecureStore, actor: Actor, notice_id: UUID) -> None:
    """Ends the key of an applied file, in a unit of its own: a key does not come back with a rollback."""
    with store.work(actor) as work:
        notice = notice_row(work, notice_id)
        if notice.state is NoticeState.APPLIED and notice.sealed_file_id is not None:
            destroy_notice_file(work, notice.sealed_file_id)
