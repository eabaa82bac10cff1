"""The outcome classification table: the one in force, its versions, import and download (S4-11.2e)."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    OutcomeTable,
    TableVersionView,
    import_table,
    table_on,
    table_version,
    table_versions,
    write_outcome_table,
)
from campaigns.errors import OutcomeTableInvalid
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission
from secure_store.errors import NotFound
from secure_store.work import SecureStore, UnitOfWork
from webui.forms.outcomes import ImportForm, faults_of, read_import
from webui.security import permit
from webui.transactions import request_work
from webui.words import outcomes as words

blueprint = Blueprint("outcomes", __name__)

VERSION = "int(max=2147483647):version"  # what the database can count to

OLDER = (
    "いま使っている表の始まりより前の日は選べません。すでに報告した日の名前が変わってしまいます。"
)


@blueprint.get("/outcomes")
@permit(Permission.IMPORT_OUTCOMES, readonly=True)
def index(work: UnitOfWork) -> Response:
    """The table that counts today."""
    return _page(work, _version_today(work), ImportForm())


@blueprint.get(f"/outcomes/<{VERSION}>")
@permit(Permission.IMPORT_OUTCOMES, readonly=True)
def show(work: UnitOfWork, version: int) -> Response:
    """Another version of the table."""
    return _page(work, version, ImportForm())


@blueprint.get(f"/outcomes/<{VERSION}>.csv")
@permit(Permission.IMPORT_OUTCOMES, readonly=True)
def download(work: UnitOfWork, version: int) -> Response:
    """A version as the file that an import takes back."""
    answer = Response(write_outcome_table(table_version(work, version)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="outcomes_v{version}.csv"'
    return answer


@blueprint.post("/outcomes")
@permit(Permission.IMPORT_OUTCOMES, opens="store")
def take_in(_store: SecureStore, actor: Actor) -> Response:
    """Checks a file and stores it as a new version; every fault is shown by row and column."""
    file = request.files.get("table")
    document = file.read() if file else b""
    form = read_import(request.form.get("valid_from", ""), document)
    if form.day.day is not None and not form.file_error:
        try:
            with request_work(actor) as work:
                import_table(work, document, form.day.day)
            return redirect(url_for("outcomes.index", done="imported"), 303)
        except OutcomeTableInvalid as refused:
            older = refused.details.get("reason") == "older_than_present"
            form = replace(
                form, faults=faults_of(refused.details), day_error=OLDER if older else ""
            )
    with request_work(actor, readonly=True) as work:
        return _page(work, _version_today(work), form, 422)


def _version_today(work: UnitOfWork) -> int | None:
    try:
        return table_on(work, business_day(work.now)).version
    except NotFound:
        return None


def _page(work: UnitOfWork, version: int | None, form: ImportForm, status: int = 200) -> Response:
    versions = table_versions(work)
    table: OutcomeTable | None = None if version is None else table_version(work, version)
    shown: TableVersionView | None = next((v for v in versions if v.version == version), None)
    text = render_template(
        "outcomes/index.html",
        table=table,
        shown=shown,
        versions=versions,
        in_force=_version_today(work),
        form=form,
        done=request.args.get("done") == "imported",
        today=business_day(work.now),
        words=words,
    )
    return Response(text, status, mimetype="text/html")
