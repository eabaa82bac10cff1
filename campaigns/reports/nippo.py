"""Pure: the figures of the daily report (業務日報), counted from the calls of the day (S4-13.1a)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from campaigns.calling.call_report import TransferNotice
from campaigns.calling.outcomes import Connection, Direction, Mark, OutcomeRow, RequiredField
from campaigns.cases.states import IdentityResult
from campaigns.reports.counts import Rate
from campaigns.reports.rows import CallFact, DayResult, Outcomes, day_result
from dialer.calendar.bands import Band
from dialer.calendar.holidays import DayKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivableDay:
    """One receivable. ``lent``: published rows; ``calls``: those of the day about its cases;
    ``contact_rate``: of the campaign so far, by the formula agreed on."""

    receivable: str
    name: str
    lent: int
    calls: tuple[CallFact, ...]
    complaints: int
    contact_rate: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundCounts:
    """What the line counted. None: the line in use cannot tell, and the report says so."""

    offered: int = 0
    answered: int = 0
    waited: int | None = None
    abandoned: int | None = None
    lost: int | None = None
    out_of_hours: int | None = None
    follow_ups_made: int = 0


@dataclass(frozen=True, slots=True)
class BandStaff:
    """How many agents were at work in a band."""

    band: Band
    agents: int


@dataclass(frozen=True, slots=True)
class AgentMinutes:
    """How long an agent was at work on the day."""

    agent: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Remark:
    """A free item. ``item``: a key of ``layout.FREE_ITEMS``; ``text`` as typed."""

    item: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NippoDay:
    """Everything the report says.

    ``built_at`` is the instant of the close, so that a rebuild gives the same bytes.
    ``revision`` counts from 1. ``unassigned``: callbacks of the day that belong to no case.
    """

    business_day: date
    contract_title: str
    is_rehearsal: bool
    day_kind: DayKind
    windows: tuple[tuple[datetime, datetime], ...]
    supervisors: tuple[str, ...]
    staffing: tuple[BandStaff, ...]
    built_at: datetime
    revision: int
    receivables: tuple[ReceivableDay, ...]
    unassigned: tuple[CallFact, ...] = ()
    inbound: InboundCounts = InboundCounts()
    agents: tuple[AgentMinutes, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def live(self) -> tuple[tuple[str, CallFact], ...]:
        """Every call that counts, with its receivable; empty text for none."""
        assigned = [(part.receivable, fact) for part in self.receivables for fact in part.calls]
        everything = [*assigned, *(("", fact) for fact in self.unassigned)]
        return tuple(one for one in everything if one[1].counts)

    @property
    def callbacks(self) -> int:
        """Inbound calls, those nobody could take included."""
        recorded = sum(fact.call.direction is Direction.INBOUND for _, fact in self.live)
        return max(recorded, self.inbound.offered, self.inbound.answered)

    @property
    def outbound(self) -> int:
        """Calls of ours, whether or not they count as dials."""
        return sum(fact.call.direction is Direction.OUTBOUND for _, fact in self.live)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivableFigures:
    """One line of table 1; persons are distinct cases, money is yen."""

    lent: int = 0
    called: int = 0
    dials: int = 0
    attempts: int = 0
    answered: int = 0
    contacts_wide: int = 0
    contacts_person: int = 0
    promises: int = 0
    promised_yen: int = 0
    paid_claims: int = 0
    transfer_told: int = 0
    transfer_wanted: int = 0
    stars: int = 0
    white_stars: int = 0
    urgent: int = 0
    complaints: int = 0
    bad_numbers: int = 0
    contact_rate: Rate = Rate(0, 0)


_TOLD = (TransferNotice.TOLD, TransferNotice.WANTED, TransferNotice.NOT_WANTED)


def figures_of(part: ReceivableDay, outcomes: Outcomes) -> ReceivableFigures:
    """Table 1 of one receivable.

    応答数 counts our calls in which somebody talked; 納付約束, 納付済み申出, 口座振替 and the marks
    count persons. Raises OutcomeUnknown.
    """
    results = _results(part.calls)
    live = [fact for result in results for fact in result.live]
    promises = [result.promise for result in results if result.promise is not None]
    return ReceivableFigures(
        lent=part.lent,
        called=_persons(fact for fact in live if _is_outbound(fact)),
        dials=sum(result.dials for result in results),
        attempts=sum(result.attempts for result in results),
        answered=sum(_is_outbound(fact) and _talked(fact, part, outcomes) for fact in live),
        contacts_wide=_persons(fact for fact in live if fact.call.contact_wide),
        contacts_person=_persons(fact for fact in live if fact.call.contact_person),
        promises=len(promises),
        promised_yen=sum(promise.yen or 0 for promise in promises),
        paid_claims=_persons(fact for fact in live if _claims_paid(fact, part, outcomes)),
        transfer_told=_persons(fact for fact in live if fact.transfer_notice in _TOLD),
        transfer_wanted=_persons(
            fact for fact in live if fact.transfer_notice is TransferNotice.WANTED
        ),
        stars=sum(result.mark is Mark.STAR for result in results),
        white_stars=sum(result.mark is Mark.WHITE_STAR for result in results),
        urgent=sum(result.urgent for result in results),
        complaints=part.complaints,
        bad_numbers=_persons(fact for fact in live if _bad_number(fact, part, outcomes)),
        contact_rate=part.contact_rate,
    )


def total_figures(figures: Sequence[ReceivableFigures]) -> ReceivableFigures:
    """The receivables added up: persons of several receivables are never taken for one."""
    names = [name for name in ReceivableFigures.__dataclass_fields__ if name != "contact_rate"]
    sums = {name: sum(getattr(one, name) for one in figures) for name in names}
    return ReceivableFigures(**sums, contact_rate=sum_of_rates(one.contact_rate for one in figures))


def sum_of_rates(rates: Iterable[Rate]) -> Rate:
    """The rate of all together."""
    result = Rate(0, 0)
    for rate in rates:
        result = result + rate
    return result


def _results(calls: Sequence[CallFact]) -> list[DayResult]:
    by_case: dict[str, list[CallFact]] = {}
    for fact in calls:
        by_case.setdefault(fact.call.case_id.hex, []).append(fact)
    results = [day_result(of_case) for of_case in by_case.values()]
    return [result for result in results if result is not None]


def _persons(calls: Iterable[CallFact]) -> int:
    return len({fact.call.case_id for fact in calls})


def _is_outbound(fact: CallFact) -> bool:
    return fact.call.direction is Direction.OUTBOUND


def _rows(fact: CallFact, part: ReceivableDay, outcomes: Outcomes) -> list[OutcomeRow]:
    codes = (fact.call.outcome_code, *fact.secondary_codes)
    return [outcomes.row(fact, part.receivable, code) for code in codes]


def _talked(fact: CallFact, part: ReceivableDay, outcomes: Outcomes) -> bool:
    return outcomes.row(fact, part.receivable).connection is Connection.TALKED


def _bad_number(fact: CallFact, part: ReceivableDay, outcomes: Outcomes) -> bool:
    return outcomes.row(fact, part.receivable).connection is Connection.BAD_NUMBER


def _claims_paid(fact: CallFact, part: ReceivableDay, outcomes: Outcomes) -> bool:
    # Codes are the client's: a claim to have paid is the outcome that asks for its day.
    rows = _rows(fact, part, outcomes)
    return any(RequiredField.PAID_ON in row.required_fields for row in rows)


@dataclass(frozen=True, slots=True)
class CodeCount:
    """A line of table 2 or 4. ``bands``: counts of H1 to H5 and, last, outside of them."""

    receivable: str
    code: str
    label: str
    bands: tuple[int, ...]

    @property
    def total(self) -> int:
        """All bands together."""
        return sum(self.bands)


def code_counts(calls: Iterable[tuple[str, CallFact]], outcomes: Outcomes) -> tuple[CodeCount, ...]:
    """Calls by receivable, primary code and band, in that order. Raises OutcomeUnknown."""
    columns: tuple[Band | None, ...] = (*Band, None)
    labels: dict[tuple[str, str], str] = {}
    counted: Counter[tuple[str, str, Band | None]] = Counter()
    for receivable, fact in calls:
        code = fact.call.outcome_code
        labels[receivable, code] = outcomes.row(fact, receivable).label_ja
        counted[receivable, code, fact.band] += 1
    return tuple(
        CodeCount(receivable, code, label, tuple(counted[receivable, code, one] for one in columns))
        for (receivable, code), label in sorted(labels.items())
    )


@dataclass(frozen=True, slots=True)
class AgentFigures:
    """A line of table 5."""

    agent: str
    minutes: int | None
    dials: int
    attempts: int
    inbound: int
    contacts_person: int
    talk_seconds: int
    wrap_up_seconds: int


def agent_figures(day: NippoDay) -> tuple[AgentFigures, ...]:
    """Every agent who was at work or has a call of the day, by code."""
    minutes = {one.agent: one.minutes for one in day.agents}
    by_agent: dict[str, list[CallFact]] = {agent: [] for agent in minutes}
    for _, fact in day.live:
        by_agent.setdefault(fact.agent, []).append(fact)
    return tuple(
        AgentFigures(
            agent=agent,
            minutes=minutes.get(agent),
            dials=sum(fact.counts_dial for fact in calls),
            attempts=sum(fact.counts_attempt for fact in calls),
            inbound=sum(not _is_outbound(fact) for fact in calls),
            contacts_person=sum(fact.call.contact_person for fact in calls),
            talk_seconds=sum(fact.talk_seconds or 0 for fact in calls),
            wrap_up_seconds=sum(fact.wrap_up_seconds or 0 for fact in calls),
        )
        for agent, calls in sorted(by_agent.items())
    )


def identities_passed_inbound(day: NippoDay) -> int:
    """本人確認済 of table 3: callbacks whose speaker passed the identity check."""
    return sum(
        not _is_outbound(fact) and fact.identity is IdentityResult.PASSED for _, fact in day.live
    )
