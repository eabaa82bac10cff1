"""Who of a campaign still waits for an evening or a weekend try, asked before a sixth attempt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from campaigns.calling.call_facts import AttemptFact
from campaigns.calling.care import CareCode, bands_allowed
from campaigns.calling.fairness import (
    BANDS_OF,
    FAIR_ATTEMPTS,
    TryKind,
    possible_for,
    tries_offered,
)
from campaigns.calling.models import CallRecord, Revision
from campaigns.calling.number_states import has_number
from campaigns.calling.outcomes import Direction
from campaigns.cases.cases import CampaignView, published_lists
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus
from campaigns.profile.rules import CallingRules
from dialer.calendar.windows import CallingHours
from secure_store.work import UnitOfWork


def others_wait(
    work: UnitOfWork,
    campaign_code: str,
    case_id: UUID,
    offered: frozenset[TryKind],
    rules: CallingRules,
) -> bool:
    """Does anybody but this case wait for a try that the hours still offer?

    Somebody who cannot be dialled waits for nothing: the others would wait for ever. Asked only for a case with five attempts that stands at the head of the queue.
    """
    if not offered:
        return False
    most = rules.parameters.max_counted_attempts
    waiting = select(CallCase.id).where(
        CallCase.campaign_code == campaign_code,
        CallCase.lent_list_id.in_(published_lists(campaign_code)),
        CallCase.status == CaseStatus.WAITING,
        CallCase.was_contacted.is_(False),
        CallCase.counted_attempts < min(FAIR_ATTEMPTS, most),
        CallCase.id != case_id,
        has_number(rules.workplace_numbers),
        or_(*(_waits_for(kind) for kind in sorted(offered))),
    )
    return work.session.scalar(waiting.limit(1)) is not None


def _waits_for(kind: TryKind) -> ColumnElement[bool]:
    forbidding = [code for code in CareCode if not bands_allowed(code) & BANDS_OF[kind]]
    return and_(
        or_(CallCase.care_code.is_(None), CallCase.care_code.not_in(forbidding)),
        ~select(CallRecord.id)
        .where(
            CallRecord.case_id == CallCase.id,
            CallRecord.band.in_(sorted(BANDS_OF[kind])),
            *counted_tries(),
        )
        .exists(),
    )


def counted_tries() -> tuple[ColumnElement[bool], ...]:
    """Records that are counted attempts of ours, in their present version."""
    later = aliased(CallRecord)
    return (
        CallRecord.direction == Direction.OUTBOUND,
        CallRecord.counts_attempt.is_(True),
        CallRecord.revision != Revision.CANCELLATION,
        ~select(later.id).where(later.supersedes == CallRecord.id).exists(),
    )


def fairness_facts(
    work: UnitOfWork,
    case: CallCase,
    attempts: Sequence[AttemptFact],
    campaign: CampaignView,
    hours: CallingHours,
    rules: CallingRules,
) -> dict[str, Any]:
    """What fairness asks about a case, as fields of CaseFacts.

    What is still possible, and who else waits, is looked up only where a hold may be near.
    """
    tried = [one for one in attempts if one.counted]
    facts: dict[str, Any] = {"used_bands": frozenset(one.band for one in tried if one.band)}
    most = rules.parameters.max_counted_attempts
    if len(tried) < min(FAIR_ATTEMPTS, most) - len(TryKind):
        return facts
    offered = tries_offered(hours, work.now, campaign.calls_until, rules.cuts)
    facts["tries_possible"] = possible_for(offered, case.care_code)
    if len(tried) >= FAIR_ATTEMPTS:
        facts["others_owed"] = others_wait(work, campaign.code, case.id, offered, rules)
    return facts
