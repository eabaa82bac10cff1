"""One bucket of a campaign's funnel as a list that screens page through."""

from __future__ import annotations

from bisect import bisect_right
from uuid import UUID

from sqlalchemy import select

from campaigns.cases.assignments import NOBODY
from campaigns.cases.cases import published_lists
from campaigns.cases.listings import PAGE
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus
from campaigns.desk.callability import CLOSED_BUCKETS, Bucket, closed_bucket
from campaigns.desk.case_lists import CasePage, case_lines, key_text, read_key
from campaigns.desk.funnels import cases_in
from secure_store.work import UnitOfWork

_Key = tuple[int, UUID]


def bucket_page(
    work: UnitOfWork, campaign_code: str, bucket: Bucket, *, assignee: str = "", after: str = ""
) -> CasePage:
    """One page of the cases that stand in a bucket now, in lent order. Raises NotFound.

    The bucket is worked out anew for every page: a case that moved on is on no later page.
    """
    closed = bucket in CLOSED_BUCKETS
    keys = (
        _closed(work, campaign_code, bucket, assignee)
        if closed
        else [(one.row_number, one.id) for one in cases_in(work, campaign_code, bucket, assignee)]
    )
    key = read_key(after)
    start = bisect_right(keys, key) if key else 0
    shown = keys[start : start + PAGE]
    before = keys[start - PAGE - 1] if start > PAGE else None
    return CasePage(
        lines=tuple(case_lines(work, campaign_code, [case_id for _row, case_id in shown])),
        total=len(keys),
        first=start + 1 if shown else 0,
        previous=None if start == 0 else key_text(*before) if before else "",
        next=key_text(*shown[-1]) if start + PAGE < len(keys) else None,
    )


def _closed(work: UnitOfWork, campaign_code: str, bucket: Bucket, assignee: str) -> list[_Key]:
    query = (
        select(CallCase.row_number, CallCase.id, CallCase.close_reason, CallCase.exclusion)
        .where(
            CallCase.campaign_code == campaign_code,
            CallCase.lent_list_id.in_(published_lists(campaign_code)),
            CallCase.status == CaseStatus.CLOSED,
        )
        .order_by(CallCase.row_number, CallCase.id)
    )
    if assignee == NOBODY:
        query = query.where(CallCase.assignee.is_(None))
    elif assignee:
        query = query.where(CallCase.assignee == assignee)
    return [
        (row_number, case_id)
        for row_number, case_id, reason, exclusion in work.session.execute(query)
        if closed_bucket(reason, excluded=exclusion is not None) is bucket
    ]
