"""Pure: which effect and mark a call's outcomes have together, and whether it counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from campaigns.calling.call_facts import CaseHistory, ReportFacts
from campaigns.calling.outcomes import (
    Direction,
    Mark,
    MarkCondition,
    OutcomeEffect,
    OutcomeRow,
    union_of_marks,
)
from campaigns.profile.parameters import Parameters

HOLDING = (OutcomeEffect.AWAIT_PROMISE, OutcomeEffect.AWAIT_DEPARTMENT, OutcomeEffect.CLOSE)
"""Effects that hold a case back, from the mildest to the strictest."""


def counts_as_attempt(
    row: OutcomeRow, history: CaseHistory, report: ReportFacts, parameters: Parameters, day: date
) -> bool:
    """Does this call add a counted attempt? Three busy calls on one day are one (domain §1.3)."""
    if report.direction is not Direction.OUTBOUND:
        return False
    if not row.counts_grouped:
        return row.counts_attempt
    today = history.times_dialled_on(row.code, day) + 1
    return today % parameters.busy_per_attempt == 0


def effect_of(
    rows: Sequence[OutcomeRow],
    history: CaseHistory,
    report: ReportFacts,
    parameters: Parameters,
    day: date,
) -> OutcomeEffect | None:
    """The effect of the primary outcome, unless a secondary one holds the case back more strictly.

    A secondary outcome never sets a case going. None: the case stays as it is.
    """
    primary = primary_effect(rows[0], history, report, parameters, day)
    candidates = [primary, *(row.effect for row in rows[1:])]
    holding = [effect for effect in candidates if effect in HOLDING]
    return max(holding, key=HOLDING.index) if holding else primary


def primary_effect(
    row: OutcomeRow, history: CaseHistory, report: ReportFacts, parameters: Parameters, day: date
) -> OutcomeEffect | None:
    """What the primary outcome alone asks for, after the times its row allows."""
    if row.if_agreed_effect and report.follow_up_at is not None:
        return row.if_agreed_effect
    if row.counts_grouped:
        exhausted = history.times_dialled_on(row.code, day) + 1 >= parameters.busy_max_per_day
    else:
        exhausted = row.times is not None and history.times(row.code) >= row.times
    return row.then_effect if row.then_effect and exhausted else row.effect


def mark_of(rows: Sequence[OutcomeRow], report: ReportFacts) -> Mark:
    """The union of the marks of a call's outcomes, conditional ones included (decision 16)."""
    holds = {
        MarkCondition.NEVER: False,
        MarkCondition.REST_LEFT_OPEN: report.rest_left_open,
        MarkCondition.ANSWER_WANTED: report.answer_wanted,
    }
    conditional = [row.mark_if for row in rows if holds[row.mark_condition]]
    return union_of_marks([*(row.mark for row in rows), *conditional])
