"""Pure: the result of each case on a business day, and the rows that go on the escalation list.

The list is a filter, not a judgement: a case is on it when a call of that day carries ★ or ☆
(S4-13.1c), 当日区分 = 1 and 印 ≠ 空 in the words of the result file (decision 16).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from campaigns.calling.outcomes import Direction, Mark, union_of_marks


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOfDay:
    """One call in its current version: superseded and cancelled records are left out before.

    ``mark`` and ``urgent`` are those of all outcomes of the call together.
    """

    case_id: UUID
    row_number: int
    record_id: UUID
    at: datetime
    business_day: date
    outcome_code: str
    mark: Mark = Mark.NONE
    urgent: bool = False
    contact_wide: bool = False
    contact_person: bool = False
    direction: Direction = Direction.OUTBOUND


@dataclass(frozen=True, slots=True)
class CaseDay:
    """A case touched on a day: its calls in time order, the decisive one, mark and urgency."""

    case_id: UUID
    row_number: int
    calls: tuple[CallOfDay, ...]
    decisive: CallOfDay
    mark: Mark
    urgent: bool


def decisive_call(calls: Iterable[CallOfDay]) -> CallOfDay:
    """The call that stands for the day: marked before contacted before last.

    ★ goes before ☆, so that the decisive code carries the mark of the row; the person before
    the household. Raises ValueError without a call.
    """
    return max(calls, key=_weight)


def _weight(call: CallOfDay) -> tuple[int, bool, bool, bool, datetime, str]:
    # Of two urgent ones, and of two at the same instant, the choice must not depend on order.
    return (
        call.mark.weight,
        call.urgent,
        call.contact_person,
        call.contact_wide,
        call.at,
        call.record_id.hex,
    )


def cases_of_day(calls: Iterable[CallOfDay], day: date) -> tuple[CaseDay, ...]:
    """Every case touched on the business day, in the order of the lent file."""
    by_case: dict[UUID, list[CallOfDay]] = {}
    for call in calls:
        if call.business_day == day:
            by_case.setdefault(call.case_id, []).append(call)
    found = [_case_day(of_case) for of_case in by_case.values()]
    return tuple(sorted(found, key=lambda case: (case.row_number, case.case_id.hex)))


def _case_day(calls: list[CallOfDay]) -> CaseDay:
    decisive = decisive_call(calls)
    return CaseDay(
        case_id=decisive.case_id,
        row_number=decisive.row_number,
        calls=tuple(sorted(calls, key=lambda call: (call.at, call.record_id.hex))),
        decisive=decisive,
        mark=union_of_marks(call.mark for call in calls),
        urgent=any(call.urgent for call in calls),
    )


def escalations(calls: Iterable[CallOfDay], day: date) -> tuple[CaseDay, ...]:
    """The escalation list of the day; empty on a day without marks, and then still a list."""
    return tuple(case for case in cases_of_day(calls, day) if case.mark is not Mark.NONE)
