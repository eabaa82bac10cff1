"""実施時間・暦: the month as the rules see it, and the city's dated orders (S4-7.2b)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    Lateness,
    Receivable,
    WithdrawnOrder,
    change_hours,
    current_profile,
    month_hours,
    order_history,
    order_lateness,
    years_missing,
)
from dialer.calendar.holidays import DayKind, business_day
from secure_store.access import Permission
from secure_store.work import UnitOfWork
from webui.formatters import day_text
from webui.forms import hours as forms
from webui.forms.entry import FormRefused
from webui.security import permit

blueprint = Blueprint("hours", __name__)
INVALID = 422
ONE_DAY = timedelta(days=1)
YEARS_SHOWN = 200  # before and after this year
TOO_FAR = "その月の暦はありません。今月を表示しています。"
KIND_WORDS: Mapping[DayKind, str] = {
    DayKind.WEEKDAY: "平日",
    DayKind.WEEKEND_OR_HOLIDAY: "土日祝",
}

LATE_WORDS: Mapping[Lateness, str] = {
    Lateness.ON_THE_DAY: "この指示は、実施日の当日に入れています。前の日までに受ける取り決めです。",
    Lateness.DAY_RUNNING: "この日の実施は、もう始まっています。いままでの架電はそのまま残り、指示は入れた時刻から効きます。",
}


@blueprint.get("/hours")
@permit(Permission.ORDER_HOURS, readonly=True)
def index(work: UnitOfWork) -> str:
    """The calendar of one month, and the orders of the city."""
    today = business_day(work.now)
    month = forms.read_month(request.args.get("month", ""), today)
    if abs(month.year - today.year) > YEARS_SHOWN:
        flash(TOO_FAR)
        month = today.replace(day=1)
    return _page(work, month, request.args.get("receivable", ""), {}, {})


def _page(
    work: UnitOfWork,
    month: date,
    receivable: str,
    faults: Mapping[str, str],
    typed: Mapping[str, str],
    late: Lateness | None = None,
) -> str:
    profile = current_profile(work)
    own = [one for one in profile.receivables if work.actor.sees(one.code)]
    known = receivable if receivable in {one.code for one in own} else ""
    days = month_hours(work, month, known or None)
    return render_template(
        "hours/index.html",
        month=month,
        before=f"{month - ONE_DAY:%Y-%m}",
        after=f"{month + timedelta(days=32):%Y-%m}",
        receivable=known,
        receivables=[("", "すべての債権"), *_options(own)],
        weeks=_weeks([None] * month.weekday() + list(days)),
        open_minutes=sum(one.minutes for one in days),
        open_days=sum(1 for one in days if one.windows),
        years_missing=years_missing(work, business_day(work.now)),
        orders=order_history(work),
        today=business_day(work.now),
        kind_words=KIND_WORDS,
        faults=faults,
        typed=typed,
        late=late,
        late_words=LATE_WORDS,
    )


def _options(receivables: Sequence[Receivable]) -> list[tuple[str, str]]:
    return [(one.code, f"{one.code} {one.name}") for one in receivables]


def _weeks(cells: list[object]) -> list[list[object]]:
    """Weeks from Monday to Sunday; days of other months are empty."""
    cells = [*cells, *[None] * (-len(cells) % 7)]
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


@blueprint.post("/hours/orders")
@permit(Permission.ORDER_HOURS)
def order(work: UnitOfWork) -> Response | tuple[str, int]:
    """Enters an order; one that comes on its own day asks once more (S4-7.2b-3)."""
    today = business_day(work.now)
    codes = [one.code for one in current_profile(work).receivables if work.actor.sees(one.code)]
    try:
        entry = forms.read_order(request.form, codes, today)
    except FormRefused as refused:
        return _page(work, today.replace(day=1), "", refused.sentences(), request.form), INVALID
    order = entry.order
    month = order.day.replace(day=1)
    late = order_lateness(work, order)
    if late is not None and not entry.is_confirmed:
        return _page(work, month, order.receivable or "", {}, request.form, late), INVALID
    change = change_hours(work, order, confirmed=entry.is_confirmed)
    flash(f"{day_text(order.day)}の実施時間を変えました。{_moved_text(change.moved_calls)}")
    return _to_month(month, order.receivable)


def _to_month(month: date, receivable: str | None) -> Response:
    address = url_for("hours.index", month=f"{month:%Y-%m}", receivable=receivable or None)
    return redirect(address, 303)


def _moved_text(moved: int) -> str:
    """What became of calls that were agreed for hours that changed."""
    if not moved:
        return ""
    return f"約束していた再架電 {moved}件の時刻を移しました。再架電一覧で確かめてください。"


@blueprint.post("/hours/orders/<uuid:order_id>/withdraw")
@permit(Permission.ORDER_HOURS)
def withdraw(work: UnitOfWork, order_id: UUID) -> Response:
    """Takes an order back; the hours that held before it hold again."""
    change = change_hours(work, WithdrawnOrder(order_id))
    flash(f"{day_text(change.day)}の指示を取り消しました。{_moved_text(change.moved_calls)}")
    return _to_month(change.day.replace(day=1), None)
