"""What the page of one campaign shows, also when a form on it was refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import render_template

from campaigns.api import (
    CampaignView,
    CaseStatus,
    StepState,
    campaign_numbers,
    campaign_steps,
    current_profile,
    get_campaign,
    list_deliveries,
    period_changes,
)
from dialer.api import counts
from dialer.calendar.holidays import business_day
from secure_store.orders.suspension import is_suspended
from secure_store.work import UnitOfWork
from webui.words import cases as case_words
from webui.words import intake as intake_words
from webui.words import schedule as schedule_words


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


def campaign_page(
    work: UnitOfWork,
    code: str,
    faults: Mapping[str, str],
    typed: Mapping[str, str],
    *,
    late: bool = False,
) -> str:
    """One campaign: days, steps before its first call, funnel, endings, deliveries.

    ``late``: the change of period that was typed came after the month before (S4-7.2a-2).
    """
    campaign = get_campaign(work, code)
    today = business_day(work.now)
    state, tone = campaign_state(campaign, today)
    numbers = campaign_numbers(work, code)
    steps = campaign_steps(work, campaign)
    return render_template(
        "campaigns/show.html",
        campaign=campaign,
        receivable=current_profile(work).receivable(campaign.receivable),
        state=state,
        tone=tone,
        numbers=numbers,
        closed=numbers.by_status[CaseStatus.CLOSED],
        queued=sum(counts(work, code).values()),
        deliveries=[one for one in list_deliveries(work) if one.campaign_code == code],
        is_suspended=is_suspended(work, campaign.receivable),
        steps=steps,
        overdue=[one for one in steps if one.state is StepState.OVERDUE],
        may_alarm=not campaign.is_erased and today <= campaign.calls_until,
        changes=period_changes(work, code),
        today=today,
        words=case_words,
        list_words=intake_words.LIST_STATE_WORDS,
        step_words=schedule_words,
        faults=faults,
        typed=typed,
        late=late,
    )
