"""Orders of the city: work is suspended and goes on, evidence is held (S4-14.11a, 14.11c)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import current_profile, lift_suspension, permits_in_force, stop_calls
from dialer.api import live_leases
from secure_store.access import Actor, Permission
from secure_store.orders import holds
from secure_store.orders.incidents import open_incidents
from secure_store.orders.suspension import ReleaseNeedsTwo, standing
from secure_store.people.second_person import SamePerson, SecondPersonRefused, second_person
from secure_store.work import SecureStore, UnitOfWork
from webui.forms import orders as forms
from webui.forms.entry import FormRefused
from webui.security import permit
from webui.transactions import request_work
from webui.words import erasure as second_words
from webui.words import orders as words

blueprint = Blueprint("orders", __name__)
INVALID = 422
TWO_PERSONS = "業務管理者とシステム管理者の二人で行います。もう一人の番号を入れてください。"
Answer = Response | tuple[str, int]


def _scopes(work: UnitOfWork) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The receivables to choose from, and their names."""
    receivables = current_profile(work).receivables
    names = {one.code: one.name for one in receivables}
    options = [(forms.EVERYTHING, "すべての債権")]
    return options + [(code, f"{code} {name}") for code, name in names.items()], names


@blueprint.get("/suspensions")
@permit(Permission.SUSPEND, readonly=True)
def suspensions(work: UnitOfWork) -> str:
    """Orders that stand, and the forms to enter and to lift one (S4-14.11c)."""
    return _suspensions(work, {}, {})


def _suspensions(work: UnitOfWork, faults: Mapping[str, str], typed: Mapping[str, str]) -> str:
    options, names = _scopes(work)
    return render_template(
        "orders/suspensions.html",
        standing=standing(work),
        names=names,
        options=options,
        permits=permits_in_force(work),
        in_hand=len(live_leases(work)),
        words=words,
        everything=forms.EVERYTHING,
        faults=faults,
        typed=typed,
    )


@blueprint.post("/suspensions")
@permit(Permission.SUSPEND)
def stop(work: UnitOfWork) -> Answer:
    """Stops one receivable or all of them, the whole work or a part, by a document of the city."""
    codes = [one.code for one in current_profile(work).receivables]
    try:
        entry = forms.read_suspension(request.form, codes)
    except FormRefused as refused:
        return _suspensions(work, refused.sentences(), request.form), INVALID
    stopped = stop_calls(work, entry.receivable, entry.document_no, entry.stopped_work)
    what = words.stopped_words(entry.stopped_work)
    flash(f"{what}を止めました。発信許可 {stopped.permits_ended}件を取り消しました。")
    return redirect(url_for("orders.suspensions"), 303)


@blueprint.post("/suspensions/<uuid:suspension_id>/lift")
@permit(Permission.SUSPEND, opens="store")
def go_on(store: SecureStore, actor: Actor, suspension_id: UUID) -> Answer:
    """Goes on, with the number of the city's permission and a second person at this screen."""
    try:
        entry = forms.read_release(request.form)
    except FormRefused as refused:
        return _refused(store, actor, suspension_id, refused.sentences())
    try:
        second = second_person(store, actor, entry.second, request.form["password"])
        with request_work(actor) as work:
            moved = lift_suspension(work, suspension_id, entry.document_no, second)
    except SecondPersonRefused as refused:
        faults = {"password": second_words.ANSWERS[refused.answer]}
        return _refused(store, actor, suspension_id, faults)
    except (SamePerson, ReleaseNeedsTwo):
        return _refused(store, actor, suspension_id, {"second": TWO_PERSONS})
    waiting = f"止めている間に時刻の来た再架電 {moved}件を、これからの実施時間に移しました。"
    flash(f"停止を解きました（{actor.code}・{second.code}）。{waiting if moved else ''}")
    return redirect(url_for("orders.suspensions"), 303)


def _refused(
    store: SecureStore, actor: Actor, suspension_id: UUID, faults: Mapping[str, str]
) -> Answer:
    marked = {f"{name}-{suspension_id}": text for name, text in faults.items()}
    with store.work(actor, readonly=True) as work:
        return _suspensions(work, marked, request.form), INVALID


@blueprint.get("/holds")
@permit(Permission.SUSPEND, readonly=True)
def hold_list(work: UnitOfWork) -> str:
    """Evidence that is held, and the forms to place and to lift a hold (S4-14.11a)."""
    return _holds(work, {}, {})


def _holds(work: UnitOfWork, faults: Mapping[str, str], typed: Mapping[str, str]) -> str:
    options, names = _scopes(work)
    return render_template(
        "orders/holds.html",
        standing=holds.standing(work),
        incidents=open_incidents(work, None),
        names=names,
        options=options,
        faults=faults,
        typed=typed,
    )


@blueprint.post("/holds")
@permit(Permission.SUSPEND)
def place_hold(work: UnitOfWork) -> Answer:
    """From now on nothing in the scope is erased."""
    codes = [one.code for one in current_profile(work).receivables]
    try:
        receivable, number = forms.read_hold(request.form, codes)
    except FormRefused as refused:
        return _holds(work, refused.sentences(), request.form), INVALID
    holds.place(work, receivable, number)
    flash("証拠保全を始めました。この範囲は、解くまで抹消できません。")
    return redirect(url_for("orders.hold_list"), 303)


@blueprint.post("/holds/<uuid:hold_id>/lift")
@permit(Permission.SUSPEND)
def lift_hold(work: UnitOfWork, hold_id: UUID) -> Answer:
    """Erasures that waited go on, unless something else preserves the same evidence."""
    holds.lift(work, hold_id)
    flash("証拠保全を解きました。")
    return redirect(url_for("orders.hold_list"), 303)
