"""届け先と鍵: our key for the city, and for whom files are locked before they leave (S4-8.5)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import current_profile
from secure_store.access import Permission
from secure_store.exchange.exchange_errors import RecipientInvalid
from secure_store.exchange.exchange_keys import exchange_keys, make_exchange_key
from secure_store.exchange.recipients import (
    FORMS,
    confirm_recipient,
    end_recipient,
    enter_recipient,
    list_recipients,
)
from secure_store.work import UnitOfWork
from webui.errors import sentence_of
from webui.forms import exchange as forms
from webui.forms.entry import FormRefused
from webui.security import permit
from webui.words import exchange as words

blueprint = Blueprint("recipients", __name__)
INVALID = 422


@blueprint.get("/exchange/recipients")
@permit(Permission.CONFIRM_RECIPIENTS, readonly=True)
def index(work: UnitOfWork) -> str:
    """Our own public key for the city, and the settings by which files are locked."""
    return _page(work, {}, {})


def _page(work: UnitOfWork, faults: Mapping[str, str], typed: Mapping[str, str]) -> str:
    profile = current_profile(work)
    names = {one.code: one.name for one in profile.receivables}
    return render_template(
        "exchange/recipients.html",
        keys=exchange_keys(work),
        recipients=list_recipients(work),
        options=[(forms.CONTRACT, "契約全体（業務日報と、個別の届け先がない債権）")]
        + [(code, f"{code} {name}") for code, name in names.items() if work.actor.sees(code)],
        form_options=[(form.value, words.FORM_CHOICES[form]) for form in FORMS],
        names=names,
        manages=work.actor.may(Permission.MANAGE_EXCHANGE),
        actor_code=work.actor.code,
        faults=faults,
        typed=typed,
        words=words,
    )


@blueprint.post("/exchange/recipients")
@permit(Permission.MANAGE_EXCHANGE)
def enter(work: UnitOfWork) -> Response | tuple[str, int]:
    """Enters a setting; another person has to confirm it before files are locked by it."""
    codes = [one.code for one in current_profile(work).receivables if work.actor.sees(one.code)]
    try:
        entry = forms.read_recipient(request.form, codes, FORMS)
        enter_recipient(work, entry.receivable, entry.form, entry.public_key, entry.document_no)
    except FormRefused as refused:
        return _page(work, refused.sentences(), request.form), INVALID
    except RecipientInvalid as refused:
        return _page(work, {"public_key": sentence_of(refused)}, request.form), INVALID
    flash("届け先を登録しました。別の人が、市の文書と見比べて確かめると使えます。")
    return redirect(url_for("recipients.index"), 303)


@blueprint.post("/exchange/recipients/<uuid:recipient_id>/confirm")
@permit(Permission.CONFIRM_RECIPIENTS, fresh=True)
def confirm(work: UnitOfWork, recipient_id: UUID) -> Response:
    """The second person compared the fingerprint with the city's document."""
    confirm_recipient(work, recipient_id)
    flash("届け先を確かめました。次に置くファイルから使います。")
    return redirect(url_for("recipients.index"), 303)


@blueprint.post("/exchange/recipients/<uuid:recipient_id>/end")
@permit(Permission.MANAGE_EXCHANGE)
def end(work: UnitOfWork, recipient_id: UUID) -> Response:
    """Takes a setting out of force."""
    end_recipient(work, recipient_id)
    flash("届け先の使用を終えました。")
    return redirect(url_for("recipients.index"), 303)


@blueprint.post("/exchange/keys")
@permit(Permission.MANAGE_EXCHANGE, fresh=True)
def make_key(work: UnitOfWork) -> Response:
    """A new exchange key; its public half is told to the city."""
    make_exchange_key(work)
    flash("新しい鍵を作りました。公開鍵と指紋を、市に文書で知らせてください。")
    return redirect(url_for("recipients.index"), 303)
