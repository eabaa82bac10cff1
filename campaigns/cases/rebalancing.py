"""Evening out the open cases between chosen holders (S4-12.1c): shown first, then carried out.

Cases in somebody's hand never move. What was agreed with a person (再架電の予約, 約束日待ち) moves
only when the supervisor chooses so: who spoke with the person knows what was said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from campaigns.cases.assignments import loads, require_eligible
from campaigns.cases.cases import get_campaign, published_lists
from campaigns.cases.evening_out import Move, even_out, moves_between
from campaigns.cases.hand_over import hand_over, lock_assignments
from campaigns.cases.models import CallCase
from campaigns.cases.states import CaseStatus
from campaigns.errors import AgentNotEligible, AssignmentMoved
from dialer.api import live_leases
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork

AGREED = (CaseStatus.FOLLOW_UP_BOOKED, CaseStatus.PROMISED)
WHY = "rebalanced"


@dataclass(frozen=True, slots=True)
class HolderShare:
    """Open cases of one holder before and after; ``kept`` of them may not move."""

    code: str
    display_name: str
    before: int
    after: int
    kept: int


@dataclass(frozen=True, slots=True)
class RebalancePlan:
    """What evening out would do, or did."""

    shares: tuple[HolderShare, ...]
    moves: tuple[Move, ...]

    @property
    def moving(self) -> int:
        """How many cases change hands."""
        return sum(move.count for move in self.moves)


def plan_rebalance(
    work: UnitOfWork, campaign_code: str, holders: Sequence[str], *, with_agreed: bool = False
) -> RebalancePlan:
    """What ``rebalance`` would do now; changes nothing. Raises AgentNotEligible, NotFound."""
    require(work.actor, Permission.ASSIGN_CASES)
    return _plan(work, campaign_code, holders, _movable(work, campaign_code, holders, with_agreed))


def rebalance(
    work: UnitOfWork,
    campaign_code: str,
    holders: Sequence[str],
    *,
    with_agreed: bool = False,
    expected: int | None = None,
) -> RebalancePlan:
    """Moves cases until the holders' open cases differ by one at most, as far as they may move.

    ``expected``: the number of cases the supervisor was shown. Raises AssignmentMoved when it no
    longer holds, before anything is changed.
    """
    require(work.actor, Permission.ASSIGN_CASES)
    require_eligible(work, campaign_code, holders)
    lock_assignments(work, campaign_code)
    movable = _movable(work, campaign_code, holders, with_agreed)
    plan = _plan(work, campaign_code, holders, movable)
    if expected is not None and plan.moving != expected:
        raise AssignmentMoved(expected=expected, found=plan.moving)
    hands: dict[str | None, list[UUID]] = defaultdict(list)
    for move in plan.moves:
        given, movable[move.origin] = (
            movable[move.origin][: move.count],
            movable[move.origin][move.count :],
        )
        hands[move.target] += given
    hand_over(work, campaign_code, hands, why=WHY)
    return plan


def _plan(
    work: UnitOfWork,
    campaign_code: str,
    holders: Sequence[str],
    movable: dict[str, list[UUID]],
) -> RebalancePlan:
    receivable = get_campaign(work, campaign_code).receivable
    known = {load.code: load for load in loads(work, campaign_code, receivable)}
    for holder in holders:
        if holder not in known:
            raise AgentNotEligible(agent=holder, receivable=receivable)
    before = {holder: known[holder].open_cases for holder in dict.fromkeys(holders)}
    numbers = {holder: len(movable[holder]) for holder in before}
    after = even_out(before, numbers)
    shares = tuple(
        HolderShare(
            holder,
            known[holder].display_name,
            before[holder],
            after[holder],
            before[holder] - numbers[holder],
        )
        for holder in before
    )
    return RebalancePlan(shares, moves_between(before, after))


def _movable(
    work: UnitOfWork, campaign_code: str, holders: Iterable[str], with_agreed: bool
) -> dict[str, list[UUID]]:
    """The cases each holder may give away: untouched ones first, from the end of the list."""
    fixed = (CaseStatus.CLOSED, *(() if with_agreed else AGREED))
    in_hand = {lease.case_ref for lease in live_leases(work, (campaign_code,))}
    found: dict[str, list[UUID]] = {holder: [] for holder in holders}
    rows = work.session.execute(
        select(CallCase.id, CallCase.assignee)
        .where(
            CallCase.campaign_code == campaign_code,
            CallCase.lent_list_id.in_(published_lists(campaign_code)),
            CallCase.status.not_in(fixed),
            CallCase.assignee.in_(list(found)),
        )
        .order_by(CallCase.dials, CallCase.row_number.desc(), CallCase.id)
    )
    for case_id, holder in rows:
        if holder is not None and case_id not in in_hand:
            found[holder].append(case_id)
    return found
