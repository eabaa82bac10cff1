"""Pure: the facts the daily files are made of, and what the calls of one day come to.

What a row shows of a day is the decisive call (marked before contacted before last), with the
mark and the urgency of all calls of that day (decision 16). 最終架電日時 is that of the last
call. A promise or an agreed time made in another call of the day is shown as well: neither
stands in any other file, and a complaint rung in later must not hide it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from campaigns.calling.call_report import PaymentMethod, TransferNotice
from campaigns.calling.outcomes import (
    Mark,
    OutcomeRow,
    OutcomeTable,
    Speaker,
    union_of_marks,
)
from campaigns.cases.states import IdentityResult
from campaigns.errors import OutcomeUnknown
from campaigns.escalation.extraction import CallOfDay, decisive_call
from dialer.calendar.bands import Band


class Revision(StrEnum):
    """訂正区分: 0 新規 1 訂正 2 取消; the values are those stored with call records."""

    ORIGINAL = "original"
    CORRECTION = "correction"
    CANCELLATION = "cancellation"

    @property
    def file_code(self) -> str:
        """The digit in the files."""
        return str(list(Revision).index(self))


class CallSource(StrEnum):
    """How the record came about; the values are those stored with call records."""

    SCREEN = "screen"
    SIMULATION = "simulation"
    PAPER = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseFact:
    """A promise to pay: the day, yen, the periods (``2022-06``) and the method, where named."""

    on: date
    yen: int | None = field(repr=False)
    periods: tuple[str, ...] = field(default=(), repr=False)
    method: PaymentMethod | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFact:
    """One call in its current version. Instants are aware.

    ``serial``: the number of the call in 架電明細, unique in its campaign. ``order_no``: the
    document that allowed a call outside the hours, else empty. ``revision_reason``: as printed.
    A cancelled call stands here to be told of, and counts for nothing.
    """

    call: CallOfDay
    serial: int
    outcome_version: int
    agent: str
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    wrap_up_seconds: int | None = None
    band: Band | None = None
    number_rank: int | None = None
    last4: str = field(default="", repr=False)
    secondary_codes: tuple[str, ...] = ()
    counts_dial: bool = False
    counts_attempt: bool = False
    identity: IdentityResult = IdentityResult.PENDING
    speaker: Speaker = Speaker.NONE
    follow_up_at: datetime | None = None
    promise: PromiseFact | None = None
    transfer_notice: TransferNotice = TransferNotice.NOT_A_TARGET
    note: str = field(default="", repr=False)
    script_version: str = ""
    qa_version: str = ""
    revision: Revision = Revision.ORIGINAL
    revision_reason: str = field(default="", repr=False)
    source: CallSource = CallSource.SCREEN
    recorded: bool = False
    order_no: str = ""

    @property
    def counts(self) -> bool:
        """False once it is cancelled."""
        return self.revision is not Revision.CANCELLATION

    @property
    def ring_seconds(self) -> int | None:
        """Whole seconds from the start until somebody answered or the call ended."""
        return _seconds(self.call.at, self.answered_at or self.ended_at)

    @property
    def talk_seconds(self) -> int | None:
        """Whole seconds from the answer to the end; None without an answer."""
        return _seconds(self.answered_at, self.ended_at)


def _seconds(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else int((end - start).total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One published row and what became of it.

    ``lent``: the cells of TAISHO as delivered, quotes included. ``calls``: those of the day of
    the file, ``earlier``: those of the last day before it on which the case was touched; either
    may be empty. ``status_code`` and ``close_code``: 案件状態 and 終了区分 as printed.
    """

    case_id: UUID
    row_number: int
    lent: tuple[bytes, ...] = field(repr=False)
    counted_total: int = 0
    status_code: str = ""
    close_code: str = ""
    calls: tuple[CallFact, ...] = ()
    earlier: tuple[CallFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFact:
    """What the escalation list says beside the row itself; texts as typed."""

    case_id: UUID
    number: str
    reply_due_on: date
    summary: str = field(default="", repr=False)
    wish: str = field(default="", repr=False)
    told: str = field(default="", repr=False)
    measure: str = field(default="", repr=False)
    phoned_at: datetime | None = None
    phoned_to: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcome tables under which the calls were recorded, by their versions."""

    tables: tuple[OutcomeTable, ...]

    @property
    def samples(self) -> tuple[str, ...]:
        """The names of those tables that are ours and not yet the client's."""
        return tuple(table.label for table in self.tables if table.is_sample)

    def row(self, fact: CallFact, receivable: str, code: str | None = None) -> OutcomeRow:
        """The row of the call's outcome, or of a secondary ``code`` of it, as on its day.

        Raises OutcomeUnknown, also for a version that is not among the tables.
        """
        wanted = fact.call.outcome_code if code is None else code
        for table in self.tables:
            if table.version == fact.outcome_version:
                on = fact.call.business_day
                return table.recorded_row(wanted, receivable=receivable, on=on)
        raise OutcomeUnknown(version=fact.outcome_version)


@dataclass(frozen=True, slots=True)
class DayResult:
    """What the calls of one case on one day come to; ``live`` are in time order."""

    live: tuple[CallFact, ...]
    decisive: CallFact
    mark: Mark
    urgent: bool
    dials: int
    attempts: int
    promise: PromiseFact | None
    follow_up_at: datetime | None


def day_result(calls: Sequence[CallFact]) -> DayResult | None:
    """The result of a case's calls of one day; None when no call of it counts."""
    live = tuple(
        sorted(
            (fact for fact in calls if fact.counts),
            key=lambda fact: (fact.call.at, fact.call.record_id.hex),
        )
    )
    if not live:
        return None
    chosen = decisive_call(fact.call for fact in live)
    decisive = next(fact for fact in live if fact.call is chosen)
    promises = [fact.promise for fact in live if fact.promise is not None]
    return DayResult(
        live=live,
        decisive=decisive,
        mark=union_of_marks(fact.call.mark for fact in live),
        urgent=any(fact.call.urgent for fact in live),
        dials=sum(fact.counts_dial for fact in live),
        attempts=sum(fact.counts_attempt for fact in live),
        promise=decisive.promise or (promises[-1] if promises else None),
        follow_up_at=decisive.follow_up_at or live[-1].follow_up_at,
    )
