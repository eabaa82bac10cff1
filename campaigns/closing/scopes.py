"""Reads what is to be erased: ``contract``, ``A01``, ``A01-202209`` or ``case:UUID``."""

from __future__ import annotations

from uuid import UUID

from campaigns.cases.cases import case_row, get_campaign
from campaigns.profile.contract import current_profile
from secure_store.access import require_receivable
from secure_store.erasure.execution import ErasureScope, ScopeKind
from secure_store.errors import Invalid, NotAllowed
from secure_store.work import UnitOfWork

CASE_PREFIX = "case:"


def parse_scope(work: UnitOfWork, text: str) -> ErasureScope:
    """The scope this text names. Raises NotFound, Invalid, NotAllowed outside of one's grants."""
    written = text.strip()
    if written == ScopeKind.CONTRACT.value:
        if work.actor.receivables is not None:
            raise NotAllowed(scope=written)
        return ErasureScope(ScopeKind.CONTRACT)
    if written.startswith(CASE_PREFIX):
        return _case(work, written.removeprefix(CASE_PREFIX))
    if "-" in written:
        campaign = get_campaign(work, written)
        return ErasureScope(ScopeKind.CAMPAIGN, campaign.receivable, campaign.code)
    receivable = current_profile(work).receivable(written)
    require_receivable(work.actor, receivable.code)
    return ErasureScope(ScopeKind.RECEIVABLE, receivable.code)


def _case(work: UnitOfWork, written: str) -> ErasureScope:
    try:
        case_id = UUID(written)
    except ValueError:
        raise Invalid(field="scope") from None
    row = case_row(work, case_id)
    return ErasureScope(ScopeKind.CASE, row.receivable, row.campaign_code, row.id)
