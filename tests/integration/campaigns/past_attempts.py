"""Attempts of earlier days, written as records: what the order and the forecast look back on."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from campaigns.calling.models import CallRecord, Revision
from campaigns.calling.outcomes import Direction, Mark, Speaker
from campaigns.cases.models import CallCase
from campaigns.cases.states import IdentityResult
from tests.integration.campaigns.desk_world import SV, DeskWorld

CODE = "A01-202209"
LONG_AGO = timedelta(days=9)


def rows(world: DeskWorld) -> dict[int, UUID]:
    """The cases by their place in the lent file."""
    with world.store.work(SV, readonly=True) as work:
        return {case.row_number: case.id for case in work.session.scalars(select(CallCase))}


def tried(world: DeskWorld, row: int, *bands: str, reached: bool = False) -> None:
    """Counted attempts on days of their own; ``reached``: the last one met the person."""
    with world.store.work(SV) as work:
        case = work.session.get_one(CallCase, rows(world)[row])
        for number, band in enumerate(bands, start=1):
            hit = reached and number == len(bands)
            at = work.now - LONG_AGO + timedelta(days=number)
            work.session.add(_record(case.id, band, at, hit))
        case.counted_attempts = len(bands)
        case.was_contacted = reached


def _record(case_id: UUID, band: str, at: datetime, hit: bool) -> CallRecord:
    return CallRecord(
        id=uuid4(),
        case_id=case_id,
        campaign_code=CODE,
        revision=Revision.ORIGINAL,
        direction=Direction.OUTBOUND,
        business_day=at.date(),
        started_at=at,
        recorded_at=at,
        agent="OP01",
        band=band,
        outcome_code="53" if hit else "11",
        outcome_version=1,
        identity_result=IdentityResult.PASSED if hit else IdentityResult.PENDING,
        speaker=Speaker.RIGHT_PARTY if hit else Speaker.NONE,
        counts_dial=True,
        counts_attempt=True,
        is_contact_wide=hit,
        is_contact_person=hit,
        mark=Mark.NONE,
        is_urgent=False,
        source="screen",
        rule="weekday",
    )
