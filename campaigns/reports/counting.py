"""Counts a campaign's persons and calls for the measures: a few questions, none per case.

The database groups by what decides; the rules (who counts as reached, what is enough) are told
once per group in Python.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, false, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from campaigns.calling.call_report import TransferNotice
from campaigns.calling.day_close import DailyClose
from campaigns.calling.fairness import minimum_met
from campaigns.calling.models import CallRecord, CaseHandling, Revision
from campaigns.calling.outcome_master import table_on
from campaigns.calling.outcomes import Connection, Direction, Mark, OutcomeTable
from campaigns.cases.cases import CampaignView, published_lists
from campaigns.cases.models import CallCase
from campaigns.cases.states import CloseReason, IdentityResult
from campaigns.escalation.models import EscalationTicket, TicketMove, TicketState
from campaigns.profile.contract import current_profile
from campaigns.profile.instructions import calling_rules
from dialer.calendar.bands import Band
from dialer.calendar.holidays import DayKind, business_day, day_kind, load_holidays
from secure_store.work import UnitOfWork

# Literals: PostgreSQL must see the same expression where it selects and where it groups.
NONE: ColumnElement[int] = literal_column("0")
ONE: ColumnElement[int] = literal_column("1")
ASKED_TO_RING_BACK = ("14", "32")


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((condition, ONE), else_=NONE))


def current_calls(campaign_code: str) -> tuple[ColumnElement[bool], ...]:
    """The records of a campaign, each call in its present version, without cancelled ones."""
    later = aliased(CallRecord)
    return (
        CallRecord.campaign_code == campaign_code,
        CallRecord.revision != Revision.CANCELLATION,
        ~select(later.id).where(later.supersedes == CallRecord.id).exists(),
    )


def person_counts(work: UnitOfWork, campaign: CampaignView) -> Counter[str]:
    """The counts that count persons; those taken back are never among the reached."""
    parameters = calling_rules(work, campaign.receivable).parameters
    found: Counter[str] = Counter()
    bands = list(Band)
    for row in _people(work, campaign):
        *numbers, tried, person, wide, promised, star, marked, bad, reason, people = row
        by_band = dict(zip(bands, (int(number) for number in numbers), strict=True))
        found["lent"] += people
        found["withdrawn"] += people * (reason is CloseReason.WITHDRAWN)
        found["not_callable"] += people * (reason is CloseReason.NOT_CALLABLE)
        if reason in (CloseReason.WITHDRAWN, CloseReason.NOT_CALLABLE):
            continue
        found["numbers_unusable"] += people * (reason is CloseReason.NUMBERS_UNUSABLE)
        found["attempted"] += people * int(tried)
        found["reached"] += people * int(person)
        found["reached_wide"] += people * int(person or wide)
        enough = bool(person) or minimum_met(by_band, parameters)
        found["tried_enough"] += people * enough
        found["promised"] += people * int(promised)
        found["escalated_star"] += people * int(star)
        found["escalated"] += people * int(marked)
        found["with_bad_number"] += people * int(bad and tried)
    return found


def _people(work: UnitOfWork, campaign: CampaignView) -> Iterator[Any]:
    """Persons by attempts per band, by what their calls came to and by their end; with numbers."""
    bad = _codes(table_on(work, business_day(work.now)).table, Connection.BAD_NUMBER)
    tried = and_(CallRecord.direction == Direction.OUTBOUND, CallRecord.counts_attempt.is_(True))
    calls = (
        select(
            CallRecord.case_id,
            *(
                func.sum(case((and_(tried, CallRecord.band == band), ONE), else_=NONE)).label(band)
                for band in Band
            ),
            _flag(tried).label("tried"),
            _flag(CallRecord.is_contact_person.is_(True)).label("person"),
            _flag(CallRecord.is_contact_wide.is_(True)).label("wide"),
            _flag(CallRecord.promised_on.is_not(None)).label("promised"),
            _flag(CallRecord.mark == Mark.STAR).label("star"),
            _flag(CallRecord.mark != Mark.NONE).label("marked"),
            _flag(CallRecord.outcome_code.in_(bad)).label("bad"),
        )
        .where(*current_calls(campaign.code))
        .group_by(CallRecord.case_id)
        .subquery()
    )
    told = (func.coalesce(column, NONE) for column in list(calls.c)[1:])
    keys: list[Any] = [*told, CallCase.close_reason]
    rows = work.session.execute(
        select(*keys, func.count())
        .outerjoin_from(CallCase, calls, calls.c.case_id == CallCase.id)
        .where(
            CallCase.campaign_code == campaign.code,
            CallCase.lent_list_id.in_(published_lists(campaign.code)),
        )
        .group_by(*keys)
    )
    yield from rows


def _codes(table: OutcomeTable, connection: Connection) -> list[str]:
    return sorted({row.code for row in table.rows if row.connection is connection})


class _Calls(NamedTuple):
    """So many calls alike; flags are 0 or 1."""

    code: str
    inbound: int
    dials: int
    counts: int
    identity_begun: int
    identity: IdentityResult
    corrected: int
    promised: int
    is_target: bool
    notice: int
    number: int


def call_counts(work: UnitOfWork, campaign: CampaignView) -> Counter[str]:
    """The counts that count calls, each in its present version."""
    table = table_on(work, business_day(work.now)).table
    talked = set(_codes(table, Connection.TALKED))
    wrong = {row.code for row in table.rows if row.blocks_number}
    complaints = current_profile(work).complaint_codes
    found: Counter[str] = Counter()
    for call in map(_Calls._make, _calls(work, campaign)):
        number, asked = call.number, not call.inbound and call.code in ASKED_TO_RING_BACK
        found["result_rows"] += number
        found["corrected_rows"] += number * call.corrected
        found["dials"] += number * call.dials
        found["counted_attempts"] += number * call.counts
        found["answered"] += number * (not call.inbound and call.code in talked)
        found["identity_started"] += number * call.identity_begun
        found["identity_mismatched"] += number * (call.identity is IdentityResult.MISMATCHED)
        found["wrong_number_calls"] += number * (call.code in wrong)
        found["complaints"] += number * (call.code in complaints)
        found["callbacks_of_listed"] += number * call.inbound
        found["callbacks_asked_for"] += number * asked
        if call.is_target and call.promised:
            found["transfer_targets_promised"] += number
            found["transfer_offered"] += number * (call.notice > 0)
            found["transfer_wanted"] += number * (call.notice == TransferNotice.WANTED.file_code)
    return found


def _calls(work: UnitOfWork, campaign: CampaignView) -> Iterator[Any]:
    def told(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return case((condition, ONE), else_=NONE)

    keys = (
        CallRecord.outcome_code,
        told(CallRecord.direction == literal_column("'inbound'")),
        told(CallRecord.counts_dial.is_(True)),
        told(CallRecord.counts_attempt.is_(True)),
        told(
            or_(
                CaseHandling.identity_began_at.is_not(None),
                CallRecord.identity_result != literal_column("'pending'"),
            )
        ),
        CallRecord.identity_result,
        told(CallRecord.supersedes.is_not(None)),
        told(CallRecord.promised_on.is_not(None)),
        CallCase.is_transfer_target,
        func.coalesce(CallRecord.transfer_notice, NONE),
    )
    yield from work.session.execute(
        select(*keys, func.count())
        .join(CallCase, CallCase.id == CallRecord.case_id)
        .outerjoin(CaseHandling, CaseHandling.id == CallRecord.handling_id)
        .where(*current_calls(campaign.code))
        .group_by(*keys)
    )


def minutes_in_hand(work: UnitOfWork, campaign: CampaignView) -> int:
    """Minutes agents had a case of the campaign in hand."""
    spans = work.session.execute(
        select(CaseHandling.opened_at, CaseHandling.closed_at)
        .join(CallCase, CallCase.id == CaseHandling.case_id)
        .where(CallCase.campaign_code == campaign.code, CaseHandling.closed_at.is_not(None))
    )
    spent = sum((closed - opened for opened, closed in spans if closed), timedelta())
    return spent // timedelta(minutes=1)


def report_counts(work: UnitOfWork, campaigns: Sequence[CampaignView]) -> dict[str, int]:
    """The daily reports that fell due in these campaigns; a day they share has one report."""
    spans = (
        DailyClose.business_day.between(one.calls_from, one.callbacks_until) for one in campaigns
    )
    days = work.session.execute(
        select(
            func.count(),
            func.sum(case((DailyClose.confirmed_at <= DailyClose.due_at, ONE), else_=NONE)),
        ).where(
            or_(false(), *spans),
            or_(DailyClose.confirmed_at.is_not(None), DailyClose.due_at < work.now),
        )
    ).one()
    return {"report_days": days[0], "reports_in_time": int(days[1] or 0)}


def reply_days_of(work: UnitOfWork, campaign_code: str) -> list[int]:
    """For each answered ticket the business days from the call to the department's answer."""
    rows = work.session.execute(
        select(EscalationTicket.business_day, func.min(TicketMove.at))
        .join(TicketMove, TicketMove.ticket_id == EscalationTicket.id)
        .where(
            EscalationTicket.campaign_code == campaign_code,
            TicketMove.state == TicketState.ANSWERED,
        )
        .group_by(EscalationTicket.id, EscalationTicket.business_day)
    )
    return [_business_days(begun, business_day(answered)) for begun, answered in rows]


def _business_days(begun: date, answered: date) -> int:
    table = load_holidays()
    days = (begun + timedelta(days=n) for n in range(1, (answered - begun).days + 1))
    return sum(1 for day in days if day_kind(day, table) is DayKind.WEEKDAY)
