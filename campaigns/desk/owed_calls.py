"""再架電一覧: what the centre owes, how each call came to stand where it stands, who may take it.

Rows and codes only; nothing sealed is opened for a list (S4-11.3a-2, S4-12.1a).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from campaigns.calling import follow_up_ledger
from campaigns.calling.follow_up_ledger import TurnView, turns_of
from campaigns.calling.follow_up_turns import FollowUpState, FollowUpSums, TurnReason
from campaigns.calling.follow_ups import FollowUpView, handed_over, open_follow_ups
from campaigns.calling.models import FollowUp, FollowUpKind, FollowUpStatus
from campaigns.cases.assignments import assign
from campaigns.cases.models import CallCase
from dialer.api import lease_on
from secure_store.access import Permission, require, require_receivable
from secure_store.errors import NotFound
from secure_store.work import UnitOfWork

MOVED_BY_RULES = (
    TurnReason.HOURS_ORDERED,
    TurnReason.ORDER_WITHDRAWN,
    TurnReason.PERIOD_CHANGED,
    TurnReason.RULES_CHANGED,
    TurnReason.SUSPENDED,
    TurnReason.SUSPENSION_LIFTED,
)
"""Moves nobody on the telephone agreed to: the person expects the call at another time."""
SLICE = 500


@dataclass(frozen=True, slots=True)
class OwedCall:
    """A call we owe, with the place of its case in the list."""

    follow_up: FollowUpView
    row_number: int


@dataclass(frozen=True, slots=True)
class OwedCallLife:
    """One follow-up from its booking to now. ``status``: open, done or cancelled.

    ``in_hand_of``: who has the case open at this moment.
    """

    id: UUID
    case_id: UUID
    campaign_code: str
    receivable: str
    row_number: int
    kind: FollowUpKind
    status: FollowUpStatus
    assignee: str | None
    is_released: bool
    agreed_at: datetime
    due_at: datetime
    breaches: int
    in_hand_of: str | None
    turns: tuple[TurnView, ...]


def follow_up_sums(work: UnitOfWork, day: date) -> FollowUpSums:
    """What was promised for a business day, and what came of it: the sum adds up every day."""
    return follow_up_ledger.follow_up_sums(work, day)


def calls_moved_by_rules(work: UnitOfWork, day: date) -> int:
    """How many agreed calls an order, a period or a suspension moved on a business day."""
    return follow_up_ledger.moved_on(work, day, MOVED_BY_RULES)


def owed_calls(
    work: UnitOfWork, states: Collection[FollowUpState] = tuple(FollowUpState)
) -> list[OwedCall]:
    """Every call we owe that stands in one of these states, soonest first. Raises NotAllowed."""
    require(work.actor, Permission.SEE_BOARD)
    return with_places(work, [one for one in open_follow_ups(work) if one.state in states])


def with_places(work: UnitOfWork, follow_ups: list[FollowUpView]) -> list[OwedCall]:
    """Adds the row of each case."""
    rows: dict[UUID, int] = {}
    ids = [one.case_id for one in follow_ups]
    for start in range(0, len(ids), SLICE):
        found = work.session.execute(
            select(CallCase.id, CallCase.row_number).where(
                CallCase.id.in_(ids[start : start + SLICE])
            )
        )
        rows.update((case_id, row_number) for case_id, row_number in found)
    return [OwedCall(one, rows[one.case_id]) for one in follow_ups]


def owed_call(work: UnitOfWork, follow_up_id: UUID) -> OwedCallLife:
    """One follow-up with every turn of its life. Raises NotAllowed, NotFound."""
    require(work.actor, Permission.SEE_BOARD)
    row, case = _seen(work, follow_up_id)
    lease = lease_on(work, case.id)
    return OwedCallLife(
        id=row.id,
        case_id=case.id,
        campaign_code=case.campaign_code,
        receivable=case.receivable,
        row_number=case.row_number,
        kind=row.kind,
        status=row.status,
        assignee=case.assignee,
        is_released=row.released_at is not None,
        agreed_at=row.agreed_at,
        due_at=row.due_at,
        breaches=row.breaches,
        in_hand_of=lease.holder if lease else None,
        turns=tuple(turns_of(work, row.id)),
    )


def _seen(work: UnitOfWork, follow_up_id: UUID) -> tuple[FollowUp, CallCase]:
    row = work.session.get(FollowUp, follow_up_id)
    case = work.session.get_one(CallCase, row.case_id) if row else None
    if row is None or case is None or not work.actor.sees(case.receivable):
        raise NotFound(kind="follow_up")
    return row, case


def reassign_follow_up(work: UnitOfWork, follow_up_id: UUID, holder: str) -> bool:
    """A supervisor gives a call we owe, and its case, to an agent or a group.

    False when it was settled meanwhile or stands with this holder already. Raises NotAllowed,
    NotFound, AgentNotEligible.
    """
    require(work.actor, Permission.ASSIGN_CASES)
    row, case = _seen(work, follow_up_id)
    require_receivable(work.actor, case.receivable)
    same = case.assignee == holder and row.released_at is None
    if row.status is not FollowUpStatus.OPEN or same:
        return False
    assign(work, case.campaign_code, [case.id], holder)
    handed_over(work, case)
    return True
