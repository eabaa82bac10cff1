"""Puts the desk's pages together from what the stage permits; no route stands here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from flask import flash, render_template

from campaigns.api import (
    Connection,
    DeskView,
    Direction,
    IdentityResult,
    LineResult,
    Mark,
    OutcomeRow,
    PastCall,
    Phone,
    Position,
    Speaker,
    Stage,
    in_hand,
    open_script,
    take_next_case,
)
from dialer.api import AgentActivity, AttemptView, seats
from scripts_talk.api import Answer
from secure_store.access import Actor
from secure_store.errors import DomainError, NotAllowed, OutOfReach
from secure_store.work import UnitOfWork
from webui.formatters import day_text, jst, long_day_text, moment_text, phone_text
from webui.formatters import seconds_text as seconds
from webui.transactions import request_work
from webui.views.identity_gate import gate
from webui.words.cases import CARE_WORDS, MARK_KINDS, NOT_BEGUN, SEAT_WORDS
from webui.words.desk import LINE_KINDS, refusal_text, short_label
from webui.words.instructions import agent_lines
from webui.words.notices import back_title

T = TypeVar("T")
Page = dict[str, object]

OUTCOME = "outcome"  # the fourth step on the screen; the handling itself knows three stages
VOICEMAIL = "voicemail_message"
MIDDAY_UNTIL = 14
EVENING_FROM = 16
SATURDAY = 5


def act(actor: Actor, do: Callable[[UnitOfWork], T]) -> T | None:
    """One act of the desk in a unit of work of its own; a refusal is told on the next page.

    What this person may never do is no refusal of the moment and goes on to the edge.
    """
    try:
        with request_work(actor) as work:
            return do(work)
    except (NotAllowed, OutOfReach):
        raise
    except DomainError as refused:
        flash(refusal_text(refused), "care")
        return None


def serve_next(actor: Actor) -> bool:
    """Takes the next case into hand, with its first words ready; a refusal is told."""

    def take(work: UnitOfWork) -> bool:
        served = take_next_case(work)
        if served is not None:
            open_script(work, served.handling_id)
        return served is not None

    found = act(actor, take)
    if found is False:
        flash("いま、かけられる案件はありません。", "info")
    return bool(found)


def seat_of(work: UnitOfWork) -> tuple[str, str, int]:
    """Kind, word and seconds of the acting person's own state, for the top bar."""
    mine = next((seat for seat in seats(work) if seat.staff_code == work.actor.code), None)
    if mine is None:
        return (*NOT_BEGUN, 0)
    return (*SEAT_WORDS[mine.activity], _seconds(work, mine.since))


def activity_of(work: UnitOfWork) -> AgentActivity | None:
    """What the acting person is doing."""
    return next((seat.activity for seat in seats(work) if seat.staff_code == work.actor.code), None)


def _seconds(work: UnitOfWork, since: datetime) -> int:
    return max(0, int((work.now - since).total_seconds()))


def is_over(attempt: AttemptView | None) -> bool:
    """Has the line of this call ended?"""
    return attempt is not None and attempt.ended_at is not None


def must_tell_result(view: DeskView) -> bool:
    """Nobody was on the line, or the call is over: only the result is left."""
    return view.attempt is not None and is_over(view.attempt)


def frame(work: UnitOfWork, view: DeskView, at: str) -> Page:
    """What every stage of the desk shows: case bar, stages, own state."""
    last = view.past_calls[0] if view.past_calls else None
    held = in_hand(work)
    row = held.row_number if held else None
    return {
        "view": view,
        "at": at,
        "seat": seat_of(work),
        "fields": {"handling": str(view.handling_id)},
        "case_ref": f"{view.campaign_code}　{row}行",
        "receivable": f"{view.receivable.code} {view.receivable.name}",
        "cares": [CARE_WORDS[view.care]] if view.care else [],
        "last": f"{moment_text(last.at)}　{last.code} {short_label(last.label)}" if last else "",
        "attempt_no": view.attempts_counted + 1,
        "talking_seconds": _talking(work, view.attempt),
        "is_inbound": view.direction is Direction.INBOUND,
        "instruction": agent_lines(view.rules),
        "back_title": back_title(view),
    }


def _talking(work: UnitOfWork, attempt: AttemptView | None) -> int | None:
    if attempt is None or attempt.answered_at is None:
        return None
    until = attempt.ended_at or work.now
    return max(0, int((until - attempt.answered_at).total_seconds()))


def desk_page(work: UnitOfWork, view: DeskView) -> str:
    """Greeting, identity check or guidance, as far as the call has come."""
    page = frame(work, view, view.stage.value)
    page |= _script(view)
    page |= {
        "past": [past_line(call) for call in view.past_calls],
        "is_connected": view.attempt is not None and view.attempt.answered_at is not None,
        "is_dialled": view.attempt is not None,
        "identity_failed": view.identity_result
        in (IdentityResult.REFUSED, IdentityResult.MISMATCHED),
    }
    if view.stage is Stage.GREETING:
        page |= _permit(work, view) | {"line_choices": line_choices(view)}
    elif view.stage is Stage.IDENTITY:
        page |= gate(work, view)
    else:
        page |= _guidance(view)
    return render_template("agent_desk/desk.html", **page)


