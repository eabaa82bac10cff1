"""Call lists: published cases go into the queue in their order; ranks follow the bands of the day."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from campaigns.calling.histories import rank_of
from campaigns.cases.cases import get_campaign, published_lists
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus
from campaigns.profile.hours import calling_hours
from dialer.api import Entry, enqueue, missing_from, ready_refs, set_rank
from secure_store.access import Actor, Permission, require
from secure_store.audit.tags import Tag
from secure_store.work import SecureStore, UnitOfWork

SLICE = 250


def build_call_list(store: SecureStore, actor: Actor, campaign_code: str) -> int:
    """Queues every published case that is not queued yet, slice by slice; returns how many.

    Running it again adds nothing: it picks up where a crash left it.
    """
    built = 0
    last = UUID(int=0)
    while True:
        with store.work(actor) as work:
            require(actor, Permission.PUBLISH_LENT_DATA)
            cases = _next_open(work, campaign_code, last)
            if not cases:
                work.audit(Tag.CALL_LIST_BUILT, batch=campaign_code, count=built)
                return built
            built += _queue_missing(work, campaign_code, cases)
            last = cases[-1].id


def _next_open(work: UnitOfWork, campaign_code: str, after: UUID) -> list[CallCase]:
    query = (
        select(CallCase)
        .where(
            CallCase.campaign_code == campaign_code,
            CallCase.lent_list_id.in_(published_lists(campaign_code)),
            CallCase.status != CaseStatus.CLOSED,
            CallCase.id > after,
        )
        .order_by(CallCase.id)
        .limit(SLICE)
    )
    return list(work.session.scalars(query))


def _queue_missing(work: UnitOfWork, campaign_code: str, cases: list[CallCase]) -> int:
    campaign = get_campaign(work, campaign_code)
    hours = calling_hours(work, campaign.receivable)
    missing = missing_from(work, [case.id for case in cases])
    entries = [
        Entry(
            case_ref=case.id,
            list_ref=campaign_code,
            rank=rank_of(work, case, hours, work.now),
            assignee=case.assignee,
        )
        for case in cases
        if case.id in missing
    ]
    enqueue(work, entries)
    return len(entries)


def refresh_ranks(store: SecureStore, actor: Actor, campaign_code: str) -> int:
    """Writes the order anew, at the opening of a window or a band; returns how many."""
    refreshed = 0
    last = UUID(int=0)
    while True:
        with store.work(actor) as work:
            cases = _next_ready(work, campaign_code, last)
            if not cases:
                return refreshed
            hours = calling_hours(work, cases[0].receivable)
            for case in cases:
                set_rank(work, case.id, rank_of(work, case, hours, work.now))
            last = cases[-1].id
            refreshed += len(cases)


def _next_ready(work: UnitOfWork, campaign_code: str, after: UUID) -> list[CallCase]:
    refs = ready_refs(work, campaign_code, after, SLICE)
    query = select(CallCase).where(CallCase.id.in_(refs)).order_by(CallCase.id)
    return list(work.session.scalars(query)) if refs else []
