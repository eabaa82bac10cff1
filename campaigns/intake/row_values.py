"""A sealed row as the columns of its tables: what the rules need, derived once at intake."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from campaigns.calling.care import CareCode
from campaigns.cases.models import NumberState
from campaigns.cases.personal_data import SealedRow
from campaigns.cases.states import CaseStatus, CloseReason
from campaigns.intake.facts import Care, LineKind
from campaigns.intake.findings import LentRow

NO_PRIORITY = 999
CARE_CODES: Mapping[Care, CareCode] = dict(zip(Care, CareCode, strict=True))
LINE_KINDS: Mapping[LineKind, int] = {
    LineKind.LANDLINE: 1,
    LineKind.MOBILE: 2,
    LineKind.WORKPLACE: 3,
    LineKind.UNKNOWN: 9,
}


def case_values(
    receivable: str,
    campaign_code: str,
    list_id: UUID,
    row: LentRow,
    exclusion: str | None,
    sealed: SealedRow,
) -> dict[str, object]:
    facts = row.facts
    g1, g2, g3 = sealed.boxes.values()
    return {
        "id": sealed.case_id,
        "campaign_code": campaign_code,
        "receivable": receivable,
        "lent_list_id": list_id,
        "row_number": row.row_number,
        "key_index": sealed.key_index,
        "contact_sealed": g1,
        "identity_sealed": g2,
        "debt_sealed": g3,
        "row_version": 1,
        "status": CaseStatus.CLOSED if exclusion else CaseStatus.WAITING,
        "close_reason": CloseReason.NOT_CALLABLE if exclusion else None,
        "exclusion": exclusion,
        "priority": NO_PRIORITY if facts.priority is None else facts.priority,
        "oldest_due_on": facts.oldest_due_on,
        "care_code": CARE_CODES[facts.care].value if facts.care else None,
        "is_transfer_target": facts.account_transfer_target,
        "dials": 0,
        "counted_attempts": 0,
        "was_contacted": False,
    }


def phone_values(campaign_code: str, row: LentRow, sealed: SealedRow) -> list[dict[str, object]]:
    return [
        {
            "case_id": sealed.case_id,
            "rank": phone.rank,
            "campaign_code": campaign_code,
            "kind": LINE_KINDS[phone.line_kind],
            "lookup_index": index,
            "state": NumberState.UNTRIED,
        }
        for phone, index in zip(row.facts.phones, sealed.phone_indexes, strict=True)
    ]
