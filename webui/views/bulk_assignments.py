"""まとめて割当・ならす: many cases at once, with the count shown before the act (S4-12.1c)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    CampaignView,
    CaseSelection,
    CaseStatus,
    RebalancePlan,
    count_selected,
    current_profile,
    deal,
    get_campaign,
    loads,
    plan_rebalance,
    rebalance,
    take_back,
)
from campaigns.errors import AssignmentMoved
from secure_store.access import Permission
from secure_store.work import UnitOfWork
from webui.forms import assignments as picks
from webui.forms import case_sets as forms
from webui.forms.entry import FormRefused
from webui.security import permit
from webui.sentences import SENTENCES
from webui.words import cases as case_words

blueprint = Blueprint("bulk_assignments", __name__)
INVALID = 422
CONFLICT = 409
OPEN = [status for status in CaseStatus if status is not CaseStatus.CLOSED]


@blueprint.get("/assignments/<code>/bulk")
@permit(Permission.ASSIGN_CASES, readonly=True)
def show(work: UnitOfWork, code: str) -> str | tuple[str, int]:
    """Which cases, counted; the acts stand beside the count."""
    campaign = get_campaign(work, code)
    try:
        return _page(work, campaign, forms.read_selection(request.args), {})
    except FormRefused as refused:
        return _page(work, campaign, CaseSelection(), refused.sentences()), INVALID


def _page(
    work: UnitOfWork, campaign: CampaignView, wanted: CaseSelection, faults: Mapping[str, str]
) -> str:
    unreadable = {"priority_until", "attempts_from", "attempts_until"} & set(faults)
    return render_template(
        "assignments/bulk.html",
        campaign=campaign,
        receivable=current_profile(work).receivable(campaign.receivable),
        holders=loads(work, campaign.code, campaign.receivable),
        wanted=wanted,
        fields=forms.fields_of(wanted),
        found=0 if unreadable else count_selected(work, campaign.code, wanted),
        statuses=OPEN,
        words=case_words,
        faults=faults,
    )


@blueprint.post("/assignments/<code>/bulk")
@permit(Permission.ASSIGN_CASES)
def act(work: UnitOfWork, code: str) -> Response | tuple[str, int]:
    """Deals the selected cases to the chosen holders, or takes them back."""
    campaign = get_campaign(work, code)
    wanted = CaseSelection()
    try:
        wanted = forms.read_selection(request.form)
        flash(_done(work, campaign, wanted, forms.read_expected(request.form)))
    except FormRefused as refused:
        return _page(work, campaign, wanted, refused.sentences()), INVALID
    except AssignmentMoved as moved:
        return _page(work, campaign, wanted, {"expected": SENTENCES[moved.code]}), CONFLICT
    return redirect(url_for("assignments.show", campaign=code), 303)


def _done(work: UnitOfWork, campaign: CampaignView, wanted: CaseSelection, expected: int) -> str:
    if request.form.get("act") == "take_back":
        count = take_back(work, campaign.code, wanted, expected)
        return f"{count:,}件の担当を外しました。"
    eligible = {one.code for one in loads(work, campaign.code, campaign.receivable)}
    holders = picks.read_agents(request.form.getlist("agents"), eligible)
    dealt = deal(work, campaign.code, wanted, holders, expected)
    parts = "・".join(f"{holder} {count:,}件" for holder, count in dealt.items())
    return f"{expected:,}件を割り当てました（担当の変わった件数：{parts}）。"


@blueprint.get("/assignments/<code>/rebalance")
@permit(Permission.ASSIGN_CASES, readonly=True)
def plan(work: UnitOfWork, code: str) -> str | tuple[str, int]:
    """Who has how many, and what evening out between the chosen ones would do."""
    campaign = get_campaign(work, code)
    if not request.args.getlist("holders"):
        return _plan_page(work, campaign, (), None, {})
    try:
        holders = _chosen(work, campaign, request.args.getlist("holders"))
    except FormRefused as refused:
        return _plan_page(work, campaign, (), None, refused.sentences()), INVALID
    shown = plan_rebalance(work, code, holders, with_agreed=_with_agreed(request.args))
    return _plan_page(work, campaign, holders, shown, {})


@blueprint.post("/assignments/<code>/rebalance")
@permit(Permission.ASSIGN_CASES)
def even_out(work: UnitOfWork, code: str) -> Response | tuple[str, int]:
    """Carries out what was shown; when it no longer holds, shows it anew."""
    campaign = get_campaign(work, code)
    try:
        holders = _chosen(work, campaign, request.form.getlist("holders"))
        expected = forms.read_expected(request.form)
    except FormRefused as refused:
        return _plan_page(work, campaign, (), None, refused.sentences()), INVALID
    agreed = _with_agreed(request.form)
    try:
        done = rebalance(work, code, holders, with_agreed=agreed, expected=expected)
    except AssignmentMoved as moved:
        shown = plan_rebalance(work, code, holders, with_agreed=agreed)
        faults = {"expected": SENTENCES[moved.code]}
        return _plan_page(work, campaign, holders, shown, faults), CONFLICT
    flash(f"{done.moving:,}件の担当を移し、{len(done.shares)}者の件数をならしました。")
    return redirect(url_for("funnels.holders", code=code), 303)


def _chosen(work: UnitOfWork, campaign: CampaignView, chosen: list[str]) -> tuple[str, ...]:
    eligible = {one.code for one in loads(work, campaign.code, campaign.receivable)}
    return forms.read_pair(chosen, eligible)


def _with_agreed(values: Mapping[str, str]) -> bool:
    return values.get("with_agreed") == "1"


def _plan_page(
    work: UnitOfWork,
    campaign: CampaignView,
    chosen: tuple[str, ...],
    shown: RebalancePlan | None,
    faults: Mapping[str, str],
) -> str:
    given = request.form if request.method == "POST" else request.args
    return render_template(
        "assignments/rebalance.html",
        campaign=campaign,
        receivable=current_profile(work).receivable(campaign.receivable),
        holders=loads(work, campaign.code, campaign.receivable),
        chosen=chosen,
        with_agreed=_with_agreed(given),
        shown=shown,
        faults=faults,
    )
