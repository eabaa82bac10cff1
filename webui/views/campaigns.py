"""架電期間: one receivable in one month, its three days, and where its cases stand (S4-7.2a-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaigns.api import (
    CampaignNumbers,
    CampaignView,
    CaseStatus,
    ContractProfile,
    PeriodFault,
    campaign_numbers,
    change_period,
    current_profile,
    list_campaigns,
    open_campaign,
)
from campaigns.errors import CampaignExists, LateInstruction, PeriodChangeRefused
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission
from secure_store.work import SecureStore, UnitOfWork
from webui.forms import campaigns as forms
from webui.forms import schedule as schedule_forms
from webui.forms.entry import EntryFault, FormRefused
from webui.security import permit
from webui.views.campaign_pages import campaign_page, campaign_state
from webui.words.schedule import PERIOD_FAULT_WORDS

blueprint = Blueprint("campaigns", __name__)
INVALID = 422


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign as the list shows it; ``tone`` is the colour of its state's badge."""

    campaign: CampaignView
    receivable_name: str
    state: str
    tone: str
    numbers: CampaignNumbers
    closed: int


@blueprint.get("/campaigns")
@permit(Permission.MANAGE_CAMPAIGNS, readonly=True)
def index(work: UnitOfWork) -> str:
    """All campaigns with their days and numbers, and the form for a new one."""
    return _index(work, {}, {})


def _index(work: UnitOfWork, faults: Mapping[str, str], typed: Mapping[str, str]) -> str:
    profile = current_profile(work)
    today = business_day(work.now)
    lines = [_line(work, one, profile, today) for one in list_campaigns(work)]
    return render_template(
        "campaigns/index.html",
        lines=lines,
        profile=profile,
        months=_month_options(profile),
        faults=faults,
        typed=typed,
    )


def _line(
    work: UnitOfWork, campaign: CampaignView, profile: ContractProfile, today: date
) -> CampaignLine:
    state, tone = campaign_state(campaign, today)
    numbers = campaign_numbers(work, campaign.code)
    return CampaignLine(
        campaign=campaign,
        receivable_name=profile.receivable(campaign.receivable).name,
        state=state,
        tone=tone,
        numbers=numbers,
        closed=numbers.by_status[CaseStatus.CLOSED],
    )


def _month_options(profile: ContractProfile) -> list[tuple[str, str]]:
    return [(f"{month:%Y-%m}", f"{month.year}年{month.month}月") for month in profile.months]


@blueprint.post("/campaigns")
@permit(Permission.MANAGE_CAMPAIGNS, opens="store")
def create(store: SecureStore, actor: Actor) -> Response | tuple[str, int]:
    """Opens a campaign; what is wrong stands beside its field."""
    try:
        with store.work(actor) as work:
            plan = forms.read_plan(request.form, current_profile(work))
            campaign = open_campaign(work, plan)
    except FormRefused as refused:
        return _again(store, actor, refused)
    except CampaignExists:
        return _again(store, actor, FormRefused({"month": EntryFault.CAMPAIGN_EXISTS}))
    flash(f"架電期間 {campaign.code} を開きました。")
    return redirect(url_for("campaigns.show", code=campaign.code), 303)


def _again(store: SecureStore, actor: Actor, refused: FormRefused) -> tuple[str, int]:
    with store.work(actor, readonly=True) as work:
        return _index(work, refused.sentences(), request.form), INVALID


@blueprint.get("/campaigns/<code>")
@permit(Permission.MANAGE_CAMPAIGNS, readonly=True)
def show(work: UnitOfWork, code: str) -> str:
    """One campaign: days, funnel, endings, deliveries."""
    return campaign_page(work, code, {}, {})


@blueprint.post("/campaigns/<code>/period")
@permit(Permission.MANAGE_CAMPAIGNS, opens="store")
def move(store: SecureStore, actor: Actor, code: str) -> Response | tuple[str, int]:
    """The city changed the period; after the month before it asks once more (S4-7.2a-2)."""
    try:
        with store.work(actor) as work:
            entry = schedule_forms.read_period(request.form, business_day(work.now))
            change_period(work, code, entry.new, entry.paper, confirmed=entry.is_confirmed)
    except FormRefused as refused:
        return _page_again(store, actor, code, refused.sentences())
    except PeriodChangeRefused as refused_change:
        fault = PeriodFault(refused_change.details["reason"])
        return _page_again(store, actor, code, {"period": PERIOD_FAULT_WORDS[fault]})
    except LateInstruction:
        return _page_again(store, actor, code, {}, late=True)
    flash("期間を変えました。")
    return redirect(url_for("campaigns.show", code=code), 303)


def _page_again(
    store: SecureStore, actor: Actor, code: str, faults: Mapping[str, str], *, late: bool = False
) -> tuple[str, int]:
    with store.work(actor, readonly=True) as work:
        return campaign_page(work, code, faults, request.form, late=late), INVALID
