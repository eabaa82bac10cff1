"""データ受入: files in, checked, counted, published by a supervisor, receipted (S4-5.2b, S4-11.1c).

There is no screen that adds a person by hand: a case comes from a row of a lent file (S4-6.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from campaigns.api import (
    CampaignView,
    DeliveryView,
    LentListState,
    build_call_list,
    current_profile,
    discard,
    get_campaign,
    get_delivery,
    list_campaigns,
    list_deliveries,
    publish,
    receipt,
)
from dialer.api import counts
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission
from secure_store.errors import Conflict, Invalid, NotFound
from secure_store.exchange.hand_over_views import confirmed_lists, hand_over_of_list
from secure_store.exchange.opening import open_delivery
from secure_store.work import SecureStore, UnitOfWork
from webui.errors import sentence_of
from webui.forms import imports as forms
from webui.forms.entry import FormRefused
from webui.forms.paging import read_first
from webui.import_jobs import ImportJob, ImportJobs
from webui.security import permit
from webui.sentences import SENTENCES
from webui.views.exchange_pages import FIELD_OF, hand_over_fields
from webui.views.import_receipts import note_given, read_given
from webui.words import cases as case_words
from webui.words import intake as intake_words

blueprint = Blueprint("imports", __name__)
INVALID = 422
JOBS = "dialer_import_jobs"
FINDINGS_SHOWN = 100
WAITING = frozenset({LentListState.STAGING, LentListState.STAGED})


def jobs() -> ImportJobs:
    """The deliveries this process is taking in."""
    found: ImportJobs = current_app.extensions.setdefault(JOBS, ImportJobs())
    return found


@blueprint.get("/imports")
@permit(Permission.RECEIVE_LENT_DATA, readonly=True)
def index(work: UnitOfWork) -> str:
    """The form for a delivery, and all deliveries so far."""
    return _index(work, {}, request.args.get("campaign", ""))


def _index(work: UnitOfWork, faults: Mapping[str, str], chosen: str) -> str:
    profile = current_profile(work)
    campaigns = _open_campaigns(work, business_day(work.now))
    return render_template(
        "imports/index.html",
        campaigns=[
            (one.code, f"{one.code}　{profile.receivable(one.receivable).name}")
            for one in campaigns
        ],
        deliveries=list_deliveries(work),
        confirmed=confirmed_lists(work),
        fields=hand_over_fields(work, request.form, faults),
        chosen=chosen,
        faults=faults,
        state_words=intake_words.LIST_STATE_WORDS,
    )


def _open_campaigns(work: UnitOfWork, today: date) -> list[CampaignView]:
    return [
        one for one in list_campaigns(work) if not one.is_erased and today <= one.callbacks_until
    ]


@blueprint.post("/imports")
@permit(Permission.RECEIVE_LENT_DATA, opens="store")
def receive(store: SecureStore, actor: Actor) -> Response | tuple[str, int]:
    """Takes the files and answers at once; checking and staging go on behind (S4-5.2b)."""
    with store.work(actor, readonly=True) as work:
        codes = {one.code for one in _open_campaigns(work, business_day(work.now))}
        try:
            delivery = forms.read_delivery(request.form, request.files.getlist("files"), codes)
            given = read_given(work, request.form, delivery.campaign_code)
        except FormRefused as refused:
            return _index(work, refused.sentences(), request.form.get("campaign", "")), INVALID
    try:
        files = open_delivery(store, actor, delivery.files, delivery.password)
        after = note_given(store, actor, given, delivery.files)
    except (Invalid, Conflict) as refused:
        with store.work(actor, readonly=True) as work:
            faults = {FIELD_OF.get(refused.code, "files"): sentence_of(refused)}
            return _index(work, faults, delivery.campaign_code), INVALID
    job = jobs().begin(store, actor, delivery.campaign_code, files, after)
    return redirect(url_for("imports.waiting", job_id=job.id), 303)


@blueprint.get("/imports/jobs/<uuid:job_id>")
@permit(Permission.RECEIVE_LENT_DATA, readonly=True)
def waiting(work: UnitOfWork, job_id: UUID) -> Response | str:
    """How far a delivery is; its report when it was accepted, the faults when it was refused."""
    job = _job(work, job_id)
    if job.list_id is not None:
        return redirect(url_for("imports.report", list_id=job.list_id), 303)
    campaign = get_campaign(work, job.campaign_code)
    name = current_profile(work).receivable(campaign.receivable).name
    if job.refusal is None:
        return render_template("imports/waiting.html", job=job, name=name)
    return render_template(
        "imports/refused.html",
        job=job,
        name=name,
        sentence=SENTENCES[job.refusal],
        faults=_places(job.report, "faults", intake_words.FAULT_WORDS),
        report=job.report or {},
        file_words=intake_words.FILE_WORDS,
    )


@blueprint.get("/imports/jobs/<uuid:job_id>/progress")
@permit(Permission.RECEIVE_LENT_DATA, readonly=True)
def progress(work: UnitOfWork, job_id: UUID) -> Response:
    """Where the waiting page asks every second."""
    job = _job(work, job_id)
    text = f"{job.total:,}行のうち {job.done:,}行" if job.total else "検査しています"
    answer = {"done": job.done, "total": job.total, "text": text, "finished": job.is_finished}
    if job.is_finished:
        answer["next"] = url_for("imports.waiting", job_id=job.id)
    return jsonify(answer)


def _job(work: UnitOfWork, job_id: UUID) -> ImportJob:
    job = jobs().find(job_id)
    if job is None:
        raise NotFound(kind="import_job")
    get_campaign(work, job.campaign_code)
    return job


def _places(
    report: Mapping[str, Any] | None, kind: str, words: Mapping[str, str]
) -> list[tuple[str, str, str, str]]:
    """Findings as rows of a table: file, row, column, what."""
    known = report or {}
    kinds = {one["name"]: intake_words.FILE_WORDS[one["kind"]] for one in known.get("files", [])}
    return [
        (
            *intake_words.place_words(
                kinds.get(one["file"], one["file"]), one["row"], one["column"]
            ),
            intake_words.reason_words(words[one["code"]], one.get("byte")),
        )
        for one in known.get(kind, [])
    ]


@blueprint.get("/imports/<uuid:list_id>")
@permit(Permission.RECEIVE_LENT_DATA)
def report(work: UnitOfWork, list_id: UUID) -> str:
    """What a delivery holds: sums that agree, exclusions, questions to the department."""
    delivery = get_delivery(work, list_id)
    kind = "excluded" if request.args.get("view") == "excluded" else "questions"
    rows = _excluded(delivery) if kind == "excluded" else _questions(delivery)
    start = read_first(request.args.get("from", ""), len(rows), FINDINGS_SHOWN)
    return render_template(
        "imports/report.html",
        delivery=delivery,
        hand_over=hand_over_of_list(work, list_id),
        receivable=current_profile(work).receivable(delivery.receivable),
        campaign=get_campaign(work, delivery.campaign_code),
        steps=_steps(delivery),
        kind=kind,
        rows=rows[start : start + FINDINGS_SHOWN],
        row_total=len(rows),
        start=start,
        page_size=FINDINGS_SHOWN,
        asked=len(delivery.report["questions"]),
        queued=sum(counts(work, delivery.campaign_code).values()),
        is_waiting=delivery.state in WAITING,
        words=case_words,
        intake=intake_words,
    )


def _excluded(delivery: DeliveryView) -> list[tuple[str, str, str, str]]:
    return [
        (
            intake_words.FILE_WORDS["taisho"],
            f"{one['row']:,}",
            "",
            case_words.EXCLUSION_WORDS[one["code"]],
        )
        for one in delivery.report["excluded_rows"]
    ]


def _questions(delivery: DeliveryView) -> list[tuple[str, str, str, str]]:
    return _places(delivery.report, "questions", intake_words.QUESTION_WORDS)


def _steps(delivery: DeliveryView) -> list[dict[str, str]]:
    published = delivery.state is LentListState.PUBLISHED
    staged = published or delivery.state is LentListState.STAGED
    return [
        {"label": "ファイルを受け取る", "state": "done"},
        {"label": "検査する", "state": "done"},
        {"label": "内容を確かめる", "state": "done" if published else "current"},
        {"label": "公開する", "state": "done" if published else "todo" if staged else "fault"},
    ]


@blueprint.post("/imports/<uuid:list_id>/publish")
@permit(Permission.PUBLISH_LENT_DATA, opens="store")
def make_public(store: SecureStore, actor: Actor, list_id: UUID) -> Response:
    """Publishes the rows and builds the call list, which picks up where a crash left it."""
    with store.work(actor) as work:
        delivery = get_delivery(work, list_id)
        if delivery.state is not LentListState.PUBLISHED:
            delivery = publish(work, list_id)
    built = build_call_list(store, actor, delivery.campaign_code)
    flash(f"公開しました。架電リストに {built:,}件を加えました。")
    return redirect(url_for("imports.report", list_id=list_id), 303)


@blueprint.post("/imports/<uuid:list_id>/discard")
@permit(Permission.RECEIVE_LENT_DATA, opens="store")
def give_back(store: SecureStore, actor: Actor, list_id: UUID) -> Response:
    """差し戻す: removes a delivery that was not published, with all that was sealed of it."""
    with store.work(actor) as work:
        get_delivery(work, list_id)
    discard(store, actor, list_id)
    flash("受け取ったデータを消しました。市から出し直しを受けてください。")
    return redirect(url_for("imports.index"), 303)


@blueprint.get("/imports/<uuid:list_id>/receipt")
@permit(Permission.RECEIVE_LENT_DATA)
def show_receipt(work: UnitOfWork, list_id: UUID) -> str:
    """預り証, to be printed: number, files and their digests, counts (S4-14.2a)."""
    return render_template(
        "imports/receipt.html",
        receipt=receipt(work, list_id),
        list_id=list_id,
        file_words=intake_words.FILE_WORDS,
    )
