"""Promises against payments: judged anew with every notice, and what follows for the case.

The judgement looks at all payments known and at how far the data reach (``payment_facts``), so
notices may come twice, late or in any order. The case moves on only once, when the time of its
promise is over in the data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from campaigns.calling.collected import open_of_record
from campaigns.calling.endings import end_case
from campaigns.calling.histories import open_follow_up
from campaigns.calling.models import CallRecord, CaseHandling, PaymentPromise
from campaigns.calling.payment_facts import (
    NOT_KEPT,
    AfterPromise,
    Payment,
    PromiseHistory,
    PromiseStatus,
    PromiseTerms,
    after_promise,
    judge,
)
from campaigns.calling.records import return_to_queue
from campaigns.cases.cases import CampaignView, move_case
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus, CloseReason
from campaigns.profile.rules import CallingRules
from dialer.api import lease_on
from dialer.calendar.due_dates import end_plus_days
from dialer.calendar.holidays import business_day
from dialer.calendar.windows import CallingHours
from secure_store.audit.tags import Tag
from secure_store.work import UnitOfWork

ONE_DAY = timedelta(days=1)
_TAGS = {
    PromiseStatus.OPEN: Tag.PROMISE_OPEN_AGAIN,
    PromiseStatus.KEPT: Tag.PROMISE_KEPT,
    PromiseStatus.PARTLY: Tag.PROMISE_BROKEN,
    PromiseStatus.BROKEN: Tag.PROMISE_BROKEN,
}


@dataclass(frozen=True, slots=True)
class PaymentsKnown:
    """What payments say of some cases: all of them, since when nothing is left, how far they reach."""

    payments: Mapping[UUID, Sequence[Payment]]
    settled_on: Mapping[UUID, date]
    data_until: date | None


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise with its terms; the sum comes out of the call record's box."""

    row: PaymentPromise
    terms: PromiseTerms


def promises_of(work: UnitOfWork, cases: Iterable[CallCase]) -> list[Promised]:
    """The promises of these cases that stand, oldest first; those taken back are left out."""
    by_id = {case.id: case for case in cases}
    if not by_id:
        return []
    found = work.session.execute(
        select(PaymentPromise, CallRecord)
        .join(CallRecord, CallRecord.id == PaymentPromise.call_record_id)
        .where(
            PaymentPromise.case_id.in_(list(by_id)),
            PaymentPromise.status != PromiseStatus.WITHDRAWN,
        )
        .order_by(PaymentPromise.made_at, PaymentPromise.id)
    )
    return [Promised(row, _terms(work, by_id[row.case_id], row, record)) for row, record in found]


def _terms(
    work: UnitOfWork, case: CallCase, row: PaymentPromise, record: CallRecord
) -> PromiseTerms:
    yen = None
    if record.collected_sealed is not None:
        collected = open_of_record(work, case, record.id, record.collected_sealed, for_file=True)
        yen = collected.promised_yen
    return PromiseTerms(
        made_on=business_day(row.made_at), wait_until=row.wait_until, promised_yen=yen
    )


def judge_promises(work: UnitOfWork, cases: Sequence[CallCase], known: PaymentsKnown) -> None:
    """Judges every promise of these cases anew; a case that ended keeps its judgement too."""
    by_id = {case.id: case for case in cases}
    for promised in promises_of(work, cases):
        row = promised.row
        status = judge(
            promised.terms,
            known.payments.get(row.case_id, ()),
            known.data_until,
            known.settled_on.get(row.case_id),
        )
        if status is row.status:
            continue
        row.status = status
        case = by_id[row.case_id]
        work.audit(
            _TAGS[status],
            receivable=case.receivable,
            batch=case.campaign_code,
            object_kind="promise",
            object_id=row.id,
            reason=status.value,
        )


@dataclass(frozen=True, slots=True)
class AfterRules:
    """What the move of a case after its promise depends on, alike for a whole campaign."""

    campaign: CampaignView
    hours: CallingHours
    rules: CallingRules


def go_on(work: UnitOfWork, case: CallCase, data_until: date, around: AfterRules) -> None:
    """Moves a case on whose promise is over in the data and that still shows arrears (R5).

    It waits again, waits for its one reminder, or is handed over (domain §3.8). An agreed call
    that is still owed is kept: that call is the reminder then.
    """
    until = case.promise_until
    if case.status is not CaseStatus.PROMISED or until is None or until > data_until:
        return
    next_step = after_promise(_history(work, case, around, until))
    if next_step is AfterPromise.HAND_OVER:
        end_case(work, case, CloseReason.HANDED_OVER, next_step.value)
        return
    owed = open_follow_up(work, case.id)
    if owed is None:
        # The last day of the grace is the person's, also when the data came on it.
        over = around.hours.next_legal_instant(max(work.now, end_plus_days(until, 0)))
        move_case(work, case, CaseStatus.WAITING, next_step.value, not_before=over)
    else:
        due = owed.due_at
        move_case(work, case, CaseStatus.FOLLOW_UP_BOOKED, next_step.value, not_before=due)
    if not is_in_hand(work, case):  # an outcome, or the end of the lease, brings it back
        return_to_queue(work, case, around.hours, around.rules)


def _history(work: UnitOfWork, case: CallCase, around: AfterRules, until: date) -> PromiseHistory:
    statuses = list(
        work.session.scalars(
            select(PaymentPromise.status)
            .where(
                PaymentPromise.case_id == case.id,
                PaymentPromise.status != PromiseStatus.WITHDRAWN,
            )
            .order_by(PaymentPromise.made_at, PaymentPromise.id)
        )
    )
    parameters = around.rules.parameters
    in_time = max(business_day(work.now), until + ONE_DAY) <= around.campaign.calls_until
    return PromiseHistory(
        newest=statuses[-1] if statuses else None,
        broken=sum(status in NOT_KEPT for status in statuses),
        reminders=parameters.reminders_after_broken_promise,
        may_still_call=in_time and case.counted_attempts < parameters.max_counted_attempts,
        in_hand=is_in_hand(work, case),
    )


def is_in_hand(work: UnitOfWork, case: CallCase) -> bool:
    """Has some agent this case in hand at this moment, served or rung back?"""
    if lease_on(work, case.id) is not None:
        return True
    handling = select(CaseHandling.id).where(
        CaseHandling.case_id == case.id, CaseHandling.closed_at.is_(None)
    )
    return work.session.scalar(handling.limit(1)) is not None
