"""One call as the desk hands it over, and the columns of its record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from campaigns.calling.call_report import OutcomeReport
from campaigns.calling.day_close import reporting_day
from campaigns.calling.effect_plans import NextAction
from campaigns.calling.models import Revision
from campaigns.calling.outcomes import Direction, OutcomeRow
from campaigns.cases.models import CallCase
from campaigns.cases.states import IdentityResult
from dialer.calendar.bands import Band
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CallToRecord:
    """One call as the desk hands it over. ``rows``: the primary outcome first."""

    record_id: UUID
    handling_id: UUID | None
    attempt_id: UUID | None
    rows: tuple[OutcomeRow, ...]
    table_version: int
    report: OutcomeReport
    identity: IdentityResult
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    phone_rank: int | None
    collected: bytes | None
    script_version: str | None
    qa_version: str | None
    qa_used: str
    rule: str
    source: str = "screen"
    blank: UUID | None = None  # the 結果未入力 that this takes the place of


def case_values(
    work: UnitOfWork,
    case: CallCase,
    call: CallToRecord,
    action: NextAction,
    band: Band | None,
) -> dict[str, Any]:
    """The columns of a record about a case."""
    return {
        **common_values(work, call),
        "case_id": case.id,
        "campaign_code": case.campaign_code,
        "band": band.value if band else None,
        # A late outcome of a call that was told as dialled on its own day is no second dial.
        "counts_dial": call.rows[0].counts_dial
        and call.report.direction is Direction.OUTBOUND
        and call.blank is None,
        "counts_attempt": action.counted,
        "is_contact_wide": call.rows[0].contact_wide,
        "is_contact_person": action.reached_person,
        "mark": action.mark,
        "is_urgent": action.urgent,
        "follow_up_at": action.follow_up_at,
    }


def common_values(work: UnitOfWork, call: CallToRecord) -> dict[str, Any]:
    """The columns of a record that do not depend on a case."""
    report = call.report
    return {
        "id": call.record_id,
        "handling_id": call.handling_id,
        "attempt_id": call.attempt_id,
        "revision": Revision.CORRECTION if call.blank else Revision.ORIGINAL,
        "supersedes": call.blank,
        "correction_reason": "missing_outcome" if call.blank else None,
        "direction": report.direction,
        "business_day": reporting_day(work, call.started_at),
        "started_at": call.started_at,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
        "recorded_at": work.now,
        "agent": work.actor.code,
        "phone_rank": call.phone_rank,
        "outcome_code": call.rows[0].code,
        "secondary_codes": " ".join(row.code for row in call.rows[1:]),
        "outcome_version": call.table_version,
        "identity_result": call.identity,
        "speaker": call.rows[0].speaker_with(call.identity),
        "promised_on": report.promised_on,
        "payment_method": report.payment_method.file_code if report.payment_method else None,
        "transfer_notice": report.transfer_notice.file_code,
        "script_version": call.script_version,
        "qa_version": call.qa_version,
        "qa_used": call.qa_used,
        "collected_sealed": call.collected,
        "source": call.source,
        "rule": call.rule,
    }
