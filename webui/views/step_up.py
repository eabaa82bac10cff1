"""再認証: before exports, acts with keys and changes of settings the password is asked for anew.

(security.md 7.3, S3-B1-5.8)
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from secure_store.access import Actor, Permission
from secure_store.audit.tags import Tag
from secure_store.people.login import prove
from secure_store.people.second_factor import needs_key
from secure_store.people.throttle import LoginAnswer
from secure_store.work import SecureStore, UnitOfWork
from webui.security import permit, renew_token
from webui.step_up import PASSWORD_GIVEN, own_page
from webui.transactions import request_work
from webui.words.passwords import PASSWORD_ANSWERS

blueprint = Blueprint("step_up", __name__)


@blueprint.get("/reauthenticate")
@permit(Permission.USE_OWN_ACCOUNT, readonly=True)
def show(_work: UnitOfWork) -> str:
    """Asks for the password; ``back`` is the page that comes afterwards."""
    return _page(request.args.get("back", ""), request.args.get("again") == "1", "")


@blueprint.post("/reauthenticate")
@permit(Permission.USE_OWN_ACCOUNT, opens="store")
def confirm(store: SecureStore, actor: Actor) -> Response | tuple[str, int]:
    """The password makes the session fresh for five minutes, under a new token."""
    back, again = request.form.get("back", ""), request.form.get("again") == "1"
    answer = prove(store, actor, actor.code, request.form.get("password", ""))
    if answer is not LoginAnswer.ACCEPTED:
        return _page(back, again, PASSWORD_ANSWERS[answer]), 401
    with request_work(actor) as work:
        work.audit(Tag.AUTH_STEPPED_UP, reason="password")
        waits = needs_key(work, actor.role)
        instant = work.now
    if waits:
        session[PASSWORD_GIVEN] = [own_page(back), instant.timestamp()]
        return redirect(url_for("security_keys.check"), 303)
    renew_token()
    return redirect(own_page(back), 303)


def _page(back: str, again: bool, fault: str) -> str:
    return render_template("login/step_up.html", back=own_page(back), again=again, fault=fault)
