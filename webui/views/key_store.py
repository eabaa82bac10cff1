"""The state of the keys, and new keys for old ones by two persons (S4-14.10; security.md 5.6)."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import replace_data_key
from secure_store.access import Actor, Permission
from secure_store.key_custody import key_status, require_two, rotate_contract_key
from secure_store.work import SecureStore
from webui.forms.second_person import SecondPersonForm
from webui.second_person_check import confirmed_second
from webui.security import permit
from webui.words import keys as words

blueprint = Blueprint("key_store", __name__)

CONTRACT = "contract"
DONE = {
    "contract": "契約鍵を新しくし、すべての鍵を読み返しました。",
    "data": "データ鍵を新しくしました。前の鍵も抹消しました。",
    "kept": "データ鍵を新しくしました。前の鍵は、期限前のバックアップがなくなるまで残します。",
}


@blueprint.get("/key-store")
@permit(Permission.MANAGE_BACKUPS, opens="store")
def index(store: SecureStore, _actor: Actor) -> Response:
    """How many keys of which kind there are, and what a certificate may say; no key, no person."""
    return _page(store, SecondPersonForm(), "", "")


@blueprint.post("/key-store/rotate")
@permit(Permission.ROTATE_KEYS, opens="store")
def rotate(store: SecureStore, actor: Actor) -> Response:
    """A new contract key, or a new data key for one campaign, once the second person confirmed."""
    chosen = request.form.get("which", "")
    choices = {CONTRACT, *(batch.campaign_code for batch in key_status(store).batches)}
    fault = "" if chosen in choices else "新しくする鍵を選んでください。"
    second, form = None, SecondPersonForm()
    if not fault:
        second, form = confirmed_second(store, actor, Permission.ROTATE_KEYS)
    if second is None:
        return _page(store, form, chosen, fault, 422)
    require_two(actor, second)
    if chosen == CONTRACT:
        rotate_contract_key(store, actor, second)
        return redirect(url_for("key_store.index", done="contract"), 303)
    result = replace_data_key(store, actor, chosen)
    done = "data" if result.is_pruned else "kept"
    return redirect(url_for("key_store.index", done=done), 303)


def _page(
    store: SecureStore, second: SecondPersonForm, chosen: str, fault: str, status: int = 200
) -> Response:
    found = key_status(store)
    totals: dict[str, int] = {}
    for count in found.counts:
        totals[count.kind.value] = totals.get(count.kind.value, 0) + count.count
    page = render_template(
        "key_store/index.html",
        found=found,
        totals=totals,
        words=words,
        second=second,
        chosen=chosen,
        fault=fault,
        done=DONE.get(request.args.get("done", ""), ""),
    )
    return Response(page, status, mimetype="text/html")
