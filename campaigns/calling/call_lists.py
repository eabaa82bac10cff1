"""Call lists: published cases go into the queue in their order; ranks follow the bands of the day."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from campaigns.calling.ranking import ranks_between, ranks_of
from campaigns.cases.cases import get_campaign, published_lists
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus
from campaigns.profile.hours import calling_hours
from campaigns.profile.instructions import calling_rules
from dialer.api import Entry, NewRank, enqueue, missing_from, ready_ranks, write_ranks
from secure_store.access import Actor, Permission, require
from secure_store.audit.tags import Tag
from secure_store.work import SecureStore, UnitOfWork

SLICE = 250
RANKS_SLICE = 5_000
RANKS_SLICE = 5_000


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
    receivable = get_campaign(work, campaign_code).receivable
    hours, rules = calling_hours(work, receivable), calling_rules(work, receivable)
    missing = missing_from(work, [case.id for case in cases])
    ranks = ranks_of(work, sorted(missing), hours, rules, work.now)
    entries = [
        Entry(case_ref=case.id, list_ref=campaign_code, rank=ranks[case.id], assignee=case.assignee)
        for case in cases
        if case.id in missing
    ]
    enqueue(work, entries)
    return len(entries)


def refresh_ranks(store: SecureStore, actor: Actor, campaign_code: str) -> int:
    """Writes the order anew, at the opening of a window or a band; returns how many it read.

    Reads slice by slice, then writes what changed in a short transaction of its own: an outcome
    recorded in between keeps the rank it wrote.
    """
    read = 0
    last = UUID(int=0)
    while True:
        with store.work(actor, readonly=True) as work:
            known = ready_ranks(work, campaign_code, last, RANKS_SLICE)
            if not known:
                return read
            moved = _moved(work, campaign_code, last, known)
        if moved:
            with store.work(actor) as work:
                write_ranks(work, moved)
        last = max(known)
        read += len(known)


def _moved(
    work: UnitOfWork, campaign_code: str, after: UUID, known: Mapping[UUID, int]
) -> list[NewRank]:
    """The cases of a slice whose place is another one now."""
    receivable = get_campaign(work, campaign_code).receivable
    hours, rules = calling_hours(work, receivable), calling_rules(work, receivable)
    ranks = ranks_between(work, campaign_code, (after, max(known)), hours, rules, work.now)
    return [
        NewRank(case_id, was, ranks[case_id])
        for case_id, was in known.items()
        if ranks.get(case_id, was) != was
    ]