def past_line(call: PastCall) -> tuple[str, str, str, str]:
    """One earlier call as a row: when, band, outcome, who."""
    return (moment_text(call.at), band_word(call.at), f"{call.code} {call.label}", call.agent)


def band_word(at: datetime) -> str:
    """平日昼, 平日夜, 土日昼: the part of the week a call fell into."""
    local = jst(at)
    days = "土日" if local.weekday() >= SATURDAY else "平日"
    hour = local.hour
    part = "夜" if hour >= EVENING_FROM else "昼" if hour < MIDDAY_UNTIL else "午後"
    return f"{days}{part}"


def _permit(work: UnitOfWork, view: DeskView) -> Page:
    permit = view.permit
    total = view.rules.parameters.permit_seconds
    if permit is None:
        return {"permit": None, "number": "", "number_label": _next_number_label(view)}
    phone = next(one for one in view.contact.phones if one.rank == permit.phone_rank)
    return {
        "permit": permit,
        "number": phone_text(phone.digits),
        "number_label": _number_label(phone),
        "seconds_left": max(0, int((permit.expires_at - work.now).total_seconds())),
        "permit_total": total,
    }


def _number_label(phone: Phone) -> str:
    return f"電話番号{phone.rank}（{LINE_KINDS[phone.line_kind]}）"


def _next_number_label(view: DeskView) -> str:
    count = len(view.contact.phones)
    return f"登録の番号 {count}件"


def line_choices(view: DeskView) -> list[tuple[str, str]]:
    """What a line may do when nobody speaks: code and short word, from the table in force."""
    voicemail = view.rules.parameters.voicemail_message_allowed
    return [
        (row.code, short_label(row.label_ja).removesuffix("ガイダンス"))
        for row in view.outcomes
        if is_line_row(row) and (voicemail or row.permission.value != VOICEMAIL)
    ]


def is_line_row(row: OutcomeRow) -> bool:
    """A row that tells of the line and of nobody's words."""
    nobody = row.speaker is Speaker.NONE or row.connection is Connection.NONE
    return nobody and row.direction is Direction.OUTBOUND and row.position is Position.PRIMARY


def line_result_of(row: OutcomeRow) -> LineResult:
    """The state of the line an outcome row stands for."""
    if row.counts_grouped:
        return LineResult.BUSY
    if row.connection is Connection.BAD_NUMBER or not row.counts_dial:
        return LineResult.FAILED
    return LineResult.NO_ANSWER


def _script(view: DeskView) -> Page:
    step = view.script.step
    marks = {row.code: row.mark for row in view.outcomes}
    live = view.attempt is not None and view.attempt.answered_at is not None
    return {
        "node": step_badge(step.id, step.name),
        "paragraphs": step.paragraphs,
        "operation": step.operation or "",
        "script_version": f"{view.script_version}（見本・所管課確認前）"
        if view.script.is_sample
        else view.script_version,
        "answers": [
            answer_line(answer, marks, is_first=number == 0)
            for number, answer in enumerate(step.answers)
        ]
        if live
        else [],
        "forbidden": view.script.forbidden,
    }


def step_badge(step_id: str, name: str) -> str:
    """``N4 用件``; a step whose name looks like a key is shown by its words alone (ui 5)."""
    return name if re.fullmatch(r"F\d+", step_id) else f"{step_id} {name}"


def answer_line(answer: Answer, marks: Mapping[str, Mark], *, is_first: bool) -> dict[str, object]:
    """One numbered answer with where it leads."""
    codes = "・".join(f"{code}{marks.get(code, Mark.NONE).symbol}" for code in answer.outcome_codes)
    to = "" if answer.to is None or re.fullmatch(r"F\d+", answer.to) else f"{answer.to}へ"
    return {
        "key": answer.key,
        "label": answer.label,
        "value": answer.key,
        "to": f"{to} {codes}".strip(),
        "focus": is_first,
    }


def _guidance(view: DeskView) -> Page:
    debt = view.debt
    if debt is None:
        return {}
    demand = f"{day_text(debt.formal_demand_on)} 発送" if debt.formal_demand_on else ""
    return {
        "debt": debt,
        "periods": [
            (period.name, long_day_text(period.due_on), period.unpaid_yen, demand)
            for period in debt.periods
        ],
        "identity_at": seconds(view.identity_at),
        "as_of": long_day_text(debt.data_as_of),
        "levy_year": f"令和{debt.levy_year - 2018}年度",
    }


def marks_of(row: OutcomeRow) -> list[str]:
    """The kinds of marks a row carries, for the macros."""
    kinds = [MARK_KINDS[row.mark]] if row.mark is not Mark.NONE else []
    return (["urgent"] if row.urgent else []) + kinds


def saved_text(at: datetime) -> str:
    """「下書きを保存しました 19:08:31」"""
    return f"下書きを保存しました {seconds(at)}"
