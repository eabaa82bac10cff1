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
    campaign_numbers,
    current_profile,
    get_campaign,
    list_campaigns,
    list_deliveries,
    open_campaign,
)
from campaigns.errors import CampaignExists
from dialer.api import counts
from dialer.calendar.holidays import business_day
from secure_store.access import Actor, Permission
from secure_store.suspension import is_suspended
from secure_store.work import SecureStore, UnitOfWork
from webui.forms import campaigns as forms
from webui.forms.entry import EntryFault, FormRefused
from webui.security import permit
from webui.words import cases as case_words
from webui.words import intake as intake_words

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


def campaign_state(campaign: CampaignView, today: date) -> tuple[str, str]:
    """The word for where a campaign stands on a day, and the tone of its badge."""
    if campaign.is_erased:
        return "抹消済み", "off"
    if today < campaign.calls_from:
        return "準備中", "info"
    if campaign.takes_calls_on(today):
        return "架電中", "done"
    if campaign.takes_callbacks_on(today):
        return "折返しのみ", "care"
    return "期間終了", "off"


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
    return [
        (f"{month:%Y-%m}", f"{month.year}年{month.month}月") for month in forms.months_of(profile)
    ]


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
    campaign = get_campaign(work, code)
    receivable = current_profile(work).receivable(campaign.receivable)
    state, tone = campaign_state(campaign, business_day(work.now))
    numbers = campaign_numbers(work, code)
    return render_template(
        "campaigns/show.html",
        campaign=campaign,
        receivable=receivable,
        state=state,
        tone=tone,
        numbers=numbers,
        closed=numbers.by_status[CaseStatus.CLOSED],
        queued=sum(counts(work, code).values()),
        deliveries=[one for one in list_deliveries(work) if one.campaign_code == code],
        is_suspended=is_suspended(work, campaign.receivable),
        words=case_words,
        list_words=intake_words.LIST_STATE_WORDS,
    )
