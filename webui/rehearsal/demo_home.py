"""Fills a new demonstration home: an A01 campaign with sample people, published and shared out."""

from __future__ import annotations

from datetime import date, datetime

from campaigns.api import (
    CampaignPlan,
    build_call_list,
    confirm_volume_notice,
    enter_volume_notice,
    list_campaigns,
    open_campaign,
    plan_volume,
    publish,
    share_out,
    stage_delivery,
    window_at,
)
from dialer.api import begin_duty, on_duty
from dialer.calendar.holidays import TOKYO, business_day
from secure_store.access import Actor, Role, system_actor
from webui.rehearsal.sample_delivery import make_delivery
from webui.runtime.rehearsal_clock import set_clock
from webui.services import Services

FOUNDED_AT = datetime(2022, 9, 6, 10, tzinfo=TOKYO)  # in time to confirm the number (S4-11.1a)
DELIVERED_AT = datetime(2022, 9, 13, 10, tzinfo=TOKYO)  # the day the sample files are dated
RECEIVABLE, MONTH = "A01", date(2022, 9, 1)
PLAN = CampaignPlan(
    RECEIVABLE, MONTH, date(2022, 9, 15), date(2022, 9, 28), callbacks_until=date(2022, 10, 5)
)
FIRST_OPENING = datetime(2022, 9, 15, 11, 30, tzinfo=TOKYO)
ROWS = 60
AGENTS = ("OP01", "OP02", "OP03", "OP04")
SUPERVISOR = Actor(code="SV01", role=Role.SUPERVISOR, rehearsal=True)


def add_campaign(services: Services, seed: int) -> str:
    """Opens the campaign, takes the sample delivery in, deals the cases out; returns its code."""
    store = services.store
    with store.work(SUPERVISOR) as work:
        campaign = open_campaign(work, PLAN)
        plan_volume(work, RECEIVABLE, MONTH, ROWS)
        received_on = business_day(work.now)
        notice = enter_volume_notice(work, RECEIVABLE, MONTH, ROWS, received_on)
        confirm_volume_notice(work, notice)
    if store.clock.now() < DELIVERED_AT:
        set_clock(services.settings, DELIVERED_AT)
    files = make_delivery(RECEIVABLE, MONTH, ROWS, seed).files
    list_id = stage_delivery(store, SUPERVISOR, campaign.code, files)
    with store.work(SUPERVISOR) as work:
        publish(work, list_id)
    build_call_list(store, SUPERVISOR, campaign.code)
    with store.work(SUPERVISOR) as work:
        share_out(work, campaign.code, AGENTS)
    return campaign.code


def has_campaign(services: Services) -> bool:
    """True once the home was filled."""
    with services.store.work(system_actor("demo"), readonly=True) as work:
        return bool(list_campaigns(work))


def open_window(services: Services) -> datetime:
    """Moves the clock into the first open window of the campaign, or the next one.

    A clock that stands in an open window, or after the last day of calls, is left alone.
    """
    store = services.store
    with store.work(system_actor("demo"), readonly=True) as work:
        at = max(work.now, FIRST_OPENING)
        answer = window_at(work, at)
        wanted = at if answer.is_open else answer.next_opening
        is_there = wanted == work.now
        days = [view for view in list_campaigns(work) if not view.is_erased]
    if wanted is None or is_there:
        return store.clock.now()
    if any(view.takes_calls_on(business_day(wanted)) for view in days):
        set_clock(services.settings, wanted)
    return store.clock.now()


def begin_day(services: Services) -> None:
    """The first supervisor is on duty, so that agents are served at once (S4-12.2d)."""
    with services.store.work(SUPERVISOR) as work:
        if not on_duty(work):
            begin_duty(work)
