"""A stored call record as a fact of the daily files."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from campaigns.calling.call_report import PaymentMethod, TransferNotice
from campaigns.calling.collected import Collected
from campaigns.calling.models import CallRecord
from campaigns.escalation.extraction import CallOfDay
from campaigns.reports.rows import CallFact, CallSource, PromiseFact, Revision
from dialer.calendar.bands import Band

CORRECTION_TEXTS: Mapping[str, str] = {
    "missing_outcome": "結果未入力の補正",
    "entry_error": "入力誤り",
    "later_word": "後日の申出による",
}


def call_fact(
    record: CallRecord,
    case_id: UUID,
    place: int,
    serial: int,
    collected: Collected,
    last4: str,
) -> CallFact:
    """A stored record as a fact of the files."""
    return CallFact(
        call=_call_of_day(record, case_id, place),
        serial=serial,
        outcome_version=record.outcome_version,
        agent=record.agent,
        answered_at=record.answered_at,
        ended_at=record.ended_at,
        wrap_up_seconds=_wrap_up(record),
        band=Band(record.band) if record.band else None,
        number_rank=record.phone_rank,
        last4=last4,
        secondary_codes=tuple(record.secondary_codes.split()),
        counts_dial=record.counts_dial,
        counts_attempt=record.counts_attempt,
        identity=record.identity_result,
        speaker=record.speaker,
        follow_up_at=record.follow_up_at,
        promise=_promise(record, collected),
        transfer_notice=list(TransferNotice)[record.transfer_notice or 0],
        note=collected.note,
        script_version=record.script_version or "",
        qa_version=record.qa_version or "",
        revision=Revision(record.revision.value),
        revision_reason=CORRECTION_TEXTS.get(record.correction_reason or "", ""),
        source=CallSource(record.source),
    )


def _wrap_up(record: CallRecord) -> int | None:
    if record.ended_at is None:
        return None
    return max(0, int((record.recorded_at - record.ended_at).total_seconds()))


def _call_of_day(record: CallRecord, case_id: UUID, place: int) -> CallOfDay:
    return CallOfDay(
        case_id=case_id,
        row_number=place,
        record_id=record.id,
        at=record.started_at,
        business_day=record.business_day,
        outcome_code=record.outcome_code,
        mark=record.mark,
        urgent=record.is_urgent,
        contact_wide=record.is_contact_wide,
        contact_person=record.is_contact_person,
        direction=record.direction,
    )


def _promise(record: CallRecord, collected: Collected) -> PromiseFact | None:
    if record.promised_on is None:
        return None
    method = next((one for one in PaymentMethod if one.file_code == record.payment_method), None)
    return PromiseFact(
        on=record.promised_on,
        yen=collected.promised_yen,
        periods=collected.promised_periods,
        method=method,
    )
