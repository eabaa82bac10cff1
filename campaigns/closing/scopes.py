"""Reads what is to be erased: ``contract``, ``A01``, ``A01-202209``, ``case:…``, ``recording:…``."""

from __future__ import annotations

from uuid import UUID

from campaigns.cases.cases import case_row, get_campaign
from campaigns.profile.contract import current_profile
from secure_store.access import require_receivable
from secure_store.erasure.scopes import ErasureScope, ScopeKind
from secure_store.errors import Invalid, NotAllowed, NotFound
from secure_store.models import FileKind, SealedFile
from secure_store.work import UnitOfWork

CASE_PREFIX = "case:"
RECORDING_PREFIX = "recording:"


def parse_scope(work: UnitOfWork, text: str) -> ErasureScope:
    """The scope this text names. Raises NotFound, Invalid, NotAllowed outside of one's grants."""
    written = text.strip()
    if written == ScopeKind.CONTRACT.value:
        if work.actor.receivables is not None:
            raise NotAllowed(scope=written)
        return ErasureScope(ScopeKind.CONTRACT)
    if written.startswith(CASE_PREFIX):
        return _case(work, written.removeprefix(CASE_PREFIX))
    if written.startswith(RECORDING_PREFIX):
        return _recording(work, written.removeprefix(RECORDING_PREFIX))
    if "-" in written:
        campaign = get_campaign(work, written)
        return ErasureScope(ScopeKind.CAMPAIGN, campaign.receivable, campaign.code)
    receivable = current_profile(work).receivable(written)
    require_receivable(work.actor, receivable.code)
    return ErasureScope(ScopeKind.RECEIVABLE, receivable.code)


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise Invalid(field="scope") from None


def _case(work: UnitOfWork, written: str) -> ErasureScope:
    row = case_row(work, _id(written))
    return ErasureScope(ScopeKind.CASE, row.receivable, row.campaign_code, row.id)


def _recording(work: UnitOfWork, written: str) -> ErasureScope:
    """One recorded call (S4-14.7b); its case and its record stay."""
    file = work.session.get(SealedFile, _id(written))
    if file is None or file.kind is not FileKind.RECORDING or not file.campaign_code:
        raise NotFound(kind="recording")
    campaign = get_campaign(work, file.campaign_code)
    of = (campaign.receivable, campaign.code)
    return ErasureScope(ScopeKind.RECORDING, *of, file_id=file.id)
