"""個人情報取扱状況報告書: of a month or of today, counted from the log (S3-B1-10, S3-B2-14.1)."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, render_template, request

from campaigns.api import current_profile
from dialer.calendar.holidays import business_day
from secure_store.access import Permission
from secure_store.audit.handling import handling_of, month_of
from secure_store.audit.log import newest_note
from secure_store.work import UnitOfWork
from webui.forms import handling as forms
from webui.forms.entry import FormRefused
from webui.security import permit
from webui.words import handling as words
from webui.words.audit import GROUP_WORDS

blueprint = Blueprint("handling", __name__)
INVALID = 422


@blueprint.get("/handling-report")
@permit(Permission.READ_HANDLING_REPORT, readonly=True)
def show(work: UnitOfWork) -> str | tuple[str, int]:
    """The paper of this month so far, of today, or of any days."""
    receivables = current_profile(work).receivables
    today = business_day(work.now)
    month = month_of(today)
    asked = {
        "receivable": request.args.get("receivable") or forms.EVERYTHING,
        "first": request.args.get("first") or f"{month[0]:%Y-%m-%d}",
        "last": request.args.get("last") or f"{month[1]:%Y-%m-%d}",
    }
    faults: dict[str, str] = {}
    found = None
    try:
        found = handling_of(work, forms.read_scope(asked, [one.code for one in receivables]))
    except FormRefused as refused:
        faults = refused.sentences()
    options = [(forms.EVERYTHING, "すべての債権")]
    options += [(one.code, f"{one.code} {one.name}") for one in receivables]
    page = render_template(
        "handling/show.html",
        found=found,
        faults=faults,
        options=options,
        scope_text=dict(options).get(asked["receivable"], ""),
        today=f"{today:%Y-%m-%d}",
        month=_texts(month),
        before=_texts(month_of(month[0] - timedelta(days=1))),
        lines=words.LINES,
        parts=words.PARTS,
        group_words=GROUP_WORDS,
        head=newest_note(work),
        now=work.now,
        **asked,
    )
    return (page, INVALID) if faults else page


def _texts(days: tuple[date, date]) -> tuple[str, str]:
    return f"{days[0]:%Y-%m-%d}", f"{days[1]:%Y-%m-%d}"
