"""架電可否の内訳・担当の偏り: why cases are not called, and how work is spread (S4-12.1a, 12.1c)."""

from __future__ import annotations

from flask import Blueprint, render_template

from campaigns.api import current_profile, funnel, get_campaign, load_report
from secure_store.access import Permission
from secure_store.orders.suspension import is_suspended
from secure_store.work import UnitOfWork
from webui.security import permit
from webui.words import callability as words

blueprint = Blueprint("funnels", __name__)


@blueprint.get("/assignments/<code>/funnel")
@permit(Permission.SEE_CASE_LISTS, readonly=True)
def show(work: UnitOfWork, code: str) -> str:
    """Every published case of the campaign in one bucket; the buckets add up."""
    campaign = get_campaign(work, code)
    shown = funnel(work, code)
    parts = [
        (stretch, [one for one in shown.counts if words.stretch_of(one) is stretch])
        for stretch in words.Stretch
    ]
    return render_template(
        "assignments/funnel.html",
        campaign=campaign,
        receivable=current_profile(work).receivable(campaign.receivable),
        funnel=shown,
        parts=[(stretch, buckets) for stretch, buckets in parts if buckets],
        largest=max(shown.counts.values(), default=0),
        is_suspended=is_suspended(work, campaign.receivable),
        now=work.now,
        words=words,
    )


@blueprint.get("/assignments/<code>/holders")
@permit(Permission.ASSIGN_CASES, readonly=True)
def holders(work: UnitOfWork, code: str) -> str:
    """Open cases, today's work and waiting times of every agent and group."""
    campaign = get_campaign(work, code)
    report = load_report(work, code)
    return render_template(
        "assignments/holders.html",
        campaign=campaign,
        receivable=current_profile(work).receivable(campaign.receivable),
        report=report,
        most=max((one.open_cases for one in report.figures), default=0),
        now=work.now,
    )
