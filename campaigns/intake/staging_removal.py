"""Removes staged or unfinished lists at once: sealed files, rows, salts (decision 14)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select

from campaigns.cases.models import CallCase, CasePhone, LentList, LentListState
from campaigns.cases.personal_data import sweep_salts
from campaigns.errors import AlreadyImported, StagingGoesOn
from campaigns.intake.lent_files import destroy_lent_files
from secure_store.access import Actor, Permission, require
from secure_store.audit.tags import Tag
from secure_store.live_work import is_alive
from secure_store.work import SecureStore


def staging_name(campaign_code: str) -> str:
    """The lock of a campaign's staging: one at a time, and none is taken for a crash's remains."""
    return f"staging-{campaign_code}"


def discard(store: SecureStore, actor: Actor, list_id: UUID) -> None:
    """差し戻す: removes a staged list. Raises StagingGoesOn while its campaign is being staged."""
    with store.work(actor, readonly=True) as work:
        require(actor, Permission.RECEIVE_LENT_DATA)
        campaign_code = work.session.get_one(LentList, list_id).campaign_code
    if is_alive(store, staging_name(campaign_code)):
        raise StagingGoesOn(campaign=campaign_code)
    remove_list(store, actor, list_id)


def remove_list(store: SecureStore, actor: Actor, list_id: UUID) -> None:
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
            work.session.execute(
                select(LentList.id, LentList.campaign_code).where(
                    LentList.state == LentListState.STAGING
                )
            )
        )
    dead = [
        list_id for list_id, campaign in unfinished if not is_alive(store, staging_name(campaign))
    ]
    for list_id in dead:
        remove_list(store, actor, list_id)
    return len(dead)
