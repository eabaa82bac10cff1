"""What a result will lead to, told before it is saved: the same rules, nothing written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from campaigns.calling.call_facts import ReportFacts
from campaigns.calling.call_report import OutcomeReport
from campaigns.calling.effect_plans import NextAction
from campaigns.calling.histories import (
    band_at,
    facts_of_records,
    history_of,
    open_follow_up,
)
from campaigns.calling.models import CaseHandling
from campaigns.calling.next_action import decide
from campaigns.calling.outcome_master import table_on
from campaigns.calling.outcomes import OutcomeRow
from campaigns.calling.required_fields import promise_horizon
from campaigns.cases.states import IdentityResult, Stage
from campaigns.desk.handlings import case_of, own_handling, rules_of
from campaigns.desk.outcome_entry import OutcomeEntry
from campaigns.errors import OutcomeUnknown
from campaigns.profile.contract import current_profile
from campaigns.profile.hours import calling_hours
from dialer.api import get_attempt
from dialer.calendar.bands import Band
from dialer.calendar.holidays import business_day
from scripts_talk import api as talk
from secure_store.people.staff import display_name
from secure_store.work import UnitOfWork

DATE_PLACEHOLDER = "〈約束日〉"


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """The promise as it is to be repeated at the end of the call."""

    promised_on: str | None = field(default=None, repr=False)
    periods: str | None = field(default=None, repr=False)
    amount: str | None = field(default=None, repr=False)


def outcome_preview(work: UnitOfWork, handling_id: UUID, entry: OutcomeEntry) -> NextAction | None:
    """What recording ``entry`` would do to the case in hand; None without a case or code."""
    row = own_handling(work, handling_id)
    if row.case_id is None or row.attempt_id is None or not entry.code:
        return None
    case = case_of(work, row)
    rows = _rows(work, entry, case.receivable)
    if not rows:
        return None
    attempt = get_attempt(work, row.attempt_id)
    hours = calling_hours(work, case.receivable)
    rules = rules_of(work, row, case)
    owed = open_follow_up(work, case.id)
    history = history_of(
        work,
        case,
        facts_of_records(work, case.id),
        attempt.number_rank,
        rules,
        owed.due_at if owed else None,
    )
    band = band_at(hours, rules.cuts, attempt.placed_at)
    return decide(
        rows[0],
        rows[1:],
        history,
        _facts(entry.report, band, row.identity_result),
        rules.parameters,
        hours,
        attempt.placed_at,
        rules.cuts,
        rules.rotation,
    )


def _facts(report: OutcomeReport, band: Band | None, identity: IdentityResult) -> ReportFacts:
    return ReportFacts(
        direction=report.direction,
        band=band,
        identity=identity,
        follow_up_at=report.follow_up_at,
        promised_on=report.promised_on,
        rest_left_open=bool(report.rest_left_open),
        answer_wanted=bool(report.answer_wanted),
    )


def _rows(work: UnitOfWork, entry: OutcomeEntry, receivable: str) -> tuple[OutcomeRow, ...]:
    day = business_day(work.now)
    table = table_on(work, day).table
    try:
        return tuple(
            table.row(code, receivable=receivable, on=day)
            for code in (entry.code, *entry.secondary)
        )
    except OutcomeUnknown:
        return ()


def last_promise_day(work: UnitOfWork, handling_id: UUID, code: str) -> date:
    """The last day that may be promised with this outcome."""
    row = own_handling(work, handling_id)
    case = case_of(work, row)
    rows = _rows(work, OutcomeEntry(code, (), OutcomeReport()), case.receivable)
    return promise_horizon(rows, rules_of(work, row, case).parameters, business_day(work.now))


def closing_words(
    work: UnitOfWork, handling_id: UUID, facts: ClosingFacts
) -> tuple[tuple[talk.Span, ...], ...]:
    """The last words of the approved script for how far this call came; none without a script."""
    row = own_handling(work, handling_id)
    if row.script_id is None:
        return ()
    passed = row.identity_result is IdentityResult.PASSED
    stage = talk.Stage(Stage.GUIDANCE.value if passed else Stage.GREETING.value)
    script = talk.script_of(work, row.script_id)
    steps = talk.walkable_steps(script, talk.Direction(row.direction.value), frozenset())
    closings = [
        step
        for step in steps
        if step.stage is stage
        and not step.answers
        and any(DATE_PLACEHOLDER in text for text in step.spoken) is bool(facts.promised_on)
    ]
    if not closings:
        return ()
    return talk.render_step(closings[-1], _script_facts(work, row, facts), stage).paragraphs


def _script_facts(work: UnitOfWork, row: CaseHandling, facts: ClosingFacts) -> talk.ScriptFacts:
    """Only what a closing may repeat: the promise, never the debt."""
    profile = current_profile(work)
    return talk.ScriptFacts(
        self_name=profile.self_name,
        agent_surname=display_name(work, row.agent).split()[0],
        dedicated_number=profile.dedicated_number,
        calling_hours="",
        details=talk.DetailFacts(
            "", "", "", "", "", facts.promised_on, facts.periods, facts.amount
        ),
    )
