"""日次締め and its files: close, build, sign, place, confirm; and what the departments receive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    build_files,
    close_day,
    confirm_upload,
    get_day,
    list_days,
    place_files,
    read_file,
    sign_files,
)
from campaigns.errors import PackNotSigned
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission
from secure_store.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from secure_store.work import SecureStore, UnitOfWork
from webui.errors import status_of
from webui.forms.reports import read_day, read_receipt
from webui.report_paper import read_paper
from webui.security import permit
from webui.transactions import request_work
from webui.views.report_pages import (
    DAYS_A_PAGE,
    NIPPO,
    day_page,
    open_days,
    refusal_words,
    unsigned,
    until_of,
)
from webui.words import reports as words

blueprint = Blueprint("reports", __name__)
REFUSALS = (Conflict, Invalid, Unavailable)


@blueprint.get("/daily")
@permit(Permission.CLOSE_DAY, readonly=True)
def index(work: UnitOfWork) -> str:
    """Days that wait to be closed, and the closed days, newest first."""
    until = until_of(request.args.get("until", ""))
    days = list_days(work, DAYS_A_PAGE + 1, until)
    return render_template(
        "reports/index.html",
        open_days=open_days(work) if until is None else [],
        days=days[:DAYS_A_PAGE],
        older=days[DAYS_A_PAGE].business_day if len(days) > DAYS_A_PAGE else None,
        is_first=until is None,
        now=work.now,
        today=business_day(work.now),
        words=words,
    )


@blueprint.get("/daily/<day>")
@permit(Permission.CLOSE_DAY, readonly=True)
def show(work: UnitOfWork, day: str) -> str:
    """The procedure of one day."""
    return day_page(work, read_day(day))


def _step(
    store: SecureStore, actor: Actor, day: date, act: Callable[[], object], done: str
) -> Response | tuple[str, int]:
    """Takes one step; a refusal is shown on the day's own page, where its reason can be seen."""
    try:
        act()
    except REFUSALS as refused:
        with store.work(actor, readonly=True) as work:
            page = day_page(work, day, refusal=refusal_words(work, refused))
        return page, status_of(refused)
    return redirect(url_for("reports.show", day=f"{day:%Y%m%d}", done=done), 303)


@blueprint.post("/daily/<day>/close")
@permit(Permission.CLOSE_DAY, opens="store")
def close(store: SecureStore, actor: Actor, day: str) -> Response | tuple[str, int]:
    """Closes the day: from then on nothing of it changes."""
    wanted = read_day(day)
    return _step(store, actor, wanted, lambda: close_day(store, actor, wanted), "closed")


@blueprint.post("/daily/<day>/build")
@permit(Permission.CLOSE_DAY, opens="store")
def build(store: SecureStore, actor: Actor, day: str) -> Response | tuple[str, int]:
    """Builds the files, checks them against the records and seals them."""
    wanted = read_day(day)
    return _step(store, actor, wanted, lambda: build_files(store, actor, wanted), "built")


@blueprint.post("/daily/<day>/sign")
@permit(Permission.SIGN_DAILY_FILES, opens="store")
def sign(store: SecureStore, actor: Actor, day: str) -> Response | tuple[str, int]:
    """The supervisor's signature (S4-12.1e)."""
    wanted = read_day(day)

    def act() -> None:
        with request_work(actor) as work:
            sign_files(work, wanted)

    return _step(store, actor, wanted, act, "signed")


@blueprint.post("/daily/<day>/place")
@permit(Permission.SIGN_DAILY_FILES, opens="store")
def place(store: SecureStore, actor: Actor, day: str) -> Response | tuple[str, int]:
    """Puts the sealed files where the exchange server takes them."""
    wanted, password = read_day(day), request.form.get("password") or None

    def act() -> None:
        place_files(store, actor, wanted, password)

    return _step(store, actor, wanted, act, "placed")


@blueprint.post("/daily/<day>/confirm")
@permit(Permission.SIGN_DAILY_FILES, opens="store")
def confirm(store: SecureStore, actor: Actor, day: str) -> Response | tuple[str, int]:
    """The city's receipt number stops the clock (S4-13.1)."""
    wanted, form = read_day(day), read_receipt(request.form)
    if form.error:
        with store.work(actor, readonly=True) as work:
            return day_page(work, wanted, receipt=form), 422

    def act() -> None:
        with request_work(actor) as work:
            confirm_upload(work, wanted, form.number)

    return _step(store, actor, wanted, act, "confirmed")


@blueprint.get("/daily/<day>/report")
@permit(Permission.READ_DAILY_FILES)
def report(work: UnitOfWork, day: str) -> str:
    """業務日報 of the day, to be read and printed; the look is noted."""
    view = get_day(work, read_day(day))
    file = next((one for one in view.files if one.kind == NIPPO), None)
    if file is None:
        raise NotFound(kind="pack_file")
    content = read_file(work, view.business_day, file.name)
    return render_template(
        "reports/report.html",
        day=view,
        file=file,
        paper=read_paper(content),
        is_unsigned=unsigned(view),
        closes=work.actor.may(Permission.CLOSE_DAY),
        words=words,
    )


@blueprint.get("/daily/<day>/files/<name>")
@permit(Permission.READ_DAILY_FILES)
def download(work: UnitOfWork, day: str, name: str) -> Response:
    """A clear file, in rehearsal homes only: real ones leave sealed through the exchange server."""
    if not work.store.is_rehearsal:
        raise NotAllowed(permission="clear_files")
    content = read_file(work, read_day(day), name)
    answer = Response(content, mimetype="application/octet-stream")
    # The name was found among the built files: it is made of codes and dates only.
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@blueprint.get("/delivered")
@permit(Permission.READ_DAILY_FILES, readonly=True)
def delivered(work: UnitOfWork) -> str:
    """The signed days, the newest one opened: only files of one's own receivables."""
    return _delivered(work, None)


@blueprint.get("/delivered/<day>")
@permit(Permission.READ_DAILY_FILES, readonly=True)
def delivered_day(work: UnitOfWork, day: str) -> str:
    """One of the signed days."""
    return _delivered(work, read_day(day))


def _delivered(work: UnitOfWork, wanted: date | None) -> str:
    until = until_of(request.args.get("until", ""))
    days = list_days(work, DAYS_A_PAGE + 1, until, sent=True)
    shown = get_day(work, wanted) if wanted else next(iter(days), None)
    if shown is not None and unsigned(shown):
        raise PackNotSigned(day=shown.business_day.isoformat())
    return render_template(
        "reports/delivered.html",
        days=days[:DAYS_A_PAGE],
        older=days[DAYS_A_PAGE].business_day if len(days) > DAYS_A_PAGE else None,
        until=until,
        day=shown,
        is_rehearsal=work.store.is_rehearsal,
        words=words,
    )
