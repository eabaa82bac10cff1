"""納付約束: no calls until the date and its grace have passed; only data can break a promise."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import bindparam, update

from campaigns.calling.models import PaymentPromise
from campaigns.calling.payment_facts import PromiseStatus
from campaigns.cases.models import CallCase
from secure_store.audit.tags import Tag
from secure_store.work import UnitOfWork

_WITHDRAW = (
    update(PaymentPromise)
    .where(PaymentPromise.case_id == bindparam("case"), PaymentPromise.status == PromiseStatus.OPEN)
    .values(status=PromiseStatus.WITHDRAWN)
)


def record_promise(
    work: UnitOfWork, case: CallCase, call_record_id: UUID, promised_on: date, wait_until: date
) -> UUID:
    """Keeps a promise; an earlier open one of the case is replaced by it."""
    withdraw_open(work, case.id)
    row = PaymentPromise(
        id=uuid4(),
        case_id=case.id,
        call_record_id=call_record_id,
        promised_on=promised_on,
        wait_until=wait_until,
        status=PromiseStatus.OPEN,
        made_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.audit(
        Tag.PROMISE_RECORDED,
        receivable=case.receivable,
        batch=case.campaign_code,
        object_kind="promise",
        object_id=row.id,
    )
    return row.id


def withdraw_open(work: UnitOfWork, case_id: UUID) -> None:
    """A later word of the person, or a correction, takes the place of the promise."""
    work.run(_WITHDRAW, {"case": case_id})
