"""Which numbers may be dialled; a wrong or vacant one is given up at once, for ever."""

from __future__ import annotations

from sqlalchemy import ColumnElement, bindparam, exists, select, update
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


_DIALLED = select(CasePhone.lookup_index, CasePhone.state).where(
    CasePhone.case_id == bindparam("case"), CasePhone.rank == bindparam("rank")
)
_MARK = (
    update(CasePhone)
    .where(CasePhone.case_id == bindparam("case"), CasePhone.lookup_index == bindparam("index"))
    .values(state=bindparam("new_state"))
)


def mark_number(
    work: UnitOfWork, case: CallCase, rank: int | None, action: NextAction, *, answered: bool
) -> None:
    """Moves the number on, under every rank the case has it; one given up never comes back."""
    if rank is None or not (answered or action.block_number or action.give_up_number):
        return  # nothing was learnt of the number
    phone = work.run(_DIALLED, {"case": case.id, "rank": rank}).one_or_none()
    if phone is None:
        return
    state = _state_after(phone.state, action, answered)
    if state is not phone.state:
        work.run(_MARK, {"case": case.id, "index": phone.lookup_index, "new_state": state})


def _state_after(before: NumberState, action: NextAction, answered: bool) -> NumberState:
    if action.block_number or before is NumberState.BLOCKED:
        return NumberState.BLOCKED
    if action.give_up_number or before is NumberState.UNUSABLE:
        return NumberState.UNUSABLE
    return NumberState.VALID if answered else before
