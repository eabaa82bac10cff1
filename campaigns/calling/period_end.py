"""The end of a campaign: cases that nobody may call any more are closed as 期間終了 (S4-7.2a-1).

After the last day of calls a case stays open only for what may still come in: a promise to be
kept, the department's answer, a call we owe to somebody who rang back. All of that ends with
the last day of callbacks.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, select

from campaigns.calling import follow_ups
from campaigns.calling.follow_up_turns import TurnReason
from campaigns.calling.models import FollowUp, FollowUpKind, FollowUpStatus
from campaigns.calling.permits import revoke_permits
from campaigns.cases.cases import CampaignView, list_campaigns, move_case, published_lists
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus, CloseReason
from dialer.api import lease_on, take_out
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission, require
from secure_store.work import SecureStore, UnitOfWork

SLICE = 250
WHY = "period_over"
OPEN = frozenset(CaseStatus) - {CaseStatus.CLOSED}
CALLS_ONLY = frozenset({CaseStatus.WAITING, CaseStatus.FOLLOW_UP_BOOKED})


def close_ended_cases(store: SecureStore, actor: Actor) -> int:
    """Closes what the ended periods leave behind, slice by slice; returns how many.

    Running it again closes nothing more. Raises NotAllowed.
    """
    require(actor, Permission.MANAGE_CAMPAIGNS)
    with store.work(actor, readonly=True) as work:
        today = business_day(work.now)
        campaigns = [view for view in list_campaigns(work) if not view.is_erased]
    ended = [view for view in campaigns if today > view.calls_until]
    closed = 0
    for campaign in ended:
        statuses = OPEN if today > campaign.callbacks_until else CALLS_ONLY
        while found := _close_slice(store, actor, campaign, statuses):
            closed += found
    return closed


def _close_slice(
    store: SecureStore, actor: Actor, campaign: CampaignView, statuses: Collection[CaseStatus]
) -> int:
    with store.work(actor) as work:
        rows = list(work.session.scalars(_ended_rows(campaign, statuses)))
        free = [row for row in rows if lease_on(work, row.id) is None]
        for row in free:
            _close(work, row)
        take_out(work, [row.id for row in free])
        # A case in somebody's hand at this moment is left for the next run.
        return len(free)


def _ended_rows(campaign: CampaignView, statuses: Collection[CaseStatus]) -> Select[CallCase]:
    query = (
        select(CallCase)
        .where(
            CallCase.campaign_code == campaign.code,
            CallCase.lent_list_id.in_(published_lists(campaign.code)),
            CallCase.status.in_(list(statuses)),
        )
        .order_by(CallCase.id)
        .limit(SLICE)
        .with_for_update()
    )
    if statuses is CALLS_ONLY:
        owed = select(FollowUp.case_id).where(
            FollowUp.status == FollowUpStatus.OPEN,
            FollowUp.kind == FollowUpKind.IDENTITY_NOT_CONFIRMED,
        )
        query = query.where(CallCase.id.not_in(owed))
    return query


def _close(work: UnitOfWork, row: CallCase) -> None:
    revoke_permits(work, row.id)
    follow_ups.cancel_open(work, row, TurnReason.PERIOD_OVER)
    move_case(work, row, CaseStatus.CLOSED, WHY, close_reason=CloseReason.PERIOD_OVER)
