"""Pure: the cells of one row of 架電先別結果 behind the lent ones, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from campaigns.calling.outcomes import Direction
from campaigns.errors import PackInconsistent
from campaigns.reports.rows import (
    CallFact,
    CaseRow,
    DayResult,
    Outcomes,
    PromiseFact,
    Revision,
    day_result,
)
from dialer.calendar.holidays import in_tokyo

TODAY, EARLIER = "1", "0"
PERIODS_BETWEEN = ";"

_DIRECTIONS = {Direction.OUTBOUND: "1", Direction.INBOUND: "2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One field per key of the layout; all empty for a row that was never called."""

    business_day: str = ""
    is_today: str = ""
    day_dials: str = ""
    day_attempts: str = ""
    total_attempts: str = ""
    last_call_at: str = ""
    direction: str = ""
    connection: str = ""
    speaker: str = ""
    identity: str = ""
    code: str = ""
    label: str = ""
    secondary_1: str = ""
    secondary_2: str = ""
    secondary_3: str = ""
    mark: str = ""
    urgent: str = ""
    promised_on: str = ""
    promised_yen: str = field(default="", repr=False)
    promised_periods: str = field(default="", repr=False)
    payment_method: str = ""
    transfer_notice: str = ""
    follow_up_at: str = ""
    note: str = field(default="", repr=False)
    status: str = ""
    close_code: str = ""
    revision: str = ""
    revision_reason: str = field(default="", repr=False)
    script_version: str = ""
    qa_version: str = ""

    @property
    def is_escalated(self) -> bool:
        """The filter of the escalation list: 当日区分 = 1 and 印 ≠ 空 (S4-13.1c)."""
        return self.is_today == TODAY and self.mark != ""


def date_text(day: date | None) -> str:
    """``2022-09-20``, empty for None."""
    return "" if day is None else day.isoformat()


def instant_text(at: datetime | None, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """An aware instant as told in Tokyo, empty for None."""
    return "" if at is None else in_tokyo(at).strftime(form)


def flag(value: bool) -> str:
    """1 or 0."""
    return "1" if value else "0"


def direction_code(fact: CallFact) -> str:
    """方向: 1 発信 2 着信."""
    return _DIRECTIONS[fact.call.direction]


def result_row(case: CaseRow, day: date, outcomes: Outcomes, receivable: str) -> ResultRow:
    """The cells of a case in the file of ``day`` (S4-13.1b).

    A case touched on that day shows the day's result; one touched before, but not on that day,
    keeps its last result and says 当日区分 0. A cancelled call alone leaves 訂正区分 2 and the
    reason: the receiver of the first file has to learn of it.

    Raises PackInconsistent when a call stands under the wrong day or case, OutcomeUnknown.
    """
    _check_days(case, day)
    shown = case.calls or case.earlier
    if not shown:
        return ResultRow()
    result = day_result(shown)
    row = ResultRow(
        business_day=date_text(shown[0].call.business_day),
        is_today=TODAY if case.calls else EARLIER,
        day_dials="0",
        day_attempts="0",
        total_attempts=str(case.counted_total),
        status=case.status_code,
        close_code=case.close_code,
    )
    row = _with_revision(row, shown, result)
    if result is None:
        return row
    if case.calls:
        row = replace(row, day_dials=str(result.dials), day_attempts=str(result.attempts))
    row = _with_outcome(row, result, outcomes, receivable)
    return _with_promise(row, result.promise)


def _check_days(case: CaseRow, day: date) -> None:
    strange = any(fact.call.case_id != case.case_id for fact in (*case.calls, *case.earlier))
    of_other_day = any(fact.call.business_day != day for fact in case.calls)
    earlier = {fact.call.business_day for fact in case.earlier}
    if strange or of_other_day or len(earlier) > 1 or any(one >= day for one in earlier):
        raise PackInconsistent(row=case.row_number, reason="calls_of_row")


def _with_revision(
    row: ResultRow, shown: Sequence[CallFact], result: DayResult | None
) -> ResultRow:
    changed = [fact for fact in shown if fact.revision is not Revision.ORIGINAL]
    if not changed:
        return replace(row, revision=Revision.ORIGINAL.file_code)
    # A call taken back beside others that stand is a correction of the row.
    kind = Revision.CANCELLATION if result is None else Revision.CORRECTION
    decisive = result.decisive if result is not None else None
    told = decisive if decisive in changed else changed[-1]
    reason = told.revision_reason if told is not None else ""
    return replace(row, revision=kind.file_code, revision_reason=reason)


def _with_outcome(
    row: ResultRow, result: DayResult, outcomes: Outcomes, receivable: str
) -> ResultRow:
    fact = result.decisive
    outcome = outcomes.row(fact, receivable)
    secondary = (*fact.secondary_codes, "", "", "")
    return replace(
        row,
        last_call_at=instant_text(result.live[-1].call.at),
        direction=direction_code(fact),
        connection=outcome.connection.file_code,
        speaker=fact.speaker.file_code,
        identity=fact.identity.file_code,
        code=fact.call.outcome_code,
        label=outcome.label_ja,
        secondary_1=secondary[0],
        secondary_2=secondary[1],
        secondary_3=secondary[2],
        mark=result.mark.symbol,
        urgent=flag(result.urgent),
        transfer_notice=str(fact.transfer_notice.file_code),
        follow_up_at=instant_text(result.follow_up_at, "%Y-%m-%d %H:%M"),
        note=fact.note,
        script_version=fact.script_version,
        qa_version=fact.qa_version,
    )


def _with_promise(row: ResultRow, promise: PromiseFact | None) -> ResultRow:
    if promise is None:
        return row
    return replace(
        row,
        promised_on=date_text(promise.on),
        promised_yen="" if promise.yen is None else str(promise.yen),
        promised_periods=PERIODS_BETWEEN.join(promise.periods),
        payment_method="" if promise.method is None else str(promise.method.file_code),
    )
