"""発信許可: may this agent dial this number now? One transaction, short life (decision 6).

Asked in this order: supervisor on duty, the lease, and everything eligibility asks again. The
number itself is opened by the desk, only under a live permit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import bindparam, select, update

from campaigns.calling.eligibility import NotCallable, why_not_callable
from campaigns.calling.histories import Surroundings, case_facts, phones_left
from campaigns.calling.models import DialPermit, PermitEnd
from campaigns.calling.number_order import choose_number
from campaigns.cases.models import CallCase
from campaigns.errors import CaseNotCallable
from campaigns.profile.rules import CallingRules, rule_label
from dialer.api import require_supervisor_on_duty
from dialer.calendar.holidays import business_day
from dialer.calendar.windows import CallingHours
from dialer.errors import OutsideCallingHours, PermitExpired, PermitMissing, Suspended
from secure_store.audit.tags import Tag
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PermitView:
    """A live permit; the number is not in it, only its rank."""

    id: UUID
    number: str
    phone_rank: int
    issued_at: datetime
    expires_at: datetime
    is_checked: bool
    rule: str


def _view(row: DialPermit) -> PermitView:
    return PermitView(
        row.id,
        row.number,
        row.phone_rank,
        row.issued_at,
        row.expires_at,
        row.checked_at is not None,
        row.rule,
    )


def require_callable(work: UnitOfWork, case: CallCase, around: Surroundings) -> None:
    """Raises the reason why this case may not be called now."""
    require_supervisor_on_duty(work)
    facts = case_facts(work, case, around)
    reason = why_not_callable(
        facts, around.rules.parameters, work.now, around.hours, around.rules.cuts
    )
    if reason is None:
        return
    if reason in (NotCallable.WINDOW_CLOSED, NotCallable.NO_NEW_CALLS):
        answer = around.hours.answer(work.now)
        raise OutsideCallingHours(
            reason=answer.reason.value,
            next_opening=answer.next_opening.isoformat() if answer.next_opening else "",
        )
    if reason is NotCallable.SUSPENDED:
        raise Suspended(receivable=case.receivable)
    raise CaseNotCallable(reason=reason.value)


def issue_permit(
    work: UnitOfWork, handling_id: UUID, case: CallCase, around: Surroundings
) -> PermitView:
    """A permit for the best usable number. Raises what stands against it."""
    require_callable(work, case, around)
    live = live_permit(work, handling_id, around.hours)
    if live is not None:
        return live
    rules = around.rules
    phone = choose_number(phones_left(work, case.id, rules), rules, around.hours, work.now)
    row = DialPermit(
        id=uuid4(),
        number=_next_number(work),
        handling_id=handling_id,
        case_id=case.id,
        agent=work.actor.code,
        phone_rank=phone.rank,
        issued_at=work.now,
        expires_at=_until(work.now, rules, around.hours),
        rule=rule_label(around.hours.answer(work.now).rule, rules),
    )
    work.session.add(row)
    work.session.flush()
    _note(work, Tag.PERMIT_ISSUED, case, row)
    return _view(row)


def _until(now: datetime, rules: CallingRules, hours: CallingHours) -> datetime:
    """As long as permits live, but never past the end of new calls in this window (S4-7.2b-1)."""
    until = now + timedelta(seconds=rules.parameters.permit_seconds)
    window = hours.answer(now).window
    if window is None:
        return now
    return min(until, window[1] - timedelta(minutes=rules.parameters.no_new_call_minutes))


RUNNING = 2  # which part of a permit's number counts the day's permits
_LAST_NUMBER = (
    select(DialPermit.number)
    .order_by(DialPermit.issued_at.desc(), DialPermit.number.desc())
    .limit(1)
)


def _next_number(work: UnitOfWork) -> str:
    """``P-0915-00471-9c2e``: day and running number, to quote in a question.

    Two issued at one moment may share the running number; the last four characters differ.
    """
    day = f"P-{business_day(work.now):%m%d}-"
    last = work.session.scalar(_LAST_NUMBER)
    running = int(last.split("-")[RUNNING]) if last and last.startswith(day) else 0
    return f"{day}{running + 1:05d}-{uuid4().hex[:4]}"


_LIVE = (
    select(DialPermit)
    .where(DialPermit.handling_id == bindparam("handling"), DialPermit.ended_at.is_(None))
    .order_by(DialPermit.issued_at.desc())
    .limit(1)
)

_END = (
    update(DialPermit)
    .where(DialPermit.handling_id == bindparam("handling"), DialPermit.ended_at.is_(None))
    .values(ended_at=bindparam("now"), end=bindparam("why"))
)


def _row(work: UnitOfWork, handling_id: UUID) -> DialPermit | None:
    return work.session.scalar(_LIVE, {"handling": handling_id})


def live_permit(work: UnitOfWork, handling_id: UUID, hours: CallingHours) -> PermitView | None:
    """The permit that may be used now; one whose time is over is ended, and so is one whose
    window was closed meanwhile by an order of the city.
    """
    row = _row(work, handling_id)
    if row is None:
        return None
    is_over = row.expires_at <= work.now
    if not is_over and hours.is_open(work.now):
        return _view(row)
    if work.readonly:
        return None
    if is_over:
        _end(work, row, PermitEnd.EXPIRED)
        work.audit(Tag.PERMIT_EXPIRED, object_kind="permit", object_id=row.id)
    else:
        _revoke(work, row)
    return None


def renew_permit(
    work: UnitOfWork, handling_id: UUID, case: CallCase, around: Surroundings
) -> PermitView:
    """Another 90 seconds after the same checks, within the window. Raises PermitExpired when it
    is over or was taken back.
    """
    row = _row(work, handling_id)
    if row is None or row.expires_at <= work.now:
        raise PermitExpired
    require_callable(work, case, around)
    row.expires_at = _until(work.now, around.rules, around.hours)
    row.renewals += 1
    _note(work, Tag.PERMIT_RENEWED, case, row)
    return _view(row)


def mark_checked(work: UnitOfWork, handling_id: UUID) -> PermitView:
    """番号照合済: the agent compared the number on the screen with the one dialled."""
    row = _row(work, handling_id)
    if row is None:
        raise PermitMissing
    if row.expires_at <= work.now:
        raise PermitExpired
    if row.checked_at is None:
        row.checked_at = work.now
    return _view(row)


def end_permit(work: UnitOfWork, handling_id: UUID, end: PermitEnd) -> None:
    """The line has answered, or the handling is over: the number leaves the screen."""
    work.run(_END, {"handling": handling_id, "now": work.now, "why": end})


def revoke_permits(work: UnitOfWork, case_id: UUID) -> int:
    """Withdrawal and suspension take permits back at once. Returns how many."""
    rows = list(
        work.session.scalars(
            select(DialPermit).where(DialPermit.case_id == case_id, DialPermit.ended_at.is_(None))
        )
    )
    for row in rows:
        _revoke(work, row)
    return len(rows)


def _revoke(work: UnitOfWork, row: DialPermit) -> None:
    _end(work, row, PermitEnd.REVOKED)
    work.audit(Tag.PERMIT_REVOKED, object_kind="permit", object_id=row.id)


def _end(work: UnitOfWork, row: DialPermit, end: PermitEnd) -> None:
    row.ended_at = work.now
    row.end = end


def _note(work: UnitOfWork, tag: Tag, case: CallCase, row: DialPermit) -> None:
    work.audit(
        tag,
        receivable=case.receivable,
        batch=case.campaign_code,
        object_kind="permit",
        object_id=row.id,
        subject=case.subject,
    )
