"""接触率の見通し and 指標: where a campaign is heading, and what came of it in figures (S4-6.3)."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request

from campaigns.api import (
    MeasuresPage,
    campaign_measures,
    current_profile,
    get_campaign,
    list_campaigns,
    outlook,
)
from secure_store.access import Actor, Permission
from secure_store.errors import NotFound
from secure_store.work import SecureStore, UnitOfWork
from webui.forms.planning import read_agents
from webui.security import permit
from webui.words import planning as words

blueprint = Blueprint("planning", __name__)


@blueprint.get("/campaigns/<code>/outlook")
@permit(Permission.MANAGE_CAMPAIGNS, readonly=True)
def show(work: UnitOfWork, code: str) -> str:
    """The forecast of one campaign, with the agents seen so far or as many as are asked for."""
    agents, fault = read_agents(request.args.get("agents", ""))
    page = outlook(work, code, agents)
    return render_template(
        "planning/outlook.html",
        page=page,
        campaign=page.campaign,
        receivable=current_profile(work).receivable(page.campaign.receivable),
        typed=request.args.get("agents", ""),
        fault=fault,
        words=words,
    )


@blueprint.get("/campaigns/<code>/measures")
@permit(Permission.MANAGE_CAMPAIGNS, opens="store")
def measures(store: SecureStore, actor: Actor, code: str) -> str:
    """All measures of one campaign."""
    with store.work(actor, readonly=True) as work:
        campaign = get_campaign(work, code)
        name = current_profile(work).receivable(campaign.receivable).name
    return _measures(store, actor, (code,), f"{code}　{name}", None)


@blueprint.get("/measures")
@permit(Permission.MANAGE_CAMPAIGNS, opens="store")
def month(store: SecureStore, actor: Actor) -> str:
    """All measures of a month: the campaigns of all receivables, added up count by count."""
    with store.work(actor, readonly=True) as work:
        campaigns = [one for one in list_campaigns(work) if not one.is_erased]
    months = sorted({one.month for one in campaigns}, reverse=True)
    if not months:
        return render_template("planning/no_measures.html")
    chosen = _chosen(request.args.get("month", ""), months)
    codes = tuple(one.code for one in campaigns if one.month == chosen)
    title = f"{chosen.year}年{chosen.month}月　{len(codes)}債権の合計"
    return _measures(store, actor, codes, title, (chosen, months))


def _chosen(text: str, months: list[date]) -> date:
    if not text:
        return months[0]
    found = next((one for one in months if f"{one:%Y-%m}" == text), None)
    if found is None:
        raise NotFound(kind="month")
    return found


def _measures(
    store: SecureStore,
    actor: Actor,
    codes: tuple[str, ...],
    title: str,
    chosen: tuple[date, list[date]] | None,
) -> str:
    """Opening what was paid is noted in the audit log, so that work writes."""
    with_payments = request.args.get("payments") == "1"
    with store.work(actor, readonly=not with_payments) as work:
        page: MeasuresPage = campaign_measures(work, codes, with_payments=with_payments)
        profile = current_profile(work)
        names = {one.code: one.name for one in profile.receivables}
    return render_template(
        "planning/measures.html",
        page=page,
        title=title,
        names=names,
        chosen=chosen,
        asked=with_payments,
        words=words,
    )
