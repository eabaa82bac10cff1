"""割当・架電リスト: who works on which cases (S4-12.1c). Row numbers and states, no personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    CampaignView,
    CasePage,
    CaseStatus,
    assign,
    bucket_page,
    calling_rules,
    campaign_numbers,
    case_answer,
    case_answers,
    case_lines,
    case_order,
    case_page,
    case_story,
    current_profile,
    get_campaign,
    list_campaigns,
    loads,
    reopen_case,
    share_out,
    unassign,
    withdraw_cases,
)
from secure_store.access import Permission
from secure_store.errors import NotFound
from secure_store.orders.suspension import is_suspended
from secure_store.work import UnitOfWork
from webui.forms import assignments as forms
from webui.forms.entry import FormRefused
from webui.security import permit
from webui.words import callability as why_words
from webui.words import cases as case_words
from webui.words import planning as planning_words
from webui.words.schedule import rule_words

blueprint = Blueprint("assignments", __name__)
INVALID = 422


@blueprint.get("/assignments")
@permit(Permission.ASSIGN_CASES, readonly=True)
def show(work: UnitOfWork) -> str:
    """The list of one campaign, narrowed and paged; the first campaign when none is named."""
    campaigns = [one for one in list_campaigns(work) if not one.is_erased]
    wanted = request.args.get("campaign", "")
    if not campaigns:
        return render_template("assignments/none.html")
    chosen = next((one for one in campaigns if one.code == wanted), None)
    if wanted and chosen is None:
        raise NotFound(kind="campaign")
    return _page(work, chosen or campaigns[0], forms.read_query(request.args), {})


def _page(
    work: UnitOfWork, campaign: CampaignView, query: forms.ListQuery, faults: Mapping[str, str]
) -> str:
    receivable = current_profile(work).receivable(campaign.receivable)
    page = _lines(work, campaign, query)
    return render_template(
        "assignments/show.html",
        campaign=campaign,
        campaigns=[one for one in list_campaigns(work) if not one.is_erased],
        receivable=receivable,
        query=query,
        page=page,
        answers=case_answers(work, campaign.code, [line.id for line in page.lines]),
        numbers=campaign_numbers(work, campaign.code),
        agents=loads(work, campaign.code, campaign.receivable),
        limit=calling_rules(work, campaign.receivable).parameters.max_counted_attempts,
        is_suspended=is_suspended(work, campaign.receivable),
        statuses=list(CaseStatus),
        words=case_words,
        why_words=why_words,
        faults=faults,
    )


def _lines(work: UnitOfWork, campaign: CampaignView, query: forms.ListQuery) -> CasePage:
    if query.bucket is None:
        return case_page(work, campaign.code, query.cases)
    return bucket_page(
        work, campaign.code, query.bucket, assignee=query.assignee, after=query.after
    )


def _back(campaign: CampaignView) -> Response:
    """Back to where the list stood: filter and page go with the form, not with the case."""
    query = forms.read_query(request.form)
    address = url_for(
        "assignments.show",
        campaign=campaign.code,
        status=query.status.value if query.status else None,
        assignee=query.assignee or None,
        bucket=query.bucket.value if query.bucket else None,
        after=query.after or None,
    )
    return redirect(address, 303)


def _refused(work: UnitOfWork, campaign: CampaignView, refused: FormRefused) -> tuple[str, int]:
    query = forms.read_query(request.form)
    return _page(work, campaign, query, refused.sentences()), INVALID


@blueprint.post("/assignments/<code>")
@permit(Permission.ASSIGN_CASES)
def act(work: UnitOfWork, code: str) -> Response | str | tuple[str, int]:
    """Gives the picked cases to an agent or a group, takes them back, or asks before withdrawing them."""
    campaign = get_campaign(work, code)
    try:
        case_ids = forms.read_picks(request.form.getlist("case"))
        if request.form.get("act") == "withdraw":
            return _ask_withdrawal(work, campaign, case_ids, {}, "")
        if request.form.get("act") == "unassign":
            flash(f"{unassign(work, code, case_ids):,}件の担当を外しました。")
            return _back(campaign)
        eligible = {one.code for one in loads(work, code, campaign.receivable)}
        agent = forms.read_agent(request.form, eligible)
    except FormRefused as refused:
        return _refused(work, campaign, refused)
    flash(f"{assign(work, code, case_ids, agent):,}件を {agent} に割り当てました。")
    return _back(campaign)


@blueprint.post("/assignments/<code>/share")
@permit(Permission.ASSIGN_CASES)
def share(work: UnitOfWork, code: str) -> Response | tuple[str, int]:
    """Deals the unassigned cases to the chosen agents and groups in turn."""
    campaign = get_campaign(work, code)
    groups = {one.code: one.is_group for one in loads(work, code, campaign.receivable)}
    try:
        holders = forms.read_agents(request.form.getlist("agents"), groups)
    except FormRefused as refused:
        return _refused(work, campaign, refused)
    dealt = share_out(work, code, holders)
    flash(
        f"担当なしの {sum(dealt.values()):,}件を {_in_words([groups[one] for one in holders])}に分けました。"
    )
    return _back(campaign)


def _in_words(are_groups: Sequence[bool]) -> str:
    """``2人と1グループ``"""
    groups = sum(are_groups)
    people = len(are_groups) - groups
    parts = [f"{people}人" if people else "", f"{groups}グループ" if groups else ""]
    return "と".join(part for part in parts if part)


def _ask_withdrawal(
    work: UnitOfWork,
    campaign: CampaignView,
    case_ids: tuple[UUID, ...],
    faults: Mapping[str, str],
    document_no: str,
) -> str:
    lines = case_lines(work, campaign.code, case_ids)
    return render_template(
        "assignments/withdraw.html",
        campaign=campaign,
        receivable=current_profile(work).receivable(campaign.receivable),
        lines=lines,
        open_count=sum(1 for one in lines if one.status is not CaseStatus.CLOSED),
        words=case_words,
        faults=faults,
        document_no=document_no,
        query=forms.read_query(request.form),
    )


@blueprint.post("/assignments/<code>/withdraw")
@permit(Permission.WITHDRAW_CASE)
def withdraw(work: UnitOfWork, code: str) -> Response | str | tuple[str, int]:
    """引抜き: the named cases are never called again, by a document of the city."""
    campaign = get_campaign(work, code)
    picked = request.form.getlist("case")
    try:
        entry = forms.read_withdrawal(request.form, picked)
    except FormRefused as refused:
        if "case" in refused.faults:
            return _refused(work, campaign, refused)
        typed = request.form.get("document_no", "")
        case_ids = forms.read_picks(picked)
        return _ask_withdrawal(work, campaign, case_ids, refused.sentences(), typed), INVALID
    case_lines(work, code, entry.case_ids)  # nothing of another campaign goes with them
    flash(f"{withdraw_cases(work, entry.case_ids, entry.document_no):,}件を引き抜きました。")
    return _back(campaign)


@blueprint.get("/assignments/cases/<uuid:case_id>")
@permit(Permission.SEE_CASE_LISTS, readonly=True)
def case(work: UnitOfWork, case_id: UUID) -> str:
    """What happened to one case, and which file and row it comes from (S4-6.2)."""
    return _case(work, case_id, {})


def _case(work: UnitOfWork, case_id: UUID, faults: Mapping[str, str]) -> str:
    story = case_story(work, case_id)
    return render_template(
        "assignments/case.html",
        story=story,
        answer=case_answer(work, case_id),
        why_words=why_words,
        receivable=current_profile(work).receivable(story.campaign.receivable),
        words=case_words,
        rule_words=rule_words,
        order=case_order(work, case_id),
        order_words=planning_words,
        faults=faults,
    )


@blueprint.post("/assignments/cases/<uuid:case_id>/reopen")
@permit(Permission.WITHDRAW_CASE)
def reopen(work: UnitOfWork, case_id: UUID) -> Response | tuple[str, int]:
    """Takes a closed case up again, for one of the listed reasons (domain 1.4-4)."""
    try:
        reason = forms.read_reopening(request.form)
    except FormRefused as refused:
        return _case(work, case_id, refused.sentences()), INVALID
    reopen_case(work, case_id, reason)
    flash("案件を再開しました。")
    return redirect(url_for("assignments.case", case_id=case_id), 303)
