"""Handlings: one agent has one case in hand, from being served to the outcome."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select

from campaigns.calling.models import CaseHandling, HandlingEnd, PermitEnd
from campaigns.calling.outcomes import Direction
from campaigns.calling.permits import end_permit
from campaigns.cases.cases import CampaignView, get_campaign
from campaigns.cases.models import CallCase
from campaigns.cases.states import IdentityResult, Stage
from campaigns.errors import HandlingOpen, NotYourCase
from campaigns.profile.instructions import CallingRules, calling_rules, rules_of_version
from scripts_talk.api import ApprovedTexts
from secure_store.people.staff import member_for_change
from secure_store.work import UnitOfWork


def open_handling(
    work: UnitOfWork,
    direction: Direction,
    case: CallCase | None,
    lease_id: UUID | None,
    texts: ApprovedTexts | None,
    attempt_id: UUID | None = None,
) -> CaseHandling:
    """Puts a case into the acting agent's hand; the versions shown are kept (S4-11.2c)."""
    outbound = direction is Direction.OUTBOUND
    first_step = None
    if texts is not None:
        script = texts.script.script
        first_step = script.start if outbound else script.inbound_start
    rules = calling_rules(work, case.receivable if case else None)
    row = CaseHandling(
        id=uuid4(),
        case_id=case.id if case else None,
        campaign_code=case.campaign_code if case else None,
        agent=work.actor.code,
        direction=direction,
        lease_id=lease_id,
        attempt_id=attempt_id,
        script_id=texts.script.document_id if texts else None,
        qa_id=texts.qa.document_id if texts else None,
        script_version=texts.script.label if texts else None,
        qa_version=texts.qa.label if texts else None,
        profile_version=rules.profile_version,
        instruction_version=rules.version,
        stage=Stage.GREETING,
        script_step=first_step,
        identity_result=IdentityResult.PENDING,
        identity_items="",
        opened_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return row


def handling_in_hand(work: UnitOfWork, agent: str | None = None) -> CaseHandling | None:
    """The handling the agent has not finished, if any."""
    return work.session.scalar(
        select(CaseHandling)
        .where(CaseHandling.agent == (agent or work.actor.code), CaseHandling.closed_at.is_(None))
        .order_by(CaseHandling.opened_at)
        .limit(1)
    )


def require_empty_hands(work: UnitOfWork) -> None:
    """Raises HandlingOpen while the acting person has a case in hand (S4-11.2e).

    Two screens of one person wait for each other here, so that only one of them is served.
    """
    member_for_change(work, work.actor.code)
    if handling_in_hand(work) is not None:
        raise HandlingOpen


def own_handling(work: UnitOfWork, handling_id: UUID) -> CaseHandling:
    """An open handling of the acting person, for a change. Raises NotYourCase."""
    row = work.session.get(CaseHandling, handling_id, with_for_update=True, populate_existing=True)
    if row is None or row.agent != work.actor.code or row.closed_at is not None:
        raise NotYourCase
    return row


def close_handling(work: UnitOfWork, row: CaseHandling, end: HandlingEnd) -> None:
    """The case leaves the hand; number, draft and stage go with it."""
    end_permit(work, row.id, PermitEnd.LINE_RESULT)
    row.closed_at = work.now
    row.end = end
    row.draft_sealed = None


def case_of(work: UnitOfWork, row: CaseHandling, *, for_change: bool = True) -> CallCase:
    """The case of a handling. Raises NotYourCase for a call that belongs to no case.

    Whoever changes both locks the handling before the case, as everybody does. A page that only
    shows them locks neither: the draft that is kept at that moment must not wait for it.
    """
    lock = True if for_change else None
    case = work.session.get(CallCase, row.case_id, with_for_update=lock) if row.case_id else None
    if case is None:
        raise NotYourCase
    return case


def rules_of(work: UnitOfWork, row: CaseHandling, case: CallCase | None) -> CallingRules:
    """The rules the handling was opened under: they hold until its outcome (S4-11.2f)."""
    receivable = case.receivable if case else None
    return rules_of_version(work, receivable, row.profile_version, row.instruction_version)


def campaign_of(work: UnitOfWork, case: CallCase) -> CampaignView:
    """The campaign of a case."""
    return get_campaign(work, case.campaign_code)
