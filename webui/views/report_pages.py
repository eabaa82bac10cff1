"""What the pages of the daily close are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask import render_template, request

from campaigns.api import (
    CampaignView,
    DayState,
    DaySums,
    DayView,
    closed_days,
    closes_at,
    current_profile,
    day_sums,
    delivery_forms,
    get_day,
    list_campaigns,
)
from campaigns.errors import DayNotClosed, DayNotOver, PackInconsistent
from dialer.calendar.holidays import business_day
from secure_store.access import Permission
from secure_store.errors import DomainError, NotFound
from secure_store.work import UnitOfWork
from webui.errors import sentence_of
from webui.formatters import moment_text
from webui.forms.reports import ReceiptForm, read_day
from webui.words import reports as words

DAYS_A_PAGE = 31
LOOK_BACK = timedelta(days=30)  # open days older than a month are shown by their own address
NIPPO = "NIPPO"
UNSIGNED = frozenset({DayState.CLOSED, DayState.BUILT})
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day that owes files and is not closed yet."""

    day: date
    closes_at: datetime
    may_close: bool
    campaigns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step was not taken: a sentence, what is behind it, a list of faults."""

    sentence: str
    text: str = ""
    faults: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the files of a day will leave: said before they are placed."""

    text: str
    needs_password: bool
    is_missing: bool


def _delivery(work: UnitOfWork, view: DayView | None) -> Delivery | None:
    if view is None or not work.actor.may(Permission.SIGN_DAILY_FILES):
        return None
    forms = delivery_forms(work, view.business_day)
    if forms:
        return Delivery(
            words.delivery_words(forms), any(form.needs_password for form in forms), False
        )
    if work.store.is_rehearsal:
        return Delivery(words.REHEARSAL_DELIVERY, False, False)
    return Delivery(words.NO_RECIPIENT, False, True)


def unsigned(day: DayView) -> bool:
    """Nobody but who signs it may see such a pack."""
    return day.state in UNSIGNED


def until_of(text: str) -> date | None:
    """Where a page of days begins; None for the newest."""
    return read_day(text) if text else None


def open_days(work: UnitOfWork) -> list[OpenDay]:
    """Today, and days before it that nobody closed, newest first (S4-11.3b-3)."""
    today = business_day(work.now)
    closed, campaigns = closed_days(work, today - LOOK_BACK), list_campaigns(work)
    days = [today - ONE_DAY * back for back in range(LOOK_BACK.days + 1)]
    found = (_open_day(work, day, campaigns) for day in days if day not in closed)
    return [one for one in found if one is not None]


def _open_day(work: UnitOfWork, day: date, campaigns: Sequence[CampaignView]) -> OpenDay | None:
    running = [one.code for one in campaigns if one.takes_callbacks_on(day) and not one.is_erased]
    if not running:
        return None
    closing = closes_at(work, day)
    return OpenDay(day, closing, work.now >= closing, tuple(running))


def refusal_words(work: UnitOfWork, refused: DomainError) -> Refusal:
    """The sentence of a refusal with what this page can say more."""
    sentence = sentence_of(refused)
    if isinstance(refused, DayNotOver):
        at = datetime.fromisoformat(str(refused.details["closes_at"]))
        return Refusal(sentence, f"{moment_text(at)}から締められます。")
    if isinstance(refused, PackInconsistent):
        kinds = words.fault_words(str(refused.details["kinds"]))
        count = f"食い違いが {refused.details['faults']:,}か所あります。何も作っていません。"
        return Refusal(sentence, count, kinds)
    return Refusal(sentence)


def day_page(
    work: UnitOfWork,
    day: date,
    *,
    refusal: Refusal | None = None,
    receipt: ReceiptForm | None = None,
) -> str:
    """The procedure of one day, closed or not. Raises NotFound for a day that owes nothing."""
    view = _closed(work, day)
    waiting = None if view else _open_day(work, day, list_campaigns(work))
    if view is None and (waiting is None or day > business_day(work.now)):
        raise NotFound(kind="day")
    return render_template(
        "reports/show.html",
        business_day=day,
        address=f"{day:%Y%m%d}",
        day=view,
        waiting=waiting,
        sums=_sums(work, view),
        steps=list(words.STEP_WORDS),
        delivery=_delivery(work, view),
        now=work.now,
        refusal=refusal,
        receipt=receipt or ReceiptForm(),
        may_sign=work.actor.may(Permission.SIGN_DAILY_FILES),
        done=words.DONE.get(request.args.get("done", "")) if refusal is None else None,
        key_days=current_profile(work).parameters.pack_key_days,
        words=words,
    )


def _closed(work: UnitOfWork, day: date) -> DayView | None:
    try:
        return get_day(work, day)
    except DayNotClosed:
        return None


def _sums(work: UnitOfWork, view: DayView | None) -> DaySums | None:
    return day_sums(work, view.business_day) if view else None
