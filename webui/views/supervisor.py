"""The board: how the centre is doing, duty, the rehearsal clock (S4-12.1a)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import board as board_of
from campaigns.api import (
    current_profile,
    erasure_calendar,
    schedule_alarms,
    years_missing,
)
from dialer.api import begin_duty, end_duty
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission
from secure_store.audit.tags import Tag
from secure_store.exchange.alarms import ExchangeAlarm, exchange_alarms
from secure_store.orders.incident_reading import awaiting_report
from secure_store.people.watching import look_into, open_alerts
from secure_store.work import SecureStore, UnitOfWork
from webui.formatters import jst, long_moment_text
from webui.forms import supervisor as forms
from webui.forms.entry import FormRefused
from webui.security import permit
from webui.transactions import services
from webui.words import cases as case_words
from webui.words import erasure as erasure_words
from webui.words import incidents as incident_words
from webui.words import orders as order_words
from webui.words import schedule as schedule_words
from webui.words.exchange import ALARM_WORDS
from webui.words.watching import ALERT_WORDS

blueprint = Blueprint("supervisor", __name__)
INVALID = 422
SHOWN = 8
"""How many owed calls and tickets the board lists; the rest stand on their own pages."""


def _link(endpoint: str) -> str:
    """The address of another screen, or nothing where this home does not offer it."""
    return url_for(endpoint) if endpoint in current_app.view_functions else ""


def _links() -> dict[str, str]:
    return {
        name: _link(endpoint)
        for name, endpoint in (
            ("reports", "reports.index"),
            ("tickets", "escalations.index"),
            ("follow_ups", "follow_ups.index"),
            ("exchange", "exchange.index"),
            ("media", "media.index"),
        )
    }


@blueprint.get("/board")
@permit(Permission.SEE_BOARD, readonly=True)
def board(work: UnitOfWork) -> str:
    """The whole board; its numbers are asked for again every ten seconds."""
    return _board(work, {}, {})


def _exchange_alarms(work: UnitOfWork) -> list[ExchangeAlarm]:
    parameters = current_profile(work).parameters
    return exchange_alarms(
        work,
        timedelta(minutes=parameters.import_within_minutes),
        timedelta(minutes=parameters.wipe_within_minutes),
    )


def _changing(work: UnitOfWork) -> dict[str, Any]:
    """What changes by itself on the board."""
    return {
        "board": board_of(work),
        "words": case_words,
        "exchange_alarms": _exchange_alarms(work),
        "alarm_words": ALARM_WORDS,
        "untold": awaiting_report(work) if work.actor.may(Permission.SEE_INCIDENTS) else [],
        "incident_words": incident_words,
        "links": _links(),
        "shown": SHOWN,
    }


def _board(work: UnitOfWork, faults: Mapping[str, str], typed: Mapping[str, str]) -> str:
    now = jst(work.now)
    return render_template(
        "supervisor/board.html",
        years_missing=years_missing(work, business_day(work.now)),
        alarms=schedule_alarms(work),
        erasure_alarms=[one for one in erasure_calendar(work) if one.is_alarm],
        erasure_words=erasure_words,
        alerts=open_alerts(work),
        alert_words=ALERT_WORDS,
        schedule_words=schedule_words,
        order_words=order_words,
        **_changing(work),
        moves_clock=services().move_clock is not None and work.actor.may(Permission.MOVE_CLOCK),
        clock_day=typed.get("clock_day", f"{now:%Y-%m-%d}"),
        clock_time=typed.get("clock_time", f"{now:%H:%M}"),
        faults=faults,
    )


@blueprint.get("/board/numbers")
@permit(Permission.SEE_BOARD, readonly=True)
def numbers(work: UnitOfWork) -> str:
    """Only what changes by itself; the browser says that nobody touched a key for it."""
    return render_template(
        "supervisor/_numbers.html",
        **_changing(work),
    )


@blueprint.post("/board/duty")
@permit(Permission.BE_ON_DUTY)
def duty(work: UnitOfWork) -> Response:
    """業務開始 and 業務終了; agents are served only while somebody is on duty (S4-12.2d)."""
    if request.form.get("act") == "end":
        end_duty(work)
        flash("業務を終了しました。")
    else:
        begin_duty(work)
        flash("業務を開始しました。オペレーターが発信できます。")
    return redirect(url_for("supervisor.board"), 303)


@blueprint.post("/board/alerts/<uuid:alert_id>")
@permit(Permission.SEE_BOARD)
def alert_seen(work: UnitOfWork, alert_id: UUID) -> Response:
    """A supervisor has spoken with the person who looked at so much (security.md 7.5)."""
    look_into(work, alert_id)
    flash("確かめたことを記録しました。数え直します。")
    return redirect(url_for("supervisor.board"), 303)


@blueprint.post("/board/clock")
@permit(Permission.MOVE_CLOCK, opens="store")
def clock(store: SecureStore, actor: Actor) -> Response | tuple[str, int]:
    """Moves the clock of a rehearsal home forward; the move is on record before it happens."""
    try:
        instant = forms.read_clock(request.form, store.clock.now())
    except FormRefused as refused:
        with store.work(actor, readonly=True) as work:
            return _board(work, refused.sentences(), request.form), INVALID
    move = services().move_clock
    if move is not None:
        with store.work(actor) as work:
            work.audit(Tag.CLOCK_MOVED, ref=f"{instant:%Y%m%dT%H%M}")
        move(instant)
        flash(f"訓練の時計を {long_moment_text(instant)} に進めました。")
    return redirect(url_for("supervisor.board"), 303)
