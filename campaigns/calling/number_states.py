"""What a call says of the number dialled: a wrong or vacant one is given up at once, for ever."""

from __future__ import annotations

from sqlalchemy import select

from campaigns.calling.effect_plans import NextAction
from campaigns.cases.models import CallCase, CasePhone, NumberState
from secure_store.work import UnitOfWork


def mark_number(
    work: UnitOfWork, case: CallCase, rank: int | None, action: NextAction, *, answered: bool
) -> None:
    """Moves the number on, under every rank the case has it; one given up never comes back."""
    phone = work.session.get(CasePhone, (case.id, rank)) if rank is not None else None
    if phone is None:
        return
    state = _state_after(phone.state, action, answered)
    same = select(CasePhone).where(
        CasePhone.case_id == case.id, CasePhone.lookup_index == phone.lookup_index
    )
    for row in work.session.scalars(same):
        row.state = state


def _state_after(before: NumberState, action: NextAction, answered: bool) -> NumberState:
    if action.block_number or before is NumberState.BLOCKED:
        return NumberState.BLOCKED
    if action.give_up_number or before is NumberState.UNUSABLE:
        return NumberState.UNUSABLE
    return NumberState.VALID if answered else before
