"""Puts the page of stage 4 together; the fields and effects follow the codes chosen."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import render_template, url_for

from campaigns.api import (
    ClosingFacts,
    DeskView,
    Direction,
    IdentityResult,
    OutcomeReport,
    OutcomeRow,
    Position,
    RequiredField,
    UnknownCallerView,
    closing_words,
    current_profile,
    offered_days,
    outcome_preview,
    read_draft,
    wanted_time,
)
from dialer.calendar.holidays import business_day
from secure_store.work import UnitOfWork
from webui.formatters import yen_text
from webui.forms.agent_desk import ReadResult, Typed, read_result
from webui.forms.dates import DayUnreadable, parse_day
from webui.forms.follow_up_picker import DAYS_OFFERED, Picker, picker_of
from webui.forms.outcome_fields import METHOD_READINGS, fields_for
from webui.views.desk_pages import OUTCOME, VOICEMAIL, Page, frame, is_over, marks_of, seat_of
from webui.words.cases import MARK_KINDS
from webui.words.desk import effect_lines, reading_of
from webui.words.notices import back_title

TRANSFER = "account_transfer"
MOST_SECOND = 3
NOTHING_KEPT = (
    "この入電を、件数に数えます。",
    "相手の名前・番号・話の内容は残しません。",
)


def draft_of(work: UnitOfWork, handling: UUID) -> Typed:
    """What was typed so far."""
    return Typed(read_draft(work, handling).entries)


def outcome_page(
    work: UnitOfWork,
    view: DeskView,
    typed: Typed | None = None,
    faults: dict[str, str] | None = None,
) -> str:
    """The result of the call in hand: from the draft, or as it was just sent back."""
    typed = draft_of(work, view.handling_id) if typed is None else typed
    page = frame(work, view, OUTCOME) | fields_page(work, view, typed, faults)
    page |= {
        "call_is_over": is_over(view.attempt),
        "may_go_back": not is_over(view.attempt),
    }
    return render_template("agent_desk/outcome.html", **page)


def unknown_caller_page(
    work: UnitOfWork,
    view: UnknownCallerView,
    typed: Typed | None = None,
    faults: dict[str, str] | None = None,
) -> str:
    """A call that belongs to no case: only its code is kept (81, 83 to 85)."""
    page = fields_page(work, view, typed or Typed(), faults)
    page |= {
        "seat": seat_of(work),
        "fields": {"handling": str(view.handling_id)},
        "at": OUTCOME,
        "talking_seconds": max(0, int((work.now - view.answered_at).total_seconds())),
    }
    return render_template("agent_desk/unknown.html", **page)


def fields_page(
    work: UnitOfWork,
    view: DeskView | UnknownCallerView,
    typed: Typed,
    faults: dict[str, str] | None = None,
) -> Page:
    """Palette, fields, effects and closing words for what is typed."""
    case = view if isinstance(view, DeskView) else None
    may_use = _usable(work, view)
    # What was typed before the city's word came may name a code that is not offered any more.
    offered = may_use if case and case.taken_back else view.outcomes
    by_code = {row.code: row for row in offered}
    primary = by_code.get(typed.one("outcome"))
    seconds = [by_code[code] for code in typed.many("second_code") if code in by_code]
    rows = [primary, *seconds] if primary else []
    direction = case.direction if case else Direction.INBOUND
    read = read_result(typed, business_day(work.now), direction)
    errors = faults or {}
    return _chosen(primary, seconds, errors) | {
        "options": [_option(row) for row in may_use if row.position is not Position.SECONDARY],
        "second_options": _second_options(may_use, rows) if case else [],
        "qa_used": typed.many("qa_used"),
        "outcome_fields": fields_for(
            rows,
            typed,
            errors,
            debt=case.debt if case else None,
            is_target=case.is_transfer_target if case else False,
            keeps_note=case is not None,
        ),
        "picker": _picker(work, case, rows, read, typed),
        "method_readings": METHOD_READINGS,
        "note_max": current_profile(work).parameters.note_max,
        "effect_lines": _effects(work, case, rows, read),
        "closing": _closing(work, case, rows, read.entry.report),
        "fields": {"handling": str(view.handling_id)},
        "slots_url": url_for("desk_outcome.slots"),
        "back_title": back_title(case) if case else "",
    }


def _chosen(primary: OutcomeRow | None, seconds: list[OutcomeRow], errors: dict[str, str]) -> Page:
    """The head of the page: which codes stand, and what is wrong with them."""
    return {
        "code": primary.code if primary else "",
        "outcome_title": primary.label_ja if primary else "結果コードを選んでください",
        "outcome_marks": marks_of(primary) if primary else [],
        "outcome_error": errors.get("outcome", ""),
        "second_error": errors.get("second", ""),
        "second_codes": [_option(row) for row in seconds],
    }


def _usable(work: UnitOfWork, view: DeskView | UnknownCallerView) -> list[OutcomeRow]:
    passed = isinstance(view, DeskView) and view.identity_result is IdentityResult.PASSED
    target = isinstance(view, DeskView) and view.is_transfer_target
    parameters = (
        view.rules.parameters if isinstance(view, DeskView) else current_profile(work).parameters
    )
    voicemail = parameters.voicemail_message_allowed
    barred = {VOICEMAIL} if not voicemail else set()
    taken_back = isinstance(view, DeskView) and view.taken_back is not None
    if not target:
        barred.add(TRANSFER)
    return [
        row
        for row in view.outcomes
        if (row.before_identity or passed)
        and row.permission.value not in barred
        and not (taken_back and RequiredField.PROMISED_YEN in row.required_fields)
    ]


def _option(row: OutcomeRow) -> dict[str, str]:
    return {
        "code": row.code,
        "label": row.label_ja,
        "find": reading_of(row.label_ja),
        "mark": MARK_KINDS[row.mark],
    }


def _second_options(may_use: list[OutcomeRow], rows: list[OutcomeRow]) -> list[dict[str, str]]:
    if not rows or len(rows) > MOST_SECOND:
        return []
    taken = {row.code for row in rows}
    return [
        _option(row)
        for row in may_use
        if row.position is not Position.PRIMARY
        and row.code not in taken
        and (not row.only_with or rows[0].code in row.only_with)
    ]


def _picker(
    work: UnitOfWork, case: DeskView | None, rows: list[OutcomeRow], read: ReadResult, typed: Typed
) -> Picker | None:
    """The times to offer, when one of the codes agrees on a call."""
    agrees = any(
        RequiredField.FOLLOW_UP_AT in row.required_fields or row.if_agreed_effect for row in rows
    )
    if case is None or not agrees or case.taken_back is not None:
        return None
    today = business_day(work.now)
    at = read.entry.report.follow_up_at
    return picker_of(
        offered_days(work, case.handling_id, DAYS_OFFERED),
        _day_or_none(typed.one("follow_up_day"), today),
        wanted_time(work, case.handling_id, at) if at else None,
        today,
    )


def _day_or_none(text: str, today: date) -> date | None:
    try:
        return parse_day(text, today)
    except DayUnreadable:
        return None


def _effects(
    work: UnitOfWork, case: DeskView | None, rows: list[OutcomeRow], read: ReadResult
) -> list[str]:
    if case is None:
        return list(NOTHING_KEPT) if rows else []
    action = outcome_preview(work, case.handling_id, read.entry)
    return effect_lines(action, rows, read.entry.report) if action else []


def _closing(
    work: UnitOfWork, case: DeskView | None, rows: list[OutcomeRow], report: OutcomeReport
) -> object:
    """The last words with the promise in them; none when nobody is on the line."""
    if case is None or case.attempt is None or case.attempt.answered_at is None or not rows:
        return ()
    facts = ClosingFacts()
    promised = report.promised_on
    if promised and case.debt:
        names = {period.month: period.name for period in case.debt.periods}
        facts = ClosingFacts(
            f"{promised.month}月{promised.day}日",
            "と".join(names[month] for month in report.promised_periods if month in names),
            f"合計{yen_text(report.promised_yen)}" if report.promised_yen else None,
        )
    return closing_words(work, case.handling_id, facts)
