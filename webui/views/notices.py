"""引抜き・納付確認: the city's notices checked, confirmed, applied; what came of the promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    CampaignView,
    apply_notice,
    case_story,
    check_notice,
    current_profile,
    enter_payment,
    get_campaign,
    get_notice,
    give_back_notice,
    list_campaigns,
    list_notices,
    payment_counts,
    withdraw_cases,
)
from campaigns.notice_errors import NoticeRejected
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission
from secure_store.errors import DomainError, NotAllowed, NotFound
from secure_store.exchange.opening import open_delivery
from secure_store.work import SecureStore, UnitOfWork
from webui.forms import notices as forms
from webui.forms.entry import FormRefused
from webui.forms.imports import read_delivery
from webui.forms.paging import read_first
from webui.security import permit
from webui.sentences import SENTENCES
from webui.views.exchange_pages import FIELD_OF
from webui.words import cases as case_words
from webui.words import notices as words
from webui.words.intake import place_words, reason_words

blueprint = Blueprint("notices", __name__)
INVALID = 422
CONFLICT = 409
PAGE = 50


@blueprint.get("/notices")
@permit(Permission.RECEIVE_LENT_DATA, readonly=True)
def index(work: UnitOfWork) -> str:
    """The form for a notice, and the notices so far, page by page."""
    return _index(work, {}, request.args.get("campaign", ""))


def _campaigns(work: UnitOfWork) -> list[CampaignView]:
    return [one for one in list_campaigns(work) if not one.is_erased]


def _choices(work: UnitOfWork) -> list[tuple[str, str]]:
    profile = current_profile(work)
    return [
        (one.code, f"{one.code}　{profile.receivable(one.receivable).name}")
        for one in _campaigns(work)
    ]


def _index(work: UnitOfWork, faults: Mapping[str, str], chosen: str) -> str:
    notices = list_notices(work)
    first = read_first(request.args.get("from", ""), len(notices), PAGE)
    return render_template(
        "notices/index.html",
        campaigns=_choices(work),
        notices=notices[first : first + PAGE],
        total=len(notices),
        first=first,
        page=PAGE,
        chosen=chosen,
        faults=faults,
        words=words,
    )


@blueprint.post("/notices")
@permit(Permission.RECEIVE_LENT_DATA, opens="store")
def receive(store: SecureStore, actor: Actor) -> Response | tuple[str, int]:
    """Checks a notice and counts what it meets; nothing changes before it is confirmed."""
    chosen = request.form.get("campaign", "")
    with store.work(actor, readonly=True) as work:
        codes = {one.code for one in _campaigns(work)}
        try:
            sent = read_delivery(request.form, request.files.getlist("files"), codes)
        except FormRefused as refused:
            return _index(work, refused.sentences(), chosen), INVALID
    try:
        files = open_delivery(store, actor, sent.files, sent.password)
        notice_id = check_notice(store, actor, sent.campaign_code, files)
    except NoticeRejected as refused:
        return _refused(store, actor, sent.campaign_code, refused.details["report"]), INVALID
    except NotAllowed:
        raise
    except DomainError as refused:
        with store.work(actor, readonly=True) as work:
            field = FIELD_OF.get(refused.code, "files")
            return _index(work, {field: SENTENCES[refused.code]}, chosen), CONFLICT
    return redirect(url_for("notices.show", notice_id=notice_id), 303)


def _refused(
    store: SecureStore, actor: Actor, campaign_code: str, report: Mapping[str, Any]
) -> str:
    with store.work(actor, readonly=True) as work:
        campaign = get_campaign(work, campaign_code)
        name = current_profile(work).receivable(campaign.receivable).name
    faults = [
        (
            *place_words(one["file"], one["row"], one["column"]),
            reason_words(words.NOTICE_FAULT_WORDS[one["code"]], one.get("byte")),
        )
        for one in report["faults"]
    ]
    return render_template(
        "notices/refused.html",
        campaign=campaign,
        name=name,
        faults=faults,
        beyond=report["faults_beyond"],
    )


@blueprint.get("/notices/<uuid:notice_id>")
@permit(Permission.RECEIVE_LENT_DATA, readonly=True)
def show(work: UnitOfWork, notice_id: UUID) -> str:
    """What a notice meets, before it is applied; what it did, afterwards."""
    notice = get_notice(work, notice_id)
    return render_template(
        "notices/show.html",
        notice=notice,
        receivable=current_profile(work).receivable(notice.receivable),
        may_apply=work.actor.may(Permission.WITHDRAW_CASE),
        words=words,
    )


@blueprint.post("/notices/<uuid:notice_id>/apply")
@permit(Permission.WITHDRAW_CASE, opens="store")
def confirm(store: SecureStore, actor: Actor, notice_id: UUID) -> Response:
    """Applies the notice, or goes on where it stopped."""
    told = apply_notice(store, actor, notice_id)
    flash(f"{words.KIND_WORDS[told.kind]}を反映しました。{told.ended:,}件の案件を終えました。")
    return redirect(url_for("notices.show", notice_id=notice_id), 303)


@blueprint.post("/notices/<uuid:notice_id>/give-back")
@permit(Permission.RECEIVE_LENT_DATA)
def give_back(work: UnitOfWork, notice_id: UUID) -> Response:
    """Drops a notice that was only checked."""
    give_back_notice(work, notice_id)
    flash("受け取った連絡を消しました。案件は何も変わっていません。")
    return redirect(url_for("notices.index"), 303)


@blueprint.get("/notices/cases/<uuid:case_id>")
@permit(Permission.WITHDRAW_CASE, readonly=True)
def by_hand(work: UnitOfWork, case_id: UUID) -> str:
    """A withdrawal or a payment of one case, told by a document."""
    return _by_hand(work, case_id, {})


def _by_hand(work: UnitOfWork, case_id: UUID, faults: Mapping[str, str]) -> str:
    story = case_story(work, case_id)
    return render_template(
        "notices/by_hand.html",
        story=story,
        receivable=current_profile(work).receivable(story.campaign.receivable),
        words=case_words,
        faults=faults,
        typed=request.form,
        today=business_day(work.now),
    )


@blueprint.post("/notices/cases/<uuid:case_id>/withdrawal")
@permit(Permission.WITHDRAW_CASE)
def withdraw(work: UnitOfWork, case_id: UUID) -> Response | tuple[str, int]:
    """Takes one case back."""
    try:
        document_no = forms.read_document_no(request.form)
    except FormRefused as refused:
        return _by_hand(work, case_id, refused.sentences()), INVALID
    ended = withdraw_cases(work, [case_id], document_no)
    flash("引き抜きました。この案件にはもうかけません。" if ended else "すでに終わっていました。")
    return redirect(url_for("assignments.case", case_id=case_id), 303)


@blueprint.post("/notices/cases/<uuid:case_id>/payment")
@permit(Permission.WITHDRAW_CASE)
def pay(work: UnitOfWork, case_id: UUID) -> Response | tuple[str, int]:
    """Keeps one payment; the case ends when nothing is left to pay."""
    try:
        payment = forms.read_payment(request.form, business_day(work.now))
    except FormRefused as refused:
        return _by_hand(work, case_id, refused.sentences()), INVALID
    ended = enter_payment(work, case_id, payment)
    flash(
        "納付を記録しました。全額の納付を確認したので、案件を終えました。"
        if ended
        else "納付を記録しました。案件は続きます。"
    )
    return redirect(url_for("assignments.case", case_id=case_id), 303)


@blueprint.get("/payments")
@permit(Permission.SEE_BOARD)
def payments(work: UnitOfWork) -> str:
    """納付状況 of one campaign: counts only, each rate with what it divides by what."""
    campaigns = _campaigns(work)
    wanted = request.args.get("campaign", "")
    if not campaigns:
        return render_template("notices/no_payments.html")
    chosen = next((one for one in campaigns if one.code == wanted), None)
    if wanted and chosen is None:
        raise NotFound(kind="campaign")
    campaign = chosen or campaigns[0]
    found = payment_counts(work, campaign.code)
    return render_template(
        "notices/payments.html",
        campaign=campaign,
        campaigns=_choices(work),
        receivable=current_profile(work).receivable(campaign.receivable),
        found=found,
        measures=found.measures,
        uplift=_points(found.measures.uplift),
    )


def _points(uplift: Any) -> str:
    """``+21.7ポイント``; a dash over nothing."""
    return "–" if uplift is None else f"{float(uplift):+.1f}ポイント"
