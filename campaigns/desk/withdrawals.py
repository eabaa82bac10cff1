"""引抜き as a supervisor does it: the case is closed, and nothing about it is dialled any more."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from campaigns.calling.follow_ups import cancel_open
from campaigns.calling.permits import revoke_permits
from campaigns.cases.cases import case_row, withdraw
from campaigns.cases.states import CaseStatus
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork


def withdraw_cases(work: UnitOfWork, case_ids: Sequence[UUID], document_no: str) -> int:
    """Closes cases the city took back; permits and calls owed about them end with it.

    ``document_no`` is the number of the city's instruction and stays with the move. Returns how
    many were still open. Raises NotFound.
    """
    require(work.actor, Permission.WITHDRAW_CASE)
    for case_id in case_ids:
        row = case_row(work, case_id, for_change=True)
        if row.status is not CaseStatus.CLOSED:
            revoke_permits(work, row.id)
            cancel_open(work, row)
    return withdraw(work, case_ids, document_no)
