"""Which numbers may be dialled; a wrong or vacant one is given up at once, for ever."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from campaigns.calling.effect_plans import NextAction
from campaigns.cases.models import CallCase, CasePhone, NumberState
from secure_store.work import UnitOfWork

USABLE = (NumberState.UNTRIED, NumberState.VALID)
WORKPLACE = 3  # 種別 of the lent row


def has_number(workplace_numbers: bool) -> ColumnElement[bool]:
    """Some number of the case may be dialled: none that is given up under another rank."""
    same = aliased(CasePhone)
    given_up = exists().where(
        same.case_id == CasePhone.case_id,
        same.lookup_index == CasePhone.lookup_index,
        same.state.not_in(USABLE),
    )
    usable = [CasePhone.case_id == CallCase.id, CasePhone.state.in_(USABLE), ~given_up]
    if not workplace_numbers:
        usable.append(CasePhone.kind != WORKPLACE)
    return exists().where(*usable)


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
