"""Attempts: one dialling or one incoming call, moved on by what the line did."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import bindparam, insert, select, update

from dialer.calendar.holidays import business_day
from dialer.line_status import LineEnd, LineStatus, advance
from dialer.models import DialAttempt
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork

OUTBOUND = "outbound"


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt as the business sees it."""

    id: UUID
    case_ref: UUID | None
    number_rank: int | None
    status: LineStatus
    end: LineEnd | None
    business_day: date
    placed_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    rule: str
    agent: str
    direction: str


_VIEW = select(*(getattr(DialAttempt, each.name) for each in fields(AttemptView)))
_ONE = _VIEW.where(DialAttempt.id == bindparam("attempt"))
_NEW = insert(DialAttempt)
_MOVE = (
    update(DialAttempt)
    .where(DialAttempt.id == bindparam("attempt"))
    .values(
        status=bindparam("new_status"),
        end=bindparam("new_end"),
        answered_at=bindparam("answered"),
        ended_at=bindparam("ended"),
    )
)
_CLOSE = _MOVE.values(outcome_closed_at=bindparam("now"))


def open_attempt(
    work: UnitOfWork,
    *,
    agent: str,
    direction: str,
    rule: str,
    case_ref: UUID | None = None,
    list_ref: str | None = None,
    permit_ref: UUID | None = None,
    number_rank: int | None = None,
    status: LineStatus = LineStatus.DIALING,
) -> AttemptView:
    """Writes down that a number is being dialled, or that somebody rang."""
    attempt = AttemptView(
        id=uuid4(),
        case_ref=case_ref,
        number_rank=number_rank,
        status=status,
        end=None,
        business_day=business_day(work.now),
        placed_at=work.now,
        answered_at=work.now if status is LineStatus.CONNECTED else None,
        ended_at=None,
        rule=rule,
        agent=agent,
        direction=direction,
    )
    work.run(_NEW, {**asdict(attempt), "list_ref": list_ref, "permit_ref": permit_ref})
    return attempt


def get_attempt(work: UnitOfWork, attempt_id: UUID) -> AttemptView:
    """The attempt. Raises NotFound."""
    row = work.run(_ONE, {"attempt": attempt_id}).one_or_none()
    if row is None:
        raise NotFound(kind="attempt")
    return AttemptView(*row)


def note_line_event(
    work: UnitOfWork, attempt_id: UUID, status: LineStatus, end: LineEnd | None = None
) -> AttemptView:
    """Moves an attempt on; a repeated or late event changes nothing."""
    before = get_attempt(work, attempt_id)
    after = _moved(before, status, end, work.now)
    if after is not before:
        work.run(_MOVE, _place(after))
    return after


def _moved(
    attempt: AttemptView, status: LineStatus, end: LineEnd | None, now: datetime
) -> AttemptView:
    """The attempt after the event; itself when nothing changes."""
    reached = advance(attempt.status, status)
    if reached is attempt.status:
        return attempt
    if reached is LineStatus.CONNECTED:
        return replace(attempt, status=reached, answered_at=now)
    if reached is LineStatus.ENDED:
        how = end or (LineEnd.ANSWERED if attempt.answered_at else LineEnd.CANCELLED)
        return replace(attempt, status=reached, ended_at=now, end=how)
    return replace(attempt, status=reached)


def _place(attempt: AttemptView) -> dict[str, object]:
    return {
        "attempt": attempt.id,
        "new_status": attempt.status,
        "new_end": attempt.end,
        "answered": attempt.answered_at,
        "ended": attempt.ended_at,
    }


def close_attempt(work: UnitOfWork, attempt_id: UUID, end: LineEnd | None = None) -> AttemptView:
    """The outcome is being recorded: the line must have ended by now."""
    after = _moved(get_attempt(work, attempt_id), LineStatus.ENDED, end, work.now)
    work.run(_CLOSE, {**_place(after), "now": work.now})
    return after


def without_outcome(work: UnitOfWork, day: date) -> list[AttemptView]:
    """Attempts up to a business day that nobody gave an outcome to (decision 15)."""
    rows = work.run(
        _VIEW.where(
            DialAttempt.business_day <= day, DialAttempt.outcome_closed_at.is_(None)
        ).order_by(DialAttempt.placed_at)
    )
    return [AttemptView(*row) for row in rows]


def running(work: UnitOfWork) -> list[AttemptView]:
    """Attempts whose line has not ended."""
    rows = work.run(_VIEW.where(DialAttempt.status != LineStatus.ENDED))
    return [AttemptView(*row) for row in rows]


def is_talking(work: UnitOfWork, agent: str) -> bool:
    """Whether this agent has somebody on the line."""
    mine = select(DialAttempt.id).where(
        DialAttempt.business_day == business_day(work.now),
        DialAttempt.agent == agent,
        DialAttempt.status == LineStatus.CONNECTED,
    )
    return work.session.scalar(mine.limit(1)) is not None


def called_days(work: UnitOfWork, list_ref: str) -> list[tuple[date, bool]]:
    """The business days with attempts of one list, each with whether they were outbound."""
    rows = work.session.execute(
        select(DialAttempt.business_day, DialAttempt.direction)
        .where(DialAttempt.list_ref == list_ref)
        .distinct()
        .order_by(DialAttempt.business_day, DialAttempt.direction)
    )
    return [(day, direction == OUTBOUND) for day, direction in rows]
