"""The calls we owe whose time has come, for whoever asks for the next case."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, select

from campaigns.calling.models import FollowUp, FollowUpStatus
from campaigns.cases.models import CallCase
from secure_store.work import UnitOfWork

MOST_DUE = 10


def due_cases(work: UnitOfWork, holders: Collection[str]) -> list[UUID]:
    """Cases whose call is due, the longest waiting first: the holders' own, then released ones.

    Only of receivables the acting person works on.
    """
    due = (
        select(FollowUp.case_id, CallCase.receivable)
        .join(CallCase, CallCase.id == FollowUp.case_id)
        .where(FollowUp.status == FollowUpStatus.OPEN, FollowUp.due_at <= work.now)
        .order_by(FollowUp.due_at, FollowUp.id)
    )
    seen = work.actor.receivables
    if seen is not None:
        due = due.where(CallCase.receivable.in_(sorted(seen)))
    own = due.where(CallCase.assignee.in_(list(holders))).limit(MOST_DUE)
    released = due.where(FollowUp.released_at.is_not(None)).limit(MOST_DUE)
    found = [*_ids(work, own), *_ids(work, released)]
    return list(dict.fromkeys(found))


def _ids(work: UnitOfWork, query: Select[UUID, str]) -> list[UUID]:
    return [row.case_id for row in work.run(query)]
