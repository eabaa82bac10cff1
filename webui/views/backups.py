"""Backups: what there is, when the last one was checked, and an alarm when it is too old.

(S4-16.1-1; security.md 9.9)
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import current_profile
from secure_store.access import Actor, Permission
from secure_store.backups.alarm import backup_health
from secure_store.backups.backup_errors import BackupUnsound, MediumExists, MediumInvalid
from secure_store.backups.media import media, register_medium, retire_medium
from secure_store.backups.register import all_backups
from secure_store.backups.running import label_medium, run_backup, verify_backup
from secure_store.work import SecureStore, UnitOfWork
from webui.security import permit
from webui.transactions import request_work
from webui.words import keys as words

blueprint = Blueprint("backups", __name__)

DONE = {
    "taken": "バックアップを取りました。続けて検証すると、戻せることまで確かめられます。",
    "sound": "最後まで開き、台帳と一致することを確かめました。",
    "unsound": "このバックアップは使えません。新しく取り直してください。",
    "medium": "媒体を登録しました。",
    "retired": "媒体の使用を終えました。",
}
FAULTS = {
    "code": "BK01 のように、英大文字・数字・ハイフンで16文字までにしてください。",
    "serial": "媒体に書かれた製造番号を、英数字で60文字までで入れてください。",
    "folder": "サーバーでの場所を / から入れてください。",
}


@blueprint.get("/backups")
@permit(Permission.MANAGE_BACKUPS, readonly=True)
def index(work: UnitOfWork) -> Response:
    """Media and backups; nothing of what is in them."""
    return _page(work, {})


@blueprint.post("/backups/run")
@permit(Permission.MANAGE_BACKUPS, opens="store")
def run(store: SecureStore, actor: Actor) -> Response:
    """Takes one now; nobody's call waits for it."""
    with request_work(actor, readonly=True) as work:
        days = current_profile(work).parameters.backup_keep_days
    run_backup(store, actor, request.form.get("medium", ""), timedelta(days=days))
    return redirect(url_for("backups.index", done="taken"), 303)


@blueprint.post("/backups/<number>/verify")
@permit(Permission.MANAGE_BACKUPS, opens="store")
def verify(store: SecureStore, actor: Actor, number: str) -> Response:
    """Opens it to its last byte; the result is in the register either way."""
    try:
        verify_backup(store, actor, number)
    except BackupUnsound:
        return redirect(url_for("backups.index", done="unsound"), 303)
    return redirect(url_for("backups.index", done="sound"), 303)


@blueprint.post("/backups/media")
@permit(Permission.MANAGE_BACKUPS, opens="store")
def add(store: SecureStore, actor: Actor) -> Response:
    """Registers a medium and writes its label onto it."""
    form = request.form
    code, folder = form.get("code", "").strip().upper(), form.get("folder", "").strip()
    errors: dict[str, str] = {}
    try:
        with request_work(actor) as work:
            view = register_medium(work, code, form.get("serial", "").strip(), Path(folder))
            label_medium(store, view)
    except MediumInvalid as invalid:
        errors = {name: FAULTS[name] for name in invalid.details["fields"].split(",")}
    except MediumExists:
        errors = {"code": "この番号の媒体はすでにあります。"}
    if not errors:
        return redirect(url_for("backups.index", done="medium"), 303)
    with request_work(actor, readonly=True) as work:
        return _page(work, errors, 422)


@blueprint.post("/backups/media/<code>/retire")
@permit(Permission.MANAGE_BACKUPS)
def retire(work: UnitOfWork, code: str) -> Response:
    """Ends the use of a medium; refused while backups live on it."""
    retire_medium(work, code)
    return redirect(url_for("backups.index", done="retired"), 303)


def _page(work: UnitOfWork, errors: dict[str, str], status: int = 200) -> Response:
    parameters = current_profile(work).parameters
    page = render_template(
        "backups/index.html",
        health=backup_health(work, timedelta(hours=parameters.backup_alarm_hours)),
        parameters=parameters,
        media=media(work),
        backups=all_backups(work, most=100),
        words=words,
        errors=errors,
        typed=request.form,
        done=request.args.get("done", ""),
        said=DONE.get(request.args.get("done", ""), ""),
    )
    return Response(page, status, mimetype="text/html")
