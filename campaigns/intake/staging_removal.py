"""Removes staged or unfinished lists at once: sealed files, rows, salts (decision 14)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select

from campaigns.cases.models import CallCase, CasePhone, LentList, LentListState
from campaigns.cases.personal_data import sweep_salts
from campaigns.errors import AlreadyImported
from campaigns.intake.lent_files import destroy_lent_files
from secure_store.access import Actor
from secure_store.audit.tags import Tag
from secure_store.work import SecureStore


def discard(store: SecureStore, actor: Actor, list_id: UUID) -> None:
    """Removes a staged or unfinished list at once: sealed files, rows, salts. Never a published one."""
    with store.work(actor) as work:
        lent_list = work.session.get_one(LentList, list_id)
        if lent_list.state is LentListState.PUBLISHED:
            raise AlreadyImported(campaign=lent_list.campaign_code)
        campaign_code, receivable = lent_list.campaign_code, lent_list.receivable
        lent_list.state = LentListState.DISCARDED
        rows = select(CallCase.id).where(CallCase.lent_list_id == list_id)
        work.session.execute(delete(CasePhone).where(CasePhone.case_id.in_(rows)))
        work.session.execute(delete(CallCase).where(CallCase.lent_list_id == list_id))
        destroy_lent_files(work, campaign_code)
        work.audit(
            Tag.LIST_STAGING_REMOVED,
            receivable=receivable,
            batch=campaign_code,
            object_kind="lent_list",
            object_id=list_id,
        )
        existing = list(
            work.session.scalars(select(CallCase.id).where(CallCase.campaign_code == campaign_code))
        )
    sweep_salts(store, receivable, campaign_code, existing, store.clock.now())


def remove_unfinished(store: SecureStore, actor: Actor) -> int:
    """After a crash: staging that never finished is removed before anything else starts."""
    with store.work(actor, readonly=True) as work:
        unfinished = list(
            work.session.scalars(select(LentList.id).where(LentList.state == LentListState.STAGING))
        )
    for list_id in unfinished:
        discard(store, actor, list_id)
    return len(unfinished)
