"""The city changes hours, a period or a suspension: calls we owe follow in the same unit of work.

An order or a holiday that comes after a call was agreed finds the call moved, with the reason,
before anybody else can read the new hours (S4-7.2b-3, S4-7.2a-2).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from campaigns.calling.follow_up_moves import Cause, move_to_legal_times
from campaigns.calling.follow_up_turns import TurnReason
from campaigns.cases import period_changes
from campaigns.cases.cases import CampaignView
from campaigns.cases.periods import Period
from campaigns.profile import orders
from campaigns.profile.city_papers import CityPaper
from secure_store.access import Actor
from secure_store.orders import suspension
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class HoursChanged(orders.HoursChange):
    """What changed, and how many agreed calls were moved for it."""

    moved_calls: int


def change_hours(
    work: UnitOfWork,
    change: orders.NewOrder | orders.WithdrawnOrder,
    *,
    confirmed: bool = False,
) -> HoursChanged:
    """Enters or withdraws an order of the city and moves the calls it leaves no legal time.

    Raises what ``profile.orders.change_hours`` raises.
    """
    changed = orders.change_hours(work, change, confirmed=confirmed)
    withdrawn = isinstance(change, orders.WithdrawnOrder)
    reason = TurnReason.ORDER_WITHDRAWN if withdrawn else TurnReason.HOURS_ORDERED
    moved = move_to_legal_times(work, Cause(reason, changed.receivable, day=changed.day))
    return HoursChanged(
        changed.order_id, changed.day, changed.receivable, changed.rules_from, moved
    )


def change_period(
    work: UnitOfWork, campaign_code: str, new: Period, paper: CityPaper, *, confirmed: bool = False
) -> CampaignView:
    """Moves the dates of a campaign, and the agreed calls that lie outside them.

    Raises what ``cases.period_changes.change_period`` raises.
    """
    view = period_changes.change_period(work, campaign_code, new, paper, confirmed=confirmed)
    move_to_legal_times(work, Cause(TurnReason.PERIOD_CHANGED, campaign=campaign_code))
    return view


def lift_suspension(work: UnitOfWork, suspension_id: UUID, document_no: str, second: Actor) -> int:
    """Goes on with the city's permission; returns how many passed-over calls stand anew.

    They stand at the first legal time from now. ``second`` is the other one of the two persons.
    Raises ReleaseNeedsTwo, NotAllowed, NotFound.
    """
    suspension.lift(work, suspension_id, document_no, second)
    work.session.flush()
    return move_to_legal_times(work, Cause(TurnReason.SUSPENSION_LIFTED))
