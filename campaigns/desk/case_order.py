"""この順番の理由: where a case stands in the queue and what put it there. Opens nothing sealed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from campaigns.calling.fairness import TryKind, possible_for, tries_offered, tries_owed
from campaigns.calling.histories import attempts_of, band_at, facts_of_records
from campaigns.calling.ordering import NO_PRIORITY, RankReason, explain, read_rank
from campaigns.cases.cases import case_row, get_campaign
from campaigns.profile.hours import calling_hours
from campaigns.profile.instructions import calling_rules
from dialer.api import QueueState, place_of
from dialer.calendar.bands import Band
from secure_store.access import Permission, require
from secure_store.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CaseOrder:
    """One case's place: ``reasons`` the weightiest first, as written when the order was made.

    What they say of an hour's band is left out where it does not hold at this hour.
    ``tried``: bands of counted attempts; ``owed``: the tries still waited for; ``seeks``: the
    bands in which the next attempt is sought, in that order.
    """

    state: QueueState
    reasons: tuple[RankReason, ...]
    attempts: int
    priority: int | None
    tried: frozenset[Band]
    owed: frozenset[TryKind]
    seeks: tuple[Band, ...]


def case_order(work: UnitOfWork, case_id: UUID) -> CaseOrder | None:
    """Why the case stands where it stands; None when it is in no call list. Raises NotFound."""
    require(work.actor, Permission.SEE_CASE_LISTS)
    case = case_row(work, case_id)
    place = place_of(work, case_id)
    if place is None:
        return None
    state, value = place
    rank = read_rank(value)
    rules = calling_rules(work, case.receivable)
    tried = frozenset(
        one.band for one in attempts_of(facts_of_records(work, case_id)) if one.counted and one.band
    )
    last_day = get_campaign(work, case.campaign_code).calls_until
    hours = calling_hours(work, case.receivable)
    offered = tries_offered(hours, work.now, last_day, rules.cuts)
    return CaseOrder(
        state=state,
        reasons=_told(explain(value), band_at(hours, rules.cuts, work.now), tried),
        attempts=rank.counted_attempts,
        priority=None if rank.priority == NO_PRIORITY else rank.priority,
        tried=tried,
        owed=tries_owed(tried, possible_for(offered, case.care_code), case.was_contacted),
        seeks=tuple(band for band in rules.rotation if band not in tried),
    )


def _told(
    reasons: tuple[RankReason, ...], band: Band | None, tried: frozenset[Band]
) -> tuple[RankReason, ...]:
    # Outside the hours every case ranks as if the band were used: nothing to tell a person.
    holds = {
        RankReason.OWED_TRY: band is not None,
        RankReason.BAND_USED: band in tried,
        RankReason.NEW_BAND: band is not None and band not in tried,
    }
    return tuple(one for one in reasons if holds.get(one, True))
