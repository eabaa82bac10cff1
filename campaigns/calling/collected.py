"""What was collected in a call (G4), packed and sealed with its record (S4-14.5-2)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from uuid import UUID

from campaigns.calling.call_report import OutcomeReport
from campaigns.cases.models import CallCase
from campaigns.cases.personal_data import CollectedPlace, open_collected, seal_collected
from secure_store.work import UnitOfWork

RECORDS = "call_record"
HANDLINGS = "case_handling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """The part of a report that is somebody's own: kept out of ``repr`` and of every log."""

    note: str = field(default="", repr=False)
    promised_yen: int | None = field(default=None, repr=False)
    promised_periods: tuple[str, ...] = field(default=(), repr=False)
    paid_on: str | None = field(default=None, repr=False)
    paid_yen: int | None = field(default=None, repr=False)
    paid_where: str = field(default="", repr=False)


def collected_of(report: OutcomeReport) -> Collected:
    """The sealed part of what the agent entered."""
    return Collected(
        note=report.note,
        promised_yen=report.promised_yen,
        promised_periods=report.promised_periods,
        paid_on=report.paid_on.isoformat() if report.paid_on else None,
        paid_yen=report.paid_yen,
        paid_where=report.paid_where,
    )


def seal_for_record(
    work: UnitOfWork, case: CallCase, record_id: UUID, collected: Collected
) -> bytes:
    """One box per call record."""
    packed = json.dumps(asdict(collected), ensure_ascii=False).encode()
    return seal_collected(work, case, CollectedPlace(RECORDS, record_id), (packed,))


def open_of_record(
    work: UnitOfWork, case: CallCase, record_id: UUID, sealed: bytes, *, for_file: bool = False
) -> Collected:
    """What was collected in one call."""
    place = CollectedPlace(RECORDS, record_id)
    (packed,) = open_collected(work, case, place, sealed, for_file=for_file)
    raw = json.loads(packed)
    raw["promised_periods"] = tuple(raw["promised_periods"])
    return Collected(**raw)


def seal_draft(
    work: UnitOfWork, case: CallCase, handling_id: UUID, version: int, packed: bytes
) -> bytes:
    """What the agent has typed so far; every saving is a version of its own."""
    return seal_collected(work, case, CollectedPlace(HANDLINGS, handling_id, version), (packed,))


def open_draft(
    work: UnitOfWork, case: CallCase, handling_id: UUID, version: int, sealed: bytes
) -> bytes:
    """The draft of the acting agent's own handling."""
    place = CollectedPlace(HANDLINGS, handling_id, version)
    (packed,) = open_collected(work, case, place, sealed)
    return packed
