"""媒体台帳: which medium lies where, who has it, and whether data is on it (S4-8.7-1, S4-14.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import current_profile
from secure_store.access import Permission, Role
from secure_store.exchange import media as register
from secure_store.exchange.exchange_errors import MediumExists
from secure_store.exchange.handlers import end_handler, handlers, name_handler
from secure_store.people.staff import list_staff
from secure_store.work import UnitOfWork
from webui.errors import sentence_of
from webui.forms import media as forms
from webui.forms.entry import FormRefused
from webui.security import permit
from webui.words import exchange as words

blueprint = Blueprint("media", __name__)
INVALID = 422


@blueprint.get("/media")
@permit(Permission.SEE_TRANSFERS, readonly=True)
def index(work: UnitOfWork) -> str:
    """All media, those in use first, and the log of who carried them."""
    return _page(work, {}, {})


def _page(work: UnitOfWork, faults: Mapping[str, str], typed: Mapping[str, str]) -> str:
    limit = timedelta(minutes=current_profile(work).parameters.wipe_within_minutes)
    media = register.list_media(work)
    return render_template(
        "media/index.html",
        media=media,
        log=sorted(
            ((event, one.serial) for one in media for event in one.events),
            key=lambda line: line[0].at,
            reverse=True,
        ),
        late={one.serial for one in media if one.open_since and work.now - one.open_since >= limit},
        limit_minutes=limit // timedelta(minutes=1),
        manages=work.actor.may(Permission.MANAGE_EXCHANGE),
        actor_code=work.actor.code,
        handlers=handlers(work),
        supervisors=_supervisors(work),
        names_handlers=work.actor.may(Permission.MANAGE_STAFF),
        faults=faults,
        typed=typed,
        words=words,
    )


def _supervisors(work: UnitOfWork) -> list[tuple[str, str]]:
    """Who may be named; only for those who keep the register of accounts."""
    if not work.actor.may(Permission.MANAGE_STAFF):
        return []
    named = {one.staff_code for one in handlers(work) if one.ended_at is None}
    return [
        (one.code, f"{one.code} {one.display_name}")
        for one in list_staff(work)
        if one.role is Role.SUPERVISOR and one.code not in named
    ]


@blueprint.post("/media/handlers")
@permit(Permission.MANAGE_STAFF, fresh=True)
def name(work: UnitOfWork) -> Response:
    """取扱者の指定 (S3-B1-5.5)."""
    code = request.form.get("staff_code", "")
    name_handler(work, code)
    return _done(f"{code} を取扱者に指定しました。")


@blueprint.post("/media/handlers/<staff_code>/end")
@permit(Permission.MANAGE_STAFF, fresh=True)
def unname(work: UnitOfWork, staff_code: str) -> Response:
    """Takes a person off the list."""
    end_handler(work, staff_code)
    return _done(f"{staff_code} の指定を終えました。")


@blueprint.post("/media")
@permit(Permission.MANAGE_EXCHANGE)
def enter(work: UnitOfWork) -> Response | tuple[str, int]:
    """Puts a medium into the register."""
    try:
        entry = forms.read_medium(request.form)
        register.register_medium(work, entry.serial, entry.maker, encrypted=entry.is_encrypted)
    except FormRefused as refused:
        return _page(work, refused.sentences(), request.form), INVALID
    except MediumExists as refused:
        return _page(work, {"serial": sentence_of(refused)}, request.form), INVALID
    return _done(f"媒体 {entry.serial} を台帳に載せました。")


def _done(text: str) -> Response:
    flash(text)
    return redirect(url_for("media.index"), 303)


@blueprint.post("/media/<serial>/take")
@permit(Permission.MANAGE_EXCHANGE)
def take(work: UnitOfWork, serial: str) -> Response:
    """Out of its lock."""
    return _stepped(work, serial, register.take_out, "保管場所から出しました")


@blueprint.post("/media/<serial>/give-back")
@permit(Permission.MANAGE_EXCHANGE)
def give_back(work: UnitOfWork, serial: str) -> Response:
    """Back under lock, empty."""
    return _stepped(work, serial, register.give_back, "保管場所に戻しました")


@blueprint.post("/media/<serial>/retire")
@permit(Permission.MANAGE_EXCHANGE)
def retire(work: UnitOfWork, serial: str) -> Response:
    """Out of use for good."""
    return _stepped(work, serial, register.retire, "台帳から外しました")


def _stepped(
    work: UnitOfWork, serial: str, step: Callable[[UnitOfWork, str], object], done: str
) -> Response:
    step(work, serial)
    return _done(f"媒体 {serial} を{done}。")


@blueprint.post("/media/<serial>/wiped")
@permit(Permission.MANAGE_EXCHANGE)
def wiped(work: UnitOfWork, serial: str) -> Response | tuple[str, int]:
    """Wiped at the terminal and found empty: recorded with how many files there were."""
    try:
        files = forms.read_wipe(request.form)
    except FormRefused as refused:
        faults = {f"{name}-{serial}": text for name, text in refused.sentences().items()}
        return _page(work, faults, {}), INVALID
    register.note_wiped(work, serial, files)
    return _done(f"媒体 {serial} の消去を記録しました。保管場所に戻してください。")
