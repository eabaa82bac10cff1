"""受渡し: what lies in the inbound folder, receipts (預り証), and the log of transfers (S4-8.5)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    current_profile,
    get_campaign,
    get_delivery,
    list_campaigns,
)
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission
from secure_store.errors import Conflict, DomainError, Invalid
from secure_store.exchange.envelopes import Form
from secure_store.exchange.gateway import list_inbound
from secure_store.exchange.hand_over_views import FileFacts, get_hand_over, list_hand_overs
from secure_store.exchange.hand_overs import give_back, note_hand_over
from secure_store.exchange.placed import list_placed
from secure_store.exchange.taking import finish_import, open_registered, register_inbound
from secure_store.work import SecureStore, UnitOfWork
from webui.errors import sentence_of
from webui.forms import hand_overs as forms
from webui.forms.entry import Entries, FormRefused
from webui.security import permit
from webui.views.exchange_pages import hand_over_fields, usable_media
from webui.views.imports import jobs
from webui.words import exchange as words

blueprint = Blueprint("exchange", __name__)
INVALID = 422


@blueprint.get("/exchange")
@permit(Permission.SEE_TRANSFERS, readonly=True)
def index(work: UnitOfWork) -> str:
    """What lies in the inbound folder, what waits, and every transfer so far."""
    return _index(work, {}, {})


def _index(work: UnitOfWork, faults: Mapping[str, str], typed: Mapping[str, str]) -> str:
    profile = current_profile(work)
    today = business_day(work.now)
    campaigns = [
        one for one in list_campaigns(work) if not one.is_erased and today <= one.callbacks_until
    ]
    return render_template(
        "exchange/index.html",
        folders=list_inbound(work),
        hand_overs=list_hand_overs(work),
        placed=list_placed(work),
        campaigns=[
            (one.code, f"{one.code}　{profile.receivable(one.receivable).name}")
            for one in campaigns
        ],
        manages=work.actor.may(Permission.MANAGE_EXCHANGE),
        rules=profile.exchange,
        fields=hand_over_fields(work, typed, faults),
        faults=faults,
        typed=typed,
        words=words,
    )


@blueprint.post("/exchange/inbound")
@permit(Permission.MANAGE_EXCHANGE, opens="store")
def register(store: SecureStore, actor: Actor) -> Response | tuple[str, int]:
    """Registers a delivery of the inbound folder and gives its receipt."""
    try:
        with store.work(actor, readonly=True) as work:
            profile = current_profile(work)
            entries = Entries(request.form)
            names = {one.name for one in list_inbound(work) if one.name is not None}
            folder = entries.choice("folder", names)
            campaign = entries.choice("campaign", {one.code for one in list_campaigns(work)})
            entries.finish()
            media = usable_media(work)
            entry = forms.read_hand_over(request.form, profile.exchange, media, work.now)
            receivable = get_campaign(work, campaign).receivable
        registered = register_inbound(
            store,
            actor,
            folder,
            entry.about(receivable, campaign),
            forms.designated_by(profile.exchange),
        )
    except FormRefused as refused:
        return _refused(store, actor, refused.sentences())
    except (Invalid, Conflict) as refused:
        return _refused(store, actor, {"folder": sentence_of(refused)})
    flash(f"登録しました。預り証 {registered.number}")
    return redirect(url_for("exchange.receipt", hand_over_id=registered.id), 303)


def _refused(store: SecureStore, actor: Actor, faults: Mapping[str, str]) -> tuple[str, int]:
    with store.work(actor, readonly=True) as work:
        return _index(work, faults, request.form), INVALID


@blueprint.post("/exchange/<uuid:hand_over_id>/take")
@permit(Permission.RECEIVE_LENT_DATA, opens="store")
def take(store: SecureStore, actor: Actor, hand_over_id: UUID) -> Response | tuple[str, int]:
    """Opens a registered delivery in memory and hands it to intake."""
    with store.work(actor, readonly=True) as work:
        registered = get_hand_over(work, hand_over_id)
    try:
        files = open_registered(store, actor, hand_over_id, request.form.get("password") or None)
    except (Invalid, Conflict) as refused:
        return _take_refused(store, actor, hand_over_id, refused)

    def after(list_id: UUID) -> None:
        finish_import(store, actor, hand_over_id, list_id)

    job = jobs().begin(store, actor, registered.campaign_code or "", files, after)
    return redirect(url_for("imports.waiting", job_id=job.id), 303)


def _take_refused(
    store: SecureStore, actor: Actor, hand_over_id: UUID, refused: DomainError
) -> tuple[str, int]:
    with store.work(actor, readonly=True) as work:
        return _receipt(work, hand_over_id, sentence_of(refused)), INVALID


@blueprint.post("/exchange/<uuid:hand_over_id>/return")
@permit(Permission.MANAGE_EXCHANGE)
def send_back(work: UnitOfWork, hand_over_id: UUID) -> Response:
    """The delivery goes back to the city."""
    given = give_back(work, hand_over_id)
    flash(f"{given.number} を市へ戻したと記録しました。")
    return redirect(url_for("exchange.index"), 303)


@blueprint.get("/exchange/<uuid:hand_over_id>")
@permit(Permission.SEE_TRANSFERS, readonly=True)
def receipt(work: UnitOfWork, hand_over_id: UUID) -> str:
    """預り証, to be printed and handed over (S3-B2-12)."""
    return _receipt(work, hand_over_id, "")


def _receipt(work: UnitOfWork, hand_over_id: UUID, refusal: str) -> str:
    one = get_hand_over(work, hand_over_id)
    profile = current_profile(work)
    return render_template(
        "exchange/receipt.html",
        one=one,
        profile=profile,
        receivable=profile.receivable(one.receivable),
        takes=work.actor.may(Permission.RECEIVE_LENT_DATA),
        needs_password=any(file.form.needs_password for file in one.files),
        refusal=refusal,
        words=words,
    )


@blueprint.get("/exchange/lists/<uuid:list_id>")
@permit(Permission.MANAGE_EXCHANGE, readonly=True)
def unconfirmed(work: UnitOfWork, list_id: UUID) -> str:
    """Records how a delivery changed hands that was taken in before (未確認)."""
    return _unconfirmed(work, list_id, {}, {})


def _unconfirmed(
    work: UnitOfWork, list_id: UUID, faults: Mapping[str, str], typed: Mapping[str, str]
) -> str:
    return render_template(
        "exchange/unconfirmed.html",
        delivery=get_delivery(work, list_id),
        fields=hand_over_fields(work, typed, faults),
        faults=faults,
    )


@blueprint.post("/exchange/lists/<uuid:list_id>")
@permit(Permission.MANAGE_EXCHANGE)
def note_list(work: UnitOfWork, list_id: UUID) -> Response | tuple[str, int]:
    """The receipt of a delivery that was taken in before."""
    delivery = get_delivery(work, list_id)
    rules = current_profile(work).exchange
    try:
        entry = forms.read_hand_over(request.form, rules, usable_media(work), work.now)
    except FormRefused as refused:
        return _unconfirmed(work, list_id, refused.sentences(), request.form), INVALID
    files = [
        FileFacts(one["name"], one["sha256"], one["size"], Form.PLAIN)
        for one in delivery.report["files"]
    ]
    noted = note_hand_over(
        work,
        entry.about(delivery.receivable, delivery.campaign_code),
        files,
        forms.designated_by(rules),
        list_id=list_id,
    )
    return redirect(url_for("exchange.receipt", hand_over_id=noted.id), 303)
