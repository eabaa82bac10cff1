"""引抜き and 納付 of single cases, told by a document of the city and entered by a supervisor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from uuid import UUID

from campaigns.calling.endings import end_case
from campaigns.calling.payment_facts import NoticeKind
from campaigns.calling.payments import keep_payments, payments_known_until, payments_of
from campaigns.cases.cases import case_row, get_campaign
from campaigns.cases.models import CallCase
from campaigns.cases.payment_data import PaymentLine
from campaigns.cases.states import CaseStatus, CloseReason
from campaigns.desk.notice_applying import ByHand, compare_payments, note_by_hand
from campaigns.notice_errors import NoticeKnown
from dialer.calendar.holidays import business_day
from secure_store.access import Permission, require
from secure_store.errors import Invalid
from secure_store.work import UnitOfWork

BY_HAND = "*"  # the place of 期別番号: a file's row never has it


def withdraw_cases(work: UnitOfWork, case_ids: Sequence[UUID], document_no: str) -> int:
    """Closes cases the city took back; permits and calls owed about them end with it.

    ``document_no`` is the number of the city's instruction and stays with the move. Returns how
    many were still open. Raises NotFound.
    """
    require(work.actor, Permission.WITHDRAW_CASE)
    # In one order everywhere, so that two of us never wait for each other.
    rows = [case_row(work, case_id, for_change=True) for case_id in sorted(case_ids)]
    total = 0
    for code, group in groupby(sorted(rows, key=_campaign_code), _campaign_code):
        own = list(group)
        ended = sum(end_case(work, row, CloseReason.WITHDRAWN, document_no) for row in own)
        entered = ByHand(
            kind=NoticeKind.HIKINUKI,
            document_no=document_no,
            received=len(own),
            ended=ended,
            already_closed=len(own) - ended,
        )
        note_by_hand(work, get_campaign(work, code), entered)
        total += ended
    return total


def _campaign_code(row: CallCase) -> str:
    return row.campaign_code


@dataclass(frozen=True, slots=True)
class EnteredPayment:
    """One payment by document: the day it was paid, in yen."""

    document_no: str
    paid_on: date
    yen: int = field(repr=False)


def enter_payment(work: UnitOfWork, case_id: UUID, payment: EnteredPayment) -> bool:
    """Keeps one payment and judges the case by it; True when the case ended as paid by it.

    Raises NoticeKnown when the city told of the same payment before, Invalid for a sum of nothing
    or a day to come, NotFound.
    """
    require(work.actor, Permission.WITHDRAW_CASE)
    if payment.yen <= 0 or payment.paid_on > business_day(work.now):
        raise Invalid(field="payment")
    case = case_row(work, case_id, for_change=True)
    campaign = get_campaign(work, case.campaign_code)
    told = payments_of(work, campaign, [case.id]).get(case.id, [])
    if any((one.paid_on, one.yen) == (payment.paid_on, payment.yen) for _row, one in told):
        raise NoticeKnown(campaign=campaign.code)
    closed = case.status is CaseStatus.CLOSED
    entered = ByHand(
        kind=NoticeKind.SHUNO,
        document_no=payment.document_no,
        received=1,
        already_closed=int(closed),
    )
    notice = note_by_hand(work, campaign, entered)
    line = PaymentLine(case_id=case.id, period=BY_HAND, paid_on=payment.paid_on, yen=payment.yen)
    keep_payments(work, campaign, notice.id, [line])
    known_until = payments_known_until(work, campaign.code)
    ended = compare_payments(work, campaign, [case], known_until, payment.document_no)
    notice.ended = ended
    return bool(ended)
